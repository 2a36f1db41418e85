"""What is said when a server cannot be had."""


class NoServer(Exception):
    """No such server can be started here; the text says what is missing."""
