"""How names are written."""

import unicodedata


def one_line(name: str) -> str:
    """In NFC, without control characters, every run of white space as one space; may be empty."""
    kept = (sign for sign in unicodedata.normalize("NFC", name) if sign.isspace() or unicodedata.category(sign) != "Cc")
    return " ".join("".join(kept).split())
