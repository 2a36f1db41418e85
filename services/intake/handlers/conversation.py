"""What the complainant adds after registering: messages, evidence, a withdrawal (IN-10)."""

from collections.abc import Sequence
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.intake import ComplaintWithdrawn, MessageAdded
from libs.common.unit_of_work import Work
from services.intake.domain.acceptance import NotAccepted, complaint_text
from services.intake.domain.complaint import NotAcceptable
from services.intake.handlers.desk import Desk, NoSuchComplaint
from services.intake.handlers.evidence import digests_of
from services.intake.handlers.personal import contact_of, shown, words_for
from services.intake.store import Store


class AlreadyClosed(Exception):
    """The complaint is closed; it cannot be withdrawn any more."""


def write(
    desk: Desk,
    work: Work[Store],
    complaint_id: UUID,
    text: str,
    attachments: Sequence[UUID],
    channel: str = "web",
    received_by: UUID | None = None,
) -> UUID:
    """The complainant writes on the progress page, or tells it to a member of staff; returns the message's id.

    Raises NoSuchComplaint, and NotAcceptable for a text or file that cannot be taken.
    """
    complaint = work.store.complaints.find(complaint_id)
    if complaint is None:
        raise NoSuchComplaint
    try:
        plain = complaint_text(text)
        return add_message(
            desk, work, complaint_id, channel=channel, text=plain, attachments=attachments, received_by=received_by
        )
    except NotAccepted as mistake:
        raise NotAcceptable.of([mistake], complaint["language"]) from mistake


def add_message(
    desk: Desk,
    work: Work[Store],
    complaint_id: UUID,
    *,
    channel: str,
    text: str,
    attachments: Sequence[UUID] = (),
    received_by: UUID | None = None,
) -> UUID:
    """Keep the complainant's words, in plain form, and say so; returns the message's id.

    Raises NotAccepted for an unknown file, and NoSuchComplaint when the complainant was erased: there is no
    key to seal the words under.
    """
    complainant = work.store.complaints.complainant(complaint_id)
    if complainant is None:
        raise NoSuchComplaint
    message_id = uuids.uuid7()
    masked = shown(text, words_for(contact_of(desk, work.tenant_id, complainant)))
    work.store.conversation.add(
        message_id=message_id,
        complaint_id=complaint_id,
        author="complainant",
        channel=channel,
        received_by=received_by,
        at=work.now,
        text=masked,
        words=desk.seal.seal(complainant["key"], work.tenant_id, message_id, "text", text),
        attachments=[str(each) for each in attachments],
    )
    work.record(
        MessageAdded(
            tenant_id=work.tenant_id,
            subject=complaint_id,
            occurred_at=work.now,
            message_id=message_id,
            author="complainant",
            channel=channel,
            text=masked,
            attachments=digests_of(work.store, attachments),
            received_by=received_by,
        )
    )
    return message_id


def withdraw(desk: Desk, work: Work[Store], complaint_id: UUID, reason: str | None) -> None:
    """The complainant takes the complaint back; a second time changes nothing. Raises AlreadyClosed."""
    if not work.store.complaints.withdraw(complaint_id):
        complaint = work.store.complaints.find(complaint_id)
        if complaint is not None and complaint["closed_at"] is not None:
            raise AlreadyClosed
        return
    contact = contact_of(desk, work.tenant_id, work.store.complaints.complainant(complaint_id))
    work.record(
        ComplaintWithdrawn(
            tenant_id=work.tenant_id,
            subject=complaint_id,
            occurred_at=work.now,
            reason=shown(reason, words_for(contact)) if reason else None,
        )
    )
