"""A tenant's people: seen by its staff, kept by its admins, reached by notify alone."""

from typing import Any
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import Work
from libs.common.web.access import STAFF, Blueprint, only, principal, service
from libs.common.web.idempotency import once
from services.tenants import schemas
from services.tenants.api.answers import page
from services.tenants.domain.person import NewPerson
from services.tenants.handlers import passwords
from services.tenants.handlers.gate import Gate
from services.tenants.handlers.people import add_person, change_person, find_person, reachable_at
from services.tenants.store import Store

COLLEAGUES_SEE = ("person_id", "name", "roles", "departments", "skills", "active")


def blueprint(gate: Gate) -> Blueprint:
    api = Blueprint("people", access=STAFF, url_prefix="/v1/people")

    @api.route("", methods=["POST"])
    @only("admin")
    @api.arguments(schemas.PersonForm())
    @api.alt_response(201, schema=schemas.PersonOut())
    def add(form: dict[str, Any]) -> Response:
        """A new member of staff; without a password they cannot sign in yet."""
        new = NewPerson(**_with_hash(form))

        def add_them(work: Work[Store]) -> Any:
            return find_person(work.store, add_person(work, new))

        return once(gate.units, principal().tenant_id, add_them, schemas.PersonOut(), 201)

    @api.route("")
    @api.arguments(schemas.Page(), location="query")
    @api.response(200, schemas.PersonList())
    def listed(wanted: dict[str, Any]) -> dict[str, Any]:
        """The tenant's people; logins and addresses only for admins."""
        with gate.units.read(principal().tenant_id) as store:
            rows = store.people.page(wanted["cursor"], wanted["limit"] + 1)
        if "admin" in principal().roles:
            return page(rows, wanted["limit"], "person_id")
        return page([{name: row[name] for name in COLLEAGUES_SEE} for row in rows], wanted["limit"], "person_id")

    @api.route("/<uuid:person_id>", methods=["PATCH"])
    @only("admin")
    @api.arguments(schemas.PersonChanges())
    @api.alt_response(200, schema=schemas.PersonOut())
    def change(form: dict[str, Any], person_id: UUID) -> Response:
        """Change what is given. A new password, other roles or leaving end the person's sessions."""
        changes = _with_hash(form)

        def change_them(work: Work[Store]) -> dict[str, Any]:
            return change_person(work, person_id, changes)

        return once(gate.units, principal().tenant_id, change_them, schemas.PersonOut())

    return api


def addresses(gate: Gate) -> Blueprint:
    api = Blueprint("addresses", access=service("staff_address"), url_prefix="/v1/people/<uuid:person_id>")

    @api.route("/address")
    @api.response(200, schemas.Address())
    def address(person_id: UUID) -> Any:
        """Where a member of staff can be reached (NO-1)."""
        with gate.units.read(principal().tenant_id) as store:
            return reachable_at(store, person_id)

    return api


def _with_hash(form: dict[str, Any]) -> dict[str, Any]:
    """The form with the password's hash in the password's place."""
    password = form.pop("password", None)
    return form if password is None else form | {"password_hash": passwords.hashed(password)}
