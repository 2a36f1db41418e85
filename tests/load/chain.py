"""From a registered complaint to its notice in the provider's hands, through every service as separate processes.

intake -> outbox -> RabbitMQ -> dispatch -> RabbitMQ -> sla (clocks stored) -> RabbitMQ -> notify -> contact asked of
intake -> SMS handed over. Once with bells, once with polling every 200 ms.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from libs.common.testing.waiting import eventually
from tests.platforms.distributed import Distributed
from tests.platforms.firm import only_acknowledge, open_a_firm
from tests.platforms.load import Crowd

MORNING = datetime(2026, 9, 28, 1, tzinfo=UTC)  # nine o'clock in Beijing: no quiet hours hold a notice back
RATES = (2.0, 5.0, 10.0, 25.0)
SECONDS = 20

Run = dict[str, float]


def measure(say: Callable[..., None]) -> tuple[list[Run], Run]:
    """With bells at each rate, and polling at the lowest."""
    rung = _measure(None, RATES, say)
    [polled] = _measure(0.2, RATES[:1], say)
    return rung, polled


def _measure(poll_seconds: float | None, rates: tuple[float, ...], say: Callable[..., None]) -> list[Run]:
    platform = Distributed(fsync=True, portal=False, poll_seconds=poll_seconds)
    try:
        platform.clock.begin_at(MORNING)
        platform.start()
        only_acknowledge(open_a_firm(platform, "bench"))
        found = []
        for rate in rates:
            run = _at(platform, rate)
            found.append(run)
            how = f"polling {poll_seconds:g} s" if poll_seconds else "bells"
            say(f"{how}, {run['rate']:.0f}/s: p50 {run['p50_ms']:.0f} ms, p99 {run['p99_ms']:.0f} ms")
        return found
    finally:
        platform.stop()


def _at(platform: Distributed, rate: float) -> Run:
    before = len(_handed(platform))
    count = int(rate * SECONDS)
    crowd = Crowd(f"http://127.0.0.1:{platform.ports['intake']}/v1", "bench", count, threads=8, per_second=rate)
    crowd.run()
    eventually(lambda: len(_handed(platform)) >= before + count, within=120)
    registered, handed = _registered(platform), _handed(platform)
    mine = [each for each in map(_plain, crowd.acknowledged) if each in handed]
    took = sorted((handed[each] - registered[each]).total_seconds() * 1000 for each in mine)
    times = sorted(registered[each] for each in mine)
    real_rate = len(times) / max(0.001, (times[-1] - times[0]).total_seconds())
    return {"rate": real_rate, "p50_ms": took[len(took) // 2], "p99_ms": took[int(len(took) * 0.99)]}


def _registered(platform: Distributed) -> dict[str, datetime]:
    return _times(platform, "intake", "SELECT complaint_id, registered_at FROM complaints WHERE tenant_id = :tenant")


def _handed(platform: Distributed) -> dict[str, datetime]:
    statement = """SELECT d.complaint_id, min(d.handed_at) FROM deliveries d
                   WHERE d.tenant_id = :tenant AND d.handed_at IS NOT NULL GROUP BY d.complaint_id"""
    return _times(platform, "notify", statement)


def _times(platform: Distributed, service: str, statement: str) -> dict[str, datetime]:
    databases = platform.databases()
    try:
        rows: list[Any] = databases.rows(service, statement)
        return {_plain(row[0]): row[1] for row in rows}
    finally:
        databases.close()


def _plain(identity: object) -> str:
    return str(identity).replace("-", "")
