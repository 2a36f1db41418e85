"""The forms of a case as documents (DI-15)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain.forms import FORMS
from services.dispatch.domain.forms.content import Form
from services.dispatch.domain.forms.writer import Story, Writer
from services.dispatch.domain.permissions import Actor
from services.dispatch.handlers.handling import look_at
from services.dispatch.store import Store

# By the kind of document, one of PRINTED_AS.
Printers = Mapping[str, Callable[[Form], bytes]]
PEOPLE = ("by_id", "decided_by_id", "assignee_id", "head_id", "coordinator_id")


NOBODY: Mapping[str, str] = MappingProxyType({})


def fill_in(
    store: Store,
    actor: Actor,
    complaint_id: UUID,
    form: str,
    language: str | None,
    at: datetime,
    complainant: Mapping[str, str] = NOBODY,
) -> Form:
    """One of FORMS, filled from the case; `language` None: the tenant's own. Raises NoSuchCase, NotNow.

    `complainant` goes into this copy and is kept nowhere (PR-1).
    """
    look_at(store, actor, complaint_id, at)
    story = _story(store, complaint_id)
    return FORMS[form](Writer(story, language or story.house.language, complainant))


def _story(store: Store, complaint_id: UUID) -> Story:
    row = store.cases.row(complaint_id)
    assert row is not None  # it was just looked at
    beside = store.steps.story(complaint_id)
    records = {
        "milestones": store.records.milestones(complaint_id),
        "transfers": store.records.transfers(complaint_id),
        "results": store.records.results(complaint_id),
        **{name: beside[name] for name in ("findings", "approvals", "waits", "extensions")},
        "parts": store.parts.rows(complaint_id),
        "compensations": store.money.of(complaint_id),
    }
    return Story(
        house=store.staff.house(),
        procedure=store.procedures.version(row["procedure_version"]),
        row=row,
        **records,
        evidence=[link.step for link in store.evidence.of(complaint_id)],
        names=store.staff.names(_people_in(row, *(each for rows in records.values() for each in rows))),
    )


def _people_in(*rows: Mapping[str, Any]) -> set[UUID]:
    ids: Iterable[UUID | None] = (row.get(name) for row in rows for name in PEOPLE)
    return {each for each in ids if each is not None}
