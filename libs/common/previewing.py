"""What a preview on past cases found: how much, and the part of it that is shown."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

Item = TypeVar("Item")


class Findings:
    """Takes cases one at a time and remembers only the rows to be shown, so that ten thousand cost no memory."""

    def __init__(self, asked: Mapping[str, Any]) -> None:
        """`asked` as `web.candidates.OnPastCases` reads it: limit of cases; cursor and rows of what is shown."""
        self._limit: int = asked["limit"]
        self._first: int = asked["cursor"]
        self._most: int = asked["rows"]
        self._shown: list[Mapping[str, Any]] = []
        self._rows = self._cases = self._changed = 0
        self._more = False

    def of(self, cases: Iterable[Item]) -> Iterator[Item]:
        """The cases up to the limit; give one more than that, so that it is known whether there are more."""
        reading = iter(cases)
        for case in islice(reading, self._limit):
            self._cases += 1
            yield case
        self._more = next(reading, None) is not None

    def add(self, changes: Collection[Item], row: Callable[[Item], Mapping[str, Any]]) -> None:
        """What changed in one case, perhaps nothing; `row` writes a change down if it is among those shown."""
        for change in changes:
            if self._first <= self._rows < self._first + self._most:
                self._shown.append(row(change))
            self._rows += 1
        self._changed += bool(changes)

    def answer(self) -> dict[str, Any]:
        """The counts and rows as `web.candidates.Previewed` writes them."""
        end = self._first + self._most
        return {
            "cases": self._cases,
            "cases_changed": self._changed,
            "more_cases": self._more,
            "items": self._shown,
            "next_cursor": end if self._rows > end else None,
        }
