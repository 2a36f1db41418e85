"""The front door, and the switch of language that works on every page."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.wrappers import Response

from services.portal.domain.languages import LANGUAGES

pages = Blueprint("landing", __name__)


@pages.get("/")
def show() -> str:
    return render_template("landing.html")


@pages.before_app_request
def switch_language() -> Response | None:
    """`?lang=` on any page is remembered, and the page is shown again without it."""
    wanted = request.args.get("lang")
    if request.method != "GET" or wanted not in LANGUAGES:
        return None
    session["language"] = wanted
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return redirect(f"{request.path}?{urlencode(rest)}" if rest else request.path)
