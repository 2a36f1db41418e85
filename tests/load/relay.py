"""How fast one relay empties a full outbox into a quorum queue, in windows and one row a transaction."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import uuid_utils.compat as uuids
from sqlalchemy import create_engine

from libs.common import outbox
from libs.common.broker.rabbitmq import RabbitBroker
from libs.common.db import Database, new_metadata
from libs.common.plumbing import Plumbing, make_plumbing
from libs.common.testing.servers import PostgresServer, RabbitServer

ROWS, SINGLE_ROWS, TENANTS = 20_000, 500, 20
BODY = '{"number":"2609-1234-5678","text":"' + "走廊的灯坏了" * 12 + '"}'


def measure(postgres: PostgresServer, rabbit: RabbitServer, say: Callable[..., None]) -> tuple[float, float]:
    """Rows a second: in windows, and one by one."""
    metadata = new_metadata()
    plumbing = make_plumbing(metadata)
    engine = create_engine(postgres.url)
    metadata.create_all(engine)
    engine.dispose()
    database = Database(postgres.url)
    broker = RabbitBroker(rabbit.url)
    try:
        _drain(database, plumbing, broker, 2_000)
        rates = [_drain(database, plumbing, broker, ROWS) for _ in range(3)]
        say("relay in windows:", ", ".join(f"{rate:,.0f}/s" for rate in rates))
        usual, outbox.WINDOW = outbox.WINDOW, 1
        single = _drain(database, plumbing, broker, SINGLE_ROWS)
        outbox.WINDOW = usual
        say(f"relay one by one: {single:,.0f}/s")
    finally:
        broker.close()
        database.close()
    return sorted(rates)[1], single


def _drain(database: Database, plumbing: Plumbing, broker: RabbitBroker, rows: int) -> float:
    _fill(database, rows)
    relay = outbox.Relay("intake", database, plumbing, broker)
    started = time.perf_counter()
    while relay.publish_waiting(lambda: datetime(2026, 9, 28, tzinfo=UTC)):
        pass
    return rows / (time.perf_counter() - started)


def _fill(database: Database, rows: int) -> None:
    at = datetime(2026, 9, 28, tzinfo=UTC)
    with (
        psycopg.connect(database.url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection,
        connection.cursor() as cursor,
        cursor.copy("COPY outbox (tenant_id, event_id, type, subject, sequence, body, occurred_at) FROM STDIN") as copy,
    ):
        for number in range(rows):
            tenant, event = UUID(int=number % TENANTS + 1), uuids.uuid7()
            copy.write_row((tenant, event, "complaint.registered.v1", event, 1, BODY, at))
