"""Which limits were not kept, and who was responsible (SL-4)."""

from typing import Any

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import Access, Blueprint, principal
from services.sla import schemas
from services.sla.handlers import lists
from services.sla.store import Store

APPRAISERS = Access(roles=frozenset({"manager", "auditor"}))


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("appraisals", access=APPRAISERS)

    @api.route("/appraisals")
    @api.arguments(schemas.AppraisalsWanted(), location="query")
    @api.response(200, schemas.AppraisalsOut())
    def appraisals(wanted: dict[str, Any]) -> dict[str, Any]:
        """The limits that ended unkept `from` to `to` (days of the tenant's zone), and how many are whose.

        `person`: only those for which this person was responsible, as assignee or as head.
        """
        asked = (wanted["first"], wanted["last"], wanted["person"], wanted["cursor"], wanted["limit"])
        with units.read(principal().tenant_id) as store:
            page, people = lists.appraisals(store, *asked)
        return {"people": people, "items": page.items, "next_cursor": page.next_cursor}

    return api
