"""On the case page: what the complainant adds by phone or at the counter, and that it was read (IN-10)."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from services.portal.domain.answers import RequestRefused, ServiceUnavailable
from services.portal.pages.asking import services
from services.portal.pages.case import page
from services.portal.pages.forms import Form, given
from services.portal.pages.visitor import need_sign_in, signed_in
from services.portal.pages.wording import language

pages = Blueprint("messages", __name__, url_prefix="/cases/<uuid:complaint_id>/messages")
pages.before_request(need_sign_in)

SAID = ("channel", "text", "attachments")


@pages.post("")
def add(complaint_id: UUID) -> tuple[str, int] | Response:
    """Taken down for the complainant, beside what they write themselves."""
    form = Form.sent()
    form.need(("channel", "text"))

    def send(token: str) -> None:
        form.add_files(partial(services().intake.add_attachment, signed_in().tenant["slug"]))
        content = given(channel=form.text("channel"), text=form.text("text"), attachments=form.file_ids)
        if form.clean:
            services().intake.add_staff_message(token, str(complaint_id), content, key=form.key, language=language())

    return _sent(complaint_id, form, "add_message", send)


@pages.post("/read")
def read(complaint_id: UUID) -> tuple[str, int] | Response:
    form = Form.sent()

    def send(token: str) -> None:
        services().dispatch.take_step(token, str(complaint_id), "messages/read", {}, key=form.key, language=language())

    return _sent(complaint_id, form, "read_messages", send)


def _sent(complaint_id: UUID, form: Form, what: str, send: Callable[[str], None]) -> tuple[str, int] | Response:
    """Back to the case, or the case page with the form and what was wrong with it."""
    try:
        if form.clean:
            send(signed_in().token)
        if form.clean:
            return redirect(url_for("case.show", complaint_id=complaint_id, said=what))
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        form.refused(refused, SAID)
    return page(complaint_id, tried=what, form=form), 422
