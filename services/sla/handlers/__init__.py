"""What sla does, one function each: load, decide, save, record."""
