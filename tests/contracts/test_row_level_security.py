"""PostgreSQL refuses another tenant's rows by itself, whatever the code above it forgets (R16)."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Uuid,
    create_engine,
    text,
)
from sqlalchemy.exc import DBAPIError, ProgrammingError

from libs.common import migrate
from libs.common.testing import isolation, sample
from libs.common.testing.roles import give_roles

ROOT = Path(__file__).parents[2]
SERVICES = sorted({path.parents[2].name for path in ROOT.glob("services/*/migrations/versions/v*.py")})
MINE, THEIRS = uuid4(), uuid4()
LISTED_FOR_OPERATORS = {"tenants": {"tenants"}}
ASKED_WHOSE_CALENDARS_CHANGED = {"sla": {"tenants"}}


def test_the_catalogue_shows_no_gap(walls):
    with walls.superuser.connect() as connection:
        assert isolation.gaps(connection, walls.service) == []


def test_without_a_tenant_nothing_is_seen_and_nothing_touched(walls):
    for table in walls.tables:
        assert foreign_rows(walls.web, table, None) == 0, table


def test_with_a_tenant_no_other_tenants_row_is_seen_or_touched(walls):
    for table in walls.tables:
        assert foreign_rows(walls.web, table, MINE) == 0, table


def test_with_a_tenant_its_own_rows_are_there(walls):
    for table in walls.filled:
        assert rows_seen(walls.web, table, MINE) == 1, table


def test_no_row_can_be_put_into_another_tenant(walls):
    for table in walls.filled:
        assert refused(walls.web, f"INSERT INTO {table} SELECT * FROM planted.{table}", MINE), table
        assert refused(walls.web, f"UPDATE {table} SET tenant_id = '{THEIRS}'", MINE), table


def test_a_worker_sees_all_tenants_only_where_work_is_claimed(walls):
    claimable = {table.name for table in walls.metadata.tables.values() if "due_at" in table.c}
    plumbing = {table.name for table in sample.plumbing.open_to_worker}
    others = LISTED_FOR_OPERATORS | ASKED_WHOSE_CALENDARS_CHANGED
    assert set(walls.open_to_worker) <= claimable | plumbing | others.get(walls.service, set())
    for table in walls.filled:
        seen = 2 if table in walls.open_to_worker else 0
        assert rows_seen(walls.worker, table, None) == seen, table


def test_a_worker_that_is_bound_to_a_tenant_reads_no_other_tenants_business(walls):
    for table in set(walls.filled) - set(walls.open_to_worker):
        assert foreign_rows(walls.worker, table, MINE) == 0, table


@pytest.mark.parametrize("role", ["web", "worker"])
def test_run_time_roles_change_no_table(walls, role):
    statement = "CREATE TABLE of_my_own ()"
    assert refused(getattr(walls, role), statement, MINE)
    assert refused(getattr(walls, role), f"DROP TABLE {walls.tables[0]}", MINE)
    assert refused(getattr(walls, role), "UPDATE alembic_version SET version_num = 'x'", MINE)


@pytest.mark.parametrize(
    ("gap", "statement"),
    [
        ("no forced row-level security", "CREATE TABLE bare (tenant_id uuid)"),
        ("no forced row-level security", "ALTER TABLE notes NO FORCE ROW LEVEL SECURITY"),
        ("partition open by its own name", "GRANT SELECT ON sent_other TO redress_sample_web"),
        ("unique key without leading tenant", "CREATE UNIQUE INDEX ON notes (note_id, tenant_id)"),
        (
            "foreign key that can cross tenants",
            "ALTER TABLE notes ADD other uuid UNIQUE, ADD FOREIGN KEY (other) REFERENCES notes (other)",
        ),
        ("view that runs as its owner", "CREATE VIEW seen AS SELECT * FROM notes"),
        ("materialized view", "CREATE MATERIALIZED VIEW kept AS SELECT * FROM notes"),
        ("policy that ignores the tenant", "CREATE POLICY all_of_them ON notes USING (true)"),
        ("policy that ignores the tenant", "CREATE POLICY platform ON notes TO redress_sample_web USING (true)"),
        (
            "function that runs as its owner",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        ),
        ("role above row-level security", "ALTER ROLE redress_sample_web BYPASSRLS"),
        ("run-time role that owns a table", "ALTER TABLE notes OWNER TO redress_sample_worker"),
    ],
)
def test_a_gap_is_noticed(sample_walls, gap, statement):
    with sample_walls.superuser.connect() as connection:
        connection.execute(text(statement))
        assert gap in {found for found, _ in isolation.gaps(connection, "sample")}
        connection.rollback()


@dataclass
class Walls:
    """A migrated database with one row of two tenants in each table, and its three roles."""

    service: str
    metadata: MetaData
    superuser: Engine
    web: Engine
    worker: Engine
    tables: list[str]
    open_to_worker: list[str]

    @property
    def filled(self) -> list[str]:
        return [table for table in self.tables if table in self.metadata.tables]


@pytest.fixture(scope="module", params=["sample", *SERVICES])
def walls(request, postgres) -> Iterator[Walls]:
    yield from built(request.param, postgres)


@pytest.fixture
def sample_walls(postgres) -> Iterator[Walls]:
    yield from built("sample", postgres)


def built(service: str, postgres) -> Iterator[Walls]:
    name = f"walls_{uuid4().hex}"
    on_server(postgres.url, f"CREATE DATABASE {name}")
    url = postgres.url.removesuffix("/postgres") + f"/{name}"
    urls = give_roles(url, service)
    metadata = migrated(service, urls.owner)
    engines = [create_engine(address) for address in (url, urls.web, urls.worker)]
    with engines[0].begin() as connection:
        tables = isolation.tables_of_tenants(connection)
        open_to_worker = isolation.tables_open_to_worker(connection)
        fill(connection, metadata, tables, f"redress_{service}_web")
    yield Walls(service, metadata, *engines, tables=tables, open_to_worker=open_to_worker)
    for engine in engines:
        engine.dispose()
    on_server(postgres.url, f"DROP DATABASE {name} WITH (FORCE)")


def on_server(url: str, statement: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)


def migrated(service: str, url: str) -> MetaData:
    if service == "sample":
        sample.migrate(url)
        return sample.metadata
    metadata: MetaData = importlib.import_module(f"services.{service}.tables").metadata
    migrate.upgrade(service, url, metadata)
    return metadata


def fill(connection, metadata: MetaData, tables: list[str], web: str) -> None:
    """One row of each tenant in every table, and a view that hands the web role a row of the other tenant."""
    connection.execute(text("SET session_replication_role = replica"))  # no foreign keys
    connection.execute(text(f"CREATE SCHEMA planted; GRANT USAGE ON SCHEMA planted TO {web}"))
    for table in metadata.sorted_tables:
        if table.name in tables:
            for tenant in (MINE, THEIRS):
                values = {column.name: value_for(column) for column in table.columns} | {"tenant_id": tenant}
                connection.execute(table.insert(), values)
            theirs = f"SELECT * FROM {table.name} WHERE tenant_id = '{THEIRS}'"
            connection.execute(text(f"CREATE VIEW planted.{table.name} AS {theirs}"))
    connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA planted TO {web}"))


SAMPLES = [
    (Uuid, UUID(int=7)),
    (DateTime, datetime(2026, 3, 2, tzinfo=UTC)),
    (Date, date(2026, 3, 2)),
    (Boolean, True),
    (Integer, 1),
    (Numeric, 1),
    (LargeBinary, b"x"),
    (JSON, []),
]


def value_for(column):
    kind = getattr(column.type, "impl", column.type)
    return next((value for known, value in SAMPLES if isinstance(kind, known)), "x")


def foreign_rows(engine: Engine, table: str, tenant: UUID | None) -> int:
    """How many rows of others one can see, change or delete."""
    other = f"tenant_id <> '{tenant or UUID(int=0)}'"
    verbs = (
        f"SELECT * FROM {table} WHERE {other}",
        f"UPDATE {table} SET tenant_id = tenant_id WHERE {other}",
        f"DELETE FROM {table} WHERE {other}",
    )
    return sum(touched(engine, verb, tenant) for verb in verbs)


def rows_seen(engine: Engine, table: str, tenant: UUID | None) -> int:
    return touched(engine, f"SELECT * FROM {table}", tenant)


def touched(engine: Engine, statement: str, tenant: UUID | None) -> int:
    """Rows that the statement reaches; none when the role may not run it at all."""
    with engine.connect() as connection:
        bind(connection, tenant)
        try:
            return connection.execute(text(statement)).rowcount
        except ProgrammingError as refusal:
            assert isinstance(refusal.orig, psycopg.errors.InsufficientPrivilege)
            return 0


def refused(engine: Engine, statement: str, tenant: UUID) -> bool:
    with engine.connect() as connection:
        bind(connection, tenant)
        try:
            connection.execute(text(statement))
        except DBAPIError as refusal:
            return isinstance(refusal.orig, psycopg.errors.InsufficientPrivilege)
        return False


def bind(connection, tenant: UUID | None) -> None:
    if tenant:
        connection.execute(text("SELECT set_config('app.tenant', :tenant, true)"), {"tenant": str(tenant)})
