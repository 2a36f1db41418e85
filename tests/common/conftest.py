"""A small HTTP service over the sample's notes, with one route for everything that can happen."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from marshmallow import Schema, fields, validate

from libs.common import db, web
from libs.common.auth import Issuer, Principal, PublicKeys, make_keys
from libs.common.db import DatabaseAway
from libs.common.testing.fixtures import database, service, tenant, urls
from libs.common.testing.sample import Sample
from libs.common.web.access import ADMIN, OPERATOR, PUBLIC, STAFF, Blueprint, only, principal
from libs.common.web.access import service as service_with
from libs.common.web.idempotency import once

__all__ = ["database", "service", "tenant", "urls"]


class NoSuchNote(Exception):
    """There is no note with this id."""


class NotAcceptable(Exception):
    errors = ({"detail": "say it more kindly", "pointer": "#/text"},)


class Place(Schema):
    floor = fields.Integer(required=True, validate=validate.Range(-5, 200))


class NewNote(Schema):
    text = fields.String(required=True, validate=validate.Length(1, 100))
    places = fields.List(fields.Nested(Place()))


class Page(Schema):
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    q = fields.String()


class Noted(Schema):
    note_id = fields.UUID()
    text = fields.String()
    count = fields.Integer()


@pytest.fixture
def keys_folder(tmp_path: Path) -> Path:
    make_keys(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def app(service: Sample, keys_folder: Path) -> Flask:
    blueprints = [notes_blueprint(service), *guarded_blueprints()]
    return web.create_app(
        "sample",
        blueprints,
        keys=PublicKeys(keys_folder),
        clock=service.clock,
        ready=lambda: db.reachable(service.web),
        errors={NoSuchNote: 404, NotAcceptable: 422},
    )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def token(keys_folder: Path, service: Sample, tenant: UUID) -> Callable[..., str]:
    """A token of a member of staff; `issuer="notify"` and scopes for another service's."""
    person = uuid4()

    def sign(*roles: str, issuer: str = "tenants", of: UUID | None = None, scopes: tuple[str, ...] = ()) -> str:
        person_id = person if issuer == "tenants" else None
        asking = Principal(of or tenant, person_id, "Li", frozenset(roles), frozenset(), frozenset(scopes))
        return Issuer(issuer, keys_folder).sign(asking, service.clock.now(), timedelta(minutes=10))

    return sign


@pytest.fixture
def signed_in(token: Callable[..., str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token('front_line')}"}


def notes_blueprint(service: Sample) -> Blueprint:
    api = Blueprint("notes", access=STAFF)

    @api.route("/notes", methods=["POST"])
    @api.arguments(NewNote())
    @api.alt_response(201, schema=Noted())
    def add(given: dict) -> Response:
        """Note something."""
        tenant_id = principal().tenant_id

        def run(work) -> dict:
            if given["text"] == "unkind":
                raise NotAcceptable("This cannot be noted.")
            work.store.add(tenant_id, given["text"], work.now)
            if given["text"] == "breaks":
                raise ZeroDivisionError
            return {"note_id": uuid4(), "text": given["text"], "count": work.store.count()}

        return once(service.units, tenant_id, run, Noted(), 201)

    @api.route("/other-notes", methods=["POST"])
    @api.arguments(NewNote())
    @api.alt_response(200, schema=Noted())
    def add_elsewhere(given: dict) -> Response:
        """Note something elsewhere."""

        def run(work) -> dict:
            work.store.add(work.tenant_id, given["text"], work.now)
            return {"text": given["text"]}

        return once(service.units, principal().tenant_id, run, Noted())

    @api.route("/notes")
    @api.arguments(Page(), location="query")
    @api.response(200, Noted())
    def listed(page: dict) -> dict:
        """How many there are."""
        with service.units.read(principal().tenant_id) as store:
            return {"count": store.count(), "text": str(page["limit"])}

    @api.route("/complaints/<uuid:complaint_id>")
    @api.response(200, Noted())
    def one(complaint_id: UUID) -> dict:
        """Never there."""
        raise NoSuchNote

    @api.route("/broken/<what>")
    @api.response(200)
    def broken(what: str) -> None:
        """Fail in this way."""
        raise {"away": DatabaseAway("server closed"), "bug": ZeroDivisionError("about 13812345678")}[what]

    return api


def guarded_blueprints() -> list[Blueprint]:
    """`/v1/<name>` for each kind of access."""
    found = []
    kinds = {"public": PUBLIC, "staff": STAFF, "admin": ADMIN, "operator": OPERATOR, "contact": service_with("contact")}
    for name, access in kinds.items():
        api = Blueprint(name, access=access)

        @api.route(f"/{name}")
        @api.response(200)
        def answer() -> dict:
            """Answer."""
            return {}

        found.append(api)
    api = Blueprint("managers", access=STAFF)

    @api.route("/managers")
    @api.response(200)
    @only("manager", "supervisor")
    def managers() -> dict:
        """For some."""
        return {}

    return [*found, api]
