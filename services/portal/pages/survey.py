"""The satisfaction survey of a guest (NO-5): opened by the link in a notice, answered with one tap."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from services.portal.domain.answers import RequestRefused, ServiceUnavailable
from services.portal.domain.deadlines import moment
from services.portal.pages.asking import now, services
from services.portal.pages.forms import Form
from services.portal.pages.guest import KEPT_FOR, described
from services.portal.pages.wording import language, t

pages = Blueprint("survey", __name__, url_prefix="/t/<slug:slug>/survey")

KEPT = "survey"
NO_LONGER = (409, 410)
SHOWN = ("score", "comment")


@pages.get("")
def show(slug: str) -> str | tuple[str, int] | Response:
    """The question, once the link was opened; else the place to open it."""
    token = kept(slug)
    if token is None:
        return opening(slug, Form())
    return page(slug, token, Form(), thanked=request.args.get("sent") == "1")


@pages.post("/open")
def open_link(slug: str) -> tuple[str, int] | Response:
    """What stands behind the # of the link comes here in a body, so that no log ever holds it."""
    form = Form.sent()
    form.need(("secret",))
    try:
        if form.clean:
            token = form.text("secret") or ""
            found = services().notify.survey(token)
            if found.get("tenant") == slug:
                session[KEPT] = {"slug": slug, "token": token, "until": (now() + KEPT_FOR).isoformat()}
                return redirect(url_for("survey.show", slug=slug))
            form.general.append(t("survey.no_such"))
    except ServiceUnavailable:
        form.silent()
    except RequestRefused:
        form.general.append(t("survey.no_such"))
    return opening(slug, form), 422


@pages.post("")
def answer(slug: str) -> str | tuple[str, int] | Response:
    token = kept(slug)
    if token is None:
        return redirect(url_for("survey.show", slug=slug))
    form = Form.sent()
    form.need(("score",))
    score = form.text("score") or ""
    try:
        if form.clean and score.isdecimal():
            services().notify.answer_survey(token, int(score), form.text("comment"), key=form.key, language=language())
            return redirect(url_for("survey.show", slug=slug, sent=1))
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        if refused.status in NO_LONGER:
            form.general.append(t("survey.final" if refused.status == 409 else "survey.ended"))
        else:
            form.refused(refused, SHOWN)
    return page(slug, token, form, thanked=False)


def opening(slug: str, form: Form) -> str:
    return render_template("guest/survey_open.html", slug=slug, described=described(slug), form=form)


def page(slug: str, token: str, form: Form, *, thanked: bool) -> str | tuple[str, int]:
    """The survey as it stands now; with a form on it that was just refused, if any."""
    description = described(slug)
    g.page_address = url_for("survey.show", slug=slug)
    found: dict[str, Any] | None = None
    try:
        found = services().notify.survey(token)
    except ServiceUnavailable:
        pass
    except RequestRefused:
        session.pop(KEPT, None)
        form.general.append(t("survey.no_such"))
        return opening(slug, form), 422
    if found and not form.values:
        form.values = {"comment": found.get("comment") or ""}
    shown = render_template(
        "guest/survey.html", slug=slug, described=description, found=found, form=form, thanked=thanked
    )
    return shown if form.clean else (shown, 422)


def kept(slug: str) -> str | None:
    """The token of the link that was opened a moment ago; None later, or at another tenant."""
    opened = session.get(KEPT)
    if not opened or opened["slug"] != slug:
        return None
    until = moment(opened["until"])
    return str(opened["token"]) if until and until > now() else None
