"""What reporting can do: keep up with what the others say, answer with figures, and prove them."""
