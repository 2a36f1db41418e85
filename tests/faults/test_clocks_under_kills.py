"""R5: a clock never fires early, never twice, never not, whoever looks at it and whenever he dies."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from libs.common import auth, migrate
from libs.common.events.sla import ClockBreached, ClockWarned, EscalationDue
from libs.common.service import Service
from libs.common.testing.roles import Urls, give_roles
from libs.common.unit_of_work import Transaction, UnitsOfWork
from services.sla import main, tables
from services.sla.config import Config
from services.sla.jobs import fire_alarms
from services.sla.store import Store
from services.sla.store.rules import Seen
from tests.sla.conftest import TEN, Firm, StandingClock

CASES = 334
CLOCKS = 3 * CASES
WORKERS = 3
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
LATE_AT_MOST = timedelta(seconds=5)
STEP = timedelta(seconds=2)
HASTY = {
    "id": "hasty",
    "name": {"zh-Hans": "立即回电", "en": "call back at once"},
    "when": {"urgency": "urgent"},
    "from": "received",
    "to": "contacted",
    "within": "20min",
    "warn": "5min",
    "ladder": "emergency",
}


class Crashed(Exception):
    """Stands for a process that dies: whatever it had not committed is gone, and nobody hears of the rest."""


class MortalUnits(UnitsOfWork[Store]):
    """Dies in one of three transactions, half of these times when the commit is already done."""

    def __init__(self, service: Service, chosen: random.Random) -> None:
        store = partial(Store, Seen())
        super().__init__(service.database, service.plumbing, store, service.clock, service.relay_bell.ring)
        self._chosen = chosen

    @contextmanager
    def transaction(self) -> Iterator[Transaction[Store]]:
        fate = self._chosen.random()
        with super().transaction() as transaction:
            yield transaction
            if fate < 1 / 6:
                raise Crashed
        if fate > 5 / 6:
            raise Crashed


def test_workers_that_die_fire_every_alarm_once_and_none_early(firm, seed):
    """A thousand clocks, each with a warning, a breach and three levels; three workers that die again and again."""
    workers = [MortalUnits(firm.service, random.Random(seed + number)) for number in range(WORKERS)]
    firm.hear(*(firm.opened(at=TEN + number * SECOND / 6) for number in range(CASES)))
    expected = alarms_of(firm)
    assert len(expected) == CLOCKS * 5
    deaths = pass_time(firm, workers, random.Random(seed))
    heard = [(moment_of(said), said.occurred_at) for said in firm.said() if isinstance(said, ALARMS)]
    late = [at - expected[alarm] for alarm, at in heard]
    print(f"{deaths} deaths, {max(late).total_seconds():.1f} s late at most")
    assert deaths > CLOCKS / 100
    assert [alarm for alarm, count in Counter(alarm for alarm, _ in heard).items() if count > 1] == [], "twice"
    assert set(expected) - {alarm for alarm, _ in heard} == set(), "missing"
    assert min(late) >= timedelta(0), "early"
    assert max(late) <= LATE_AT_MOST
    assert_each_clock_in_order(firm)


def test_after_an_outage_all_fires_in_due_order_but_what_was_overtaken(firm, seed):
    """Ten minutes without a worker, in which a limit of twenty minutes is to be warned of and then passes."""
    firm.hear(firm.published(version=2, extra_limits=(HASTY,)))
    opened = [firm.opened(at=TEN + number * SECOND / 6, procedure_version=2) for number in range(CASES)]
    firm.hear(*opened)
    missed = {alarm: at for alarm, at in alarms_of(firm).items() if at <= TEN + 22 * MINUTE}
    assert Counter(kind for _, kind, _ in missed) == {"warn": CASES, "breach": CASES, "escalate": CASES}
    firm.clock.at = TEN + 22 * MINUTE
    look_until_quiet([MortalUnits(firm.service, random.Random(seed))])
    heard = [moment_of(said) for said in firm.said() if isinstance(said, ALARMS)]
    assert [missed[alarm] for alarm in heard] == sorted(missed[alarm] for alarm in heard)
    assert set(heard) == {alarm for alarm in missed if alarm[1] != "warn"}, "overtaken warnings are not sent"
    assert len(heard) == 2 * CASES
    assert_each_clock_in_order(firm)


ALARMS = (ClockWarned, ClockBreached, EscalationDue)
Moment = tuple[Any, str, int]


def moment_of(said: Any) -> Moment:
    """Which alarm it was: its clock, kind and level."""
    kinds = {ClockWarned: "warn", ClockBreached: "breach", EscalationDue: "escalate"}
    return said.clock_id, kinds[type(said)], getattr(said, "level", 0)


def alarms_of(firm: Firm) -> dict[Moment, datetime]:
    return {(row["clock_id"], row["kind"], row["level"]): row["fire_at"] for row in firm.alarms()}


def pass_time(firm: Firm, workers: list[MortalUnits], chosen: random.Random) -> int:
    """From each alarm to the next until none is left; returns how often a worker died."""
    deaths = 0
    while due_at := next_due(firm):
        firm.clock.at = max(firm.clock.at, due_at) + chosen.random() * STEP
        deaths += look_until_quiet(workers)
    return deaths


def next_due(firm: Firm) -> datetime | None:
    with firm.service.database.read() as connection:
        found: datetime | None = connection.execute(select(func.min(tables.alarms.c.due_at))).scalar_one()
    return found


def look_until_quiet(workers: list[MortalUnits]) -> int:
    """All workers look at once, and again, until each has found nothing due; returns how often one died."""
    with ThreadPoolExecutor(len(workers)) as at_once:
        return sum(at_once.map(look, workers))


def look(units: MortalUnits) -> int:
    deaths = 0
    while True:
        try:
            if fire_alarms(units) == 0:
                return deaths
        except Crashed:
            deaths += 1


def assert_each_clock_in_order(firm: Firm) -> None:
    """Warned, then breached, then level by level."""
    told: dict[Any, list[tuple[int, int]]] = {}
    for said in firm.said():
        if isinstance(said, ALARMS):
            _, kind, level = moment_of(said)
            told.setdefault(said.clock_id, []).append((("warn", "breach", "escalate").index(kind), level))
    assert [story for story in told.values() if story != sorted(story)] == []


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Urls:
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/sla.sqlite"
        return Urls(address, address, address)
    return give_roles(request.getfixturevalue("postgres_database"), "sla")


@pytest.fixture
def firm(urls: Urls, tmp_path: Path) -> Iterator[Firm]:
    """A firm that works by P1, alone on its sla service."""
    clock = StandingClock()
    migrate.upgrade("sla", urls.owner, main.METADATA)
    auth.make_keys(tmp_path / "keys")
    config = Config(database_url=urls.web, worker_database_url=urls.worker, keys_dir=tmp_path / "keys")
    service = main.build(config, clock)
    firm = Firm(service, clock, tmp_path / "keys")
    firm.hear(firm.created(), firm.published())
    yield firm
    service.database.close()
    service.units.database.close()
