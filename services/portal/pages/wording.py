"""What templates may say: messages, names of ids, times in the tenant's zone."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency
from flask import Flask, g, request, session, url_for

from services.portal.domain.deadlines import clock_standing, moment, standing
from services.portal.domain.languages import LANGUAGES, choose, in_language
from services.portal.domain.money import in_major
from services.portal.pages.asking import now
from services.portal.pages.visitor import visitor
from services.portal.translations import MESSAGES

LOCALES = {"zh-Hans": "zh_Hans", "en": "en_GB"}
AN_ID = re.compile(r"[a-z][a-z0-9_]*")
MOMENTS = {"zh-Hans": ("M月d日 EEE HH:mm", "y年M月d日 HH:mm"), "en": ("EEE d MMM, HH:mm", "d MMM y, HH:mm")}


def language() -> str:
    """What was switched to, else the person's own, else the browser's, else the tenant's."""
    if "language" not in g:
        known = visitor()
        person = known.person if known else {}
        browser = [tag for tag, _ in request.accept_languages]
        g.language = choose([session.get("language"), person.get("language"), *browser, g.get("fallback")])
    chosen: str = g.language
    return chosen


def t(key: str, **values: Any) -> str:
    """The message of this key in the page's language. Raises KeyError for a key that does not exist."""
    message = MESSAGES[language()][key]
    return message.format(**values) if values else message


def say(kind: str, name: Any) -> str:
    """The word for an id (`say('milestone', 'on_site')`); a Procedure's own id is shown as it is written."""
    text = str(name or "")
    return MESSAGES[language()].get(f"{kind}.{text}", text.replace("_", " ") if AN_ID.fullmatch(text) else text)


def mine(text: Any) -> str:
    """A text given in several languages, read in the page's."""
    return in_language(text, language())


def time_zone() -> str:
    """The IANA zone of the tenant whose page this is; UTC while it is not known."""
    known = visitor()
    name: str = g.get("tenant_zone") or (known and known.tenant.get("time_zone")) or "UTC"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"
    return name


def when(at: str | datetime | None) -> str:
    """The time on the tenant's wall; with the year when it is not this one. '' for no time."""
    read = moment(at) if isinstance(at, str) else at
    if read is None:
        return ""
    local = read.astimezone(ZoneInfo(time_zone()))
    same_year = local.year == now().astimezone(ZoneInfo(time_zone())).year
    return format_datetime(local, MOMENTS[language()][0 if same_year else 1], locale=LOCALES[language()])


def away(at: str | datetime | None) -> str:
    """How far a time is from now: `in 3 hours`, `2 days ago`. '' for no time."""
    read = moment(at) if isinstance(at, str) else at
    if read is None:
        return ""
    far = read - now()
    if abs(far) < timedelta(minutes=1):
        return t("time.now")
    return format_timedelta(far, add_direction=True, threshold=1.5, locale=LOCALES[language()])


def overdue(at: str | datetime | None) -> str:
    """How long ago a time was, as a length: `2 hours`. '' for no time."""
    read = moment(at) if isinstance(at, str) else at
    return minutes(max((now() - read).total_seconds() / 60, 1)) if read else ""


def day(text: Any) -> str:
    read = moment(f"{text}T00:00:00+00:00")
    return format_date(read, "M/d" if language() == "zh-Hans" else "d MMM", locale=LOCALES[language()]) if read else ""


def span(first: Any, every: Any) -> str:
    """The month, quarter or half-year that begins on this day."""
    read = moment(f"{first}T00:00:00+00:00")
    if read is None:
        return str(first or "")
    if every == "quarter":
        return t("quarter", n=(read.month + 2) // 3, year=read.year)
    if every == "half-year":
        return t("half_year.1" if read.month <= 6 else "half_year.2", year=read.year)
    return format_date(read, "y年M月" if language() == "zh-Hans" else "MMMM y", locale=LOCALES[language()])


def minutes(count: float | None) -> str:
    """A length of time given in minutes. A dash for None."""
    if count is None:
        return "–"
    return format_timedelta(timedelta(minutes=count), threshold=1.5, locale=LOCALES[language()])


def percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate * 100:.1f}%"


def money(amount: int | None, currency: str | None) -> str:
    """An amount of minor units as people read it. A dash for None."""
    if amount is None or currency is None:
        return "–"
    return format_currency(in_major(amount, currency), currency, locale=LOCALES[language()])


def switch_address(to: str) -> str:
    """This page in the other language; the page a form stands on when a form was just refused."""
    address = g.get("page_address")
    if address:
        return f"{address}?lang={to}"
    if request.endpoint is None:
        return url_for("landing.show", lang=to)
    kept: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {}), "lang": to}
    return url_for(request.endpoint, **kept)


def teach(app: Flask) -> None:
    """Give these words to every template."""
    app.jinja_env.globals.update(
        t=t,
        say=say,
        mine=mine,
        language=language,
        languages=LANGUAGES,
        time_zone=time_zone,
        switch_address=switch_address,
        visitor=visitor,
        money=money,
        standing=lambda item: standing(item, now()),
        clock_standing=lambda item: clock_standing(item, now()),
    )
    app.jinja_env.filters.update(
        when=when, away=away, overdue=overdue, day=day, span=span, minutes=minutes, percent=percent
    )
