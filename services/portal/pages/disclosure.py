"""投诉处理专栏: what everybody may read of how complaints are handled (RE-7)."""

from typing import Any

from flask import Blueprint, render_template

from services.portal.domain.answers import NotThere
from services.portal.pages.asking import part, services
from services.portal.pages.guest import described
from services.portal.pages.wording import minutes, percent

pages = Blueprint("disclosure", __name__, url_prefix="/t/<slug:slug>/figures")


@pages.get("")
def show(slug: str) -> str:
    description = described(slug)
    found = part(lambda: services().reporting.disclosure(slug))
    if found.state == "missing":
        raise NotThere(404, {}, ())
    content = found.value if found.here else {}
    return render_template(
        "guest/figures.html",
        slug=slug,
        described=description,
        found=found,
        every=content.get("every"),
        periods=content.get("periods") or [],
        cases=content.get("cases") or [],
        shown=shown,
    )


def shown(figure: dict[str, Any]) -> str:
    """A figure as it is read. A dash for one that was counted from too few."""
    value, kind = figure.get("value"), figure.get("kind")
    if not isinstance(value, int | float):
        return "–"
    return percent(value) if kind == "rate" else minutes(value) if kind == "minutes" else f"{value:.0f}"
