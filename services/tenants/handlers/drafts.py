"""Procedures being written (PO-4): begun from something, edited, compared with what is in force, published."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.procedure import presets
from libs.common.procedure.differences import Difference, differences
from libs.common.unit_of_work import Work
from services.tenants.domain.mistakes import AlreadyTaken, NotAcceptable, not_among
from services.tenants.domain.naming import one_line
from services.tenants.domain.staffing import Gap
from services.tenants.handlers.procedures import Proposal, Written, document_of, propose, publish_procedure
from services.tenants.handlers.versions import NoSuchVersion, known_version, version
from services.tenants.store import Store
from services.tenants.store.drafts import NameTaken


class NoSuchDraft(Exception):
    """There is no draft with this id."""


class DraftChanged(Exception):
    """Somebody changed this draft since you read it. Read it again, then repeat what you did."""


def begin_draft(work: Work[Store], given: Mapping[str, Any], begun_by: UUID | None) -> dict[str, Any]:
    """A new draft from what is `given`: a document, YAML, a preset or a version.

    It is compared with the version it was begun from, else with the newest. Raises NotAcceptable, AlreadyTaken.
    """
    draft_id = uuids.uuid7()
    document, base = _beginning(work.store, given)
    try:
        work.store.drafts.add(
            document,
            draft_id=draft_id,
            name=one_line(given["name"]),
            base_version=base or work.store.publications.newest() or None,
            revision=1,
            updated_at=work.now,
            updated_by=begun_by,
        )
    except NameTaken as taken:
        raise _taken(given["name"]) from taken
    return find_draft(work.store, draft_id)


def find_draft(store: Store, draft_id: UUID) -> dict[str, Any]:
    """Everything of the draft. Raises NoSuchDraft."""
    draft = store.drafts.find(draft_id)
    if draft is None:
        raise NoSuchDraft
    return draft


def edit_draft(
    work: Work[Store], draft_id: UUID, given: Mapping[str, Any], seen: int | None, edited_by: UUID | None
) -> dict[str, Any]:
    """Replace the document, and the name if one is given; mistakes may stay until it is published.

    `seen` is the revision the editor read, None: whichever. Raises NoSuchDraft, DraftChanged, NotAcceptable.
    """
    draft = _take(work, draft_id, seen)
    document = document_of(given["yaml"] if "yaml" in given else given["document"])
    name = one_line(given.get("name", draft["name"]))
    try:
        work.store.drafts.change(
            draft_id,
            document,
            name=name,
            revision=draft["revision"] + 1,
            updated_at=work.now,
            updated_by=edited_by,
        )
    except NameTaken as taken:
        raise _taken(name) from taken
    return find_draft(work.store, draft_id)


def drop_draft(work: Work[Store], draft_id: UUID, seen: int | None) -> None:
    """Raises NoSuchDraft, DraftChanged."""
    _take(work, draft_id, seen)
    work.store.drafts.drop(draft_id)


def publish_draft(
    work: Work[Store],
    draft_id: UUID,
    seen: int | None,
    proposal: Proposal | None,
    published_by: UUID | None,
    **publishing: Any,
) -> dict[str, Any]:
    """The draft becomes a version and is gone as a draft; see `publish_procedure`.

    `proposal` is what revision `seen` means, None when there was no such draft. Raises NoSuchDraft, DraftChanged.
    """
    draft = _take(work, draft_id, seen)
    if proposal is None:
        raise NoSuchDraft
    published = publish_procedure(
        work, proposal, published_by=published_by, further_warnings=_overtaken(work.store, draft), **publishing
    )
    work.store.drafts.drop(draft_id)
    return published


def changes_in_draft(store: Store, draft_id: UUID) -> tuple[Difference, ...]:
    """What the draft changes of the version it was begun from. Raises NoSuchDraft, NotAProcedure, NoSuchVersion."""
    draft = find_draft(store, draft_id)
    if draft["base_version"] is None:
        raise NoSuchVersion
    return differences(known_version(store, draft["base_version"]), propose(draft["document"]).procedure)


def _beginning(store: Store, given: Mapping[str, Any]) -> tuple[dict[str, Any], int | None]:
    """The document, and the version it comes from if from one."""
    if "preset" in given:
        if given["preset"] not in presets.names():
            raise NotAcceptable.of([("preset", not_among(given["preset"], presets.names()))])
        return presets.load(given["preset"]), None
    if "version" in given:
        try:
            return version(store, given["version"])["document"], given["version"]
        except NoSuchVersion as unknown:
            raise NotAcceptable.of([("version", "is not a published version")]) from unknown
    written: Written = given["yaml"] if "yaml" in given else given["document"]
    return document_of(written), None


def _take(work: Work[Store], draft_id: UUID, seen: int | None) -> dict[str, Any]:
    draft = work.store.drafts.find(draft_id, to_change=True)
    if draft is None:
        raise NoSuchDraft
    if seen is not None and seen != draft["revision"]:
        raise DraftChanged
    return draft


def _overtaken(store: Store, draft: Mapping[str, Any]) -> list[Gap]:
    base, newest = draft["base_version"], store.publications.newest()
    if base is None or base == newest:
        return []
    return [Gap("", f"version {newest} was published since this draft was begun from version {base}")]


def _taken(name: str) -> NotAcceptable:
    return AlreadyTaken.of([("name", f"{name} is another draft's; choose another name")])
