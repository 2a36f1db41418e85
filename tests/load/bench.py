"""`make bench`: ratios against ceilings measured in the same run, on throw-away PostgreSQL and RabbitMQ.

Absolute rates on a shared machine swing; each comparison is interleaved and the median of its rounds is shown."""

import argparse
import platform
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from libs.common.testing.servers import PostgresServer, RabbitServer
from tests.load import chain, clocks, intake, preview, relay


@dataclass(frozen=True)
class Target:
    """One line of the table. `holds` compares what was measured with the target."""

    name: str
    target: str
    measured: str
    holds: bool


def say(*words: object) -> None:
    print("bench:", *words, file=sys.stderr, flush=True)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", choices=("intake", "relay", "clocks", "chain", "preview"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--open", type=int, default=10_000_000, help="open clocks of the idle tick")
    given = parser.parse_args(words)
    targets: list[Target] = []
    parts: dict[str, Callable[[], list[Target]]] = {
        "intake": lambda: _intake(given.rounds),
        "relay": _relay,
        "clocks": lambda: _clocks(given.open),
        "chain": _chain,
        "preview": _preview,
    }
    for name, run in parts.items():
        if given.only in (None, name):
            say("measuring", name)
            targets += run()
    table = "\n".join(f"| {t.name} | {t.target} | {t.measured} | {'yes' if t.holds else '**no**'} |" for t in targets)
    print(f"machine: {machine()}\n\n| what | target | measured | holds |\n|---|---|---|---|\n{table}")
    return 0


def _intake(rounds: int) -> list[Target]:
    ours, bare = intake.compare(rounds, say)
    ratio = statistics.median(o["per_second"] / b["per_second"] for o, b in zip(ours, bare, strict=True))
    rates = [statistics.median(each["per_second"] for each in runs) for runs in (ours, bare)]
    worst = statistics.median(each["p99_ms"] for each in ours)
    measured = f"{ratio:.0%} ({rates[0]:.0f}/s of {rates[1]:.0f}/s; p99 {worst:.0f} ms)"
    return [Target("registering, of bare Flask and one statement", ">= 60 %", measured, ratio >= 0.6)]


def _relay() -> list[Target]:
    with _servers() as (postgres, rabbit):
        batch, single = relay.measure(postgres, rabbit, say)
    fast = Target("relay", ">= 10,000 rows/s", f"{batch:,.0f} rows/s", batch >= 10_000)
    ratio = batch / single
    return [fast, Target("relay, of one row a transaction", ">= 20 x", f"{ratio:.0f} x ({single:.0f}/s)", ratio >= 20)]


def _clocks(many: int) -> list[Target]:
    day, month = clocks.sums()
    lines = [
        Target("adding 8 working hours", "<= 1 us", f"{day:.2f} us", day <= 1),
        Target("adding 30 working days, of 8 hours", "<= 1.2 x", f"{month / day:.2f} x", month <= 1.2 * day),
    ]
    with _servers(broker=False) as (postgres, _):
        batch, single = clocks.firing(postgres, say)
        few, found = clocks.idle(postgres, many, say)
    ratio = f"{batch / single:.0f} x ({single:,.0f}/s)"
    lines.append(Target("alarms heard, with their events", ">= 20,000/s", f"{batch:,.0f}/s", batch >= 20_000))
    lines.append(Target("alarms heard, of one a transaction", ">= 20 x", ratio, batch >= 20 * single))
    measured = f"{found / few:.2f} x ({found:.0f} us of {few:.0f} us)"
    lines.append(Target(f"idle tick, {many:,} open clocks of 100,000", "<= 1.3 x", measured, found <= 1.3 * few))
    return lines


def _chain() -> list[Target]:
    rung, polled = chain.measure(say)
    lines = [Target("registered to handed over, 200 ms polling", "for comparison", _latency(polled), True)]
    for run in rung:
        holds = run["p99_ms"] <= 60 or run["p99_ms"] <= polled["p99_ms"] / 5
        lines.append(Target("registered to handed over", "p99 <= 60 ms, or 1/5 of polling", _latency(run), holds))
    return lines


def _preview() -> list[Target]:
    taken = dict(zip(("dispatch", "sla"), preview.measure(say), strict=True))
    return [
        Target(f"preview on {preview.CASES:,} past cases, {name}", "<= 10 s", f"{seconds:.1f} s", seconds <= 10)
        for name, seconds in taken.items()
    ]


def _latency(run: chain.Run) -> str:
    return f"p50 {run['p50_ms']:.0f} ms, p99 {run['p99_ms']:.0f} ms at {run['rate']:.0f}/s"


class _servers:
    """PostgreSQL with fsync, and RabbitMQ, thrown away afterwards."""

    def __init__(self, broker: bool = True) -> None:
        self._postgres = PostgresServer(fsync=True)
        self._rabbit = RabbitServer() if broker else None

    def __enter__(self) -> tuple[PostgresServer, RabbitServer | None]:
        self._postgres.start()
        if self._rabbit:
            self._rabbit.start()
        return self._postgres, self._rabbit

    def __exit__(self, *_: object) -> None:
        self._postgres.discard()
        if self._rabbit:
            self._rabbit.discard()


def machine() -> str:
    """What the figures were measured on."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    cores = len([line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("processor")])
    return f"{model}, {cores} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
