"""What tenants can do: one function per thing. Deployment code calls these too, each in a unit of work."""
