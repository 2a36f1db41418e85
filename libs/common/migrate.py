"""Bring a service's database to its newest schema: `upgrade`, and the question whether it is there.

On PostgreSQL it runs as the owning role and then grants rows to the run-time roles (`redress_<service>_web`,
`redress_<service>_worker`), which own nothing and cannot pass row-level security.
"""

from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine

from libs.common import schema
from libs.common.db import Database

ROOT = Path(__file__).resolve().parents[2]


def settings(service: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "services" / service / "migrations"))
    config.set_main_option("version_path_separator", "os")
    return config


def upgrade(service: str, url: str, metadata: MetaData) -> None:
    """Apply every migration that is missing. Repeating it changes nothing."""
    config = settings(service)
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes.update(connection=connection, metadata=metadata, service=service)
        command.upgrade(config, "head")
    engine.dispose()


def is_current(service: str, database: Database) -> bool:
    """Whether the database has the schema this code was written for; for /readyz and start."""
    head = ScriptDirectory.from_config(settings(service)).get_current_head()
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def run() -> None:
    """What every service's `migrations/env.py` does: migrate on the given connection, then grant."""
    attributes = context.config.attributes
    connection = attributes["connection"]
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
    context.configure(
        connection=connection, target_metadata=attributes["metadata"], render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()
        schema.grant(connection, attributes["service"])
