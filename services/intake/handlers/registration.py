"""A complaint is taken in: judged, numbered, sealed, written and said, in one durable step."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.intake import ComplaintRegistered
from libs.common.privacy.masking import mask_unit
from libs.common.privacy.sealing import in_groups
from services.intake.domain import numbers
from services.intake.domain.complaint import NewComplaint
from services.intake.domain.handback import whose_reference
from services.intake.handlers.accepting import Accepted, accept
from services.intake.handlers.desk import Desk, Tenant
from services.intake.handlers.personal import CONTACT, shown
from services.intake.store.registration import NumberTaken, RequestKey

DRAWS = 5


@dataclass(frozen=True)
class Registered:
    """What the complainant is told, but for the tracking secret, which is derived and never stored."""

    complaint_id: UUID
    number: str
    received_at: datetime
    registered_at: datetime


def register_complaint(
    desk: Desk,
    tenant: Tenant,
    given: NewComplaint,
    *,
    request: Callable[[Registered], RequestKey] | None = None,
    origin: tuple[str, datetime | None] | None = None,
) -> Registered | None:
    """Take a complaint in (IN-1 … IN-5); None, and nothing changed, when it was taken in before.

    `request` makes the row that remembers the answer under the sender's Idempotency-Key; `origin` is the
    sender's own id of the mail or review, with the time of its revision. Either tells a copy. Raises
    NotAcceptable.
    """
    now = desk.clock.now()
    accepted = accept(desk, tenant, given, now)
    for _ in range(DRAWS):
        number = numbers.new_number(now.astimezone(tenant.zone), f"{secrets.randbelow(10**7):07}")
        registered = Registered(uuids.uuid7(), number, accepted.complaint.received_at, now)
        complaint, complainant = _rows(desk, tenant, accepted, registered)
        reference = _reference(accepted.complaint, registered)
        event = _event(tenant, accepted, registered, complaint)
        key = request(registered) if request else None
        try:
            new = desk.register.add(complaint, complainant, event, reference=reference, request=key, origin=origin)
        except NumberTaken:
            continue
        return registered if new else None
    raise NumberTaken


def tracking_secret(desk: Desk, tenant_id: UUID, complaint_id: UUID) -> str:
    """As it is shown and read out: three groups of four characters (IN-3)."""
    return in_groups(desk.seal.tracking_secret(tenant_id, complaint_id))


def _rows(
    desk: Desk, tenant: Tenant, accepted: Accepted, registered: Registered
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The complaint's row and the complainant's: masked to show, sealed to keep (PR-1)."""
    given, complaint_id = accepted.complaint, registered.complaint_id
    person_key = desk.seal.new_person_key(tenant.tenant_id)

    def sealed(field: str, text: str | None) -> bytes | None:
        return desk.seal.seal(person_key, tenant.tenant_id, complaint_id, field, text) if text else None

    def printed(field: str, text: str | None) -> bytes | None:
        return desk.seal.fingerprint(tenant.tenant_id, field, text) if text else None

    original_words = {
        "words": sealed("text", given.text),
        "impact_words": sealed("impact", given.impact),
        "asked_for_words": sealed("asked_for", given.asked_for),
        "location_words": sealed("where", given.where),
    }
    complainant = {
        "complaint_id": complaint_id,
        "key": person_key,
        **{name: sealed(name, getattr(given, name)) for name in CONTACT},
        "phone_print": printed("phone", given.phone),
        "email_print": printed("email", given.email),
    }
    return _complaint(accepted, registered) | original_words, complainant


def _reference(given: NewComplaint, registered: Registered) -> dict[str, Any] | None:
    """Another side's number for it, which will be owed its statuses (DI-16); None: nobody else is concerned."""
    if given.external_ref is None:
        return None
    return {
        "complaint_id": registered.complaint_id,
        "reference_id": uuids.uuid7(),
        "kind": whose_reference(given.external_kind, given.channel),
        "ref": given.external_ref,
        "account_id": given.account_id,
        "by_id": given.received_by,
        "at": registered.registered_at,
    }


def _complaint(accepted: Accepted, registered: Registered) -> dict[str, Any]:
    """What may be shown of the complaint."""
    given, personal = accepted.complaint, accepted.personal
    return {
        "complaint_id": registered.complaint_id,
        "number": registered.number,
        "channel": given.channel,
        "language": given.language,
        "received_at": given.received_at,
        "registered_at": registered.registered_at,
        "received_by": given.received_by,
        "place_id": given.place_id,
        "happened_at": given.happened_at,
        "location": mask_unit(shown(given.where, personal)) if given.where else None,
        "text": shown(given.text, personal),
        "impact": shown(given.impact, personal) if given.impact else None,
        "asked_for": shown(given.asked_for, personal) if given.asked_for else None,
        "category": given.category,
        "urgency": given.urgency,
        "major": given.major,
        "vip": given.vip,
        "anonymous": given.anonymous,
        "answer_by": list(given.answer_by),
        "claimed_amount": given.claimed_amount,
        "external_ref": given.external_ref,
        "follows": accepted.looked_up.follows,
        "attachments": [str(each) for each in given.attachments],
        "stage": "registered",
        "result": None,
        "prevention": None,
        "closed_at": None,
    }


def _event(
    tenant: Tenant, accepted: Accepted, registered: Registered, complaint: Mapping[str, Any]
) -> ComplaintRegistered:
    given = accepted.complaint
    return ComplaintRegistered(
        tenant_id=tenant.tenant_id,
        subject=registered.complaint_id,
        occurred_at=registered.registered_at,
        number=registered.number,
        channel=given.channel,
        language=str(given.language),
        received_at=given.received_at,
        registered_at=registered.registered_at,
        received_by=given.received_by,
        place_id=given.place_id,
        place_label=accepted.looked_up.place_label,
        text=complaint["text"],
        asked_for=complaint["asked_for"],
        category=given.category,
        urgency=given.urgency,
        major=given.major,
        vip=given.vip,
        anonymous=given.anonymous,
        claimed_amount=given.claimed_amount,
        external_ref=given.external_ref,
        attachments=accepted.looked_up.files,
        follows=accepted.looked_up.follows,
        happened_at=given.happened_at,
        impact=complaint["impact"],
        **{f"in_{kind}": name for kind, name in accepted.looked_up.place_names},
    )
