"""Whose numbers a complaint may have, and how people tell another side how far it is (DI-16)."""

REFERENCE_KINDS = ("ota", "hotline_12345", "regulator", "consumer_association")
BY_HAND = ("screen", "phone", "letter")
