"""How long: `30min`, `2h`, `4wh`, `3wd`, `7d`, `3wd end-of-day`; and a share of a span: `75%`."""

import re
from dataclasses import dataclass

UNITS = ("min", "h", "wh", "wd", "d")
NOMINAL_MINUTES = {"min": 1, "h": 60, "wh": 60, "wd": 24 * 60, "d": 24 * 60}

# Four digits: no span may carry a date beyond what the calendar can hold.
SPAN = re.compile(r"([0-9]{1,4})(min|h|wh|wd|d)( end-of-day)?", re.ASCII)
SHARE = re.compile(r"([1-9][0-9]?)%", re.ASCII)


class NotASpan(ValueError):
    """The text is not an amount with a unit, or asks for the end of a day where no day is counted."""


@dataclass(frozen=True)
class Span:
    """An amount of time (SL-2).

    `min` and `h` run through nights and holidays; `wh` counts opening hours; `wd` counts working days and `d`
    calendar days. Their last day runs until midnight, with `end_of_day` until close of business.
    """

    amount: int
    unit: str
    end_of_day: bool = False

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}{' end-of-day' if self.end_of_day else ''}"

    @property
    def nominal_minutes(self) -> int:
        """Minutes when every day had 24 hours and all were open: for ordering spans, never for deadlines."""
        return self.amount * NOMINAL_MINUTES[self.unit]


@dataclass(frozen=True)
class Share:
    """A part of a span, 1 to 99 per cent, counted from its start."""

    percent: int

    def __str__(self) -> str:
        return f"{self.percent}%"


def parse_span(text: str) -> Span:
    """The span `text` names. Raises NotASpan."""
    found = SPAN.fullmatch(text)
    if found is None:
        raise NotASpan("is not a span of time: write a number and min, h, wh, wd or d, such as 2h or 3wd")
    amount, unit, end_of_day = int(found[1]), found[2], found[3] is not None
    if end_of_day and unit not in ("wd", "d"):
        raise NotASpan("end-of-day goes with days: wd or d")
    return Span(amount, unit, end_of_day)


def parse_share(text: str) -> Share:
    """A share of a whole: `75%`. Raises NotASpan."""
    share = SHARE.fullmatch(text)
    if share is None:
        raise NotASpan("a share is a whole number from 1% to 99%")
    return Share(int(share[1]))


def parse_warning(text: str) -> Share | Span:
    """A share of the limit (`75%`) or a span before it ends (`30min`). Raises NotASpan."""
    return parse_share(text) if text.endswith("%") else parse_span(text)
