"""Filing a complaint without signing in (PO-1)."""

from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from services.portal.domain.answers import NotThere, Part, RequestRefused, ServiceUnavailable, SignInNeeded
from services.portal.domain.deadlines import moment
from services.portal.domain.filing import owed, unanswered
from services.portal.domain.languages import named, written_in
from services.portal.pages.asking import now, part, reach, services
from services.portal.pages.forms import Form, given
from services.portal.pages.wording import language, mine

pages = Blueprint("guest", __name__, url_prefix="/t/<slug:slug>")

KEPT = "complaint"
KEPT_FOR = timedelta(minutes=30)
SHOWN = (
    "text",
    "impact",
    "asked_for",
    "category",
    "place_id",
    "where",
    "happened_at",
    "name",
    "phone",
    "email",
    "identity_number",
    "answer_by",
    "attachments",
    "anonymous",
    "follows",
    "follows_secret",
)
NEEDED_WITHOUT_FORM = ["text"]


class SlugConverter(BaseConverter):
    """A tenant's slug: lower-case letters, digits and hyphens."""

    regex = "[a-z0-9][a-z0-9-]{0,62}"


@pages.get("")
def show(slug: str) -> str:
    description = described(slug)
    chosen = {"place_id": request.args.get("place", ""), "category": request.args.get("category", "")}
    return page(slug, Form(values=chosen | taken_up(slug)), description)


def taken_up(slug: str) -> dict[str, str]:
    """The earlier complaint that the new one takes up again, with its secret where the guest has just shown it."""
    number, known = request.args.get("follows", ""), kept(slug)
    secret = known["secret"] if known and known["number"] == number else ""
    return {"follows": number, "follows_secret": secret}


@pages.post("")
def file_complaint(slug: str) -> tuple[str, int] | Response:
    description, form = described(slug), Form.sent()
    try:
        form.add_files(partial(services().intake.add_attachment, slug))
        complaint = complaint_in(form)
        form.mark(unanswered(owed(required(description), anonymous=form.ticked("anonymous")), complaint))
        if form.clean:
            keep(slug, services().intake.file_complaint(slug, complaint, key=form.key, language=language()))
            return redirect(url_for("guest.done", slug=slug))
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        if isinstance(refused, NotThere):
            raise
        form.refused(refused, SHOWN)
    return page(slug, form, description), 422


@pages.get("/done")
def done(slug: str) -> str | Response:
    complaint = kept(slug)
    if complaint is None:
        return redirect(url_for("guest.show", slug=slug))
    return render_template(
        "guest/done.html",
        slug=slug,
        complaint=complaint,
        described=described(slug),
        public_url=reach().public_url,
    )


@pages.post("/leave")
def leave(slug: str) -> Response:
    """On a shared screen: nothing of this complaint stays behind."""
    session.pop(KEPT, None)
    return redirect(url_for("guest.show", slug=slug))


def page(slug: str, form: Form, description: Part) -> str:
    offered = description.value if description.here else {}
    return render_template(
        "guest/form.html",
        slug=slug,
        form=form,
        described=description,
        required=required(description),
        places=places_of(description),
        categories=list(named(offered.get("categories"), language()).items()),
    )


def places_of(description: Part) -> list[tuple[str, str]]:
    """Id and label of every place the tenant offers; none while tenants is away."""
    offered = description.value.get("places") if description.here else None
    return [(str(place["id"]), mine(place.get("label"))) for place in offered or ()]


def described(slug: str) -> Part:
    """The tenant's form. While tenants is away the essential fields are offered, and intake still judges.
    Raises NotThere for an unknown slug."""
    description = part(lambda: services().tenants.form(slug))
    if description.state == "missing":
        raise NotThere(404, {}, ())
    if description.here:
        tenant = description.value.get("tenant") or {}
        g.fallback, g.tenant_zone = tenant.get("language"), tenant.get("time_zone")
    return description


def required(description: Part) -> list[str]:
    """What this tenant requires on the web, as its Procedure calls it; at least what happened."""
    if not description.here:
        return NEEDED_WITHOUT_FORM
    by_channel = description.value.get("required") or {}
    return [str(name) for name in by_channel.get("web") or NEEDED_WITHOUT_FORM]


def complaint_in(form: Form) -> dict[str, Any]:
    """The complaint a form holds, without the fields left empty. Who stays anonymous gives no name, and an
    address only for the way of answering that was chosen."""
    anonymous, way = form.ticked("anonymous"), form.text("answer_by")
    return given(
        text=form.text("text"),
        impact=form.text("impact"),
        asked_for=form.text("asked_for"),
        category=form.text("category"),
        place_id=form.text("place_id"),
        where=form.text("where"),
        happened_at=form.moment("happened_at"),
        name=None if anonymous else form.text("name"),
        phone=form.text("phone") if not anonymous or way == "sms" else None,
        email=form.text("email") if not anonymous or way == "email" else None,
        identity_number=None if anonymous else form.text("identity_number"),
        language=written_in([tag for tag, _ in request.accept_languages], language()),
        anonymous=anonymous or None,
        answer_by=[way] if anonymous and way else None,
        attachments=form.file_ids,
        follows=form.text("follows"),
        follows_secret=form.text("follows_secret"),
    )


def keep(slug: str, answer: dict[str, Any]) -> None:
    """Hold number and secret for a while, so that the guest need not type them at once."""
    session[KEPT] = {
        "slug": slug,
        "number": answer["number"],
        "secret": answer["tracking_secret"],
        "registered_at": answer.get("registered_at"),
        "until": (now() + KEPT_FOR).isoformat(),
    }


def kept(slug: str) -> dict[str, str] | None:
    """The complaint this guest filed or looked up a moment ago; None later, or at another tenant."""
    complaint = session.get(KEPT)
    if not complaint or complaint["slug"] != slug:
        return None
    until = moment(complaint["until"])
    return complaint if until and until > now() else None


def wrong_number(failure: Exception) -> bool:
    """Whether an answer means that number and secret do not belong together."""
    return isinstance(failure, SignInNeeded) or (isinstance(failure, RequestRefused) and failure.status in (403, 404))
