"""A draft is tried on one text, and previewed on past cases, before it is published (PO-4)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint

from services.portal.domain.answers import RequestRefused, ServiceUnavailable
from services.portal.domain.previewed import becoming, one_table
from services.portal.pages.asking import now, services
from services.portal.pages.forms import Form, given
from services.portal.pages.procedure import draft_page, need_admin
from services.portal.pages.visitor import signed_in
from services.portal.pages.wording import language

pages = Blueprint("procedure_tried", __name__, url_prefix="/procedure/drafts/<uuid:draft_id>")
pages.before_request(need_admin)

MOST_CASES = 1_000
MOST_LINES = 100
USUAL_DAYS = timedelta(days=90)
CLASSED = ("category", "urgency", "department", "major")


@pages.post("/try")
def try_text(draft_id: UUID) -> tuple[str, int] | str:
    """Dispatch says what the complaint would become, sla by when what would then be due."""
    form = Form.sent()
    form.need(["text", "channel"])

    def ask(candidate: dict[str, Any]) -> dict[str, Any]:
        about = {"channel": form.text("channel")}
        text = given(text=form.text("text"), place=form.text("place"), **about)
        token, words = signed_in().token, language()
        became = services().dispatch.try_procedure(token, candidate | text, language=words)
        facts = about | {name: became[name] for name in CLASSED}
        asked = candidate | {"facts": facts, "received_at": now().isoformat()}
        due = services().sla.try_deadlines(token, asked, language=words)
        return {"became_of": became, "due": due["items"]}

    return _shown(draft_id, form, "try", ("text", "channel", "place"), ask)


@pages.post("/preview")
def preview(draft_id: UUID) -> tuple[str, int] | str:
    """Of past cases: what dispatch would have made of them, and what sla would then have wanted by when."""
    form = Form.sent()
    first, last = form.moment("from") or _utc(now() - USUAL_DAYS), form.moment("to") or _utc(now())

    def ask(candidate: dict[str, Any]) -> dict[str, Any]:
        cases = candidate | {"from": first, "to": last, "limit": MOST_CASES, "rows": MOST_CASES}
        token, words = signed_in().token, language()
        routed = services().dispatch.preview(token, cases, language=words)
        timed = services().sla.preview(token, cases | {"becoming": becoming(routed["items"])}, language=words)
        lines = one_table(routed["items"], timed["items"])
        return {"routed": routed, "timed": timed, "lines": lines[:MOST_LINES], "further": len(lines) - MOST_LINES}

    return _shown(draft_id, form, "preview", ("from", "to"), ask)


def _shown(
    draft_id: UUID, form: Form, what: str, fields: tuple[str, ...], ask: Callable[[dict[str, Any]], dict[str, Any]]
) -> tuple[str, int] | str:
    """The draft with what came out, or with what was wrong."""
    found: dict[str, Any] = {}
    try:
        if form.clean:
            draft = services().tenants.draft(signed_in().token, str(draft_id))
            found = ask({"document": draft["document"]})
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        form.refused(refused, fields)
    page = draft_page(draft_id, form=form, tried=what, **found)
    return page if form.clean else (page, 422)


def _utc(moment: Any) -> str:
    return str(moment.isoformat()).replace("+00:00", "Z")
