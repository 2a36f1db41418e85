"""The rules of telling people: what may be written, by which channel, when, and what became of it."""
