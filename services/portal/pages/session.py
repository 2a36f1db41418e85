import re
from contextlib import suppress

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.portal.domain.answers import RequestRefused, ServiceUnavailable, SignInNeeded
from services.portal.pages.asking import services
from services.portal.pages.forms import Form
from services.portal.pages.visitor import forget, remember, visitor
from services.portal.pages.wording import t

pages = Blueprint("session", __name__)

OWN_PAGE = re.compile(r"/(?![/\\])[^\x00-\x1f]*")


@pages.get("/sign-in")
def sign_in() -> str | Response:
    if visitor():
        return redirect(wanted_page())
    return render_template("sign_in.html", form=Form(values=request.args.to_dict()))


@pages.post("/sign-in")
def open_session() -> tuple[str, int] | Response:
    form = Form.sent()
    form.need(("tenant", "login", "password"))
    if form.clean:
        try:
            remember(
                services().tenants.sign_in(
                    form.text("tenant") or "", form.text("login") or "", str(form.values["password"])
                )
            )
            return redirect(wanted_page())
        except SignInNeeded:
            form.general.append(t("sign_in.wrong"))
        except RequestRefused as refused:
            form.general.append(t("sign_in.too_often" if refused.status == 429 else "sign_in.wrong"))
        except ServiceUnavailable:
            form.general.append(t("sign_in.not_available"))
    return render_template("sign_in.html", form=form), 422


@pages.post("/sign-out")
def sign_out() -> Response:
    """The cookie goes in any case, also when tenants cannot be told."""
    person = visitor()
    if person:
        with suppress(ServiceUnavailable, RequestRefused, SignInNeeded):
            services().tenants.sign_out(person.token)
    forget()
    return redirect(url_for("session.sign_in"))


def wanted_page() -> str:
    """The page asked for before signing in, if it is one of ours; else the person's first page."""
    wanted = request.values.get("next", "")
    if OWN_PAGE.fullmatch(wanted):
        return wanted
    person = visitor()
    return url_for("operator.show" if person and person.is_operator else "queue.show")
