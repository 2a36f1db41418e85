"""Intake over HTTP: the public form, staff, doors for mail and platforms, and one question for notify alone."""

from libs.common.web.access import Blueprint
from services.intake.api import accounts, adding, contact, doors, handbacks, public, staff, standing
from services.intake.domain.attachments import NotAsKept
from services.intake.domain.circle import NotOfTheCase
from services.intake.domain.complaint import NotAcceptable
from services.intake.domain.fields import NotReadable
from services.intake.domain.mail import NotAMail
from services.intake.domain.ota import UnknownPlatform
from services.intake.domain.standing import NoStanding, NoSuchStanding
from services.intake.domain.webhooks import BadSignature
from services.intake.handlers.conversation import AlreadyClosed
from services.intake.handlers.desk import Desk, NoSuchComplaint, NoSuchReference, NoSuchTenant
from services.intake.handlers.tenant import KnownTenants

ERRORS: dict[type[Exception], int] = {
    NoSuchTenant: 404,
    NoSuchComplaint: 404,
    NoSuchReference: 404,
    UnknownPlatform: 404,
    NotAcceptable: 422,
    NotReadable: 422,
    NotAMail: 422,
    NoSuchStanding: 404,
    NotOfTheCase: 403,
    NoStanding: 409,
    AlreadyClosed: 409,
    NotAsKept: 410,
    BadSignature: 401,
}


def blueprints(desk: Desk) -> list[Blueprint]:
    known = KnownTenants(desk)
    return [
        public.blueprint(desk, known),
        staff.blueprint(desk, known),
        adding.blueprint(desk, known),
        doors.blueprint(desk, known),
        accounts.blueprint(desk, known),
        contact.blueprint(desk),
        handbacks.blueprint(desk, known),
        standing.blueprint(desk),
    ]
