"""The one place that reads the clock. Rules get `now` as an argument."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """The system's clock plus an offset that lies in a file, so that every process of a demonstration
    or a test sees the same moved time. The clock only moves forward."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset()

    def offset(self) -> timedelta:
        try:
            return timedelta(seconds=float(self._path.read_text()))
        except FileNotFoundError:
            return timedelta(0)

    def advance(self, by: timedelta) -> datetime:
        """Move time forward and return the new now. Raises ValueError for a step back."""
        if by < timedelta(0):
            raise ValueError("time only moves forward")
        self._keep(self.offset() + by)
        return self.now()

    def begin_at(self, moment: datetime) -> None:
        """Let time begin there, once: a clock that was moved or begun before keeps its time."""
        if not self._path.exists():
            self._keep(moment - datetime.now(UTC))

    def _keep(self, offset: timedelta) -> None:
        written = self._path.with_suffix(".new")
        written.write_text(str(offset.total_seconds()))
        written.replace(self._path)


def clock(path: Path | None) -> Clock:
    """The system's clock, or the movable one when a file is given for its offset."""
    return MovableClock(path) if path else SystemClock()
