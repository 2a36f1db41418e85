"""The judge on group events, looked for again among all complaints, one by one (IN-8)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from deploy.databases import Databases, plain
from tests.simulation.platform import Tenant

MATTERS = """SELECT complaint_id, category, building_id, received_at, group_id, phone_print FROM matters
    WHERE tenant_id = :tenant AND NOT apart ORDER BY received_at"""
CASES = 'SELECT complaint_id, "group", group_by_hand, group_id FROM cases WHERE tenant_id = :tenant'


def not_one_event(databases: Databases, tenant: Tenant) -> Iterator[str]:
    """Where enough people complained of one thing in one building within the span, all of these complaints are one
    event, and their cases know it, unless a person said otherwise."""
    rules = tenant.procedure.likeness and tenant.procedure.likeness.group
    if not rules:
        return
    matters = list(databases.rows("intake", MATTERS, only=tenant.tenant_id))
    cases = {plain(row[0]): row[1:] for row in databases.rows("dispatch", CASES, only=tenant.tenant_id)}
    for first in matters:
        begins = _at(first[3])
        many = [
            each
            for each in matters
            if first[2] and each[1:3] == first[1:3] and begins <= _at(each[3]) <= begins + rules.span
        ]
        if len({each[5] for each in many}) < rules.at_least:
            continue
        if len(groups := {each[4] for each in many}) > 1 or None in groups:
            yield f"{[UUID(plain(each[0])) for each in many]} are one event, and stand in {len(groups)} groups"
        for each in many:
            is_one, by_hand, group_id = cases[plain(each[0])]
            if not by_hand and not (is_one and group_id == each[4]):
                yield f"the case of {UUID(plain(each[0]))} does not know that it is one of many"


def _at(value: object) -> datetime:
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
