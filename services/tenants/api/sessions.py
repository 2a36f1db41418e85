"""Signing in, with a password or with a key. These answers are never stored, so no Idempotency-Key is taken."""

from typing import Any, NoReturn
from uuid import UUID

from werkzeug.exceptions import TooManyRequests

from libs.common.auth import ROLES
from libs.common.web.access import PUBLIC, Access, Blueprint, principal
from services.tenants import schemas
from services.tenants.handlers import signing_in
from services.tenants.handlers.api_keys import token_for_key
from services.tenants.handlers.gate import Gate

ANYBODY_SIGNED_IN = Access(roles=frozenset(ROLES))


def blueprint(gate: Gate) -> Blueprint:
    api = Blueprint("sessions", access=PUBLIC)

    @api.route("/sessions", methods=["POST"])
    @api.arguments(schemas.Credentials())
    @api.response(201, schemas.SessionOut())
    def sign_in(given: dict[str, str]) -> Any:
        """Sign in. Whatever is wrong, the answer is the same 401."""
        try:
            return signing_in.sign_in(gate, given["tenant"], given["login"], given["password"])
        except signing_in.TooManyAttempts as blocked:
            _refuse(blocked.seconds)

    @api.route("/sessions/refresh", methods=["POST"])
    @api.arguments(schemas.RefreshForm())
    @api.response(201, schemas.SessionOut())
    def refresh(given: dict[str, str]) -> Any:
        """New tokens for an open session. Using a refresh token twice ends the session."""
        return signing_in.refresh(gate, given["refresh_token"])

    @api.route("/tokens", methods=["POST"])
    @api.arguments(schemas.KeyCredentials())
    @api.response(201, schemas.TokenOut())
    def token(given: dict[str, str]) -> dict[str, Any]:
        """An access token for an API key."""
        access_token, expires_at = token_for_key(gate, given["tenant"], given["api_key"])
        return {"access_token": access_token, "expires_at": expires_at}

    return api


def own_session(gate: Gate) -> Blueprint:
    api = Blueprint("own-session", access=ANYBODY_SIGNED_IN)

    @api.route("/sessions/current", methods=["DELETE"])
    @api.response(204)
    def sign_out() -> None:
        """End the session of the token that is used here."""
        if session_id := principal().session_id:
            with gate.units.begin(principal().tenant_id) as work:
                signing_in.sign_out(work, UUID(session_id))

    return api


def _refuse(seconds: int) -> NoReturn:
    raise TooManyRequests("This login failed too often. Try again later.", retry_after=seconds)
