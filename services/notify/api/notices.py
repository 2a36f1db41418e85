"""Staff: who was told about a complaint, and whether it arrived."""

from typing import Any
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import STAFF, Access, Blueprint, principal
from libs.common.web.idempotency import once
from services.notify import schemas
from services.notify.handlers import viewing
from services.notify.store import Store

# Auditors look; they tell nobody anything.
SENDERS = Access(roles=frozenset({"front_line", "supervisor", "coordinator", "manager", "admin"}))


def blueprints(units: UnitsOfWork[Store]) -> list[Blueprint]:
    notices = Blueprint("notices", access=STAFF, url_prefix="/v1/complaints")
    deliveries = Blueprint("deliveries", access=SENDERS, url_prefix="/v1/deliveries")

    @notices.route("/<uuid:complaint_id>/notices")
    @notices.response(200, schemas.NoticeList())
    def listed(complaint_id: UUID) -> dict[str, Any]:
        """Every notice about the complaint, by every channel it was tried."""
        with units.read(principal().tenant_id) as store:
            return {"items": viewing.notices_of(store, complaint_id)}

    @deliveries.route("/<uuid:delivery_id>/send-again", methods=["POST"])
    @deliveries.alt_response(200, schema=schemas.NoticeOut())
    def send_again(delivery_id: UUID) -> Response:
        """Send what failed, or what may not have arrived; the reader may then be told twice."""

        def again(work: Any) -> dict[str, Any]:
            return viewing.send_again(work, delivery_id)

        return once(units, principal().tenant_id, again, schemas.NoticeOut())

    return [notices, deliveries]
