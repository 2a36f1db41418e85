"""Inserting in one round trip: all or nothing, decided by one key, for one tenant."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import uuid_utils.compat as uuids
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError, StatementError

from libs.common import tenancy
from libs.common.db import NotUtc
from libs.common.one_statement import Claim, KeyTaken, insert_once
from libs.common.testing.sample import Sample, notes, plumbing

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def test_a_free_key_is_claimed_and_everything_inserted(service, tenant):
    assert insert_once(service.web, tenant, key("k"), [a_note("one"), a_note("two"), a_counter()])
    assert texts(service, tenant) == ["one", "two"]
    assert keys_of(service, tenant) == ["k"]


def test_a_taken_key_inserts_nothing(service, tenant):
    insert_once(service.web, tenant, key("k"), [a_note("one")])
    assert not insert_once(service.web, tenant, key("k"), [a_note("two"), a_counter()])
    assert texts(service, tenant) == ["one"]


def test_a_key_is_each_tenants_own(service, tenant):
    assert insert_once(service.web, tenant, key("k"), [a_note("mine")])
    other = uuid4()
    assert insert_once(service.web, other, key("k"), [a_note("theirs")])
    assert (texts(service, tenant), texts(service, other)) == (["mine"], ["theirs"])


def test_without_a_key_everything_is_inserted(service, tenant):
    for _ in range(2):
        assert insert_once(service.web, tenant, None, [a_note("again")])
    assert texts(service, tenant) == ["again", "again"]


def test_another_taken_key_fails_the_whole_statement(service, tenant):
    insert_once(service.web, tenant, None, [a_note("first", label="unique")])
    with pytest.raises(KeyTaken):
        insert_once(service.web, tenant, key("k"), [a_note("second"), a_note("third", label="unique")])
    assert (texts(service, tenant), keys_of(service, tenant)) == (["first"], [])


def test_of_many_at_once_one_wins(service, tenant):
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda n: insert_once(service.web, tenant, key("k"), [a_note(str(n))]), range(24)))
    assert won.count(True) == 1
    assert texts(service, tenant) == [str(won.index(True))]


def test_a_row_that_names_another_tenant_does_not_get_there(service, tenant):
    other = uuid4()
    table, values = a_note("smuggled")
    with suppress(ProgrammingError):
        insert_once(service.web, tenant, None, [(table, values | {"tenant_id": other})])
    assert texts(service, other) == []


def test_a_key_of_another_tenant_cannot_be_claimed_in_its_name(service, tenant):
    other = uuid4()
    wanted = key("k")
    with suppress(ProgrammingError):
        insert_once(service.web, tenant, Claim(wanted.table, {**wanted.values, "tenant_id": other}), [])
    assert keys_of(service, other) == []


def test_a_time_without_a_zone_is_refused(service, tenant):
    table, values = a_note("when?")
    naive = datetime(2026, 3, 2, 1, 30)  # noqa: DTZ001 (that is the point)
    with pytest.raises((NotUtc, StatementError), match="2026"):
        insert_once(service.web, tenant, None, [(table, values | {"noted_at": naive})])


def test_a_time_in_another_zone_is_the_same_moment(service, tenant):
    table, values = a_note("there")
    there = NOW.astimezone(ZoneInfo("Asia/Shanghai"))
    insert_once(service.web, tenant, None, [(table, values | {"noted_at": there})])
    with service.web.read() as connection:
        tenancy.bind(connection, tenant)
        assert connection.execute(select(notes.c.noted_at)).scalar_one() == NOW


@pytest.mark.parametrize("database", ["postgresql"])
def test_the_tenant_of_a_statement_does_not_stay_with_the_connection(service, tenant):
    insert_once(service.web, tenant, None, [a_note("mine")])
    with service.web.read() as connection:
        assert connection.execute(select(func.count()).select_from(notes)).scalar_one() == 0


@pytest.mark.parametrize("text", ["100 % 好", "%(tenant)s", "'; drop table notes; --", "🛗", "\\", "a:b ::text"])
def test_values_are_only_values(service, tenant, text):
    insert_once(service.web, tenant, key(text[:20].encode("ascii", "ignore").decode() or "k"), [a_note(text)])
    assert texts(service, tenant) == [text]


def key(name: str) -> Claim:
    values = {"route": "POST /v1/notes", "key": name, "body_sha256": bytes(32), "status": 201, "response": "{}"}
    return Claim(plumbing.idempotency, values | {"created_at": NOW})


def a_note(text: str, label: str | None = None):
    return notes, {"note_id": uuids.uuid7(), "subject": uuid4(), "text": text, "label": label, "noted_at": NOW}


def a_counter():
    return plumbing.streams, {"subject": uuid4(), "sequence": 1}


def texts(service: Sample, tenant: UUID) -> list[str]:
    return _read(service, tenant, select(notes.c.text).where(notes.c.tenant_id == tenant).order_by(notes.c.note_id))


def keys_of(service: Sample, tenant: UUID) -> list[str]:
    keys = plumbing.idempotency
    return _read(service, tenant, select(keys.c.key).where(keys.c.tenant_id == tenant))


def _read(service: Sample, tenant: UUID, question) -> list[str]:
    with service.web.read() as connection:
        tenancy.bind(connection, tenant)
        return list(connection.execute(question).scalars())
