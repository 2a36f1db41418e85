"""One case: its whole story, and the next steps the dispatch service allows (PO-2)."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from uuid import UUID

import httpx
from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.portal.domain.answers import NotThere, Part, RequestRefused, ServiceUnavailable
from services.portal.domain.deadlines import by_urgency
from services.portal.domain.handbacks import BY_HAND, REFERENCE_KINDS
from services.portal.domain.languages import written_in
from services.portal.domain.steps import FIELDS, Step, forms, missing, offered
from services.portal.domain.story import story
from services.portal.pages.asking import gather, services
from services.portal.pages.forms import MOST_FILES, Form
from services.portal.pages.names import names_of
from services.portal.pages.steps import address_of, content_of, currency_of, fields_shown, thing
from services.portal.pages.visitor import Visitor, need_sign_in, signed_in
from services.portal.pages.wording import language, say

pages = Blueprint("case", __name__, url_prefix="/cases/<uuid:complaint_id>")
pages.before_request(need_sign_in)

WITH_FILES = ("milestone", "revise", "note", "carry_out_part")
MOST_FILES_OF = {**dict.fromkeys(WITH_FILES, MOST_FILES), "pay_compensation": 1}
REFERRING = ("add_reference", "correct_reference", "hand_back")
STANDINGS = ("malicious", "false")
ABOUT_STANDING = ("set_standing", "lift_standing")
ABOUT_MESSAGES = ("add_message", "read_messages")
MESSAGE_CHANNELS = ("phone", "counter", "wechat", "letter", "suggestion_box", "social", "regulator", "email")
PRINTED = ("record", "investigation", "result")
NAME_THE_COMPLAINANT = ("record", "result")
PRINTED_AS = ("pdf", "docx")
PASSED_ON = ("Content-Type", "Content-Disposition")


@pages.get("")
def show(complaint_id: UUID) -> str:
    return page(complaint_id, done=request.args.get("done"), said=request.args.get("said"))


@pages.post("/full-view")
def full_view(complaint_id: UUID) -> str | tuple[str, int]:
    """The complainant unmasked, for this one answer only: nothing of it is kept here (PR-1)."""
    person, form = signed_in(), Form.sent()
    form.need(("reason",))
    try:
        if form.clean:
            reason = form.text("reason") or ""
            full = services().intake.full_view(person.token, str(complaint_id), reason, language=language())
            return page(complaint_id, full=full)
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        form.refused(refused, ("reason",))
    return page(complaint_id, tried="full_view", form=form), 422


@pages.post("/notices/<uuid:delivery_id>/send-again")
def send_again(complaint_id: UUID, delivery_id: UUID) -> tuple[str, int] | AnyResponse:
    """Somebody looked into a notice that failed, or may not have arrived, and decided (NO-4)."""
    person, form = signed_in(), Form.sent()
    try:
        services().notify.send_again(person.token, str(delivery_id), key=form.key, language=language())
        return redirect(url_for("case.show", complaint_id=complaint_id, done="send_again"))
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        form.refused(refused, ())
    return page(complaint_id, tried="send_again", form=form), 422


@pages.get("/attachments/<uuid:attachment_id>")
def attachment(complaint_id: UUID, attachment_id: UUID) -> Response:
    return handed_through(services().intake.attachment(signed_in().token, str(complaint_id), str(attachment_id)))


@pages.get("/forms/<form>.<kind>")
def printed(complaint_id: UUID, form: str, kind: str) -> Response:
    """A form filled from the case, in the language that its reader writes in (DI-15)."""
    if form not in PRINTED or kind not in PRINTED_AS:
        abort(404)
    return _printed(complaint_id, form, kind)


def _printed(complaint_id: UUID, form: str, kind: str, complainant: Mapping[str, str] | None = None) -> Response:
    wanted = written_in([tag for tag, _ in request.accept_languages], language())
    token, id = signed_in().token, str(complaint_id)
    return handed_through(services().dispatch.printed(token, id, form, kind, language=wanted, complainant=complainant))


@pages.post("/forms/<form>.<kind>")
def printed_in_full(complaint_id: UUID, form: str, kind: str) -> Response | tuple[str, int]:
    """The same with name and contact, for who may see the complainant in full and says why: nothing of it is kept
    here or in dispatch (PR-1)."""
    if form not in NAME_THE_COMPLAINANT or kind not in PRINTED_AS:
        abort(404)
    person, asked = signed_in(), Form.sent()
    asked.need(("reason",))
    try:
        if asked.clean:
            reason = asked.text("reason") or ""
            full = services().intake.full_view(person.token, str(complaint_id), reason, language=language())
            return _printed(complaint_id, form, kind, complainant_of(full))
    except ServiceUnavailable:
        asked.silent()
    except RequestRefused as refused:
        asked.refused(refused, ("reason",))
    return page(complaint_id, tried="print_in_full", form=asked), 422


def complainant_of(complaint: Mapping[str, Any]) -> dict[str, str]:
    """As the forms name who complained; what is not known stays to be filled in by hand."""
    contact = complaint.get("contact") or {}
    reached_at = ", ".join(contact[way] for way in ("phone", "email") if contact.get(way))
    return {"complainant": contact.get("name") or "", "contact": reached_at}


@pages.post("/<action>")
def take_step(complaint_id: UUID, action: str) -> tuple[str, int] | AnyResponse:
    if action not in FIELDS:
        abort(404)
    person, form = signed_in(), Form.sent()
    shown = FIELDS[action]
    try:
        address = address_of(action, form)
    except ValueError:
        abort(404)
    try:
        if files := MOST_FILES_OF.get(action):
            form.add_files(partial(services().intake.add_case_file, person.token, str(complaint_id)), most=files)
        content = content_of(form, action)
        allowed = {step.id: step for step in allowed_steps(person, complaint_id)}
        step = allowed.get(form.text("step") or action) or Step(action, FIELDS[action], frozenset())
        shown = step.fields
        form.mark(missing(content, step))
        if form.clean:
            services().dispatch.take_step(
                person.token, str(complaint_id), address, content, key=form.key, language=language()
            )
            return redirect(url_for("case.show", complaint_id=complaint_id, done=action))
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        if isinstance(refused, NotThere):
            raise
        form.refused(refused, shown)
    return page(complaint_id, tried=form.text("step") or action, form=form), 422


def handed_through(opened: AbstractContextManager[httpx.Response]) -> Response:
    """A service's file, always as a download, so that no file ever runs as a page of ours."""
    file = opened.__enter__()

    answer = Response(
        file.iter_bytes(), headers={name: file.headers[name] for name in PASSED_ON if name in file.headers}
    )
    if not answer.headers.get("Content-Disposition", "").startswith("attachment"):
        answer.headers["Content-Disposition"] = "attachment"
    answer.call_on_close(lambda: opened.__exit__(None, None, None))
    return answer


def allowed_steps(person: Visitor, complaint_id: UUID) -> list[Step]:
    return forms(offered(services().dispatch.case(person.token, str(complaint_id))))


def page(
    complaint_id: UUID,
    *,
    full: dict[str, Any] | None = None,
    tried: str | None = None,
    form: Form | None = None,
    done: str | None = None,
    said: str | None = None,
) -> str:
    """The case page; `full` shows the complainant unmasked, `tried` and `form` a form that was just refused."""
    g.page_address = url_for("case.show", complaint_id=complaint_id)
    parts = ask(signed_in().token, str(complaint_id))
    if parts["case"].state == parts["complaint"].state == "missing":
        raise NotThere(404, {}, ())
    case = parts["case"].value if parts["case"].here else {}
    complaint = full or (parts["complaint"].value if parts["complaint"].here else {})
    people = [person for person in parts["people"].items if person.get("active", True)]
    steps, names = forms(offered(case)), names_of(parts["procedure"], parts["clocks"])
    return render_template(
        "case/page.html",
        id=str(complaint_id),
        parts=parts,
        case=case,
        complaint=complaint,
        full=full is not None,
        clocks=by_urgency(parts["clocks"].items),
        lines=story(case, complaint.get("messages") or (), parts["notices"].items),
        names=names,
        steps=steps,
        fields={step.id: fields_shown(step, names, people) for step in steps},
        things={step.id: thing(step, case, names) for step in steps},
        currencies={step.id: currency_of(step, case, names) for step in steps},
        printed=PRINTED,
        printed_as=PRINTED_AS,
        naming=[form for form in NAME_THE_COMPLAINANT if form != "result" or case.get("results")],
        waiting=_waits_now(case),
        forms={step.id: form if form and tried == step.id else Form() for step in steps},
        view_form=form if form and tried == "full_view" else Form(),
        print_form=form if form and tried == "print_in_full" else Form(),
        standing_form=form if form and tried in ABOUT_STANDING else Form(),
        standing_kinds=[(kind, say("standing", kind)) for kind in STANDINGS],
        staff_names={str(one["id"]): one["name"] for one in parts["people"].items},
        said=said if said in (*ABOUT_STANDING, *ABOUT_MESSAGES) else None,
        message_channels=[(channel, say("channel", channel)) for channel in MESSAGE_CHANNELS],
        tried=tried,
        again=Form(),
        lost=form
        if form and tried not in {*places_of_forms(complaint), *ABOUT_STANDING, *(step.id for step in steps)}
        else None,
        done=done if done in (*FIELDS, "send_again", *REFERRING) else None,
        files={file["attachment_id"]: file for file in kept_files(complaint)},
        reference_kinds=REFERENCE_KINDS,
        by_hand=BY_HAND,
        form_of=lambda name, values=(): form if form and tried == name else Form(values=dict(values)),
    )


def places_of_forms(complaint: Mapping[str, Any]) -> list[str]:
    """The forms of the page beside those of the steps."""
    of_references = [
        f"{form}-{reference.get('reference_id')}"
        for reference in complaint.get("references") or ()
        for form in ("handed", "correct")
    ]
    return ["full_view", "print_in_full", "add_reference", "add_message", *of_references]


def kept_files(complaint: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The complainant's and those that staff kept with the case: what a step names can be opened from here."""
    found = (*(complaint.get("attachments") or ()), *(complaint.get("case_files") or ()))
    return [file for file in found if file.get("attachment_id")]


def ask(token: str, complaint_id: str) -> dict[str, Part]:
    asked = services()
    return gather(
        {
            "case": lambda: asked.dispatch.case(token, complaint_id),
            "standing": lambda: asked.intake.standing(token, complaint_id),
            "complaint": lambda: asked.intake.complaint(token, complaint_id),
            "clocks": lambda: asked.sla.clocks(token, complaint_id),
            "notices": lambda: asked.notify.notices(token, complaint_id),
            "people": lambda: asked.tenants.people(token),
            "procedure": lambda: asked.tenants.procedure(token),
        }
    )


def _waits_now(case: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the whole case waits for; None: for nobody, or only a part does."""
    waits = (wait for wait in case.get("waits") or () if not wait.get("ended_at") and not wait.get("part_id"))
    return next(waits, None)
