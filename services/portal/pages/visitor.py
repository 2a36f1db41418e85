"""Who is at the screen: the signed-in person, kept in the session cookie, with an access token that is
renewed before it ends."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.portal.domain.answers import RequestRefused, ServiceUnavailable, SignInNeeded
from services.portal.domain.deadlines import moment
from services.portal.pages.asking import now, services

KEY = "sign_in"
RENEW_BEFORE = timedelta(seconds=60)
FIGURES = {"supervisor", "coordinator", "manager", "admin", "auditor"}
LOOKS_BACK = {"supervisor", "coordinator", "manager", "admin", "auditor"}
REGISTERS = {"front_line", "supervisor", "coordinator", "manager", "admin"}


@dataclass(frozen=True)
class Visitor:
    token: str
    person: dict[str, Any]
    tenant: dict[str, Any]

    @property
    def roles(self) -> set[str]:
        return set(self.person.get("roles") or ())

    @property
    def is_operator(self) -> bool:
        return "operator" in self.roles

    @property
    def sees_figures(self) -> bool:
        return bool(FIGURES & self.roles)

    @property
    def looks_back(self) -> bool:
        return bool(LOOKS_BACK & self.roles)

    @property
    def writes_rules(self) -> bool:
        return "admin" in self.roles

    @property
    def registers(self) -> bool:
        return bool(REGISTERS & self.roles)


def visitor() -> Visitor | None:
    """The signed-in person; None for a guest."""
    kept = session.get(KEY)
    return Visitor(kept["access"], kept["person"], kept["tenant"]) if kept else None


def signed_in() -> Visitor:
    """The signed-in person. Raises SignInNeeded for a guest."""
    person = visitor()
    if person is None:
        raise SignInNeeded
    return person


def remember(answer: dict[str, Any]) -> None:
    """Keep a sign-in, as tenants answered it. Nothing else of an earlier visitor stays but the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    _keep(answer)


def forget() -> None:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def need_sign_in() -> Response | None:
    """Before every staff page: a valid access token, renewed in time. Raises SignInNeeded."""
    signed_in()
    renew()
    return None


def renew() -> None:
    """Ask for a new access token shortly before the old one ends. Whoever lost a race for it goes on with the
    old token as long as that is good. Raises SignInNeeded or ServiceUnavailable once it is not."""
    kept = session[KEY]
    ends = moment(kept["ends"])
    if ends and ends - now() > RENEW_BEFORE:
        return
    try:
        _keep(services().tenants.refresh(kept["refresh"]))
    except (SignInNeeded, RequestRefused):
        if not ends or ends <= now():
            raise SignInNeeded from None
    except ServiceUnavailable:
        if not ends or ends <= now():
            raise


def to_sign_in(_: SignInNeeded) -> AnyResponse:
    """Send a guest to the sign-in screen, and back afterwards."""
    session.pop(KEY, None)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for("session.sign_in", next=wanted)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _keep(answer: dict[str, Any]) -> None:
    tenant, person = answer.get("tenant") or {}, answer.get("person") or {}
    session[KEY] = {
        "access": answer["access_token"],
        "refresh": answer["refresh_token"],
        "ends": answer["expires_at"],
        "person": {name: person.get(name) for name in ("id", "name", "roles", "departments", "language")},
        "tenant": {name: tenant.get(name) for name in ("slug", "name", "kind", "language", "time_zone")},
    }
    g.pop("language", None)
