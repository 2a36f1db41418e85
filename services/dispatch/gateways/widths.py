"""How much room each column of a table gets."""

from math import sqrt
from unicodedata import east_asian_width

from services.dispatch.domain.forms.content import Table

LEAST, MOST = 8, 90


def widths(table: Table) -> list[float]:
    """Shares of the line: the longer what stands in a column, the wider, but never in proportion."""
    columns = zip(table.columns, *table.rows, strict=True)
    return [round(sqrt(min(max(LEAST, *map(_length, column)), MOST)), 2) for column in columns]


def _length(words: str) -> int:
    """Of the longest line; a Chinese character is as wide as two Latin letters."""
    return max(sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line) for line in words.split("\n"))
