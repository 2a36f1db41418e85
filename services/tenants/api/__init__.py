"""Tenants over HTTP: sign-in, the public form, operators, admins, staff, and one question for notify alone."""

from libs.common.auth import PublicKeys
from libs.common.web.access import Blueprint
from services.tenants.api import api_keys, drafts, people, places, procedures, public, sessions, tenants
from services.tenants.domain.mistakes import AlreadyTaken, NotAcceptable
from services.tenants.handlers.api_keys import NoSuchKey
from services.tenants.handlers.drafts import DraftChanged, NoSuchDraft
from services.tenants.handlers.gate import Gate, NoSuchTenant
from services.tenants.handlers.people import LastAdmin, NoSuchPerson
from services.tenants.handlers.procedures import NoProcedure, WarningsStand
from services.tenants.handlers.signing_in import NotSignedIn

ERRORS: dict[type[Exception], int] = {
    NotSignedIn: 401,
    NoSuchTenant: 404,
    NoSuchPerson: 404,
    NoSuchKey: 404,
    NoProcedure: 404,
    NoSuchDraft: 404,
    AlreadyTaken: 409,
    LastAdmin: 409,
    WarningsStand: 409,
    DraftChanged: 412,
    NotAcceptable: 422,
}


def blueprints(gate: Gate, keys: PublicKeys) -> list[Blueprint]:
    return [
        sessions.blueprint(gate),
        sessions.own_session(gate),
        public.blueprint(gate),
        public.keys_blueprint(keys),
        tenants.blueprint(gate),
        places.blueprint(gate),
        people.blueprint(gate),
        people.addresses(gate),
        procedures.blueprint(gate),
        procedures.presets_blueprint(),
        drafts.blueprint(gate),
        api_keys.blueprint(gate),
    ]
