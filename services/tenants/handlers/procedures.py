"""Procedures: checked as a whole, published as a new version, never changed afterwards."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from libs.common.events.tenants import ProcedurePublished
from libs.common.inbox import NotYetKnown
from libs.common.procedure.document import Procedure
from libs.common.procedure.reading import (
    Mistake,
    ProcedureRefused,
    mapping_from_yaml,
    read,
    refuse_unstorable,
)
from libs.common.unit_of_work import Work
from services.tenants.domain.mistakes import NotAcceptable
from services.tenants.domain.staffing import Colleague, Gap, gaps
from services.tenants.domain.unreported import unreported
from services.tenants.store import Store

Written = Mapping[str, Any] | str
"""A Procedure as JSON values, or as YAML text."""

LARGEST = 200_000
"""Bytes of JSON: the whole document travels in one event."""

FARTHEST = timedelta(days=3653)


class NoProcedure(Exception):
    """No Procedure is published yet."""


class NotAProcedure(NotAcceptable):
    """The document has mistakes; every one is listed with its path."""

    @classmethod
    def because(cls, mistakes: tuple[Mistake, ...]) -> "NotAProcedure":
        return cls((mistake.as_error for mistake in mistakes), f"Not a Procedure; mistakes found: {len(mistakes)}.")


class WarningsStand(NotAcceptable):
    """The Procedure could be published, but somebody must say that what it warns of is known."""

    @classmethod
    def about(cls, warnings: Iterable[Gap]) -> "WarningsStand":
        errors = [{"detail": warning.message, "pointer": warning.path or "#"} for warning in warnings]
        return cls(errors, "Send accept_warnings: true to publish it all the same.")


@dataclass(frozen=True)
class Proposal:
    """A document that is a Procedure, and what it means."""

    document: dict[str, Any]
    procedure: Procedure


def propose(written: Written) -> Proposal:
    """Read and check a Procedure; long ones take a while, so outside of transactions. Raises NotAProcedure."""
    try:
        return _understood(written)
    except ProcedureRefused as refused:
        raise NotAProcedure.because(refused.mistakes) from refused


def check(store: Store, written: Written) -> dict[str, Any]:
    """{mistakes, warnings}: everything wrong with a Procedure by path, and what its people cannot do for it."""
    try:
        proposal = _understood(written)
    except ProcedureRefused as refused:
        return {"mistakes": refused.mistakes, "warnings": []}
    return {"mistakes": [], "warnings": warnings_about(store, proposal)}


def warnings_about(store: Store, proposal: Proposal) -> list[Gap]:
    """What the Procedure relies on and does not find, among the tenant's people as of now or in itself."""
    people = (
        Colleague(tuple(row["roles"]), tuple(row["departments"]), (row["name"], str(row["person_id"])))
        for row in store.people.active()
    )
    places = (row["label"] for row in store.places.all())
    return [*gaps(proposal.procedure, people, places), *unreported(proposal.procedure)]


def publish_procedure(
    work: Work[Store],
    proposal: Proposal,
    *,
    active_from: datetime | None = None,
    published_by: UUID | None = None,
    accept_warnings: bool = False,
    further_warnings: Iterable[Gap] = (),
) -> dict[str, Any]:
    """A new version, for complaints received from `active_from` on (None: now).

    Returns version, active_from and warnings. Raises NotAcceptable for a time in the past or more than ten years
    ahead, WarningsStand for warnings that were not accepted.
    """
    active_from = work.now if active_from is None else active_from
    if not work.now <= active_from <= work.now + FARTHEST:
        raise NotAcceptable.of([("active_from", "not in the past nor ten years ahead; leave it out to begin now")])
    warnings = [*further_warnings, *warnings_about(work.store, proposal)]
    if warnings and not accept_warnings:
        raise WarningsStand.about(warnings)
    work.store.tenant.lock()
    event = ProcedurePublished(
        tenant_id=work.tenant_id,
        subject=work.tenant_id,
        occurred_at=work.now,
        version=work.store.publications.newest() + 1,
        active_from=active_from,
        document=proposal.document,
    )
    work.store.procedures.keep(event)
    work.store.publications.add(event.version, work.now, published_by)
    work.record(event)
    return {"version": event.version, "active_from": event.active_from, "warnings": warnings}


def procedure_in_force(store: Store, at: datetime) -> dict[str, Any]:
    """{version, active_from, document} for complaints received then. Raises NoProcedure."""
    try:
        version, _ = store.procedures.in_force(at)
    except NotYetKnown as failure:
        raise NoProcedure from failure
    return store.publications.document(version)


def document_of(written: Written) -> dict[str, Any]:
    """The document as it can be kept, perhaps with mistakes. Raises NotAProcedure for what cannot be kept at all."""
    try:
        return _keepable(written)
    except ProcedureRefused as refused:
        raise NotAProcedure.because(refused.mistakes) from refused


def _understood(written: Written) -> Proposal:
    document = _keepable(written)
    return Proposal(document, read(document))


def _keepable(written: Written) -> dict[str, Any]:
    document = mapping_from_yaml(written) if isinstance(written, str) else dict(written)
    refuse_unstorable(document)
    if len(json.dumps(document, ensure_ascii=False).encode()) > LARGEST:
        raise ProcedureRefused((Mistake("", f"is larger than {LARGEST} bytes"),))
    return document
