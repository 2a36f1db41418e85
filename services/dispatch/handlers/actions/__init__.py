"""The steps people take on a case. Each takes the case up, does its one thing and puts it on record."""
