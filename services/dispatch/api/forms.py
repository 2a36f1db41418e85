"""The forms of a case, printable (DI-15)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import STAFF, Blueprint, principal
from services.dispatch.api.asking import actor
from services.dispatch.domain.forms import FORMS, NAME_THE_COMPLAINANT
from services.dispatch.domain.forms.content import PRINTED_AS
from services.dispatch.handlers.forms import Printers, fill_in
from services.dispatch.schemas.forms import Complainant, FormWanted
from services.dispatch.store import Store

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def blueprint(units: UnitsOfWork[Store], printers: Printers) -> Blueprint:
    api = Blueprint("forms", access=STAFF, url_prefix="/v1/cases/<uuid:complaint_id>/forms")
    for form in FORMS:
        for kind in PRINTED_AS:
            view = _printing(units, printers, form, kind)
            described = api.alt_response(200, content_type=CONTENT_TYPES[kind], schema={"type": "string"})(view)
            with_language = api.arguments(FormWanted(), location="query")(described)
            api.route(f"/{form}.{kind}", endpoint=f"{form}_{kind}")(with_language)
            if form in NAME_THE_COMPLAINANT:
                named = api.arguments(Complainant())(with_language)
                api.route(f"/{form}.{kind}", methods=["POST"], endpoint=f"{form}_{kind}_named")(named)
    return api


def _printing(units: UnitsOfWork[Store], printers: Printers, form: str, kind: str) -> Callable[..., Response]:
    def printed(*given: dict[str, Any], complaint_id: UUID) -> Response:
        """The form filled from the case, in the tenant's name; `language` is the tenant's own when left out.

        Who complained is a line to be filled in by hand, or what is sent for this one copy, of which nothing is kept.
        """
        *complainant, wanted = given
        with units.read(principal().tenant_id) as store:
            filled = fill_in(store, actor(), complaint_id, form, wanted["language"], units.clock.now(), *complainant)
        answer = Response(printers[kind](filled), content_type=CONTENT_TYPES[kind])
        answer.headers["Content-Disposition"] = f"attachment; filename={filled.number}-{form}.{kind}"
        return answer

    return printed
