"""Following a complaint with its number and secret (IN-3, IN-10, PO-1)."""

from functools import partial
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from services.portal.domain.answers import Part, RequestRefused, ServiceUnavailable, SignInNeeded
from services.portal.domain.story import STAGES, stage_of
from services.portal.pages.asking import services
from services.portal.pages.forms import Form, given
from services.portal.pages.guest import KEPT, described, keep, kept, wrong_number
from services.portal.pages.wording import language, t

pages = Blueprint("progress", __name__, url_prefix="/t/<slug:slug>/progress")


@pages.get("")
def show(slug: str) -> str | tuple[str, int]:
    description = described(slug)
    complaint = kept(slug)
    if complaint is None:
        form = Form(values={"number": request.args.get("number", "")})
        return render_template("guest/lookup.html", slug=slug, described=description, form=form)
    return follow(slug, complaint, description)


@pages.post("")
def look_up(slug: str) -> tuple[str, int] | Response:
    description, form = described(slug), Form.sent()
    form.need(("number", "secret"))
    number, secret = form.text("number") or "", form.text("secret") or ""
    if form.clean:
        try:
            found = services().intake.progress(slug, number, secret)
            keep(slug, found | {"tracking_secret": secret})
            return redirect(url_for("progress.show", slug=slug))
        except ServiceUnavailable:
            form.silent()
        except (RequestRefused, SignInNeeded) as refused:
            form.general.append(t("lookup.wrong" if wrong_number(refused) else "form.refused"))
    return render_template("guest/lookup.html", slug=slug, described=description, form=form), 422


@pages.post("/messages")
def add_message(slug: str) -> str | tuple[str, int] | Response:
    return send(slug, "message", ("text",))


@pages.post("/withdraw")
def withdraw(slug: str) -> str | tuple[str, int] | Response:
    return send(slug, "withdrawal", ())


def send(slug: str, what: str, needed: tuple[str, ...]) -> str | tuple[str, int] | Response:
    """Hand a message or a withdrawal to intake; a mistake is shown on the form it came from."""
    complaint = kept(slug)
    if complaint is None:
        return redirect(url_for("progress.show", slug=slug))
    description, form = described(slug), Form.sent()
    form.need(needed)
    try:
        if form.clean and what == "message":
            form.add_files(partial(services().intake.add_attachment, slug))
        if form.clean:
            hand_over(slug, what, complaint, form)
            return redirect(url_for("progress.show", slug=slug, sent=what))
    except ServiceUnavailable:
        form.silent()
    except (RequestRefused, SignInNeeded) as refused:
        if isinstance(refused, RequestRefused):
            form.refused(refused, ("text", "reason", "attachments"))
    return follow(slug, complaint, description, **{what: form})


def hand_over(slug: str, what: str, complaint: dict[str, str], form: Form) -> None:
    proof = {"number": complaint["number"], "secret": complaint["secret"]}
    if what == "message":
        content = proof | given(text=form.text("text"), attachments=form.file_ids)
        services().intake.add_message(slug, content, key=form.key, language=language())
    else:
        content = proof | given(reason=form.text("reason"))
        services().intake.withdraw(slug, content, key=form.key, language=language())


def reasons_for(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The limits still to be kept, each with why it ends when it does; none when sla does not answer (PO-1)."""
    if found.get("closed_at") or not (found.get("promised_by") or found.get("waits_for")):
        return []
    try:
        promised = services().sla.promises(found["permit"])["items"]
    except (ServiceUnavailable, RequestRefused, SignInNeeded):
        return []
    return [each for each in promised if not each.get("met_at")]


def follow(
    slug: str,
    complaint: dict[str, str],
    description: Part,
    message: Form | None = None,
    withdrawal: Form | None = None,
) -> str | tuple[str, int]:
    """The progress page, with a form on it that was just refused, if any."""
    g.page_address = url_for("progress.show", slug=slug)
    try:
        found: dict[str, Any] | None = services().intake.progress(slug, complaint["number"], complaint["secret"])
    except ServiceUnavailable:
        found = None
    except (RequestRefused, SignInNeeded):
        session.pop(KEPT, None)
        form = Form(values={"number": complaint["number"]}, general=[t("lookup.wrong")])
        return render_template("guest/lookup.html", slug=slug, described=description, form=form), 422
    reasons = reasons_for(found) if found else []
    reached = [step.get("milestone") for step in (found or {}).get("timeline") or ()]
    page = render_template(
        "guest/progress.html",
        slug=slug,
        described=description,
        complaint=complaint,
        found=found,
        reasons=reasons,
        stages=STAGES,
        stage=stage_of(reached, closed=bool(found and found.get("closed_at"))),
        message=message or Form(),
        withdrawal=withdrawal or Form(),
        sent=request.args.get("sent"),
    )
    return (page, 422) if message or withdrawal else page
