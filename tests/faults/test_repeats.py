"""R3, R6: whatever is delivered twice, five times and in another order, every step has happened once.

The same work is done on two platforms: one whose broker carries each event once and in order, and one whose
broker does not. What the databases then say about every complaint must be the same.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy import embedded
from deploy.audit import audit
from deploy.callers import Person
from libs.common.testing.still_clock import StillClock
from tests.faults.crowd import form_of
from tests.faults.digest import digest
from tests.faults.stepped import Starting, Stepped
from tests.platforms.firm import OpenFirm, open_a_firm

COMPLAINTS = 300
MORNING = datetime(2026, 9, 28, 1, tzinfo=UTC)  # nine in the morning, in Beijing
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_a_broker_that_repeats_and_shuffles_changes_nothing_that_anybody_can_see(started, seed):
    once = played(started(None), seed)
    again = played(started(random.Random(seed)), seed)
    for about in once:
        assert again[about] == once[about], about


def played(platform: Stepped, seed: int) -> dict[str, Any]:
    """A day's work on a platform, and what its databases say at the end."""
    firm = open_a_firm(platform, "repeats")
    if platform.broker:
        platform.broker.wild = True
    chosen = random.Random(seed)
    for number in range(COMPLAINTS):
        platform.clock.set(MORNING + number * SECOND)
        firm.guest().complain(**form_of(number))
    platform.rest(MORNING + 20 * MINUTE)
    work(platform, firm, chosen)
    platform.rest(MORNING + 90 * MINUTE)
    platform.rest(MORNING + 150 * MINUTE)
    assert_in_order(platform)
    return digest(platform.databases(), firm)


def work(platform: Stepped, firm: OpenFirm, chosen: random.Random) -> None:
    """A third of the cases is closed, a third is accepted, and nobody looks at the rest."""
    people: dict[str, Person] = {}
    moment = platform.clock.now()
    for case in sorted(cases_of(firm), key=lambda case: case["received_at"]):
        for action, words in chosen.choice([to_the_end(case), to_the_end(case)[:1], []]):
            moment += SECOND
            platform.clock.set(moment)
            login = login_of(case)
            if login not in people:
                people[login] = firm.person(login)
            people[login].post("dispatch", f"/cases/{case['complaint_id']}/{action}", **words)


def to_the_end(case: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """P1's steps for this case."""
    urgent, suggestion = case["urgency"] == "urgent", case["urgency"] == "non_urgent"
    goes_there = urgent or case["department"] in ("engineering", "security")
    milestones = ["on_site"] * goes_there + ["first_measures"] * urgent + ["verified"]
    milestones += ["carried_out"] if suggestion else ["planned", "carried_out"]
    return [
        ("accept", {"note": "收到"}),
        *[("milestones", {"milestone": milestone, "note": "已完成"}) for milestone in milestones],
        ("result", {"text": "已处理完毕", "prevention": "纳入巡检", "written": True, "spoken": True}),
        ("close", {"outcome": "solved", "satisfied": True}),
    ]


def cases_of(firm: OpenFirm) -> list[dict[str, Any]]:
    coordinator = firm.person("coordinator")
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = coordinator.get("dispatch", "/cases", view="all", limit=200, **cursor)
        found += page["items"]
        if not page["next_cursor"]:
            return found
        cursor = {"cursor": page["next_cursor"]}


def login_of(case: dict[str, Any]) -> str:
    """Whoever holds the case."""
    logins = {"马强": "engineer", "石磊": "engineer-2", "周敏": "desk", "罗刚": "guard"}
    return logins[case["assignee"]["name"].split()[0]]


def assert_in_order(platform: Stepped) -> None:
    """Nothing is left, parked or lacking; that nothing was applied backwards the databases themselves saw to."""
    databases = platform.databases()
    try:
        assert audit(databases, platform.clock.now()) == []
        for name in platform.services:
            with databases.read(name) as connection:
                assert connection.exec_driver_sql(GAPS).all() == []
    finally:
        databases.close()


GAPS = """SELECT a.source, a.subject FROM applied a WHERE a.sequence <> (
    SELECT count(*) FROM inbox i WHERE i.tenant_id = a.tenant_id AND i.source = a.source AND i.subject = a.subject
    AND i.state = 1 AND i.sequence BETWEEN 1 AND a.sequence)"""


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Starting]:
    """Starts a platform with a broker that repeats and shuffles by the given chance, or never when there is none."""
    platforms: list[Stepped] = []

    def start(chosen: random.Random | None) -> Stepped:
        clock = StillClock(MORNING)
        monkeypatch.setattr(embedded, "clock", lambda _: clock)
        platform = Stepped(tmp_path / str(len(platforms)), clock, chosen)
        platforms.append(platform)
        platform.start()
        return platform

    yield start
    for platform in platforms:
        platform.stop()
