"""What notify can do: keep up with cases, plan notices, send them, take reports, and show what became of them."""
