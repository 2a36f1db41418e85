"""The forms of a case, printable (DI-15)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import STAFF, Blueprint, principal
from services.dispatch.api.asking import actor
from services.dispatch.domain.forms import FORMS
from services.dispatch.domain.forms.content import PRINTED_AS
from services.dispatch.handlers.forms import Printers, fill_in
from services.dispatch.schemas.forms import FormWanted
from services.dispatch.store import Store

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def blueprint(units: UnitsOfWork[Store], printers: Printers) -> Blueprint:
    api = Blueprint("forms", access=STAFF, url_prefix="/v1/cases/<uuid:complaint_id>/forms")
    for form in FORMS:
        for kind in PRINTED_AS:
            view = api.alt_response(200, content_type=CONTENT_TYPES[kind], schema={"type": "string"})(
                _printing(units, printers, form, kind)
            )
            api.route(f"/{form}.{kind}", endpoint=f"{form}_{kind}")(api.arguments(FormWanted(), location="query")(view))
    return api


def _printing(units: UnitsOfWork[Store], printers: Printers, form: str, kind: str) -> Callable[..., Response]:
    def printed(wanted: dict[str, Any], complaint_id: UUID) -> Response:
        """The form filled from the case, in the tenant's name; `language` is the tenant's own when left out."""
        with units.read(principal().tenant_id) as store:
            filled = fill_in(store, actor(), complaint_id, form, wanted["language"], units.clock.now())
        answer = Response(printers[kind](filled), content_type=CONTENT_TYPES[kind])
        answer.headers["Content-Disposition"] = f"attachment; filename={filled.number}-{form}.{kind}"
        return answer

    return printed
