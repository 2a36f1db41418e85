"""What leads to a complainant: opened for those who may, hidden in whatever is shown or said (PR-1)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from libs.common.privacy.masking import mask_email, mask_identity, mask_name, mask_phone, mask_text
from services.intake.domain.acceptance import LONGEST_TEXT, spellings
from services.intake.handlers.desk import Desk

CONTACT = ("name", "phone", "email", "identity_number")
MASKS = {"name": mask_name, "phone": mask_phone, "email": mask_email, "identity_number": mask_identity}


def contact_of(desk: Desk, tenant_id: UUID, complainant: Mapping[Any, Any] | None) -> dict[str, str]:
    """What the sealed row holds, opened; empty for None (erased) and for the anonymous."""
    if complainant is None:
        return {}
    key, complaint_id = complainant["key"], complainant["complaint_id"]
    return {
        name: desk.seal.open(key, tenant_id, complaint_id, name, complainant[name])
        for name in CONTACT
        if complainant[name] is not None
    }


def masked(contact: Mapping[str, str]) -> dict[str, str]:
    return {name: MASKS[name](value) for name, value in contact.items()}


def words_for(contact: Mapping[str, str | None]) -> tuple[str, ...]:
    """The words by which a text could name this person. The phone number is in E.164."""
    phone = contact.get("phone")
    return (*filter(None, contact.values()), *(spellings(phone) if phone else ()))


def shown(text: str, personal: Iterable[str]) -> str:
    """The text as everybody may see it: without personal words, and cut at 5000 characters."""
    safe = mask_text(text, personal)
    return safe if len(safe) <= LONGEST_TEXT else safe[: LONGEST_TEXT - 1] + "…"
