"""Style and script, all from this server: our own, and the vendors' as their wheels carry them."""

from functools import cache
from hashlib import sha256
from importlib.metadata import files
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, send_file, url_for

pages = Blueprint("assets", __name__)

OWN = Path(__file__).parent.parent / "static"
VENDOR = {
    "bootstrap.min.css": ("bootstrap-flask", "bootstrap5/css/bootstrap.min.css"),
    "htmx.min.js": ("django-js-lib-htmx", "htmx/htmx.min.js"),
}
A_YEAR = 31_536_000


class AssetMissing(Exception):
    """An installed wheel does not carry the file it should."""


@pages.get("/static/vendor/<name>")
def vendor(name: str) -> Response:
    if name not in VENDOR:
        abort(404)
    return send_file(vendor_path(name), max_age=A_YEAR)


@pages.get("/static/<name>")
def own(name: str) -> Response:
    if not (OWN / name).is_file():
        abort(404)
    return send_file(OWN / name, max_age=A_YEAR)


@cache
def vendor_path(name: str) -> Path:
    """Where the installed wheel keeps the file. Raises AssetMissing."""
    distribution, ending = VENDOR[name]
    for file in files(distribution) or ():
        if str(file).endswith(ending):
            return Path(str(file.locate()))
    raise AssetMissing(f"{distribution} has no {ending}")


@cache
def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of an asset, with a mark that changes when the file does, so it may be kept for a year."""
    if name in VENDOR:
        return url_for("assets.vendor", name=name, v=digest(vendor_path(name)))
    return url_for("assets.own", name=name, v=digest(OWN / name))


def teach(app: Flask) -> None:
    shared: dict[str, Any] = {"asset": asset}
    app.jinja_env.globals.update(shared)
