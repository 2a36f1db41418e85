"""The rules of the figures: what an event teaches, what a fact counts for, what a period adds up to."""
