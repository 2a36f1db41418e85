"""Which days the law makes rest days, and which weekends it makes working days (调休), per country and year.

`holidays` knows some 250 countries but estimates a Chinese year that the State Council has not announced yet,
without saying so and without its make-up days. `chinese_calendar` holds announced years only, and lists a
break from its first day to its last, weekends included, which matters to a desk that is open on Saturdays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays
from chinese_calendar import constants as announced

_ANNOUNCED_YEARS = range(min(announced.holidays).year, max(announced.holidays).year + 1)
_IN_TRADITIONAL = str.maketrans("节劳动国战胜类争纪暨", "節勞動國戰勝類爭紀暨")
_LANGUAGE_CODES = {
    "zh-Hans": ("zh_CN",),
    "zh-Hant": ("zh_TW", "zh_HK"),
    "en": ("en_US", "en_GB", "en_HK", "en_SG"),
}


class NoSuchCountry(ValueError):
    """No public holidays are known for this ISO 3166-1 code."""


@dataclass(frozen=True, slots=True)
class StatutoryDay:
    """`opens`: a weekend turned into a working day; else a rest day. `names` by language, may be empty."""

    day: date
    opens: bool
    names: Mapping[str, str]


@lru_cache(maxsize=256)
def statutory_days(country: str, year: int) -> Mapping[date, StatutoryDay]:
    """The days of `year` that the law moves, weekends inside a Chinese break included.

    `country` is ISO 3166-1 alpha-2; holidays of only a part of a country are left out. For a year that is not
    `is_announced` the best estimate, without make-up days. Raises NoSuchCountry.
    """
    announced_there = country == "CN" and year in _ANNOUNCED_YEARS
    days = _announced_days(year) if announced_there else _listed_days(country, year)
    return MappingProxyType({each.day: each for each in days})


@lru_cache(maxsize=256)
def is_announced(country: str, year: int) -> bool:
    """Whether the list of that year is final. China publishes each year in the November before (SL-2)."""
    if country == "CN":
        return year in _ANNOUNCED_YEARS
    calendar = _public_holidays(country, year)
    if not calendar.start_year <= year <= calendar.end_year:
        return False
    return not any("estimated" in name for name in _in_language(country, year, "en").values())


def _announced_days(year: int) -> list[StatutoryDay]:
    return [
        StatutoryDay(day, opens, _announced_names(name))
        for listed, opens in ((announced.holidays, False), (announced.workdays, True))
        for day, name in listed.items()
        if day.year == year
    ]


def _announced_names(name: str) -> Mapping[str, str]:
    chinese: str = announced.Holiday(name).chinese
    return MappingProxyType({"en": name, "zh-Hans": chinese, "zh-Hant": chinese.translate(_IN_TRADITIONAL)})


def _listed_days(country: str, year: int) -> list[StatutoryDay]:
    calendar = _public_holidays(country, year)
    names = {language: _in_language(country, year, language) for language in _LANGUAGE_CODES}
    rest = [
        StatutoryDay(day, False, MappingProxyType({language: names[language][day] for language in names}))
        for day in calendar
    ]
    made_up = (day for day in calendar.weekend_workdays if day.year == year)
    return rest + [StatutoryDay(day, True, MappingProxyType({})) for day in made_up]


def _in_language(country: str, year: int, language: str) -> dict[date, str]:
    offered = _public_holidays(country, year).supported_languages
    spoken = next((code for code in _LANGUAGE_CODES[language] if code in offered), None)
    return dict(_public_holidays(country, year, spoken))


def _public_holidays(country: str, year: int, language: str | None = None) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country, years=year, language=language, expand=False)
    except NotImplementedError as unknown:
        raise NoSuchCountry(f"no public holidays are known for {country!r}") from unknown
