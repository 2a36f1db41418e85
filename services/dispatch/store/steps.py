"""Waits, extensions, approvals, findings, notes and links of cases."""

from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, select

from libs.common.tenancy import TenantConnection, theirs
from services.dispatch.domain.situation import APPROVED, ASKED, LAPSED, Extension, Progress, Wait
from services.dispatch.store.clocks import BREACHED
from services.dispatch.tables import approvals, cases, clocks, extensions, findings, links, notes, waits

BACKWARDS = {"merged_into": "took_in", "follows": "followed_by", "repeats": "repeated_by"}

TAKES_UP = ("follows", "repeats")

EARLIER = (
    select(links.c.other_id)
    .where(theirs(links), links.c.complaint_id == bindparam("of_complaint"), links.c.relation.in_(TAKES_UP))
    .order_by(links.c.at, links.c.other_id)
    .limit(1)
)
RUNNING = (
    select(clocks.c.limit_id, clocks.c.due_at)
    .where(theirs(clocks), clocks.c.complaint_id == bindparam("of_complaint"), clocks.c.state != BREACHED)
    .order_by(clocks.c.due_at.desc())
)
LINKED_TO = (
    select(links, cases.c.number)
    .outerjoin(cases, and_(cases.c.tenant_id == links.c.tenant_id, cases.c.complaint_id == links.c.other_id))
    .where(theirs(links), links.c.complaint_id == bindparam("of_complaint"))
)
LINKED_FROM = (
    select(links, cases.c.number)
    .outerjoin(cases, and_(cases.c.tenant_id == links.c.tenant_id, cases.c.complaint_id == links.c.complaint_id))
    .where(theirs(links), links.c.other_id == bindparam("of_complaint"))
)


class Steps:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add_wait(self, **values: Any) -> None:
        self._rows.insert(waits, **values)

    def end_wait(self, complaint_id: UUID, pause_id: UUID, **values: Any) -> None:
        self._rows.change(waits, values, complaint_id=complaint_id, pause_id=pause_id)

    def waiting(self, complaint_id: UUID) -> Wait | None:
        """Whom the whole case waits for now; None: for nobody."""
        row = self._rows.first(waits, complaint_id=complaint_id, ended_at=None, part_id=None)
        return Wait(row["pause_id"], row["waits_for"]) if row else None

    def wait_of_part(self, complaint_id: UUID, pause_id: UUID) -> Wait:
        row = self._rows.first(waits, complaint_id=complaint_id, pause_id=pause_id)
        assert row is not None  # a part names no other
        return Wait(row["pause_id"], row["waits_for"])

    def add_extension(self, **values: Any) -> None:
        self._rows.insert(extensions, **values)

    def decide_extension(self, complaint_id: UUID, extension_id: UUID, **values: Any) -> None:
        self._rows.change(extensions, values, complaint_id=complaint_id, extension_id=extension_id)

    def add_approval(self, **values: Any) -> None:
        self._rows.insert(approvals, **values)

    def decide_approval(self, complaint_id: UUID, approval_id: str, **values: Any) -> None:
        """The one that is asked for now."""
        self._rows.change(approvals, values, complaint_id=complaint_id, approval_id=approval_id, state=ASKED)

    def lapse_approval(self, complaint_id: UUID, approval_id: str, round: int) -> None:
        """The one that was given in this round; who gave it stays known."""
        whose = {"complaint_id": complaint_id, "approval_id": approval_id, "round": round, "state": APPROVED}
        self._rows.change(approvals, {"state": LAPSED}, **whose)

    def add_note(self, **values: Any) -> None:
        self._rows.insert(notes, **values)

    def add_finding(self, **values: Any) -> None:
        self._rows.insert(findings, **values)

    def add_link(self, **values: Any) -> None:
        self._rows.insert(links, **values)

    def remove_link(self, complaint_id: UUID, other_id: UUID, relation: str) -> bool:
        """False when there is no such link."""
        return self._rows.remove(links, complaint_id=complaint_id, other_id=other_id, relation=relation) == 1

    def merged_into(self, complaint_id: UUID) -> list[UUID]:
        """The case it was merged into, the one which that was merged into, and so on; the last one goes on."""
        found: list[UUID] = []
        here: UUID | None = complaint_id
        while here is not None:
            row = self._rows.first(links, complaint_id=here, relation="merged_into")
            here = row["other_id"] if row else None
            found += [here] if here else []
        return found

    def earlier(self, complaint_id: UUID) -> UUID | None:
        """An earlier one that the case takes up or repeats, the first that became known; None: none."""
        row = self._rows.one(EARLIER, of_complaint=complaint_id)
        return row["other_id"] if row else None

    def progress(self, complaint_id: UUID, round: int) -> Progress:
        """What was done on the case so far; approvals and findings of this round."""
        this_round = self._rows.of(findings, findings.c.finding_id, complaint_id=complaint_id, round=round)
        asked = self.all_of(approvals, complaint_id, round=round)
        found = [row["finding"] for row in this_round if row["finding"] is not None]
        return Progress(
            wait=self.waiting(complaint_id),
            # The latest first, so that of several clocks of one limit the one that ends first is told.
            running={row["limit_id"]: row["due_at"] for row in self._rows.all(RUNNING, of_complaint=complaint_id)},
            extensions=tuple(_extension(row) for row in self.all_of(extensions, complaint_id)),
            approvals={row["approval_id"]: row["state"] for row in asked},
            asked_by={row["approval_id"]: row["by_id"] for row in asked},
            finding=found[-1] if found else None,
        )

    def story(self, complaint_id: UUID) -> dict[str, list[dict[str, Any]]]:
        """All of it, for the case's page."""
        return {
            "waits": self.all_of(waits, complaint_id),
            "extensions": self.all_of(extensions, complaint_id),
            "approvals": self.all_of(approvals, complaint_id),
            "findings": self.all_of(findings, complaint_id),
            "notes": self.all_of(notes, complaint_id),
            "links": self._links(complaint_id),
        }

    def all_of(self, table: Table, complaint_id: UUID, **having: Any) -> list[dict[str, Any]]:
        """In order of time."""
        in_order = (table.c.at, table.primary_key.columns[2])
        return self._rows.of(table, *in_order, complaint_id=complaint_id, **having)

    def _links(self, complaint_id: UUID) -> list[dict[str, Any]]:
        """Also those that other cases have to this one, told from its side."""
        to = self._rows.all(LINKED_TO, of_complaint=complaint_id)
        back = self._rows.all(LINKED_FROM, of_complaint=complaint_id)
        turned = [{**row, "other_id": row["complaint_id"], "relation": BACKWARDS[row["relation"]]} for row in back]
        return sorted([*(dict(row) for row in to), *turned], key=lambda link: link["at"])


def _extension(row: dict[str, Any]) -> Extension:
    names = ("extension_id", "limit_id", "due_at", "reason", "told", "state")
    return Extension(**{name: row[name] for name in names})
