"""R1, R3, R5, R8, R9: whatever is killed, what was acknowledged arrives, once. `redress audit` is the judge."""

import random
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from deploy.audit import audit
from libs.common.clock import SystemClock
from libs.common.testing.waiting import eventually
from tests.platforms.distributed import Distributed, tail
from tests.platforms.firm import only_acknowledge, open_a_firm
from tests.platforms.load import Crowd

COMPLAINTS = 2_000


def test_a_kill_every_second_loses_nothing_and_doubles_nothing(platform):
    """R1, R3, R5, R9: web, worker, broker or database, at random, while 2,000 complaints come in."""
    crowd = crowd_at(platform, COMPLAINTS)
    running = crowd.start()
    killed = kill_while(platform, running, seed=20260928)
    settle(platform)
    assert len(killed) >= 10, "the load ended before enough was killed"
    assert_all_arrived(platform, crowd)


def test_with_the_broker_away_for_twenty_seconds_intake_goes_on(platform):
    """R8, R14: nobody is refused, and everything arrives after."""
    platform.rabbit.stop()
    crowd = crowd_at(platform, 200, per_second=10)
    crowd.run()
    platform.rabbit.start()
    settle(platform)
    assert crowd.refused == []
    assert_all_arrived(platform, crowd)


def test_a_wiped_broker_is_filled_again_by_replay(platform):
    """R8: the broker's data is deleted while messages wait in it; `redress replay --since` brings everything."""
    before = SystemClock().now() - timedelta(minutes=1)
    workers = [process for process in platform.processes.values() if process.name.endswith("-worker")]
    listening = [process for process in workers if process.name != "intake-worker"]
    for process in listening:
        process.kill()
    crowd = crowd_at(platform, 200)
    crowd.run()
    eventually(lambda: sent_everything(platform), within=60)
    platform.rabbit.wipe()
    platform.mend()
    eventually(platform.ready, within=60)
    assert platform.command("replay", "--since", before.isoformat()).returncode == 0
    settle(platform)
    assert_all_arrived(platform, crowd)


def crowd_at(platform: Distributed, count: int, per_second: float = 60) -> Crowd:
    return Crowd(f"http://127.0.0.1:{platform.ports['intake']}/v1", "kills", count, per_second=per_second)


def kill_while(platform: Distributed, running: threading.Thread, seed: int) -> list[str]:
    """One random victim a second until the load has ended; the dead are started again at once."""
    chosen, killed = random.Random(seed), []
    while running.is_alive():
        running.join(1.0)
        victims = [*platform.processes, "rabbit", "postgres"]
        victim = chosen.choices(victims, [4] * len(platform.processes) + [2, 2])[0]
        killed.append(victim)
        kill(platform, victim)
    return killed


def kill(platform: Distributed, victim: str) -> None:
    server = {"rabbit": platform.rabbit, "postgres": platform.postgres}.get(victim)
    if server:
        server.kill()
        server.start()
    else:
        platform.processes[victim].kill()
    platform.mend()


def sent_everything(platform: Distributed) -> bool:
    databases = platform.databases()
    try:
        with databases.read("intake") as connection:
            return connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one() == 0
    finally:
        databases.close()


def settle(platform: Distributed) -> None:
    """Wait until everything is up and nothing is on its way."""
    eventually(platform.ready, within=60)
    databases = platform.databases()
    try:
        eventually(lambda: platform.mend() == [] and not audit(databases, SystemClock().now()), within=300)
    except AssertionError:
        broken = "\n".join(map(str, audit(databases, SystemClock().now())))
        raise AssertionError(f"{broken}\n{tail(platform)}") from None
    finally:
        databases.close()


def assert_all_arrived(platform: Distributed, crowd: Crowd) -> None:
    databases = platform.databases()
    stored = databases.rows("intake", "SELECT complaint_id FROM complaints WHERE tenant_id = :tenant")
    databases.close()
    assert crowd.refused == []
    assert len(crowd.acknowledged) == crowd.count
    assert {str(row[0]) for row in stored} >= set(crowd.acknowledged), "acknowledged, but not there"


@pytest.fixture(scope="module")
def platform() -> Iterator[Distributed]:
    platform = Distributed(fsync=True, portal=False, real_time=True)
    try:
        platform.start()
        only_acknowledge(open_a_firm(platform, "kills"))
        platform.rabbit.settle()
        yield platform
    finally:
        platform.stop()
