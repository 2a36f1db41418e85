"""Pages shown when there is nothing else to show. None of them is a dead end."""

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from services.portal.domain.answers import NotAllowed, NotThere, RequestRefused, ServiceUnavailable, TooMuch

KNOWN = {400, 403, 404, 405, 413, 429, 500, 503}


def handle(app: Flask) -> None:
    app.register_error_handler(CSRFError, lambda _: page("form_ended", 400))
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(ServiceUnavailable, lambda _: page("503", 503))
    app.register_error_handler(NotThere, lambda _: page("404", 404))
    app.register_error_handler(NotAllowed, lambda _: page("403", 403))
    app.register_error_handler(TooMuch, lambda refused: page(str(refused.status), refused.status))
    app.register_error_handler(RequestRefused, lambda _: page("400", 400))


def of_http(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    return page(str(code if code in KNOWN else 500 if code > 499 else 400), code)


def page(what: str, status: int) -> tuple[str, int]:
    return render_template("error.html", what=what, here=request.path), status
