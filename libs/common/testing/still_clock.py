"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta


class StillClock:
    def __init__(self, moment: datetime | None = None) -> None:
        self._now = moment or datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = moment

    def advance(self, **by: float) -> None:
        """Move on by this much: `advance(minutes=5)`."""
        self._now += timedelta(**by)
