"""What complaints are judged by when it is asked which belong together (IN-8)."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, select, tuple_, union

from libs.common.procedure.likeness import PROPERTY
from libs.common.tenancy import TenantConnection, theirs
from services.intake.domain.likeness import Matter, Repeat
from services.intake.tables import complainants, complaints, matters, places, repeats, tenants

COLUMNS = tuple(matters.c[field.name] for field in fields(Matter))
JUDGED_BY = (
    complaints.c.received_at,
    complaints.c.anonymous,
    complaints.c.follows,
    complainants.c.phone_print,
    complainants.c.email_print,
)
MOST_REPEATED = 20
"""Of complaints that repeat one another, the nearest so many on either side are linked."""


def _judged() -> Select[Any]:
    """A complaint with its complainant, its place and what that place lies in."""
    here, above, top = (places.alias(name) for name in ("here", "above", "top"))
    ours = complaints.c.tenant_id
    of_it = and_(complainants.c.tenant_id == ours, complainants.c.complaint_id == complaints.c.complaint_id)
    tables = complaints.outerjoin(complainants, of_it)
    for place, named in ((here, complaints.c.place_id), (above, here.c.parent_id), (top, above.c.parent_id)):
        tables = tables.outerjoin(place, and_(place.c.tenant_id == ours, place.c.place_id == named))
    levels = [column for place in (here, above, top) for column in (place.c.kind, place.c.place_id)]
    this = complaints.c.complaint_id == bindparam("complaint_id")
    return select(*JUDGED_BY, *levels).select_from(tables).where(theirs(complaints), this)


def _nearest(*within: ColumnElement[bool], newest_first: bool) -> Select[Any]:
    """Others of the same person or unit, each likeness asked for alone, so that each has its index. What is not
    known of a complaint is like nothing: null equals nothing."""
    named = matters.c.anonymous.is_(False)
    alike = (
        (matters.c.unit_id == bindparam("unit_id")) & SAME_CATEGORY,
        (matters.c.phone_print == bindparam("phone_print")) & named,
        (matters.c.email_print == bindparam("email_print")) & named,
    )
    at = matters.c.received_at.desc() if newest_first else matters.c.received_at
    nearest = (OTHERS.where(each, *within).order_by(at).limit(MOST_REPEATED).subquery() for each in alike)
    found = union(*(each.select() for each in nearest)).subquery()
    found_at = found.c.received_at.desc() if newest_first else found.c.received_at
    return select(found).order_by(found_at).limit(MOST_REPEATED)


JUDGED = _judged()
KNOWN = select(*COLUMNS).where(theirs(matters), matters.c.complaint_id == bindparam("complaint_id"))
OTHERS = select(*COLUMNS).where(theirs(matters), matters.c.complaint_id != bindparam("complaint_id"))
SAME_CATEGORY = matters.c.category == bindparam("category")
NOT_BEFORE = matters.c.received_at >= bindparam("earliest")
NOT_AFTER = matters.c.received_at <= bindparam("latest")
ALIKE_BEFORE = _nearest(NOT_BEFORE, matters.c.received_at <= bindparam("at"), newest_first=True)
ALIKE_AFTER = _nearest(NOT_AFTER, matters.c.received_at > bindparam("at"), newest_first=False)
NEARBY = OTHERS.where(SAME_CATEGORY, NOT_BEFORE, NOT_AFTER)
ON_PROPERTY = NEARBY.where(matters.c.property_id == bindparam("ground"))
IN_BUILDING = NEARBY.where(matters.c.building_id == bindparam("ground"))
IN_NO_BUILDING = ON_PROPERTY.where(matters.c.building_id.is_(None))
OF_GROUPS = select(*COLUMNS).where(theirs(matters), matters.c.group_id.in_(bindparam("group_ids", expanding=True)))
JOINED = (
    matters.update()
    .where(theirs(matters), matters.c.complaint_id.in_(bindparam("members", expanding=True)))
    .values(group_id=bindparam("group_id"))
)
LINKED = select(repeats.c.complaint_id, repeats.c.earlier_id).where(
    theirs(repeats), tuple_(repeats.c.complaint_id, repeats.c.earlier_id).in_(bindparam("pairs", expanding=True))
)


class Likeness:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def take_turn(self) -> None:
        """One complaint of a tenant is judged at a time, until the transaction ends: of two that come at the same
        moment the second sees the first."""
        self._rows.first(tenants, to_change=True)

    def matter_of(self, complaint_id: UUID, category: str) -> Matter | None:
        """The complaint as it is judged, with this category; None when there is no such complaint."""
        row = self._rows.run(JUDGED, complaint_id=complaint_id).first()
        if row is None:
            return None
        about = dict(zip((column.name for column in JUDGED_BY), row, strict=False))
        chain = row[len(JUDGED_BY) :]
        found = {f"{kind}_id": place_id for kind, place_id in zip(chain[::2], chain[1::2], strict=True) if kind}
        return Matter(complaint_id=complaint_id, category=category, **about, **found)

    def known(self, complaint_id: UUID) -> Matter | None:
        """As it was last judged; None: never yet."""
        row = self._rows.one(KNOWN, complaint_id=complaint_id)
        return Matter(**row) if row else None

    def add(self, matter: Matter) -> None:
        self._rows.insert(matters, **matter.__dict__)

    def correct(self, complaint_id: UUID, category: str) -> None:
        """It is about something else, so it is one of no group that was found before."""
        self._rows.change(matters, {"category": category, "group_id": None}, complaint_id=complaint_id)

    def of_person_or_unit(self, matter: Matter, span: timedelta) -> list[Matter]:
        """Others of the same person or unit within the span, the nearest on either side."""
        phone, email = (None, None) if matter.anonymous else (matter.phone_print, matter.email_print)
        if not (matter.unit_id or phone or email):
            return []
        at = matter.received_at
        like: dict[str, Any] = {"unit_id": matter.unit_id, "phone_print": phone, "email_print": email}
        like |= {"category": matter.category, "complaint_id": matter.complaint_id, "at": at}
        before = self._rows.all(ALIKE_BEFORE, earliest=at - span, **like)
        return [Matter(**row) for row in (*before, *self._rows.all(ALIKE_AFTER, latest=at + span, **like))]

    def nearby(self, matter: Matter, level: str, span: timedelta) -> list[Matter]:
        """Others of its category on its ground, received at most the span before or after it."""
        rows = self._rows.all(
            ON_PROPERTY if level == PROPERTY else IN_BUILDING if matter.building_id else IN_NO_BUILDING,
            ground=matter.ground(level),
            complaint_id=matter.complaint_id,
            category=matter.category,
            earliest=matter.received_at - span,
            latest=matter.received_at + span,
        )
        return [Matter(**row) for row in rows]

    def group(self, group_ids: Collection[UUID]) -> list[Matter]:
        """All complaints of these groups."""
        if not group_ids:
            return []
        return [Matter(**row) for row in self._rows.all(OF_GROUPS, group_ids=list(group_ids))]

    def join(self, members: Iterable[Matter], group_id: UUID) -> None:
        self._rows.run(JOINED, members=[each.complaint_id for each in members], group_id=group_id)

    def set_apart(self, complaint_id: UUID, apart: bool) -> None:
        """A person said whether it is one of a group; what is set apart leaves its group."""
        leaves: dict[str, Any] = {"group_id": None} if apart else {}
        self._rows.change(matters, {"apart": apart, **leaves}, complaint_id=complaint_id)

    def link(self, found: Iterable[Repeat], at: datetime) -> list[Repeat]:
        """Those that were not linked before; a link that a person dissolved stays known."""
        pairs = {(each.later.complaint_id, each.earlier.complaint_id): each for each in found}
        if not pairs:
            return []
        linked = self._rows.all(LINKED, pairs=list(pairs))
        known = {(row["complaint_id"], row["earlier_id"]) for row in linked}
        new = {pair: each for pair, each in pairs.items() if pair not in known}
        for (complaint_id, earlier_id), each in new.items():
            self._rows.insert(
                repeats, complaint_id=complaint_id, earlier_id=earlier_id, same=each.same, at=at, dissolved=False
            )
        return list(new.values())

    def dissolve(self, complaint_id: UUID, earlier_id: UUID) -> None:
        self._rows.change(repeats, {"dissolved": True}, complaint_id=complaint_id, earlier_id=earlier_id)
