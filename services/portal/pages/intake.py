"""Phone and counter: one screen, the number at once, and a text to read back (PO-2, IN-1)."""

from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from services.portal.domain.answers import Part, RequestRefused, ServiceUnavailable
from services.portal.domain.filing import owed, unanswered
from services.portal.domain.handbacks import REFERENCE_KINDS
from services.portal.domain.languages import LANGUAGES
from services.portal.pages.asking import gather, services
from services.portal.pages.forms import Form, given
from services.portal.pages.guest import SHOWN, complaint_in, places_of
from services.portal.pages.names import names_of
from services.portal.pages.visitor import need_sign_in, signed_in
from services.portal.pages.wording import language

pages = Blueprint("intake", __name__, url_prefix="/intake")
pages.before_request(need_sign_in)

REGISTERED = "registered"
CHANNELS = ("phone", "counter", "wechat", "letter", "suggestion_box", "social", "regulator", "email")
ANSWER_WAYS = ("sms", "email", "phone", "notice_board", "none")
SPOKEN = (*LANGUAGES, "zh-Hant")
ASKED = (*SHOWN, "channel", "received_at", "urgency", "major", "vip", "language", "external_ref", "external_kind")


@pages.get("")
def show() -> str:
    session.pop(REGISTERED, None)
    follows = request.args.get("follows", "")
    return page(Form(values={"channel": "phone", "language": language(), "follows": follows}))


@pages.post("")
def register() -> tuple[str, int] | Response:
    person, form = signed_in(), Form.sent()
    parts = ask()
    try:
        form.add_files(partial(services().intake.add_attachment, person.tenant["slug"]))
        complaint = registration(form)
        form.mark(unanswered(required(parts["procedure"], form), complaint))
        if form.clean:
            answer = services().intake.register(person.token, complaint, key=form.key, language=language())
            session[REGISTERED] = read_back(answer, complaint)
            return redirect(url_for("intake.done"))
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        form.refused(refused, ASKED)
    return page(form, parts), 422


@pages.get("/done")
def done() -> str | Response:
    registered = session.get(REGISTERED)
    if not registered:
        return redirect(url_for("intake.show"))
    return render_template("intake/done.html", registered=registered)


def page(form: Form, parts: dict[str, Part] | None = None) -> str:
    if not signed_in().registers:
        raise Forbidden
    parts = parts or ask()
    return render_template(
        "intake/page.html",
        form=form,
        described=parts["form"],
        places=places_of(parts["form"]),
        names=names_of(parts["procedure"]),
        required=required(parts["procedure"], form),
        channels=CHANNELS,
        answer_ways=ANSWER_WAYS,
        spoken=SPOKEN,
        reference_kinds=REFERENCE_KINDS,
    )


def ask() -> dict[str, Part]:
    person, asked = signed_in(), services()
    return gather(
        {
            "form": lambda: asked.tenants.form(person.tenant["slug"]),
            "procedure": lambda: asked.tenants.procedure(person.token),
        }
    )


def required(procedure: Part, form: Form) -> list[str]:
    """What the Procedure requires on this channel; the text alone while tenants is away."""
    document = procedure.value.get("document") if procedure.here else None
    rules = (document or {}).get("intake") or {}
    asked = rules.get("required") or {}
    names = asked.get(form.text("channel")) or asked.get("default") or ["text"]
    return owed([str(name) for name in names], anonymous=form.ticked("anonymous"))


def registration(form: Form) -> dict[str, Any]:
    """The complaint as staff register it: what the complainant said, and what only staff know."""
    return complaint_in(form) | given(
        channel=form.text("channel"),
        received_at=form.moment("received_at"),
        urgency=form.text("urgency"),
        language=form.text("language"),
        external_ref=form.text("external_ref"),
        external_kind=form.text("external_kind") if form.text("external_ref") else None,
        answer_by=[way for way in (form.text("answer_by"),) if way],
        major=form.ticked("major") or None,
        vip=form.ticked("vip") or None,
    )


def read_back(answer: dict[str, Any], complaint: dict[str, Any]) -> dict[str, str]:
    """What is shown once, to be read to the person: no contact data stays in the cookie."""
    return {
        "id": str(answer["complaint_id"]),
        "number": answer["number"],
        "secret": answer.get("tracking_secret") or "",
        "text": complaint["text"][:300],
        "asked_for": (complaint.get("asked_for") or "")[:150],
    }
