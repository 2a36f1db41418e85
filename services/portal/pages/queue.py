"""The work lists: mine, my department's, all (PO-2)."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.portal.domain.answers import NotAllowed, RequestRefused, ServiceUnavailable
from services.portal.pages.asking import gather, services
from services.portal.pages.names import names_of
from services.portal.pages.visitor import need_sign_in, signed_in

pages = Blueprint("queue", __name__, url_prefix="/work")
pages.before_request(need_sign_in)

VIEWS = ("mine", "department", "absent", "all")
STATES = ("open", "closed", "all")


@pages.get("")
def show() -> str | Response:
    person = signed_in()
    if person.is_operator:
        return redirect(url_for("operator.show"))
    view, state = one_of(VIEWS, request.args.get("view")), one_of(STATES, request.args.get("state"))
    department, cursor = request.args.get("department"), request.args.get("cursor")
    parts = gather(
        {
            "cases": lambda: services().dispatch.cases(
                person.token, view=view, state=state, department=department, cursor=cursor
            ),
            "procedure": lambda: services().tenants.procedure(person.token),
        }
    )
    template = "work/rows.html" if request.headers.get("HX-Request") and cursor else "work/list.html"
    return render_template(
        template,
        view=view,
        views=VIEWS,
        state_wanted=state,
        states=STATES,
        department=department,
        cases=parts["cases"],
        names=names_of(parts["procedure"]),
    )


def one_of(offered: tuple[str, ...], wanted: str | None) -> str:
    """What was wanted, if it is offered; else the first."""
    return wanted if wanted in offered else offered[0]


@pages.get("/find")
def find() -> str | Response:
    """Straight to the case with this number, or a page that says there is none."""
    number = request.args.get("number", "").strip()
    if not number:
        return redirect(url_for("queue.show"))
    try:
        found = services().intake.find(signed_in().token, number)
    except NotAllowed:
        raise
    except RequestRefused:
        found = {}
    except ServiceUnavailable:
        return render_template("work/not_found.html", number=number, away=True)
    items = found.get("items", [found] if found else [])
    if len(items) == 1 and items[0].get("complaint_id"):
        return redirect(url_for("case.show", complaint_id=items[0]["complaint_id"]))
    return render_template("work/not_found.html", number=number, away=False)
