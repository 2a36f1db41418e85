"""The forms of a case as documents (DI-15)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from services.dispatch.domain.forms import FORMS, Form, Story, Writer
from services.dispatch.domain.permissions import Actor
from services.dispatch.handlers.handling import look_at
from services.dispatch.store import Store

# By the kind of document, one of PRINTED_AS.
Printers = Mapping[str, Callable[[Form], bytes]]


def fill_in(store: Store, actor: Actor, complaint_id: UUID, form: str, language: str | None, at: datetime) -> Form:
    """One of FORMS, filled from the case; `language` None: the tenant's own. Raises NoSuchCase, NotNow."""
    look_at(store, actor, complaint_id, at)
    story = _story(store, complaint_id)
    return FORMS[form](Writer(story, language or story.house.language))


def _story(store: Store, complaint_id: UUID) -> Story:
    row = store.cases.row(complaint_id)
    assert row is not None  # it was just looked at
    milestones = store.records.milestones(complaint_id)
    people = {row["assignee_id"], row["head_id"], row["coordinator_id"], *(each["by_id"] for each in milestones)}
    return Story(
        house=store.staff.house(),
        procedure=store.procedures.version(row["procedure_version"]),
        row=row,
        milestones=milestones,
        transfers=store.records.transfers(complaint_id),
        results=store.records.results(complaint_id),
        compensations=store.money.of(complaint_id),
        names=store.staff.names(people - {None}),
    )
