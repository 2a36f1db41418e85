"""What dispatch does: one function per thing that can happen to a case."""
