"""Doors for mail and booking platforms. The door's token in the path leads to the tenant; platforms also sign."""

from typing import Any

from flask import abort, request

from libs.common.web.access import PUBLIC, Blueprint
from libs.common.web.body import NotStrictJson, read_json
from services.intake import schemas
from services.intake.domain.complaint import NotAcceptable
from services.intake.domain.ota import read_booking_reviews, read_envelope
from services.intake.handlers.accounts import Account, account_behind, check_signature, door_key
from services.intake.handlers.desk import Desk, Tenant
from services.intake.handlers.doors import take_mail, take_review
from services.intake.handlers.tenant import KnownTenants

LARGEST_MAIL = 30_000_000  # bytes


def blueprint(desk: Desk, known: KnownTenants) -> Blueprint:
    api = Blueprint("doors", access=PUBLIC, url_prefix="/v1/doors/<token>")

    @api.route("/mail", methods=["POST"])
    @api.response(202, schemas.Taken())
    def mail(token: str) -> Any:
        """A raw mail (message/rfc822), as a mail server or provider hands it over."""
        request.max_content_length = LARGEST_MAIL
        tenant, account = behind(token, "mail")
        if request.mimetype not in ("message/rfc822", "application/octet-stream"):
            abort(415, description="Send the raw mail as message/rfc822.")
        return take_mail(desk, tenant, account, request.get_data())

    @api.route("/ota/<platform>", methods=["POST"])
    @api.response(202, schemas.Taken())
    def ota(token: str, platform: str) -> Any:
        """One review or message in the generic envelope, signed (Standard Webhooks 1.0.0)."""
        tenant, account = behind(token, "ota", platform)
        body = signed_body(tenant, account)
        return take_review(desk, tenant, account, read_envelope(platform, body, tenant.zone))

    @api.route("/booking", methods=["POST"])
    @api.response(202, schemas.TakenReviews())
    def booking(token: str) -> Any:
        """A page of reviews in Booking.com's own shape, signed (Standard Webhooks 1.0.0)."""
        tenant, account = behind(token, "ota", "booking")
        items = read_booking_reviews(signed_body(tenant, account))
        return {"accepted": [take_review(desk, tenant, account, item) for item in items]}

    def behind(token: str, kind: str, platform: str | None = None) -> tuple[Tenant, Account]:
        tenant, account_id = known.behind(door_key(token))
        return tenant, account_behind(desk, tenant, account_id, kind, platform)

    def signed_body(tenant: Tenant, account: Account) -> dict[str, Any]:
        """The body, after its signature over the raw bytes was checked."""
        raw = request.get_data()
        check_signature(desk, tenant, account, dict(request.headers), raw)
        try:
            body = read_json(raw)
        except NotStrictJson as mistake:
            abort(400, description=f"The body cannot be read: {mistake}.")
        if not isinstance(body, dict):
            raise NotAcceptable([{"detail": "The body must be a JSON object.", "pointer": "#"}])
        return body

    return api
