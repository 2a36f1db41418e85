"""Units of work, times and lost databases: the same on SQLite and PostgreSQL."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError, StatementError

from libs.common import db, tenancy
from libs.common.db import Database, DatabaseAway, NotUtc
from libs.common.tenancy import NoTenant, TenantConnection
from libs.common.testing.proxy import Proxy
from libs.common.testing.sample import Sample, notes, withdrawn
from libs.common.testing.waiting import eventually

ON_A_SERVER = pytest.mark.parametrize("database", ["postgresql"])


def test_rows_and_events_of_a_unit_are_there_together(service, tenant, subject):
    say(service, tenant, subject, "leak")
    assert service.noted(tenant, subject) == ["leak"]
    assert waiting(service) == [("leak", 1)]


def test_a_unit_that_fails_leaves_neither_row_nor_event(service, tenant, subject):
    with pytest.raises(Broken):
        say(service, tenant, subject, "leak", then=Broken())
    assert service.noted(tenant, subject) == []
    assert waiting(service) == []


def test_a_unit_that_fails_uses_up_no_sequence(service, tenant, subject):
    with pytest.raises(Broken):
        say(service, tenant, subject, "unsaid", then=Broken())
    say(service, tenant, subject, "said")
    assert waiting(service) == [("said", 1)]


def test_the_relay_is_rung_after_the_commit_and_only_when_something_was_said(service, tenant, subject):
    with service.units.begin(tenant) as work:
        work.store.add(subject, "silent", work.now)
    assert service.rung == 0
    with pytest.raises(Broken):
        say(service, tenant, subject, "unsaid", then=Broken())
    assert service.rung == 0
    say(service, tenant, subject, "said")
    assert service.rung == 1


def test_events_of_a_subject_are_numbered_from_one_without_gaps(service, tenant):
    one, other = uuid4(), uuid4()
    say(service, tenant, one, "a", "b")
    say(service, tenant, other, "x")
    say(service, tenant, one, "c")
    assert sorted(waiting(service)) == [("a", 1), ("b", 2), ("c", 3), ("x", 1)]


def test_two_tenants_may_use_one_subject_id_and_each_is_counted_apart(service, subject):
    for tenant in (uuid4(), uuid4()):
        say(service, tenant, subject, "first")
    assert waiting(service) == [("first", 1), ("first", 1)]


def test_many_at_once_on_one_subject_still_number_without_gaps(service, tenant, subject):
    at_once(lambda n: say(service, tenant, subject, str(n)), 24)
    assert sorted(sequence for _, sequence in waiting(service)) == list(range(1, 25))


def test_two_units_that_speak_of_the_same_subjects_in_opposite_order_both_get_through(service, tenant):
    subjects = [uuid4() for _ in range(8)]

    def speak(n: int) -> None:
        with service.units.begin(tenant) as work:
            for subject in subjects if n % 2 else reversed(subjects):
                work.record(withdrawn(tenant, subject, "both", work.now))

    at_once(speak, 12)
    assert len(waiting(service)) == 12 * 8


def test_inserts_are_gathered_into_one_statement_a_table(service, tenant, subject):
    statements = counted(service.web)
    with service.units.begin(tenant) as work:
        for number in range(100):
            work.store.add(subject, str(number), work.now)
    assert statements["INSERT INTO notes"] == 1
    assert service.noted(tenant, subject) == [str(number) for number in range(100)]


def test_a_question_sees_what_was_inserted_before_it(service, tenant, subject):
    with service.units.begin(tenant) as work:
        work.store.add(subject, "early", work.now)
        assert work.store.about(subject) == ["early"]


def test_a_transaction_over_several_tenants_gives_each_its_own(service, subject):
    tenants = [uuid4(), uuid4(), uuid4()]
    with service.worker_units.transaction() as transaction:
        for tenant in [*tenants, *tenants]:
            work = transaction.work_for(tenant)
            work.store.add(subject, f"of {tenant}", work.now)
            work.record(withdrawn(tenant, subject, "said", work.now))
    assert all(service.noted(tenant, subject) == [f"of {tenant}"] * 2 for tenant in tenants)
    assert sorted(sequence for _, sequence in waiting(service)) == [1, 1, 1, 2, 2, 2]


def test_there_is_no_work_without_a_tenant(service):
    with pytest.raises(NoTenant), service.units.begin(None):
        pass
    with pytest.raises(NoTenant), service.units.read(None):
        pass


def test_a_row_cannot_be_inserted_in_the_name_of_another_tenant(service, tenant, subject):
    with service.web.write() as connection:
        tenancy.bind(connection, tenant)
        rows = TenantConnection(connection, tenant)
        rows.insert(notes, tenant_id=uuid4(), note_id=uuid4(), subject=subject, text="mine", noted_at=NOW)
        rows.flush()
    assert service.noted(tenant, subject) == ["mine"]


def test_a_time_without_a_zone_is_refused(service, tenant, subject):
    naive = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 (that is the point)
    with pytest.raises((NotUtc, StatementError), match="2026"), service.units.begin(tenant) as work:
        work.store.add(subject, "when?", naive)


@pytest.mark.parametrize("fold", [0, 1])
def test_the_two_half_past_twos_of_a_clock_change_stay_an_hour_apart(service, tenant, subject, fold):
    there = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
    with service.units.begin(tenant) as work:
        work.store.add(subject, "night", there)
    assert noted_at(service, tenant) == datetime(2026, 10, 25, fold, 30, tzinfo=UTC)
    assert noted_at(service, tenant).tzinfo is UTC


def test_every_committed_unit_of_many_threads_is_there(service, tenant, subject):
    at_once(lambda n: say(service, tenant, subject, str(n)), 40)
    assert sorted(service.noted(tenant, subject), key=int) == [str(n) for n in range(40)]


def test_a_unit_that_fails_among_others_is_rolled_back_alone(service, tenant, subject):
    def one(n: int) -> None:
        with pytest.raises(Broken) if n % 3 == 0 else nullcontext():
            say(service, tenant, subject, str(n), then=Broken() if n % 3 == 0 else None)

    at_once(one, 30)
    assert sorted(service.noted(tenant, subject), key=int) == [str(n) for n in range(30) if n % 3]


def test_a_duplicate_label_fails_its_unit_and_no_other(service, tenant, subject):
    def one(n: int) -> bool:
        try:
            with service.units.begin(tenant) as work:
                work.store.add(subject, str(n), work.now, label=f"label {n % 10}")
        except IntegrityError:
            return False
        return True

    assert sum(at_once(one, 30)) == 10
    with service.units.read(tenant) as store:
        assert store.count() == 10


@ON_A_SERVER
def test_a_database_that_was_killed_is_said_to_be_away_and_serves_again(killable, tenant, subject):
    service, server = killable
    say(service, tenant, subject, "before")
    server.kill()
    for _ in range(3):
        with pytest.raises(DatabaseAway):
            say(service, tenant, subject, "lost")
    assert not db.reachable(service.web)
    server.start()
    assert eventually(lambda: db.reachable(service.web))
    say(service, tenant, subject, "after")
    assert service.noted(tenant, subject) == ["before", "after"]


@ON_A_SERVER
def test_a_database_that_dies_within_a_unit_is_said_to_be_away(killable, tenant, subject):
    service, server = killable
    with pytest.raises(DatabaseAway), service.units.begin(tenant) as work:
        work.store.add(subject, "half", work.now)
        server.kill()
    server.start()
    assert eventually(lambda: db.reachable(service.web))
    assert service.noted(tenant, subject) == []


@ON_A_SERVER
def test_a_database_that_accepts_and_says_nothing_is_said_to_be_away(urls):
    with Proxy.before(urls.web) as proxy:
        proxy.swallow()
        silent = Database(proxy.url)
        with pytest.raises(DatabaseAway), silent.read():
            pass
        silent.close()


class Broken(Exception):
    pass


NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def subject() -> UUID:
    return uuid4()


@pytest.fixture
def killable(urls, request):
    server = request.getfixturevalue("postgres")
    service = Sample(urls)
    yield service, server
    server.start()
    service.close()


def say(service: Sample, tenant: UUID, subject: UUID, *texts: str, then: Exception | None = None) -> None:
    """Note each text and tell the others."""
    with service.units.begin(tenant) as work:
        for text in texts:
            work.store.add(subject, text, work.now)
            work.record(withdrawn(tenant, subject, text, work.now))
        if then:
            raise then


def waiting(service: Sample) -> list[tuple[str, int]]:
    """(reason, sequence) of what waits in the outbox, in the order of saying."""
    outbox = service.plumbing.outbox
    with service.worker.read() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.event_id)).mappings().all()
    return [(row["body"].split('"')[3], row["sequence"]) for row in rows]


def noted_at(service: Sample, tenant: UUID) -> datetime:
    with service.units.read(tenant) as store:
        (row,) = store._rows.all(select(notes.c.noted_at).where(store._rows.mine(notes)))
    return row["noted_at"]


def at_once(run, times: int) -> list:
    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(run, range(times)))


def counted(database: Database) -> Counter[str]:
    """How often each statement is sent from here on, by its first three words."""
    found: Counter[str] = Counter()

    @event.listens_for(database.engine, "before_cursor_execute")
    def count(connection, cursor, statement, *_) -> None:
        found[" ".join(statement.split()[:3])] += 1

    return found
