"""The platform's operator: queues, parked events, traces (PO-5). No complaint content comes here."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from services.portal.domain.answers import Part, RequestRefused, ServiceUnavailable
from services.portal.domain.traces import traces, waterfall
from services.portal.pages.asking import gather, part, reach, services
from services.portal.pages.forms import Form
from services.portal.pages.visitor import need_sign_in, signed_in

pages = Blueprint("operator", __name__, url_prefix="/operator")
pages.before_request(need_sign_in)

NOTHING = Part(state="missing")
LEAPS = (3600, 4 * 3600, 24 * 3600, 7 * 24 * 3600)


@pages.before_request
def need_operator() -> None:
    if not signed_in().is_operator:
        raise Forbidden


@pages.get("")
def show() -> str:
    token, asked = signed_in().token, services()
    calls: dict[str, Any] = {}
    for name, service in asked.operations.items():
        calls[f"queues {name}"] = lambda service=service: service.queues(token)
        calls[f"parked {name}"] = lambda service=service: service.parked(token)
    if asked.traces:
        calls["traces"] = lambda: asked.traces.recent(token)
    if asked.platform:
        calls["clock"] = lambda: asked.platform.clock(token)
    parts = gather(calls)
    return render_template(
        "operator/page.html",
        queues={name: parts[f"queues {name}"] for name in asked.operations},
        parked={name: parts[f"parked {name}"] for name in asked.operations},
        traces=parts.get("traces"),
        summaries=traces(parts.get("traces", NOTHING).items),
        clock=parts.get("clock"),
        leaps=LEAPS,
        form=Form(),
        fresh=Form,
        jaeger_url=reach().jaeger_url,
        done=request.args.get("done"),
    )


@pages.post("/parked/<service>/<uuid:event_id>/replay")
def replay(service: str, event_id: UUID) -> Response:
    asked = services().operations.get(service)
    if asked is None:
        raise NotFound
    outcome = tried(lambda: asked.replay(signed_in().token, str(event_id), key=Form.sent().key))
    return redirect(url_for("operator.show", done="replayed" if outcome else "failed"))


@pages.post("/clock")
def advance() -> Response:
    """Move the clock of a trial forward by one of the offered leaps."""
    platform = services().platform
    seconds = request.form.get("seconds", type=int)
    if platform is None or seconds not in LEAPS:
        raise NotFound
    outcome = tried(lambda: platform.advance(signed_in().token, seconds, key=Form.sent().key))
    return redirect(url_for("operator.show", done="advanced" if outcome else "failed"))


@pages.get("/complaint")
def complaint() -> str:
    """What every service said and heard about one complaint, and its spans."""
    token, asked = signed_in().token, services()
    wanted = request.args.get("id", "").strip()
    try:
        id = str(UUID(wanted))
    except ValueError:
        return render_template("operator/complaint.html", id=wanted, known=False, parts={}, lines=[], summaries=[])
    calls: dict[str, Any] = {
        name: lambda service=service: service.timeline(token, id) for name, service in asked.operations.items()
    }
    if asked.traces:
        calls["traces"] = lambda: asked.traces.of_complaint(token, id)
    parts = gather(calls)
    spans = parts.pop("traces", NOTHING)
    lines = [line | {"service": name} for name, part in parts.items() for line in part.items]
    return render_template(
        "operator/complaint.html",
        id=id,
        known=True,
        parts=parts,
        local=asked.traces is not None,
        lines=sorted(lines, key=lambda line: str(line.get("at"))),
        summaries=traces(spans.items),
        jaeger_url=reach().jaeger_url,
    )


@pages.get("/traces/<trace_id>")
def trace(trace_id: str) -> str:
    asked, token = services().traces, signed_in().token
    if asked is None:
        raise NotFound
    spans = part(lambda: asked.of_trace(token, trace_id))
    if spans.here and not spans.items:
        raise NotFound
    return render_template(
        "operator/trace.html",
        trace_id=trace_id,
        spans=spans,
        bars=waterfall(spans.items),
        service_colour=colour,
        jaeger_url=reach().jaeger_url,
    )


def colour(service: object) -> int:
    """One of eight colours, the same for a service on every page; the last for a name not known here."""
    known = list(services().operations)
    return known.index(str(service)) if service in known else 7


def tried(call: Any) -> bool:
    try:
        call()
    except (ServiceUnavailable, RequestRefused):
        return False
    return True
