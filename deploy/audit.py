"""`redress audit`: every promise of the platform, counted over the databases of all services.

Read-only. Each check returns what breaks it; nothing means the promise holds. The same code answers operators,
the fault tests and simulations. It waits for nothing: asked while work is under way, it reports that work.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from deploy.databases import Databases, plain
from deploy.evidence import broken_chains
from libs.common import tenancy
from libs.common.broker.topology import HEARS, hearers
from libs.common.inbox import NotYetKnown
from libs.common.tenancy import TenantConnection
from services.reporting.handlers.audit import mismatches
from services.reporting.store import Store

Check = Iterator[tuple[str, list[str]]]

SERVICES = ("tenants", *HEARS)


@dataclass(frozen=True)
class Breach:
    """One promise that does not hold, with up to five examples."""

    promise: str
    count: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.promise}: {self.count} (for example {', '.join(self.examples)})"


def audit(databases: Databases, now: datetime) -> list[Breach]:
    """All breaches; empty when everything promised is true and nothing is on its way at `now`."""
    timed = (partial(handed_back, now=now), partial(_times, now=now))
    counted = _breaches(databases, _queues, _stories, _cases, money, _effects, *timed)
    return counted or _breaches(databases, _proofs)  # what is still on its way cannot be proven yet


def _breaches(databases: Databases, *checks: Callable[[Databases], Check]) -> list[Breach]:
    return [
        Breach(promise, len(broken), tuple(sorted(broken)[:5]))
        for check in checks
        for promise, broken in check(databases)
        if broken
    ]


def _queues(databases: Databases) -> Check:
    """R1, R12: nothing waits and nothing is parked."""
    for name in SERVICES:
        with databases.read(name) as connection:
            yield f"{name}: published", _column(connection, "SELECT event_id FROM outbox")
            yield f"{name}: handled", _column(connection, "SELECT event_id FROM inbox WHERE state = 0")
            yield f"{name}: not parked", _column(connection, "SELECT event_id FROM inbox WHERE state = 2")


def _stories(databases: Databases) -> Check:
    """R3, R6: every hearer has taken in every sender's story to its end, once and in order."""
    for source in SERVICES:
        with databases.read(source) as connection:
            told = _pairs(connection, "SELECT tenant_id, subject, sequence FROM streams")
        for service in hearers(source):
            with databases.read(service) as connection:
                heard = _pairs(
                    connection,
                    "SELECT tenant_id, subject, sequence FROM applied WHERE source = :source",
                    source=source,
                )
            behind = [subject for subject, sequence in told.items() if heard.get(subject) != sequence]
            yield f"{service} heard all that {source} said", behind
            yield f"{service} heard nothing {source} never said", [each for each in heard if each not in told]


def _cases(databases: Databases) -> Check:
    """R1, R3: each complaint has its case, its clocks and its place in the figures, once."""
    complaints = databases.column("intake", "SELECT complaint_id FROM complaints WHERE tenant_id = :tenant")
    for service, table, promise in (
        ("dispatch", "cases", "every complaint has one case"),
        ("reporting", "facts", "every complaint counts once"),
        ("sla", "cases", "every complaint is on the clock"),
    ):
        found = databases.column(service, f"SELECT complaint_id FROM {table} WHERE tenant_id = :tenant")  # noqa: S608
        yield promise, sorted((Counter(complaints) - Counter(found)) + (Counter(found) - Counter(complaints)))


def money(databases: Databases) -> Check:
    """DI-10: the ledger of compensation agrees with its payments, its approvals and its cases."""
    for promise, broken in (
        ("no more is paid than was approved", "c.paid > c.amount OR (c.paid > 0 AND c.decided_at IS NULL)"),
        ("nobody decided about their own proposal", "c.decided_by_id = c.proposed_by_id"),
        (
            "the ledger equals its payments",
            """c.paid <> (SELECT coalesce(sum(p.amount), 0) FROM payments p
                WHERE p.tenant_id = :tenant AND p.compensation_id = c.compensation_id)""",
        ),
        (
            "no archived case owes compensation",
            """c.state IN ('proposed', 'approved') AND EXISTS (SELECT 1 FROM milestones m
                WHERE m.tenant_id = :tenant AND m.complaint_id = c.complaint_id AND m.milestone = 'archived'
                AND m.counts)""",
        ),
    ):
        asked = f"SELECT compensation_id FROM compensations c WHERE tenant_id = :tenant AND ({broken})"  # noqa: S608
        yield promise, databases.column("dispatch", asked)


def handed_back(databases: Databases, now: datetime) -> Check:
    """DI-16: each status owed to a platform's address is handed over, waits its turn, or was given up and says why."""
    to_address = """FROM outside_references r JOIN accounts a
        ON a.tenant_id = r.tenant_id AND a.account_id = r.account_id AND a.status_url IS NOT NULL"""
    left_lying = f"""SELECT h.handback_id {to_address}
        JOIN handbacks h ON h.tenant_id = r.tenant_id AND h.reference_id = r.reference_id
        WHERE r.tenant_id = :tenant AND (h.state = 'owed' AND (h.due_at IS NULL OR h.due_at <= :now)
            OR h.state = 'given_up' AND h.error IS NULL OR h.state = 'handed' AND h.handed_at IS NULL)"""  # noqa: S608
    yield "every status owed to an address is on its way", databases.column("intake", left_lying, now=now)
    unsaid = f"""SELECT c.complaint_id {to_address}
        JOIN complaints c ON c.tenant_id = r.tenant_id AND c.complaint_id = r.complaint_id
        WHERE r.tenant_id = :tenant AND c.closed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM handbacks h
            WHERE h.tenant_id = :tenant AND h.reference_id = r.reference_id AND h.status = 'closed')"""  # noqa: S608
    yield "every end is owed to the address it concerns", databases.column("intake", unsaid)


def _effects(databases: Databases) -> Check:
    """R2, R3, R4: nothing was done twice, and everyone was told."""
    for service, table, key, promise in (
        ("intake", "complaints", "number", "complaint numbers are unique"),
        (
            "sla",
            "clocks WHERE state <> 'stopped' AND",
            "complaint_id, part_id, limit_id, started_at",
            "no clock runs twice",
        ),
        (
            "notify",
            "notices WHERE kind = 'registered' AND",
            "complaint_id, template, recipient",
            "nobody is acknowledged twice",
        ),
        ("notify", "notices WHERE", "complaint_id, cause_id, template, recipient", "nobody is told twice"),
    ):
        source = table if "WHERE" in table else f"{table} WHERE"
        twice = f"SELECT {key} FROM {source} tenant_id = :tenant GROUP BY {key} HAVING count(*) > 1"  # noqa: S608
        yield promise, databases.column(service, twice)
    untold = """SELECT complaint_id FROM cases c WHERE tenant_id = :tenant
        AND EXISTS (SELECT 1 FROM notices WHERE tenant_id = :tenant AND kind = 'registered')
        AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.tenant_id = :tenant AND n.kind = 'registered'
                        AND n.complaint_id = c.complaint_id)"""
    yield "every complaint was acknowledged", databases.column("notify", untold)


def _times(databases: Databases, now: datetime) -> Check:
    """R5: what was due has been done, and nothing was done early."""
    late = "SELECT clock_id FROM alarms WHERE tenant_id = :tenant AND due_at <= :now"
    yield "no alarm is late", databases.column("sla", late, now=now)
    early = "SELECT clock_id FROM alarms WHERE tenant_id = :tenant AND fired_at < fire_at"
    yield "no alarm fired early", databases.column("sla", early)
    called = "SELECT summons_id FROM summons WHERE tenant_id = :tenant AND due_at <= :now"
    yield "no call of a lane is late", databases.column("dispatch", called, now=now)
    waiting = "SELECT delivery_id FROM deliveries WHERE tenant_id = :tenant AND due_at <= :now"
    yield "no notice is late", databases.column("notify", waiting, now=now)


def _proofs(databases: Databases) -> Check:
    """R19 and the figures: evidence chains are whole, and a recount gives the same KPIs."""
    yield (
        "the figures equal a recount",
        [words for tenant_id in databases.tenants() for words in _mismatches(databases, tenant_id)],
    )
    yield "every evidence chain is whole", [f"{case} at step {n}" for case, n in broken_chains(databases)]


def _mismatches(databases: Databases, tenant_id: UUID) -> list[str]:
    with databases.read("reporting") as connection:
        tenancy.bind(connection, tenant_id)
        store = Store(TenantConnection(connection, tenant_id))
        try:
            return mismatches(store)
        except NotYetKnown:  # a tenant that never had a complaint
            return []


def _column(connection: Connection, statement: str) -> list[str]:
    return [plain(row[0]) for row in connection.execute(text(statement))]


def _pairs(connection: Connection, statement: str, **values: Any) -> dict[str, int]:
    return {f"{plain(row[0])}/{plain(row[1])}": row[2] for row in connection.execute(text(statement), values)}
