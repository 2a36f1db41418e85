"""Evidence files: judged by their content, kept under their digest."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.intake import FileKept
from libs.common.privacy.masking import mask_text
from libs.common.unit_of_work import Work
from services.intake.domain import attachments
from services.intake.domain.acceptance import NO_SUCH_FILE, NotAccepted
from services.intake.domain.circle import Looking, unless_of_the_case
from services.intake.domain.complaint import NotAcceptable
from services.intake.handlers.desk import Desk, NoSuchComplaint
from services.intake.store import Store

LARGEST = 20_000_000  # bytes


@dataclass(frozen=True)
class WithCase:
    """The complaint with whose case a file is kept, and by whom; None: a program."""

    complaint_id: UUID
    by: UUID | None


class NotKept(NotAcceptable):
    """The file is empty, too large or of a kind that is not taken."""


def keep_file(
    desk: Desk, tenant_id: UUID, name: str, content: bytes, language: str, with_case: WithCase | None = None
) -> dict[str, Any]:
    """Keep a file before the complaint, or the step of the case, that names it. `with_case`: of a file that
    staff keep with a complaint; from there it can be opened. Raises NotKept, its reason in `language`."""
    try:
        attachments.check_size(len(content), LARGEST)
        content_type = attachments.sniff(name, content[: attachments.HEAD_BYTES])
    except NotAccepted as mistake:
        raise NotKept.of([mistake], language) from mistake
    sha256 = hashlib.sha256(content).hexdigest()
    desk.files.keep(tenant_id, sha256, content)
    with desk.units.begin(tenant_id) as work:
        kept = {
            "attachment_id": uuids.uuid7(),
            "sha256": sha256,
            "name": attachments.safe_name(mask_text(name), content_type),
            "size": len(content),
            "content_type": content_type,
            "at": work.now,
            "complaint_id": with_case.complaint_id if with_case else None,
        }
        work.store.complaints.add_attachment(**kept)
        if with_case:
            _say_kept(work, kept, with_case)
    return kept


def _say_kept(work: Work[Store], kept: Mapping[str, Any], with_case: WithCase) -> None:
    """So that the step that names it is known to name a file of this complaint, and which (PR-4)."""
    work.record(
        FileKept(
            tenant_id=work.tenant_id,
            subject=with_case.complaint_id,
            occurred_at=work.now,
            attachment_id=kept["attachment_id"],
            sha256=kept["sha256"],
            size=kept["size"],
            content_type=kept["content_type"],
            by=with_case.by,
        )
    )


def unless_theirs(desk: Desk, tenant_id: UUID, complaint_id: UUID, looking: Looking | None) -> None:
    """Raises NoSuchComplaint before a file for it is looked at, also to who has nothing to do with its case.
    `looking` None: a program, which may keep and open the files of every complaint."""
    with desk.units.read(tenant_id) as store:
        if store.complaints.find(complaint_id) is None or not _may_look(store, complaint_id, looking):
            raise NoSuchComplaint


def digests_of(store: Store, ids: Sequence[UUID]) -> tuple[str, ...]:
    """The SHA-256 of files kept before. Raises NotAccepted for one that this tenant does not have, or that staff
    keep with a case: it would be opened from elsewhere."""
    rows = store.complaints.attachments(ids)
    found = {row["attachment_id"]: row["sha256"] for row in rows if row["complaint_id"] is None}
    if any(each not in found for each in ids):
        raise NotAccepted("attachments", NO_SUCH_FILE)
    return tuple(found[each] for each in ids)


def open_file(
    desk: Desk, tenant_id: UUID, complaint_id: UUID, attachment_id: UUID, looking: Looking | None
) -> tuple[dict[str, Any], bytes]:
    """A file of this complaint, its conversation or its case. Who opens a complainant's is kept, as of a full view:
    it may be the scan of a passport (PR-1).

    Raises NoSuchComplaint for any other, and to who has nothing to do with the case; NotAsKept.
    """
    unless_theirs(desk, tenant_id, complaint_id, looking)
    with desk.units.read(tenant_id) as store:
        found = _file_of(store, complaint_id, attachment_id)
    content = desk.files.fetch(tenant_id, found["sha256"])
    if looking and found["complaint_id"] is None:
        with desk.units.begin(tenant_id) as work:
            look = (uuids.uuid7(), complaint_id, looking.person_id, work.now)
            work.store.complaints.note_full_view(*look, attachment_id=attachment_id)
    return found, content


def _may_look(store: Store, complaint_id: UUID, looking: Looking | None) -> bool:
    return looking is None or unless_of_the_case(store.circles.of(complaint_id), looking) is None


def _file_of(store: Store, complaint_id: UUID, attachment_id: UUID) -> dict[str, Any]:
    complaint = store.complaints.find(complaint_id)
    assert complaint is not None  # it was just looked at
    rows = (complaint, *store.conversation.of(complaint_id))
    named = str(attachment_id) in {each for row in rows for each in row["attachments"]}
    found = next(iter(store.complaints.attachments([attachment_id])), None)
    if found is None or not (named or found["complaint_id"] == complaint_id):
        raise NoSuchComplaint
    return dict(found)
