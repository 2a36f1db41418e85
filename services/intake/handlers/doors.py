"""Complaints that nobody types in: mail and booking platforms. The same thing twice is one complaint."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.intake.domain import ota
from services.intake.domain.acceptance import NotAccepted, as_written, email_address
from services.intake.domain.complaint import NewComplaint
from services.intake.domain.language import detect_language
from services.intake.domain.mail import Mail, read_mail, without_quotes
from services.intake.domain.numbers import numbers_in
from services.intake.handlers.accounts import Account
from services.intake.handlers.conversation import add_message
from services.intake.handlers.desk import Desk, Tenant
from services.intake.handlers.evidence import NotKept, keep_file
from services.intake.handlers.registration import register_complaint
from services.intake.store import Store
from services.intake.store.complaints import OriginKnown

MOST_FILES = 20
NOT_KEPT = {
    "zh-Hans": "（未收录的附件：{names}）",
    "zh-Hant": "（未收錄的附件：{names}）",
    "en": "(attachments that were not kept: {names})",
}


@dataclass(frozen=True)
class Taken:
    """What became of a mail or review. `complaint_id` is None for what is no complaint (automatic mail)."""

    complaint_id: UUID | None
    duplicate: bool


def take_review(desk: Desk, tenant: Tenant, account: Account, item: ota.OtaItem) -> Taken:
    """A review or message from a booking platform. A later revision of a known one joins its complaint."""
    if not item.may_open_a_complaint:
        return Taken(None, False)
    given = _from_platform(desk, account, item)
    registered = register_complaint(desk, tenant, given, origin=(item.dedup_key, item.revision_at))
    return Taken(registered.complaint_id, False) if registered else _take_again(desk, tenant, item)


def _take_again(desk: Desk, tenant: Tenant, item: ota.OtaItem) -> Taken:
    with desk.units.begin(tenant.tenant_id) as work:
        complaints = work.store.complaints
        revised = item.revision_at is not None and complaints.revise(item.dedup_key, item.revision_at)
        known = complaints.by_origin(item.dedup_key)
        assert known is not None
        if revised:
            add_message(desk, work, known["complaint_id"], channel="ota", text=as_written(item.words))
    return Taken(known["complaint_id"], not revised)


def _from_platform(desk: Desk, account: Account, item: ota.OtaItem) -> NewComplaint:
    return NewComplaint(
        channel="ota",
        text=as_written(item.words),
        received_at=desk.clock.now(),
        place_id=account["place_id"],
        where=item.room_ref,
        happened_at=item.occurred_at,
        name=item.author_name,
        language=item.language,
        answer_by=("none",),
        external_ref=item.dedup_key[:200],
        external_kind="ota",
        account_id=account["account_id"],
        asks_for_fields=False,
    )


def take_mail(desk: Desk, tenant: Tenant, account: Account, raw: bytes) -> Taken:
    """A mail: a new complaint, or a message to the complaint whose number its subject names, if it comes
    from that complainant. Automatic mail opens nothing and is answered by nothing. Raises NotAMail."""
    mail = read_mail(raw, [account["address"]] if account["address"] else [])
    if mail.is_automatic:
        return Taken(None, False)
    # Some clients put the sender's address or phone number into the id.
    origin = "mail:" + hashlib.sha256(mail.message_id.encode()).hexdigest()
    with desk.units.read(tenant.tenant_id) as store:
        if known := store.complaints.by_origin(origin):
            return Taken(known["complaint_id"], True)
        earlier = _complaint_meant(desk, store, tenant, mail)
    files, remark = _keep_files(desk, tenant, mail)
    words = without_quotes(mail.text, mail.subject).strip()
    if earlier:
        return _join(desk, tenant, earlier, origin, as_written(f"{words or mail.subject}{remark}"), files)
    given = _from_mail(desk, tenant, account, mail, f"{mail.subject}\n{words}".strip(), remark, files)
    registered = register_complaint(desk, tenant, given, origin=(origin, None))
    if registered:
        return Taken(registered.complaint_id, False)
    with desk.units.read(tenant.tenant_id) as store:
        known = store.complaints.by_origin(origin)
    assert known is not None
    return Taken(known["complaint_id"], True)


def _from_mail(
    desk: Desk, tenant: Tenant, account: Account, mail: Mail, words: str, remark: str, files: Sequence[UUID]
) -> NewComplaint:
    return NewComplaint(
        channel="email",
        text=as_written(words + remark),
        received_at=desk.clock.now(),
        place_id=account["place_id"],
        name=mail.from_name,
        email=mail.from_address,
        language=detect_language(words) if words else tenant.language,
        answer_by=("email",) if mail.may_be_answered else ("none",),
        attachments=files,
        asks_for_fields=False,
    )


def _join(desk: Desk, tenant: Tenant, earlier: UUID, origin: str, text: str, files: Sequence[UUID]) -> Taken:
    try:
        with desk.units.begin(tenant.tenant_id) as work:
            work.store.complaints.add_origin(origin, earlier)
            add_message(desk, work, earlier, channel="email", text=text, attachments=files)
    except OriginKnown:  # by a copy that came in the same moment
        return Taken(earlier, True)
    return Taken(earlier, False)


def _complaint_meant(desk: Desk, store: Store, tenant: Tenant, mail: Mail) -> UUID | None:
    """The complaint named in the subject, only when the sender is its complainant."""
    try:
        sender = desk.seal.fingerprint(tenant.tenant_id, "email", email_address(mail.from_address))
    except NotAccepted:
        return None
    for number in numbers_in(mail.subject):
        if complaint := store.complaints.by_number(number):
            complainant = store.complaints.complainant(complaint["complaint_id"])
            if complainant and complainant["email_print"] == sender:
                found: UUID = complaint["complaint_id"]
                return found
    return None


def _keep_files(desk: Desk, tenant: Tenant, mail: Mail) -> tuple[list[UUID], str]:
    """The mail's files, and a remark that names those not kept: they do not hold up the complaint."""
    kept: list[UUID] = []
    refused: list[str] = []
    for file in mail.attachments:
        name = file.name or "file"
        try:
            if len(kept) < MOST_FILES:
                kept.append(keep_file(desk, tenant.tenant_id, name, file.content, tenant.language)["attachment_id"])
            else:
                refused.append(name)
        except NotKept:
            refused.append(name)
    remark = NOT_KEPT.get(tenant.language, NOT_KEPT["en"])
    return kept, f"\n{remark.format(names=', '.join(refused))}" if refused else ""
