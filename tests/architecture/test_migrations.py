"""Every service's migrations lead from an empty database to its tables, on SQLite and on PostgreSQL."""

import importlib
import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Table, create_engine, inspect, text

from deploy.embedded import MODULES
from libs.common import migrate
from libs.common.db import UtcDateTime
from libs.common.testing.roles import give_roles

SERVICES = sorted(MODULES)
DAYS_OF_SENT = re.compile(r"sent_(other|\d{8})")


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_have_one_end(service):
    scripts = ScriptDirectory.from_config(migrate.settings(service))
    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1


@pytest.mark.parametrize("service", SERVICES)
def test_an_empty_database_gets_the_tables_of_the_code(service, owner):
    metadata = metadata_of(service)
    migrate.upgrade(service, owner, metadata)
    assert differences(owner, metadata) == []


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_again_changes_nothing(service, tmp_path):
    url = f"sqlite:///{tmp_path}/empty.sqlite"
    migrate.upgrade(service, url, metadata_of(service))
    before = schema_of(url)
    migrate.upgrade(service, url, metadata_of(service))
    assert schema_of(url) == before


@pytest.mark.parametrize("service", ["intake"])
def test_a_table_that_no_migration_makes_is_noticed(service, owner):
    migrate.upgrade(service, owner, metadata_of(service))
    assert differences(owner, forgetful(metadata_of(service))) != []


@pytest.fixture(params=["sqlite", "postgresql"])
def owner(request, service, tmp_path) -> str:
    """The URL of an empty database, as the role that migrates it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/{service}.sqlite"
    return give_roles(request.getfixturevalue("postgres_database"), service).owner


def metadata_of(service: str):
    return importlib.import_module(f"services.{service}.tables").metadata


def forgetful(metadata):
    """The same tables, one of them with a column that was added without a migration."""
    copied = type(metadata)(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(copied)
    first: Table = copied.sorted_tables[0]
    first.append_column(Column("added_in_haste", UtcDateTime))
    return copied


def differences(url: str, metadata) -> list:
    engine = create_engine(url)
    options = {"compare_type": True, "include_name": ours, "target_metadata": metadata}
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()
    return found


def ours(name: str | None, kind: str, _: object) -> bool:
    """All but the partitions, which come and go by the day."""
    return kind != "table" or not DAYS_OF_SENT.fullmatch(name or "")


def schema_of(url: str) -> list:
    engine = create_engine(url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names()
        found = connection.execute(text("SELECT type, name, sql FROM sqlite_master ORDER BY name")).all()
    engine.dispose()
    return found
