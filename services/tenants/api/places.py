"""A tenant's places: seen by its staff, added by its admins."""

from typing import Any

from flask import Response

from libs.common.unit_of_work import Work
from libs.common.web.access import STAFF, Blueprint, only, principal
from libs.common.web.idempotency import once
from services.tenants import schemas
from services.tenants.api.answers import page
from services.tenants.handlers.gate import Gate
from services.tenants.handlers.places import add_place
from services.tenants.store import Store


def blueprint(gate: Gate) -> Blueprint:
    api = Blueprint("places", access=STAFF, url_prefix="/v1/places")

    @api.route("", methods=["POST"])
    @only("admin")
    @api.arguments(schemas.PlaceForm())
    @api.alt_response(201, schema=schemas.PlaceOut())
    def add(form: dict[str, Any]) -> Response:
        """A new property, building or unit."""

        def add_it(work: Work[Store]) -> dict[str, Any]:
            return add_place(work, **form)

        return once(gate.units, principal().tenant_id, add_it, schemas.PlaceOut(), 201)

    @api.route("")
    @api.arguments(schemas.Page(), location="query")
    @api.response(200, schemas.PlaceList())
    def listed(wanted: dict[str, Any]) -> dict[str, Any]:
        """The tenant's places by their full names."""
        with gate.units.read(principal().tenant_id) as store:
            rows = store.places.page(wanted["cursor"], wanted["limit"] + 1)
        return page(rows, wanted["limit"], "place_id")

    return api
