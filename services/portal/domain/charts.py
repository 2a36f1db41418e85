"""Geometry of the drawings: where each bar stands. Units are those of the SVG's view box."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 36, 4, 10, 26
MOST_GROUPS = 45
MOST_LABELS = 8


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    measure: str
    label: str
    count: int


@dataclass(frozen=True)
class BarChart:
    bars: tuple[Bar, ...]
    labels: tuple[tuple[float, str], ...]  # (x, text) under the axis
    lines: tuple[tuple[float, int], ...]  # (y, count) across the chart
    width: int = WIDTH
    height: int = HEIGHT


def bar_chart(series: Sequence[Mapping[str, Any]], measures: Sequence[str]) -> BarChart:
    """Bars of each measure side by side per day; a long period is gathered week by week."""
    groups = gathered(series, measures)
    top = scale(max((group[measure] for group in groups for measure in measures), default=0))
    drawn, floor = HEIGHT - TOP - BOTTOM, HEIGHT - BOTTOM
    step = (WIDTH - LEFT - RIGHT) / max(len(groups), 1)
    thick = min(step * 0.8 / max(len(measures), 1), 18)
    start = (step - thick * len(measures)) / 2
    bars = []
    for n, group in enumerate(groups):
        for m, measure in enumerate(measures):
            tall = drawn * group[measure] / top
            x = LEFT + n * step + start + m * thick
            bars.append(Bar(x, floor - tall, max(thick - 1, 0.5), tall, measure, group["day"], group[measure]))
    every = -(-len(groups) // MOST_LABELS) or 1
    labels = tuple((LEFT + (n + 0.5) * step, g["day"]) for n, g in enumerate(groups) if n % every == 0)
    lines = tuple((floor - drawn * part / 2, top * part // 2) for part in (0, 1, 2))
    return BarChart(tuple(bars), labels, lines)


def gathered(series: Sequence[Mapping[str, Any]], measures: Sequence[str]) -> list[dict[str, Any]]:
    """At most MOST_GROUPS groups: days as they are, or sums of as many days as needed, whole weeks at least."""
    days = 1 if len(series) <= MOST_GROUPS else 7 * (-(-len(series) // (7 * MOST_GROUPS)))
    return [
        {"day": str(series[n].get("day", ""))}
        | {m: sum(int(day.get(m) or 0) for day in series[n : n + days]) for m in measures}
        for n in range(0, len(series), days)
    ]


def scale(most: int) -> int:
    """The smallest even round number that is at least `most`, and at least 2."""
    size = 1
    while True:
        for step in (2, 4, 10):
            if step * size >= most:
                return step * size
        size *= 10
