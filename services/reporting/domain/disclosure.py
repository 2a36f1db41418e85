"""What everybody may read of a period that is over (RE-7): totals, and rates that are no longer about single people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from services.reporting.domain.draws import period_around
from services.reporting.domain.kpis import Kpis, Share, Times
from services.reporting.domain.period import A_DAY, Period

FEWEST = 5
"""From fewer complaints no rate is told: it would be about people whom a neighbour can name."""

FIGURES: Mapping[str, Callable[[Kpis], int | Share | Times]] = MappingProxyType(
    {
        "received": lambda kpis: kpis.complaints,
        "closed": lambda kpis: kpis.closed,
        "open": lambda kpis: kpis.open,
        "completion_rate": lambda kpis: Share(kpis.closed, kpis.closed + kpis.open),
        "timely_rate": lambda kpis: kpis.timely,
        "satisfaction": lambda kpis: kpis.satisfaction,
        "reopen_rate": lambda kpis: kpis.reopened,
        "repeat_rate": lambda kpis: kpis.repeated,
        "handling_time": lambda kpis: kpis.handling_minutes,
        "response_time": lambda kpis: kpis.first_response_minutes,
    }
)


@dataclass(frozen=True)
class Figure:
    """`kind`: `count`, `rate` (0 to 1) or `minutes` (the median). `value` None: from too few to be told."""

    name: str
    kind: str
    value: float | None


@dataclass(frozen=True)
class Disclosed:
    period: Period
    figures: tuple[Figure, ...]


def disclosed(kpis: Kpis, shown: Sequence[str]) -> Disclosed:
    """The figures in the order in which the Procedure names them."""
    return Disclosed(kpis.period, tuple(_figure(name, FIGURES[name](kpis)) for name in shown))


def periods_over(today: date, every: str, number: int) -> list[Period]:
    """The last so many months or quarters that are over, the newest first."""
    found: list[Period] = []
    first = period_around(today, every).first
    for _ in range(number):
        found.append(period_around(first - A_DAY, every))
        first = found[-1].first
    return found


def _figure(name: str, counted: int | Share | Times) -> Figure:
    if isinstance(counted, Share):
        return Figure(name, "rate", counted.rate if counted.denominator >= FEWEST else None)
    if isinstance(counted, Times):
        return Figure(name, "minutes", counted.median if counted.count >= FEWEST else None)
    return Figure(name, "count", counted)
