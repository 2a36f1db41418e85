"""On the case page: other sides' numbers for the complaint, and what was told them by hand (DI-16)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from services.portal.domain.answers import NotThere, RequestRefused, ServiceUnavailable
from services.portal.gateways.intake import Intake
from services.portal.pages.asking import services
from services.portal.pages.case import page
from services.portal.pages.forms import Form, given
from services.portal.pages.visitor import need_sign_in, signed_in
from services.portal.pages.wording import language

pages = Blueprint("references", __name__, url_prefix="/cases/<uuid:complaint_id>/references")
pages.before_request(need_sign_in)

NAMED = ("kind", "ref")
TOLD = ("status", "how", "handed_at", "note")
Sent = tuple[str, int] | Response


@pages.post("")
def add(complaint_id: UUID) -> Sent:
    def send(intake: Intake, token: str, form: Form) -> None:
        content = given(**{name: form.text(name) for name in NAMED})
        intake.add_reference(token, str(complaint_id), content, key=form.key, language=language())

    return sent(complaint_id, "add_reference", "add_reference", NAMED, NAMED, send)


@pages.post("/<uuid:reference_id>")
def correct(complaint_id: UUID, reference_id: UUID) -> Sent:
    def send(intake: Intake, token: str, form: Form) -> None:
        content = given(**{name: form.text(name) for name in NAMED})
        intake.correct_reference(token, str(complaint_id), str(reference_id), content, language=language())

    return sent(complaint_id, "correct_reference", f"correct-{reference_id}", NAMED, NAMED, send)


@pages.post("/<uuid:reference_id>/handed-back")
def hand_back(complaint_id: UUID, reference_id: UUID) -> Sent:
    """Somebody told the other side, and writes it down."""

    def send(intake: Intake, token: str, form: Form) -> None:
        content = given(
            **{name: form.text(name) for name in ("status", "how", "note")}, handed_at=form.moment("handed_at")
        )
        if form.clean:
            address = (token, str(complaint_id), str(reference_id))
            intake.hand_back(*address, content, key=form.key, language=language())

    return sent(complaint_id, "hand_back", f"handed-{reference_id}", ("status", "how"), TOLD, send)


def sent(
    complaint_id: UUID,
    done: str,
    tried: str,
    needed: tuple[str, ...],
    shown: tuple[str, ...],
    send: Callable[[Intake, str, Form], Any],
) -> Sent:
    """Send the form of this name and show the case again; a refused one with what was wrong."""
    person, form = signed_in(), Form.sent()
    form.need(needed)
    try:
        if form.clean:
            send(services().intake, person.token, form)
        if form.clean:
            return redirect(url_for("case.show", complaint_id=complaint_id, done=done, _anchor="references"))
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        if isinstance(refused, NotThere):
            raise
        form.refused(refused, shown)
    return page(complaint_id, tried=tried, form=form), 422
