"""Pure rules of the screens: what an answer means, what is late, what comes after what, what is drawn where."""
