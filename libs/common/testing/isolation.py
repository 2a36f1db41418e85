"""What a PostgreSQL catalogue says about the walls between tenants (R16): every row found is a gap."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.engine import Connection

OPEN_TO_ALL = ("doors",)  # who stands at a door is looked up before the tenant is known
FUNCTIONS = ("redress_keep_sent()",)  # run as the owner, and touch the days of `sent` only

GAPS = """
WITH mine AS (
  SELECT c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relowner,
         c.relispartition, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'
                 AND NOT a.attisdropped) AND c.relname <> ALL(:open) AS of_a_tenant
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public')
SELECT 'no forced row-level security' AS gap, relname::text AS place FROM mine
  WHERE relkind IN ('r', 'p') AND of_a_tenant AND NOT relispartition AND NOT (relrowsecurity AND relforcerowsecurity)
UNION ALL SELECT 'partition open by its own name', m.relname || ' to ' || r.rolname FROM mine m, pg_roles r
  WHERE m.relispartition AND m.relkind = 'r' AND r.rolname = ANY(:roles)
  AND has_table_privilege(r.rolname, m.oid, 'SELECT, INSERT, UPDATE, DELETE')
UNION ALL SELECT 'unique key without leading tenant', i.indexrelid::regclass::text
  FROM pg_index i JOIN mine m ON m.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum = i.indkey[0]
  WHERE i.indisunique AND m.of_a_tenant AND a.attname <> 'tenant_id'
UNION ALL SELECT 'foreign key that can cross tenants', k.conname || ' on ' || k.conrelid::regclass
  FROM pg_constraint k JOIN mine m ON m.oid = k.confrelid WHERE k.contype = 'f' AND m.of_a_tenant
  AND NOT EXISTS (SELECT 1 FROM unnest(k.conkey, k.confkey) u(a, b)
    JOIN pg_attribute x ON x.attrelid = k.conrelid AND x.attnum = u.a AND x.attname = 'tenant_id'
    JOIN pg_attribute y ON y.attrelid = k.confrelid AND y.attnum = u.b AND y.attname = 'tenant_id')
UNION ALL SELECT 'view that runs as its owner', relname::text FROM mine
  WHERE relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)
UNION ALL SELECT 'materialized view', relname::text FROM mine WHERE relkind = 'm'
UNION ALL SELECT 'policy that ignores the tenant', p.polname || ' on ' || p.polrelid::regclass FROM pg_policy p
  WHERE coalesce(pg_get_expr(p.polqual, p.polrelid), '') !~ 'app\\.tenant'
  AND NOT (p.polname = 'platform' AND p.polroles = ARRAY[to_regrole(:worker)::oid])
UNION ALL SELECT 'function that runs as its owner', p.oid::regprocedure::text
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = 'public' AND p.prosecdef AND p.oid::regprocedure::text <> ALL(:functions)
UNION ALL SELECT 'role above row-level security', rolname::text FROM pg_roles
  WHERE (rolsuper OR rolbypassrls) AND rolname = ANY(:roles)
UNION ALL SELECT 'run-time role that owns a table', relname::text FROM mine
  JOIN pg_roles r ON r.oid = relowner WHERE r.rolname = ANY(:roles)
"""


def gaps(connection: Connection, service: str) -> list[tuple[str, str]]:
    """(what is wrong, where) in the connected database of this service."""
    roles = [f"redress_{service}_{kind}" for kind in ("web", "worker")]
    values = {"open": list(OPEN_TO_ALL), "functions": list(FUNCTIONS), "roles": roles, "worker": roles[1]}
    return [(row.gap, row.place) for row in connection.execute(text(GAPS), values)]


def tables_of_tenants(connection: Connection) -> list[str]:
    """Every table and partition that has a tenant in each row, but for those that are open to all."""
    question = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1"""
    return _without(OPEN_TO_ALL, connection.execute(text(question)).scalars())


def tables_open_to_worker(connection: Connection) -> list[str]:
    """Tables of which the worker's role may take rows of every tenant."""
    question = "SELECT polrelid::regclass::text FROM pg_policy WHERE polname = 'platform' ORDER BY 1"
    return list(connection.execute(text(question)).scalars())


def _without(left_out: Iterable[str], names: Iterable[str]) -> list[str]:
    return [name for name in names if name not in left_out]
