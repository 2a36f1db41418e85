"""Write a migration script from the difference between a service's tables and its newest schema."""

import importlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from libs.common import migrate
from libs.common.plumbing import Plumbing

SCRIPT = '''"""{title}."""

import sqlalchemy as sa
from alembic import op

from libs.common import schema

revision = "{revision}"
down_revision = {down!r}


def upgrade() -> None:
{body}
'''


def write_migration(service: str, name: str) -> Path:
    """`name` such as v0002_reminders; returns the path. Look it over: the difference is a proposal."""
    metadata = importlib.import_module(f"services.{service}.tables").metadata
    folder = migrate.ROOT / "services" / service / "migrations" / "versions"
    with TemporaryDirectory() as scratch:
        url = f"sqlite:///{scratch}/{service}.sqlite"
        before = max((path.stem[:5] for path in folder.glob("v*.py")), default=None)
        if before:
            migrate.upgrade(service, url, metadata)
        body = _difference(url, metadata)
    if before is None:
        new = tuple(table.name for table in metadata.sorted_tables if table.name not in _plumbing())
        protected = f"    for table in {new!r}:\n        schema.protect(table)"
        body = f'    schema.create_plumbing("{service}")\n{body}\n{protected}'
    title = name.split("_", 1)[-1].replace("_", " ").capitalize()
    path = folder / f"{name}.py"
    path.write_text(SCRIPT.format(title=title, revision=name[:5], down=before, body=body))
    return path


def _difference(url: str, metadata: Any) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        options = {"target_metadata": metadata, "include_object": _ours}
        script = produce_migrations(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()
    assert script.upgrade_ops is not None
    code = render_python_code(script.upgrade_ops, alembic_module_prefix="op.", sqlalchemy_module_prefix="sa.")
    lines = code.replace("libs.common.db.UtcDateTime", "sa.DateTime").splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith("#"))


def _ours(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
    table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", None)
    return table not in _plumbing()


def _plumbing() -> set[str]:
    return set(Plumbing.__dataclass_fields__)
