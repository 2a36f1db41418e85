"""R1, R3, R4, R5 in the embedded mode: its one process is killed every second while complaints come in."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from deploy.audit import audit
from deploy.databases import Databases
from libs.common.testing.waiting import eventually
from services.notify.domain.delivery import LEASE
from services.notify.jobs import HANDS
from tests.faults.bare import Bare
from tests.faults.crowd import Guests
from tests.platforms.firm import open_a_firm

COMPLAINTS = 600
FEWEST_KILLS = 8


def test_kills_of_the_one_process_lose_nothing_double_nothing_and_tell_nobody_twice(platform, seed):
    crowd = Guests(f"http://127.0.0.1:{platform.port}/api/intake/v1", "kills", COMPLAINTS)
    killed = kill_while(platform, crowd.start(), random.Random(seed))
    print(killed)
    settle(platform)
    assert sum(killed.values()) >= FEWEST_KILLS, "the load ended before enough was killed"
    assert_all_arrived_once(platform, crowd)
    assert_told_once(platform, killed.total())


def kill_while(platform: Bare, running: threading.Thread, chosen: random.Random) -> Counter[str]:
    """Let it serve for about a second, kill it, wait until it serves again; until the load has ended."""
    kills = {
        "serving": platform.kill_the_serving_process,
        "master": platform.kill_the_master,
        "everything": platform.kill_everything,
    }
    killed: Counter[str] = Counter()
    while running.is_alive():
        running.join(chosen.uniform(0.5, 1.5))
        (victim,) = chosen.choices(list(kills), [6, 1, 2])
        kills[victim]()
        killed[victim] += 1
        eventually(platform.ready, within=60)
    return killed


def settle(platform: Bare) -> None:
    """What was under way at a kill is let go when its lease ends, and mails in doubt are sent again a while later;
    then nothing may be left to do."""
    eventually(lambda: platform.ready() and platform.alone(), within=60)
    databases = platform.databases()
    try:
        for pause in (LEASE + timedelta(minutes=1), timedelta(minutes=10)):
            platform.clock.advance(pause)
            eventually(lambda: not audit(databases, platform.clock.now()), within=120)
        eventually(lambda: not being_told(databases), within=20)
    except AssertionError:
        broken = "\n".join(map(str, audit(databases, platform.clock.now()) + being_told(databases)))
        raise AssertionError(f"{broken}\n{platform.log.read_text()[-4000:]}") from None
    finally:
        databases.close()


def being_told(databases: Databases) -> list[str]:
    """Notices that will be sent, or are being sent; none are when nothing is left to do."""
    statement = "SELECT delivery_id, state, attempts, due_at, error FROM deliveries WHERE tenant_id = :tenant"
    rows = databases.rows("notify", f"{statement} AND due_at IS NOT NULL")
    return [" ".join(map(str, row)) for row in rows]


def assert_all_arrived_once(platform: Bare, crowd: Guests) -> None:
    databases = platform.databases()
    stored = databases.rows("intake", "SELECT complaint_id FROM complaints WHERE tenant_id = :tenant")
    databases.close()
    assert crowd.refused == []
    assert {answer.status for answer in crowd.failures()} <= {0}, "a kill breaks connections, nothing else"
    assert {str(row[0]) for row in stored} == {key.replace("-", "") for key in crowd.acknowledged}
    assert len(stored) == COMPLAINTS


def assert_told_once(platform: Bare, kills: int) -> None:
    """R4: no SMS twice, a mail again only under its Message-ID; whoever may not have been told is known."""
    texted = deliveries(platform, "channel = 'sms' AND recipient = 'complainant'")
    copies = Counter(sms.out_id.replace("-", "") for sms in platform.sms.sent)
    assert len(texted) == COMPLAINTS
    assert set(texted.values()) <= {"handed", "unknown"}
    assert [delivery for delivery, count in copies.items() if count > 1] == [], "told twice"
    assert {delivery for delivery, state in texted.items() if state == "handed"} <= copies.keys() <= texted.keys()
    mailed = deliveries(platform, "channel = 'email'")
    assert set(mailed.values()) == {"handed"}
    assert len({mail.message_id for mail in platform.mail.received}) == len(mailed)
    uncertain = Counter(texted.values())["unknown"] + len(platform.mail.received) - len(mailed)
    assert uncertain <= HANDS * kills, "a kill leaves only those in doubt who were being told"


def deliveries(platform: Bare, which: str) -> dict[str, str]:
    """The state of each."""
    databases = platform.databases()
    statement = f"""SELECT delivery_id, state FROM deliveries d JOIN notices n USING (tenant_id, notice_id)
        WHERE d.tenant_id = :tenant AND {which}"""
    found = {str(delivery): str(state) for delivery, state in databases.rows("notify", statement)}
    databases.close()
    return found


@pytest.fixture
def platform(tmp_path) -> Iterator[Bare]:
    platform = Bare(tmp_path)
    try:
        platform.start()
        open_a_firm(platform, "kills")
        yield platform
    finally:
        platform.stop()
