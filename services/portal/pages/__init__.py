"""The screens, one blueprint a module."""

from flask import Flask

from services.portal.domain.answers import SignInNeeded
from services.portal.pages import (
    assets,
    case,
    disclosure,
    errors,
    guest,
    intake,
    kpis,
    landing,
    messages,
    operator,
    oversight,
    procedure,
    procedure_tried,
    progress,
    queue,
    references,
    roster,
    session,
    standing,
    survey,
    wording,
)
from services.portal.pages.visitor import to_sign_in

BLUEPRINTS = (
    assets.pages,
    landing.pages,
    guest.pages,
    progress.pages,
    survey.pages,
    disclosure.pages,
    session.pages,
    queue.pages,
    case.pages,
    messages.pages,
    references.pages,
    standing.pages,
    intake.pages,
    roster.pages,
    kpis.pages,
    oversight.pages,
    procedure.pages,
    procedure_tried.pages,
    operator.pages,
)


def register(app: Flask) -> None:
    """Give the app its screens, their words, and the pages shown when something is wrong."""
    app.url_map.converters["slug"] = guest.SlugConverter
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    wording.teach(app)
    assets.teach(app)
    errors.handle(app)
    app.register_error_handler(SignInNeeded, to_sign_in)
