"""Pure rules of intake: what is taken in, how it is read, and the number it gets."""
