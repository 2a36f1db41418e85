"""The figures, each with what it was counted from (RE-1)."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from services.portal.domain.answers import NotAllowed, Part
from services.portal.domain.charts import bar_chart
from services.portal.domain.periods import PERIODS, Period, period
from services.portal.pages.asking import gather, now, services
from services.portal.pages.names import names_of
from services.portal.pages.visitor import need_sign_in, signed_in
from services.portal.pages.wording import t, time_zone

pages = Blueprint("kpis", __name__, url_prefix="/kpis")
pages.before_request(need_sign_in)

MEASURES = ("registered", "closed", "breached")
LONGEST = timedelta(days=1100)


@pages.get("")
def show() -> str | tuple[str, int]:
    chosen, mistake = wanted()
    person, asked = signed_in(), services()
    parts = gather(
        {
            "kpis": lambda: asked.reporting.kpis(person.token, chosen.first, chosen.last),
            "procedure": lambda: asked.tenants.procedure(person.token),
        }
    )
    figures: Part = parts["kpis"]
    if figures.state == "not_allowed":
        raise NotAllowed(403, {}, ())
    page = render_template(
        "kpis/page.html",
        figures=figures,
        chart=bar_chart(figures.value.get("series") or (), MEASURES) if figures.here else None,
        measures=MEASURES,
        names=names_of(parts["procedure"]),
        period=chosen,
        periods=PERIODS,
        mistake=mistake,
    )
    return (page, 422) if mistake else page


def wanted() -> tuple[Period, str | None]:
    """The period asked for, and what was wrong with it; this month then."""
    today = now().astimezone(ZoneInfo(time_zone())).date()
    name = request.args.get("period", PERIODS[0])
    if name != "own":
        return period(name, today), None
    try:
        first, last = (date.fromisoformat(request.args.get(end, "")) for end in ("from", "to"))
    except ValueError:
        return period(PERIODS[0], today), t("kpis.not_a_day")
    if first > last:
        return period(PERIODS[0], today), t("kpis.order")
    if last - first > LONGEST:
        return period(PERIODS[0], today), t("kpis.too_long")
    return Period("own", first, last), None
