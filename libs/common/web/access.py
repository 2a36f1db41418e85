"""Who may use which part of an API: said once per blueprint, checked before any view runs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, NoReturn, TypeVar

import flask_smorest
from flask import Flask, abort, g, request
from werkzeug.datastructures import WWWAuthenticate

from libs.common import telemetry
from libs.common.auth import NotAuthentic, Principal, PublicKeys
from libs.common.clock import Clock
from libs.common.web.body import StrictParser

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Public; or people with one of `roles` (empty: any member of the tenant's staff); or services with `scope`."""

    public: bool = False
    roles: frozenset[str] = frozenset()
    scope: str | None = None

    def allows(self, principal: Principal) -> bool:
        if self.scope is not None:
            return self.scope in principal.scopes
        if principal.person_id is None and "staff" not in principal.scopes:
            return False
        if self.roles:
            return bool(self.roles & principal.roles)
        return "operator" not in principal.roles


PUBLIC = Access(public=True)
STAFF = Access()
ADMIN = Access(roles=frozenset({"admin"}))
OPERATOR = Access(roles=frozenset({"operator"}))


def service(scope: str) -> Access:
    return Access(scope=scope)


class Blueprint(flask_smorest.Blueprint):
    """A flask-smorest blueprint that says who may use it and reads bodies strictly."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, *, access: Access | None, url_prefix: str = "/v1", description: str = "") -> None:
        super().__init__(name, name, url_prefix=url_prefix, description=description)
        self.access = access


def watch(app: Flask, keys: PublicKeys | None, clock: Clock) -> None:
    """Before every view: find out who asks and whether the blueprint is open to them. Deny by default."""

    @app.before_request
    def authenticate() -> None:
        blueprint = app.blueprints.get(request.blueprint or "")
        access = getattr(blueprint, "access", None)
        described_to_all = request.blueprint == "api-docs"  # flask-smorest's own, with openapi.json
        if access == PUBLIC or described_to_all or request.url_rule is None:
            return
        if keys is None or access is None:
            _refuse()
        g.principal = _principal(keys, clock)
        if not access.allows(g.principal):
            abort(403, description="Your role does not allow this.")

    @app.before_request
    def name_the_tenant() -> None:
        if "principal" in g:
            about = telemetry.about(tenant=g.principal.tenant_id)
            about.__enter__()
            g.about = about


def forget_the_tenant() -> None:
    """Before the request's own facts end, so that none of them is left to the thread's next request."""
    if about := g.pop("about", None):
        about.__exit__(None, None, None)


def _principal(keys: PublicKeys, clock: Clock) -> Principal:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        if kind.lower() != "bearer":
            raise NotAuthentic
        return keys.verify(token, clock.now())
    except NotAuthentic:
        _refuse()


def _refuse() -> NoReturn:
    asked = WWWAuthenticate("bearer", {"realm": "redress"})
    abort(401, description="Sign in: a valid bearer token is needed.", www_authenticate=asked)


def principal() -> Principal:
    """Who asks; only inside a view of a blueprint that is not public."""
    found: Principal = g.principal
    return found


def only(*roles: str) -> Callable[[View], View]:
    """This one route is for these roles."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if not principal().roles & set(roles):
                abort(403, description=f"This is for: {', '.join(roles)}.")
            return view(*args, **kwargs)

        return checked  # type: ignore[return-value]

    return decorate


def not_for(role: str) -> Callable[[View], View]:
    """This one route is not for who has no other role than this."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if principal().roles == {role}:
                abort(403, description=f"Your role, {role}, does not allow this.")
            return view(*args, **kwargs)

        return checked  # type: ignore[return-value]

    return decorate
