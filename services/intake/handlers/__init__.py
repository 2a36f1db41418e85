"""What intake can do: register, talk, show, and keep up with what the others say."""
