"""Open to everybody: what a tenant's form asks for, and the keys that sign tokens (RFC 7517)."""

from typing import Any

from flask import Response, jsonify

from libs.common.auth import PublicKeys
from libs.common.web.access import PUBLIC, Blueprint
from services.tenants import schemas
from services.tenants.handlers.form import describe_form
from services.tenants.handlers.gate import Gate


def blueprint(gate: Gate) -> Blueprint:
    api = Blueprint("public", access=PUBLIC, url_prefix="/v1/public/tenants/<slug>")

    @api.route("/form")
    @api.response(200, schemas.FormOut())
    def form(slug: str) -> dict[str, Any]:
        """What the tenant's public complaint form asks for and offers."""
        return describe_form(gate, slug)

    return api


def keys_blueprint(keys: PublicKeys) -> Blueprint:
    api = Blueprint("keys", access=PUBLIC, url_prefix="/.well-known")

    @api.route("/jwks.json")
    @api.alt_response(200, content_type="application/json")
    def jwks() -> Response:
        """The public keys of every issuer of tokens."""
        response = jsonify(keys.jwks)
        response.headers["Cache-Control"] = "public, max-age=300"
        return response

    return api
