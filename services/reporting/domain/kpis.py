"""The figures of a period (RE-1), as sums of rollups."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.reporting.domain.histogram import percentile
from services.reporting.domain.period import A_DAY, Period
from services.reporting.domain.rollups import FIRST_RESPONSE, HANDLING, SERIES

Sums = Mapping[tuple[str, str, str], Mapping[str, int]]  # (department, category, channel) → measure → count


@dataclass(frozen=True)
class Share:
    """A part of a whole, both shown."""

    numerator: int
    denominator: int

    @property
    def rate(self) -> float | None:
        """0 to 1; None when there is nothing to divide by, which is not the same as 0."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Times:
    """Minutes, at most 2.2 % off; None when `count` is 0."""

    median: float | None
    p90: float | None
    count: int


@dataclass(frozen=True)
class Line:
    """`key` is None for what has no such mark yet, say a complaint not yet routed to a department."""

    key: str | None
    count: int
    timely: Share


@dataclass(frozen=True)
class Day:
    day: date
    registered: int
    closed: int
    breached: int


@dataclass(frozen=True)
class Kpis:
    """The figures of `period`, whose days are the tenant's own.

    Mystery shoppers' complaints (RE-4) are in none of them.

    - `complaints`: registered in the period; also by channel, category and department
    - `closed`: closed in the period, whatever the outcome
    - `open`: registered by the end of the period and not closed by then
    - `breaches`: clocks whose limit ended in the period and was not kept, internal ones too
    - `timely` 及时率: of those closed in the period, the ones for which no clock that faces the complainant
      was missed ÷ all closed in the period. Clocks that wait for routed, accepted, approved, surveyed or
      archived do not face the complainant, nor do those of one department's part.
    - `satisfaction` 满意度: satisfied ÷ surveyed, of those closed in the period; surveyed are those who were
      asked and answered, and their last answer counts
    - `reopened` 重新处理率: those that had begun again ÷ all closed in the period
    - `repeated` 二次投诉率: those that take up or repeat an earlier complaint ÷ all registered in the period
    - `handling_minutes`: receipt to closing, of those closed in the period
    - `first_response_minutes`: receipt to the first of accepted, contacted, on site, of those first answered
      in the period
    """

    period: Period
    complaints: int
    closed: int
    open: int
    breaches: int
    timely: Share
    satisfaction: Share
    reopened: Share
    repeated: Share
    handling_minutes: Times
    first_response_minutes: Times
    by_channel: tuple[Line, ...]
    by_category: tuple[Line, ...]
    by_department: tuple[Line, ...]
    series: tuple[Day, ...]


def kpis(
    period: Period,
    sums: Sums,
    times: Mapping[str, Mapping[int, int]],
    days: Mapping[date, Mapping[str, int]],
    open_at_end: int,
) -> Kpis:
    """`times` are buckets by measure; `days` the counts of days on which something happened."""
    total: Counter[str] = Counter()
    for counts in sums.values():
        total.update(counts)
    return Kpis(
        period=period,
        complaints=total["registered"],
        closed=total["closed"],
        open=open_at_end,
        breaches=total["breached"],
        timely=Share(total["closed_in_time"], total["closed"]),
        satisfaction=Share(total["satisfied"], total["surveyed"]),
        reopened=Share(total["reopened"], total["closed"]),
        repeated=Share(total["repeated"], total["registered"]),
        handling_minutes=_times(times.get(HANDLING, {})),
        first_response_minutes=_times(times.get(FIRST_RESPONSE, {})),
        by_channel=_lines(sums, 2),
        by_category=_lines(sums, 1),
        by_department=_lines(sums, 0),
        series=_series(period, days),
    )


def _times(buckets: Mapping[int, int]) -> Times:
    median, p90 = percentile(buckets, 50), percentile(buckets, 90)
    return Times(_minutes(median), _minutes(p90), sum(buckets.values()))


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 4)


def _lines(sums: Sums, part: int) -> tuple[Line, ...]:
    """One line for each value of that part of the key, most complaints first."""
    gathered: dict[str, Counter[str]] = {}
    for key, counts in sums.items():
        gathered.setdefault(key[part], Counter()).update(counts)
    lines = [
        Line(key or None, counts["registered"], Share(counts["closed_in_time"], counts["closed"]))
        for key, counts in gathered.items()
        if counts["registered"] or counts["closed"]
    ]
    return tuple(sorted(lines, key=lambda line: (-line.count, line.key or "")))


def _series(period: Period, days: Mapping[date, Mapping[str, int]]) -> tuple[Day, ...]:
    """Every day of the period, the quiet ones too."""
    length = (period.last - period.first).days + 1
    every = (period.first + n * A_DAY for n in range(length))
    return tuple(Day(day, *(days.get(day, {}).get(measure, 0) for measure in SERIES)) for day in every)
