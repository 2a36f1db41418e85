"""The rules of handling: what a complaint is taken for, whose case it becomes, and who gets it."""
