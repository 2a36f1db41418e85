"""What tests share: servers that may be killed, waiting, and stand-ins for the outside world."""
