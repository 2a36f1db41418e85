"""The tables of dispatch. No contact data: texts are masked, people are staff."""

from services.dispatch.tables.cases import (
    IN_QUEUE_ORDER,
    cases,
    clocks,
    escalations,
    evidence,
    files,
    milestones,
    people,
    results,
    roster,
    tenants,
    transfers,
)
from services.dispatch.tables.ground import metadata, plumbing
from services.dispatch.tables.money import compensations, ledger_checks, payments, reconciliations
from services.dispatch.tables.placing import absences, called, parts, summons
from services.dispatch.tables.steps import approvals, extensions, findings, links, notes, waits

__all__ = [
    "IN_QUEUE_ORDER",
    "absences",
    "approvals",
    "called",
    "cases",
    "clocks",
    "compensations",
    "escalations",
    "evidence",
    "extensions",
    "files",
    "findings",
    "ledger_checks",
    "links",
    "metadata",
    "milestones",
    "notes",
    "parts",
    "payments",
    "people",
    "plumbing",
    "reconciliations",
    "results",
    "roster",
    "summons",
    "tenants",
    "transfers",
    "waits",
]
