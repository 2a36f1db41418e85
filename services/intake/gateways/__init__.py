"""Where intake keeps what does not belong into a database."""
