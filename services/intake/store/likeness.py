"""What complaints are judged by when it is asked which belong together (IN-8)."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from libs.common.procedure.likeness import PROPERTY
from libs.common.tenancy import TenantConnection
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


class Likeness:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def take_turn(self) -> None:
        """One complaint of a tenant is judged at a time, until the transaction ends: of two that come at the same
        moment the second sees the first."""
        self._rows.one(select(tenants.c.tenant_id).where(self._rows.mine(tenants)).with_for_update())

    def matter_of(self, complaint_id: UUID, category: str) -> Matter | None:
        """The complaint as it is judged, with this category; None when there is no such complaint."""
        here, above, top = (places.alias(name) for name in ("here", "above", "top"))
        ours = complaints.c.tenant_id
        of_it = and_(complainants.c.tenant_id == ours, complainants.c.complaint_id == complaints.c.complaint_id)
        tables = complaints.outerjoin(complainants, of_it)
        for place, named in ((here, complaints.c.place_id), (above, here.c.parent_id), (top, above.c.parent_id)):
            tables = tables.outerjoin(place, and_(place.c.tenant_id == ours, place.c.place_id == named))
        levels = [column for place in (here, above, top) for column in (place.c.kind, place.c.place_id)]
        this = self._rows.mine(complaints) & (complaints.c.complaint_id == complaint_id)
        row = self._rows.execute(select(*JUDGED_BY, *levels).select_from(tables).where(this)).first()
        if row is None:
            return None
        about = dict(zip((column.name for column in JUDGED_BY), row, strict=False))
        chain = row[len(JUDGED_BY) :]
        found = {f"{kind}_id": place_id for kind, place_id in zip(chain[::2], chain[1::2], strict=True) if kind}
        return Matter(complaint_id=complaint_id, category=category, **about, **found)

    def known(self, complaint_id: UUID) -> Matter | None:
        """As it was last judged; None: never yet."""
        row = self._rows.one(select(*COLUMNS).where(self._this(complaint_id)))
        return Matter(**row) if row else None

    def add(self, matter: Matter) -> None:
        self._rows.insert(matters, **matter.__dict__)

    def correct(self, complaint_id: UUID, category: str) -> None:
        """It is about something else, so it is one of no group that was found before."""
        change = matters.update().where(self._this(complaint_id)).values(category=category, group_id=None)
        self._rows.execute(change)

    def of_person_or_unit(self, matter: Matter, span: timedelta) -> list[Matter]:
        """Others of the same person or unit within the span, the nearest on either side."""
        alike: list[ColumnElement[bool]] = []
        if matter.unit_id:
            alike.append((matters.c.unit_id == matter.unit_id) & (matters.c.category == matter.category))
        for column in () if matter.anonymous else (matters.c.phone_print, matters.c.email_print):
            if value := getattr(matter, column.name):
                alike.append((column == value) & matters.c.anonymous.is_(False))
        if not alike:
            return []
        chosen = select(*COLUMNS).where(self._others(matter), or_(*alike))
        before, after = matters.c.received_at <= matter.received_at, matters.c.received_at > matter.received_at
        earliest, latest = matter.received_at - span, matter.received_at + span
        sides = (
            chosen.where(before, matters.c.received_at >= earliest).order_by(matters.c.received_at.desc()),
            chosen.where(after, matters.c.received_at <= latest).order_by(matters.c.received_at),
        )
        return [Matter(**row) for side in sides for row in self._rows.all(side.limit(MOST_REPEATED))]

    def nearby(self, matter: Matter, level: str, span: timedelta) -> list[Matter]:
        """Others of its category on its ground, received at most the span before or after it."""
        ground = matter.ground(level)
        on_it = matters.c.property_id == ground
        if level != PROPERTY:
            alone = matters.c.building_id.is_(None)
            on_it = matters.c.building_id == ground if matter.building_id else on_it & alone
        at = matters.c.received_at
        of_it = (
            matters.c.category == matter.category,
            at >= matter.received_at - span,
            at <= matter.received_at + span,
        )
        chosen = select(*COLUMNS).where(self._others(matter), on_it, *of_it)
        return [Matter(**row) for row in self._rows.all(chosen)]

    def group(self, group_ids: Collection[UUID]) -> list[Matter]:
        """All complaints of these groups."""
        chosen = select(*COLUMNS).where(self._rows.mine(matters), matters.c.group_id.in_(group_ids))
        return [Matter(**row) for row in self._rows.all(chosen)]

    def join(self, members: Iterable[Matter], group_id: UUID) -> None:
        ids = [each.complaint_id for each in members]
        theirs = self._rows.mine(matters) & matters.c.complaint_id.in_(ids)
        self._rows.execute(matters.update().where(theirs).values(group_id=group_id))

    def set_apart(self, complaint_id: UUID, apart: bool) -> None:
        """A person said whether it is one of a group; what is set apart leaves its group."""
        leaves: dict[str, Any] = {"group_id": None} if apart else {}
        self._rows.execute(matters.update().where(self._this(complaint_id)).values(apart=apart, **leaves))

    def link(self, found: Iterable[Repeat], at: datetime) -> list[Repeat]:
        """Those that were not linked before; a link that a person dissolved stays known."""
        new = []
        for each in found:
            pair = {"complaint_id": each.later.complaint_id, "earlier_id": each.earlier.complaint_id}
            if self._rows.one(select(repeats.c.at).where(self._pair(**pair))) is None:
                self._rows.insert(repeats, **pair, same=each.same, at=at, dissolved=False)
                new.append(each)
        return new

    def dissolve(self, complaint_id: UUID, earlier_id: UUID) -> None:
        self._rows.execute(repeats.update().where(self._pair(complaint_id, earlier_id)).values(dissolved=True))

    def _others(self, matter: Matter) -> ColumnElement[bool]:
        return self._rows.mine(matters) & (matters.c.complaint_id != matter.complaint_id)

    def _this(self, complaint_id: UUID) -> ColumnElement[bool]:
        return self._rows.mine(matters) & (matters.c.complaint_id == complaint_id)

    def _pair(self, complaint_id: UUID, earlier_id: UUID) -> ColumnElement[bool]:
        both = (repeats.c.complaint_id == complaint_id) & (repeats.c.earlier_id == earlier_id)
        return self._rows.mine(repeats) & both
