"""Work lists: what is due first comes first, a page at a time."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Tuple, and_, func, literal, or_, select, tuple_

from libs.common.tenancy import TenantConnection
from services.dispatch.domain.cursor import Place
from services.dispatch.domain.parts import DROPPED, OPEN_STATES
from services.dispatch.domain.permissions import Sight
from services.dispatch.tables import IN_QUEUE_ORDER, called, cases, parts, people, summons

SUMMARY_LENGTH = 120
STATES = {"open": [cases.c.closed_at.is_(None)], "closed": [cases.c.closed_at.isnot(None)], "all": []}
SHOWN = (
    cases.c.complaint_id,
    cases.c.number,
    cases.c.channel,
    cases.c.category,
    cases.c.urgency,
    cases.c.major,
    cases.c.vip,
    cases.c.group,
    cases.c.repeats,
    cases.c.anonymous,
    cases.c.department,
    cases.c.assignee_id,
    cases.c.state,
    cases.c.place_label,
    cases.c.received_at,
    cases.c.next_due_at,
    cases.c.next_due_limit,
    cases.c.queue_at,
    cases.c.near_limit,
    cases.c.breached,
    cases.c.incident,
    cases.c.last_message_at,
    cases.c.unread,
    cases.c.closed_at,
    func.substr(cases.c.text, 1, SUMMARY_LENGTH).label("summary"),
)


RUN_AGAIN = (
    cases.c.complaint_id,
    cases.c.number,
    cases.c.procedure_version,
    cases.c.channel,
    cases.c.category,
    cases.c.urgency,
    cases.c.major,
    cases.c.vip,
    cases.c.group,
    cases.c.anonymous,
    cases.c.claimed_amount,
    cases.c.place_label,
    cases.c.in_property,
    cases.c.in_building,
    cases.c.in_unit,
    cases.c.text,
    cases.c.received_at,
)
AT_A_TIME = 500


class Lists:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def page(
        self,
        sight: Sight,
        *,
        held_by: Collection[UUID] | None,
        departments: Collection[str] | None,
        incidents_too: bool,
        state: str,
        after: Place | None,
        limit: int,
    ) -> list[dict[str, Any]]:
        """Up to `limit` cases in sight, past `after`: by next limit, cases without any last, then by receipt.

        `held_by`, `departments` None: whoever has it or an open part of it, wherever; `incidents_too`: and, whoever has
        them, those for which nobody was found; `state` is open, closed or all.
        """
        chosen = [self._rows.mine(cases), *self._in_sight(sight), *STATES[state]]
        at_work = parts.c.state.in_(OPEN_STATES)
        if held_by is not None:
            held = cases.c.assignee_id.in_(held_by) | self._joint(at_work, parts.c.assignee_id.in_(held_by))
            chosen.append(held | cases.c.incident if incidents_too else held)
        if departments is not None:
            theirs = self._joint(at_work, parts.c.department.in_(departments))
            chosen.append(cases.c.department.in_(departments) | theirs)
        if after is not None:
            chosen.append(tuple_(*IN_QUEUE_ORDER) > _place(after))
        whose = and_(people.c.tenant_id == cases.c.tenant_id, people.c.person_id == cases.c.assignee_id)
        rows = self._rows.all(
            select(*SHOWN, people.c.name.label("assignee_name"))
            .select_from(cases.outerjoin(people, whose))
            .where(*chosen)
            .order_by(*IN_QUEUE_ORDER)
            .limit(limit)
        )
        return [dict(row) for row in rows]

    def held_by(self, person_id: UUID) -> set[UUID]:
        """The open cases that this person has, or has a part of that is still to be done."""
        part = self._joint(parts.c.state.in_(OPEN_STATES), parts.c.assignee_id == person_id)
        theirs = (cases.c.assignee_id == person_id) | part
        rows = self._rows.all(select(cases.c.complaint_id).where(self._rows.mine(cases), *STATES["open"], theirs))
        return {row["complaint_id"] for row in rows}

    def received(self, sight: Sight, start: datetime, end: datetime, *, limit: int) -> Iterator[dict[str, Any]]:
        """Up to `limit` cases in sight, received from `start` to before `end`, the oldest first; read on as used."""
        chosen = (
            select(*RUN_AGAIN)
            .where(
                self._rows.mine(cases), *self._in_sight(sight), cases.c.received_at >= start, cases.c.received_at < end
            )
            .order_by(cases.c.received_at, cases.c.complaint_id)
            .limit(limit)
        )
        for row in self._rows.execute(chosen.execution_options(yield_per=AT_A_TIME)).mappings():
            yield dict(row)

    def _in_sight(self, sight: Sight) -> list[ColumnElement[bool]]:
        """The same cases that `permissions.allowed` lets the person see."""
        if sight.everything:
            return []
        not_dropped = parts.c.state != DROPPED
        seen = [
            cases.c.department.in_(sight.departments),
            self._joint(not_dropped, parts.c.department.in_(sight.departments)),
        ]
        if sight.person_id is not None:
            seen += [
                cases.c.assignee_id == sight.person_id,
                cases.c.group_leader_id == sight.person_id,
                self._joint(not_dropped, parts.c.assignee_id == sight.person_id),
                *(self._named(sight.person_id, table) for table in (summons, called)),
            ]
        return [or_(*seen)]

    def _named(self, person_id: UUID, table: Table) -> ColumnElement[bool]:
        """Cases to which the person was called."""
        theirs = self._rows.mine(table) & (table.c.person_id == person_id)
        return cases.c.complaint_id.in_(select(table.c.complaint_id).where(theirs))

    def _joint(self, *which: ColumnElement[bool]) -> ColumnElement[bool]:
        """Cases with such a part beside the leading department's."""
        found = select(parts.c.complaint_id).where(self._rows.mine(parts), parts.c.lead.is_(False), *which)
        return cases.c.complaint_id.in_(found)


def _place(after: Place) -> Tuple:
    values = (after.queue_at, after.received_at, after.complaint_id)
    return tuple_(*(literal(value, column.type) for value, column in zip(values, IN_QUEUE_ORDER, strict=True)))
