"""What every migration shares: the plumbing tables, and row-level security on PostgreSQL.

Migration scripts call these once per table and stay as they are; a change of the plumbing is a new function.
"""

from alembic import op
from sqlalchemy import MetaData
from sqlalchemy.engine import Connection

from libs.common.plumbing import make_plumbing

MINE = "tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid)"
ROLES = ("web", "worker")


def on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def create_plumbing(service: str) -> None:
    """Outbox, sent (in daily partitions), inbox, applied, streams, idempotency, procedures; protected."""
    metadata = MetaData(naming_convention=op.get_context().opts["target_metadata"].naming_convention)
    plumbing = make_plumbing(metadata)
    tables = [table for table in metadata.sorted_tables if table is not plumbing.sent or not on_postgresql()]
    metadata.create_all(op.get_bind(), tables=tables)
    if on_postgresql():
        _create_sent_in_days()
    for table in metadata.sorted_tables:
        protect(table.name)
    for table in plumbing.open_to_worker:
        open_to_worker(table.name, service)
    if on_postgresql():
        for name in ("outbox", "inbox"):
            op.execute(f"ALTER TABLE {name} SET (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 70)")


def protect(table: str) -> None:
    """On PostgreSQL: only the rows of the tenant that the transaction is bound to, even for the owner."""
    if on_postgresql():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({MINE}) WITH CHECK ({MINE})")


def open_to_worker(table: str, service: str) -> None:
    """Let the service's worker role take due rows of all tenants. Never for tables with contact data."""
    if on_postgresql():
        op.execute(f"CREATE POLICY platform ON {table} TO redress_{service}_worker USING (true) WITH CHECK (true)")


def grant(connection: Connection, service: str) -> None:
    """Rows, not tables, for the run-time roles; called after every upgrade."""
    if connection.dialect.name != "postgresql":
        return
    for role in ROLES:
        name = f"redress_{service}_{role}"
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {name}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
            f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
        ):
            connection.exec_driver_sql(statement)
    _close_partitions(connection, service)


def _close_partitions(connection: Connection, service: str) -> None:
    """A partition asked by its own name shows every tenant's rows; only the table above it is protected."""
    partitions = connection.exec_driver_sql(
        "SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relkind = 'r'"
    )
    for name in partitions.scalars().all():
        for role in ROLES:
            connection.exec_driver_sql(f"REVOKE ALL ON {name} FROM redress_{service}_{role}")


def _create_sent_in_days() -> None:
    """`sent` by day; `redress_keep_sent()` makes the days ahead and drops those past a week, as the owner."""
    op.execute(
        """CREATE TABLE sent (
             tenant_id uuid NOT NULL, event_id uuid NOT NULL, type varchar(80) NOT NULL, subject uuid NOT NULL,
             sequence integer NOT NULL, body text NOT NULL, occurred_at timestamptz NOT NULL, cause_id uuid,
             traceparent varchar(55), sent_at timestamptz NOT NULL) PARTITION BY RANGE (sent_at)"""
    )
    op.execute("CREATE INDEX ix_sent_tenant_id_subject_sequence ON sent (tenant_id, subject, sequence)")
    op.execute("CREATE INDEX ix_sent_sent_at ON sent (sent_at)")
    op.execute("CREATE TABLE sent_other PARTITION OF sent DEFAULT")
    op.execute(
        """CREATE FUNCTION redress_keep_sent() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
           SET search_path = public, pg_temp AS $$
           DECLARE day date; name text; part record; dropped integer := 0;
           BEGIN
             FOR day IN SELECT generate_series(current_date, current_date + 3, '1 day')::date LOOP
               name := 'sent_' || to_char(day, 'YYYYMMDD');
               IF to_regclass(name) IS NULL THEN
                 -- What was sent before its day was made lies in the default partition and would forbid the day.
                 EXECUTE format('CREATE TABLE %I (LIKE sent)', name);
                 EXECUTE format('WITH moved AS (DELETE FROM sent_other WHERE sent_at >= %L AND sent_at < %L RETURNING *)
                                 INSERT INTO %I SELECT * FROM moved', day, day + 1, name);
                 EXECUTE format('ALTER TABLE sent ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                                name, day, day + 1);
               END IF;
             END LOOP;
             FOR part IN SELECT inhrelid::regclass::text AS name FROM pg_inherits
                         WHERE inhparent = 'sent'::regclass AND inhrelid::regclass::text ~ '^sent_[0-9]{8}$'
                         AND to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') < current_date - 7 LOOP
               EXECUTE 'DROP TABLE ' || part.name;
               dropped := dropped + 1;
             END LOOP;
             DELETE FROM sent_other WHERE sent_at < now() - interval '7 days';
             RETURN dropped;
           END $$"""
    )
    op.execute("SELECT redress_keep_sent()")
