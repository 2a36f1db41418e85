"""The judge on how long closed cases are kept, told again from what dispatch said (SL-8, PR-3)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from deploy.databases import Databases, plain
from tests.simulation.platform import Tenant

SAID = "SELECT subject, type, body, occurred_at FROM sent WHERE tenant_id = :tenant ORDER BY subject, sequence"


def kept_wrongly(databases: Databases, tenant: Tenant, tick: timedelta) -> Iterator[str]:
    """A case that stayed closed was kept as many days as the Procedure says, to the hour of the house's own wall
    clock, which is said once; of one that began again it is not said."""
    ended: dict[str, list[tuple[datetime, datetime]]] = {}
    for subject, kind, body, at in databases.rows("sla", SAID, only=tenant.tenant_id):
        if kind == "retention.ended.v1":
            closed_at = datetime.fromisoformat(json.loads(str(body))["closed_at"])
            ended.setdefault(plain(subject), []).append((closed_at, _stored(at)))
    closed = _closed(databases, tenant)
    for complaint, ends in ended.items():
        if complaint not in closed or len(ends) > 1:
            yield f"{complaint}, closed at {closed.get(complaint)}, was kept to the end {len(ends)} times"
    for complaint, closed_at in closed.items():
        shown = closed_at.astimezone(tenant.zone) + timedelta(days=tenant.procedure.retention.days)
        due = shown.astimezone(UTC)
        if not any(since == closed_at and due <= at <= due + tick for since, at in ended.get(complaint, [])):
            yield f"{complaint}, closed at {closed_at}, was to be kept until {due}: {ended.get(complaint)}"


def _closed(databases: Databases, tenant: Tenant) -> dict[str, datetime]:
    """When each case was closed that did not begin again afterwards."""
    closed: dict[str, datetime] = {}
    for subject, kind, body, _ in databases.rows("dispatch", SAID, only=tenant.tenant_id):
        if kind == "case.closed.v1":
            closed.setdefault(plain(subject), datetime.fromisoformat(json.loads(str(body))["closed_at"]))
        if kind == "case.reopened.v1":
            closed.pop(plain(subject), None)
    return closed


def _stored(value: object) -> datetime:
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
