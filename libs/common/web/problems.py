"""Errors as `application/problem+json` (RFC 9457), with a JSON pointer to each field that is wrong."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Response, current_app, request
from flask_smorest import Api
from marshmallow import Schema, fields
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from libs.common.db import DatabaseAway
from libs.common.telemetry import current_traceparent

log = logging.getLogger(__name__)


class FieldMistake(Schema):
    detail = fields.String(metadata={"description": "what is wrong and what would be right"})
    pointer = fields.String(metadata={"description": "JSON pointer to the field (RFC 6901)"})


class Problem(Schema):
    """RFC 9457."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    instance = fields.String()
    errors = fields.List(fields.Nested(FieldMistake()))


class ProblemApi(Api):
    """flask-smorest with RFC 9457 errors; keeps `Allow` and `Retry-After`, which the stock handler drops."""

    ERROR_SCHEMA = Problem

    def _register_responses(self) -> None:
        usual: str = Api.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        try:
            super()._register_responses()
        finally:
            self.DEFAULT_RESPONSE_CONTENT_TYPE = usual

    def handle_http_exception(self, error: HTTPException) -> Response:
        data = getattr(error, "data", None) or {}
        kept = {k: v for k, v in error.get_headers() if k.lower() not in ("content-type", "content-length")}
        mistakes = list(_pointers(data["messages"])) if "messages" in data else []
        detail = data.get("message") or error.description or ""
        if mistakes:
            detail = "Some fields are missing or wrong."
        return problem(error.code or 500, detail, mistakes, kept)


def problem(
    status: int,
    detail: str,
    errors: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem response. `errors` are {detail, pointer}."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
    }
    if listed := list(errors):
        content["errors"] = listed
    if trace := current_traceparent():
        content["instance"] = f"urn:trace:{trace.split('-')[1]}"
    response = current_app.response_class(current_app.json.dumps(content), status, headers or {})
    response.content_type = "application/problem+json"
    return response


_TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    410: "Gone",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Wrong content type",
    422: "Not acceptable as it is",
    429: "Too many requests",
    500: "Our mistake",
    503: "Not available right now",
}


def _pointers(messages: Any, path: str = "") -> Iterable[dict[str, str]]:
    """marshmallow's nested messages as {detail, pointer}; the outermost level names the place (json, query)."""
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            at_top = path == "" and key in ("json", "query", "path", "headers", "files")
            below = "#" if at_top else f"{path or '#'}/{str(key).replace('~', '~0').replace('/', '~1')}"
            yield from _pointers(value, below)
    elif isinstance(messages, list):
        for message in messages:
            yield from _pointers(message, path)
    else:
        yield {"detail": str(messages), "pointer": path.removesuffix("/_schema") or "#"}


def register_problems(app: Flask, errors: Mapping[type[Exception], int]) -> None:
    """Which status an exception means. Anything else is a 500, logged once."""
    for exception, status in errors.items():
        app.register_error_handler(exception, lambda failure, status=status: _known(failure, status))

    for away in (DatabaseAway, PoolTimeout):
        app.register_error_handler(away, _away)
    app.register_error_handler(OperationalError, _busy)

    @app.errorhandler(Exception)
    def ours(failure: Exception) -> Response | HTTPException:
        if isinstance(failure, HTTPException):
            return failure
        log.error("unexpected %s at %s", type(failure).__name__, request.url_rule, exc_info=True)
        return problem(500, "Something went wrong on our side. Nothing was changed.")


def _known(failure: Exception, status: int) -> Response:
    detail = str(failure) or (type(failure).__doc__ or "").strip()
    return problem(status, detail, getattr(failure, "errors", ()))


def _away(failure: Exception) -> Response:
    log.warning("the database does not answer: %s", type(failure).__name__)
    return problem(503, "Please try again in a moment.", headers={"Retry-After": "1"})


def _busy(failure: Exception) -> Response:
    """A lock or statement time-out: the same key is being worked on, or the database is overloaded."""
    if type(getattr(failure, "orig", None)).__name__ == "LockNotAvailable":
        return problem(409, "The same request is being carried out; ask again.", headers={"Retry-After": "1"})
    return _away(failure)
