"""Looking back: call-backs, reviews, checks of the ledger, and the cases everybody may read of (RE-4, RE-7)."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from services.portal.domain.answers import NotAllowed, NotThere, Part, RequestRefused, ServiceUnavailable
from services.portal.pages.asking import gather, services
from services.portal.pages.forms import Form, given
from services.portal.pages.names import names_of
from services.portal.pages.visitor import need_sign_in, signed_in
from services.portal.pages.wording import language, t

pages = Blueprint("oversight", __name__, url_prefix="/oversight")
pages.before_request(need_sign_in)

KINDS = ("callbacks", "reviews")
WORDS = ("number", "title", "text")
# What a person may say came of it, as reporting is told.
OUTCOMES: dict[str, dict[str, dict[str, bool]]] = {
    "callbacks": {
        "satisfied": {"reached": True, "satisfied": True},
        "unsatisfied": {"reached": True, "satisfied": False},
        "silent": {"reached": True},
        "not_reached": {"reached": False},
    },
    "reviews": {"kept": {"kept": True}, "not_kept": {"kept": False}},
}


@pages.before_request
def know_the_kind() -> None:
    """Only what is drawn has pages of its own. Raises NotThere."""
    if (request.view_args or {}).get("kind", KINDS[0]) not in KINDS:
        raise NotThere(404, {}, ())


@pages.get("")
def show() -> str:
    return overview()


@pages.get("/<kind>/<uuid:draw_id>")
def show_draw(kind: str, draw_id: UUID) -> str:
    return drawn(kind, draw_id)


@pages.post("/<kind>/<uuid:draw_id>/<uuid:complaint_id>")
def record(kind: str, draw_id: UUID, complaint_id: UUID) -> tuple[str, int] | Response:
    """What came of one call or review."""
    form = Form.sent()
    outcome = OUTCOMES[kind].get(form.text("outcome") or "")
    if outcome is None:
        form.mark(["outcome"])

    def send(token: str) -> str:
        said = given(note=form.text("note")) | (outcome or {})
        asked, ids = services().reporting, (str(draw_id), str(complaint_id))
        asked.record(token, kind, *ids, said, key=form.key, language=language())
        return url_for("oversight.show_draw", kind=kind, draw_id=draw_id)

    return _sent(form, ("outcome", "note"), send, lambda: drawn(kind, draw_id, str(complaint_id), form))


@pages.post("/typical-cases")
def write_case() -> tuple[str, int] | Response:
    """A case in words that name nobody; published, or no longer."""
    form = Form.sent()
    form.need(WORDS)

    def send(token: str) -> str:
        words = {"title": form.text("title"), "text": form.text("text"), "published": form.ticked("published")}
        complaint_id = _numbered(token, form)
        if complaint_id:
            services().reporting.write_case(token, complaint_id, words, key=form.key, language=language())
        return url_for("oversight.show")

    return _sent(form, WORDS, send, lambda: overview(form))


def overview(form: Form | None = None) -> str:
    """`form`: the typical case that was just refused."""
    person, asked = signed_in(), services()
    if person.is_operator:
        raise Forbidden
    parts = gather(
        {
            "callbacks": lambda: asked.reporting.draws(person.token, "callbacks"),
            "reviews": lambda: asked.reporting.draws(person.token, "reviews"),
            "ledger": lambda: asked.dispatch.ledger_checks(person.token),
            "cases": lambda: asked.reporting.typical_cases(person.token),
        }
    )
    if all(each.state == "not_allowed" for each in parts.values()):
        raise NotAllowed(403, {}, ())
    g.page_address = url_for("oversight.show")
    written = form.text("number") if form else None
    return render_template(
        "oversight/page.html",
        parts=parts,
        kinds=KINDS,
        writes="manager" in person.roles,
        written=written,
        form=form or Form(),
    )


def drawn(kind: str, draw_id: UUID, tried: str = "", form: Form | None = None) -> str:
    """`tried`: the complaint whose form was just refused."""
    person, asked = signed_in(), services()
    parts = gather(
        {
            "draw": lambda: asked.reporting.draw(person.token, kind, str(draw_id)),
            "people": lambda: asked.tenants.people(person.token),
            "procedure": lambda: asked.tenants.procedure(person.token),
        }
    )
    draw: Part = parts["draw"]
    if draw.state in ("missing", "not_allowed"):
        raise (NotThere if draw.state == "missing" else NotAllowed)(404 if draw.state == "missing" else 403, {}, ())
    g.page_address = url_for("oversight.show_draw", kind=kind, draw_id=draw_id)
    return render_template(
        "oversight/draw.html",
        kind=kind,
        draw_id=draw_id,
        draw=draw,
        cases=(draw.value.get("drawn") or []) if draw.here else [],
        outcomes=[(name, t(f"oversight.outcome.{name}")) for name in OUTCOMES[kind]],
        outcome_of=lambda case: outcome_of(kind, case),
        names=names_of(parts["procedure"]),
        staff={str(each["id"]): str(each["name"]) for each in parts["people"].items if "id" in each},
        tried=tried,
        form=form or Form(),
        blank=Form(),
    )


def outcome_of(kind: str, case: dict[str, Any]) -> str:
    """Which of OUTCOMES was said of it; `open` before anybody said anything."""
    if not case.get("at"):
        return "open"
    said = {name: case.get(name) for name in ("reached", "satisfied", "kept") if isinstance(case.get(name), bool)}
    return next((name for name, values in OUTCOMES[kind].items() if values == said), "open")


def _numbered(token: str, form: Form) -> str | None:
    """The id of the complaint with the form's number; None, and said at its field, when there is none."""
    found = services().intake.find(token, form.text("number") or "")
    items = found.get("items", [found])
    if len(items) == 1 and items[0].get("complaint_id"):
        return str(items[0]["complaint_id"])
    form.errors["number"] = t("oversight.no_such_number")
    return None


def _sent(
    form: Form, fields: Collection[str], send: Callable[[str], str], again: Callable[[], str]
) -> tuple[str, int] | Response:
    """On to where `send` says, or the page again with the form and what was wrong with it."""
    try:
        if form.clean:
            following = send(signed_in().token)
            if form.clean:
                return redirect(following)
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        form.refused(refused, fields)
    return again(), 422
