"""On the case page: what supervisors say of who complained (IN-11)."""

from collections.abc import Callable, Collection
from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.portal.domain.answers import RequestRefused, ServiceUnavailable
from services.portal.pages.asking import services
from services.portal.pages.case import page
from services.portal.pages.forms import Form
from services.portal.pages.visitor import need_sign_in, signed_in
from services.portal.pages.wording import language

pages = Blueprint("standing", __name__, url_prefix="/cases/<uuid:complaint_id>/standing")
pages.before_request(need_sign_in)


@pages.post("")
def set_standing(complaint_id: UUID) -> tuple[str, int] | AnyResponse:
    """Said of the person, on this and every later complaint, until it ends."""
    form = Form.sent()
    fields = ("kind", "reason", "expires_at")
    content = {"kind": form.text("kind"), "reason": form.text("reason"), "expires_at": form.moment("expires_at")}

    def send(token: str) -> None:
        asked = services().intake
        asked.set_standing(token, str(complaint_id), content, key=form.key, language=language())

    return _sent(complaint_id, form, "set_standing", fields, send)


@pages.post("/<uuid:standing_id>/lift")
def lift(complaint_id: UUID, standing_id: UUID) -> tuple[str, int] | AnyResponse:
    form = Form.sent()

    def send(token: str) -> None:
        asked, reason = services().intake, form.text("reason") or ""
        asked.lift_standing(token, str(complaint_id), str(standing_id), reason, key=form.key, language=language())

    return _sent(complaint_id, form, "lift_standing", ("reason",), send)


def _sent(
    complaint_id: UUID, form: Form, what: str, fields: Collection[str], send: Callable[[str], None]
) -> tuple[str, int] | AnyResponse:
    """Back to the case, or the case page with the form and what was wrong with it."""
    form.need(fields)
    try:
        if form.clean:
            send(signed_in().token)
            return redirect(url_for("case.show", complaint_id=complaint_id, said=what))
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        form.refused(refused, fields)
    return page(complaint_id, tried=what, form=form), 422
