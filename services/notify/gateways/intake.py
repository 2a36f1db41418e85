"""Where a complainant can be reached (NO-3): intake alone knows."""

from uuid import UUID

import msgspec

from services.notify.domain.contact import Contact
from services.notify.domain.plan import Wishes
from services.notify.gateways.asking import ServiceClient


class _Reachable(msgspec.Struct):
    language: str
    anonymous: bool
    answer_by: list[str]
    phone: str | None = None
    email: str | None = None
    tracking_secret: str | None = None
    do_not_contact: bool = False


class Complainants:
    def __init__(self, intake: ServiceClient) -> None:
        self._intake = intake

    def contact(self, tenant_id: UUID, complaint_id: UUID) -> Contact:
        """Raises NotReachableNow, NobodyThere."""
        found = self._intake.get(tenant_id, f"/v1/complaints/{complaint_id}/contact", _Reachable)
        addresses = {"sms": found.phone, "email": found.email}
        return Contact(
            language=found.language,
            addresses={channel: address for channel, address in addresses.items() if address},
            wishes=Wishes(
                answer_by=tuple(found.answer_by), anonymous=found.anonymous, do_not_contact=found.do_not_contact
            ),
            tracking_secret=found.tracking_secret,
        )
