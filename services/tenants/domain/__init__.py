"""The rules of tenants: no clock, no I/O, no framework."""
