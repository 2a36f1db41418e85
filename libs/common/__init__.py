"""Plumbing and the published language, shared by every service. Knows no business but the events and the Procedure."""
