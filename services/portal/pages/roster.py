"""The duty roster: who is on duty now and next, the week's shifts, who is away (PO-2, DI-3)."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from services.portal.domain.answers import CHANGED_SINCE, NotThere, Part, RequestRefused, ServiceUnavailable
from services.portal.domain.roster import TOLD_BY, WEEK, Shift, monday_of, next_of, of_week, plannable, shifts, without
from services.portal.pages.asking import gather, now, services
from services.portal.pages.forms import Form, given
from services.portal.pages.names import Names, names_of
from services.portal.pages.visitor import need_sign_in, signed_in
from services.portal.pages.wording import LOCALES, language, t, time_zone, when

pages = Blueprint("roster", __name__, url_prefix="/roster")
pages.before_request(need_sign_in)

SHIFT = ("department", "person_id", "role", "starts_at", "ends_at")
ATTEMPTS = 3
ABSENCE = ("person_id", "starts_at", "ends_at", "substitute_id")


@pages.get("")
def show() -> str:
    return page()


@pages.post("/shifts")
def add_shift() -> tuple[str, int] | Response:
    form = Form.sent()
    form.need(SHIFT)
    entry = {name: form.text(name) for name in ("person_id", "role")}
    entry |= {name: form.moment(name) for name in ("starts_at", "ends_at")}
    _in_order(form, entry)
    return _sent(form, "shift", SHIFT, lambda token: _plan(form, token, add=entry))


@pages.post("/shifts/remove")
def remove_shift() -> tuple[str, int] | Response:
    form = Form.sent()
    gone = {name: form.text(name) for name in TOLD_BY}
    return _sent(form, "shift", (), lambda token: _plan(form, token, gone=gone))


@pages.post("/absences")
def add_absence() -> tuple[str, int] | Response:
    form = Form.sent()
    form.need(("person_id", "starts_at", "ends_at"))
    content = given(
        person_id=form.text("person_id"),
        substitute_id=form.text("substitute_id"),
        starts_at=form.moment("starts_at"),
        ends_at=form.moment("ends_at"),
    )
    _in_order(form, content)

    def send(token: str) -> None:
        services().dispatch.plan_absence(token, content, key=form.key, language=language())

    return _sent(form, "absence", ABSENCE, send)


@pages.post("/absences/<uuid:absence_id>/end")
def end_absence(absence_id: UUID) -> tuple[str, int] | Response:
    return _sent(Form.sent(), "absence", (), lambda token: services().dispatch.end_absence(token, str(absence_id)))


def page(tried: str = "", form: Form | None = None) -> str:
    """`tried`: the form that was just refused, `shift` or `absence`."""
    person, asked = signed_in(), services()
    if person.is_operator:
        raise Forbidden
    parts = gather(
        {
            "now": lambda: asked.dispatch.on_duty(person.token),
            "roster": lambda: asked.dispatch.roster(person.token),
            "absences": lambda: asked.dispatch.absences(person.token),
            "people": lambda: asked.tenants.people(person.token),
            "procedure": lambda: asked.tenants.procedure(person.token),
        }
    )
    zone, names = ZoneInfo(time_zone()), names_of(parts["procedure"])
    monday = monday_of(request.values.get("week"), now().astimezone(zone).date())
    planned = shifts((parts["roster"].value or {}).get("entries") or () if parts["roster"].here else (), zone)
    own = plannable(person.roles, person.person.get("departments") or (), names.departments)
    people = [(str(each["id"]), _with_departments(each, names)) for each in _working(parts["people"])]
    return render_template(
        "roster/page.html",
        parts=parts,
        names=names,
        monday=monday,
        week=WEEK,
        days=of_week(planned, monday),
        following=next_of(planned, now()),
        own=own,
        own_named=[(each, names.department(each)) for each in own],
        people=people,
        staff={str(each["id"]): str(each["name"]) for each in parts["people"].items},
        excusable=people if own else [one for one in people if one[0] == str(person.person.get("id"))],
        roles=[("duty", t("roster.duty")), ("duty_manager", t("roster.duty_manager"))],
        weekday=_weekday,
        hours=_hours,
        shift=form if tried == "shift" and form else Form(values={"role": "duty"}),
        absence=form if tried == "absence" and form else Form(),
    )


def _plan(
    form: Form, token: str, *, add: Mapping[str, Any] | None = None, gone: Mapping[str, Any] | None = None
) -> None:
    """The department's roster as it is now, with one entry more or less; who plans at the same moment loses none."""
    asked, department = services(), form.text("department") or ""
    working = {str(each["id"]) for each in asked.tenants.people(token)["items"] if each.get("active", True)}
    for attempt in range(1, ATTEMPTS + 1):
        roster = asked.dispatch.roster(token, department)
        others = without(without(roster["entries"], gone, working), add, working)
        entries = [*others, dict(add)] if add else others
        told = {"seen": roster["revision"], "key": str(uuid5(UUID(form.key), str(attempt)))}
        try:
            asked.dispatch.plan_roster(token, department, entries, **told, language=language())
            return
        except RequestRefused as refused:
            if refused.status != CHANGED_SINCE or attempt == ATTEMPTS:
                raise


def _sent(form: Form, what: str, fields: Collection[str], send: Callable[[str], object]) -> tuple[str, int] | Response:
    """Back to the roster, or the roster with the form and what was wrong with it."""
    try:
        if form.clean:
            send(signed_in().token)
            return redirect(url_for("roster.show", week=form.text("week")))
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        if isinstance(refused, NotThere):
            raise
        form.refused(refused, fields)
    return page(what, form), 422


def _in_order(form: Form, content: Mapping[str, Any]) -> None:
    if form.clean and str(content["ends_at"]) <= str(content["starts_at"]):
        form.errors["ends_at"] = t("roster.ends_later")


def _working(people: Part) -> list[dict[str, Any]]:
    return [each for each in people.items if each.get("active", True)]


def _with_departments(person: Mapping[str, Any], names: Names) -> str:
    """Only who works in a department may be on duty there, so the list says where everybody does."""
    departments = t("comma").join(names.department(each) for each in person.get("departments") or ())
    return f"{person['name']} · {departments}" if departments else str(person["name"])


def _weekday(day: date) -> str:
    return format_date(day, "M月d日 EEE" if language() == "zh-Hans" else "EEE d MMM", locale=LOCALES[language()])


def _hours(shift: Shift) -> str:
    """From when to when; with the day where it ends on another."""
    ends: datetime = shift.ends_at
    midnight = not shift.overnight and ends.date() != shift.starts_at.date()
    until = when(ends) if shift.overnight else "24:00" if midnight else f"{ends:%H:%M}"
    return f"{shift.starts_at:%H:%M}–{until}"
