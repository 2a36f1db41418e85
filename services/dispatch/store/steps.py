"""Waits, extensions, approvals, findings and links of cases."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, select

from libs.common.tenancy import TenantConnection
from services.dispatch.domain.situation import ASKED, Extension, Progress, Wait
from services.dispatch.store.clocks import BREACHED
from services.dispatch.tables import approvals, cases, clocks, extensions, findings, links, waits

BACKWARDS = {"merged_into": "took_in", "follows": "followed_by", "repeats": "repeated_by"}

TAKES_UP = ("follows", "repeats")


class Steps:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add_wait(self, **values: Any) -> None:
        self._rows.insert(waits, **values)

    def end_wait(self, complaint_id: UUID, pause_id: UUID, **values: Any) -> None:
        this = self._of(waits, complaint_id) & (waits.c.pause_id == pause_id)
        self._rows.execute(waits.update().where(this).values(**values))

    def waiting(self, complaint_id: UUID) -> Wait | None:
        """Whom the case waits for now; None: for nobody."""
        this = select(waits.c.pause_id, waits.c.waits_for).where(self._of(waits, complaint_id))
        row = self._rows.one(this.where(waits.c.ended_at.is_(None)))
        return Wait(row["pause_id"], row["waits_for"]) if row else None

    def add_extension(self, **values: Any) -> None:
        self._rows.insert(extensions, **values)

    def decide_extension(self, complaint_id: UUID, extension_id: UUID, **values: Any) -> None:
        this = self._of(extensions, complaint_id) & (extensions.c.extension_id == extension_id)
        self._rows.execute(extensions.update().where(this).values(**values))

    def add_approval(self, **values: Any) -> None:
        self._rows.insert(approvals, **values)

    def decide_approval(self, complaint_id: UUID, approval_id: str, **values: Any) -> None:
        """The one that is asked for now."""
        this = self._of(approvals, complaint_id) & (approvals.c.approval_id == approval_id)
        self._rows.execute(approvals.update().where(this, approvals.c.state == ASKED).values(**values))

    def add_finding(self, **values: Any) -> None:
        self._rows.insert(findings, **values)

    def add_link(self, **values: Any) -> None:
        self._rows.insert(links, **values)

    def remove_link(self, complaint_id: UUID, other_id: UUID, relation: str) -> bool:
        """False when there is no such link."""
        this = self._of(links, complaint_id) & (links.c.other_id == other_id) & (links.c.relation == relation)
        return self._rows.execute(links.delete().where(this)).rowcount == 1

    def earlier(self, complaint_id: UUID) -> UUID | None:
        """An earlier one that the case takes up or repeats, the first that became known; None: none."""
        this = select(links.c.other_id).where(self._of(links, complaint_id), links.c.relation.in_(TAKES_UP))
        row = self._rows.one(this.order_by(links.c.at, links.c.other_id).limit(1))
        return row["other_id"] if row else None

    def progress(self, complaint_id: UUID, round: int) -> Progress:
        """What was done on the case so far; approvals and findings of this round."""
        of_round = select(findings.c.finding).where(self._of(findings, complaint_id), findings.c.round == round)
        found = self._rows.all(of_round.where(findings.c.finding.isnot(None)).order_by(findings.c.finding_id))
        return Progress(
            wait=self.waiting(complaint_id),
            running={row["limit_id"]: row["due_at"] for row in self._running(complaint_id)},
            extensions=tuple(_extension(row) for row in self.all_of(extensions, complaint_id)),
            approvals={
                row["approval_id"]: row["state"]
                for row in self.all_of(approvals, complaint_id)
                if row["round"] == round
            },
            finding=found[-1]["finding"] if found else None,
        )

    def story(self, complaint_id: UUID) -> dict[str, list[dict[str, Any]]]:
        """All of it, for the case's page."""
        return {
            "waits": self.all_of(waits, complaint_id),
            "extensions": self.all_of(extensions, complaint_id),
            "approvals": self.all_of(approvals, complaint_id),
            "findings": self.all_of(findings, complaint_id),
            "links": self._links(complaint_id),
        }

    def all_of(self, table: Table, complaint_id: UUID) -> list[dict[str, Any]]:
        """In order of time."""
        this = select(table).where(self._of(table, complaint_id))
        return [dict(row) for row in self._rows.all(this.order_by(table.c.at, table.primary_key.columns[2]))]

    def _links(self, complaint_id: UUID) -> list[dict[str, Any]]:
        """Also those that other cases have to this one, told from its side."""
        there = and_(cases.c.tenant_id == links.c.tenant_id, cases.c.complaint_id == links.c.other_id)
        here = and_(cases.c.tenant_id == links.c.tenant_id, cases.c.complaint_id == links.c.complaint_id)
        to, back = (
            self._rows.all(
                select(links, cases.c.number)
                .outerjoin(cases, other)
                .where(self._rows.mine(links), this == complaint_id)
            )
            for other, this in ((there, links.c.complaint_id), (here, links.c.other_id))
        )
        turned = [{**row, "other_id": row["complaint_id"], "relation": BACKWARDS[row["relation"]]} for row in back]
        return sorted([*(dict(row) for row in to), *turned], key=lambda link: link["at"])

    def _running(self, complaint_id: UUID) -> list[Any]:
        """The latest first, so that of several clocks of one limit the one that ends first is told."""
        this = select(clocks.c.limit_id, clocks.c.due_at).where(self._of(clocks, complaint_id))
        return list(self._rows.all(this.where(clocks.c.state != BREACHED).order_by(clocks.c.due_at.desc())))

    def _of(self, table: Table, complaint_id: UUID) -> ColumnElement[bool]:
        return self._rows.mine(table) & (table.c.complaint_id == complaint_id)


def _extension(row: dict[str, Any]) -> Extension:
    names = ("extension_id", "limit_id", "due_at", "reason", "told", "state")
    return Extension(**{name: row[name] for name in names})
