"""A printed form as plain content: how it looks is the printer's."""

from dataclasses import dataclass
from datetime import datetime

PRINTED_AS = ("pdf", "docx")


@dataclass(frozen=True)
class Fact:
    """A label and what belongs to it; an empty value is a line to write on."""

    label: str
    value: str


@dataclass(frozen=True)
class Passage:
    """Text under a heading, both may be empty; `by` says whose words they are and since when."""

    heading: str
    text: str
    by: str = ""


@dataclass(frozen=True)
class Table:
    """Every row has as many cells as there are columns."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part = Passage | Table


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form ready to be printed. `language` is the one of its words, `page` has `{page}` and `{pages}`.

    `dated`: when its content was last true, so that the same case prints the same document.
    """

    title: str
    house: str
    number: str
    language: str
    page: str
    dated: datetime
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    signatures: tuple[str, ...]
