"""What a tenant must be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

import phonenumbers

from libs.common.procedure.vocabulary import LANGUAGES
from services.tenants.domain.mistakes import FieldMistake, not_among
from services.tenants.domain.naming import one_line

SLUG = re.compile(r"[a-z0-9-]{3,40}", re.ASCII)
KINDS = ("property", "hotel")
PLATFORM = "platform"
"""Slug and kind of the one tenant whose people operate the platform."""


@dataclass(frozen=True, kw_only=True)
class NewTenant:
    """`slug` is the public name in addresses; `time_zone` an IANA name; `country` ISO 3166-1 alpha-2."""

    slug: str
    name: str
    kind: str
    language: str
    time_zone: str
    country: str


def mistakes_in(new: NewTenant) -> Iterator[FieldMistake]:
    """Everything that is wrong with a tenant before anybody else is asked."""
    if not SLUG.fullmatch(new.slug):
        yield "slug", "use 3 to 40 of the small letters a to z, digits and hyphens"
    if not one_line(new.name):
        yield "name", "give the tenant a name"
    if (new.slug == PLATFORM) != (new.kind == PLATFORM):
        yield "slug", f"{PLATFORM} is the platform's own"
    if new.kind not in (*KINDS, PLATFORM):
        yield "kind", not_among(new.kind, KINDS)
    if new.language not in LANGUAGES:
        yield "language", not_among(new.language, LANGUAGES)
    if new.time_zone not in _time_zones():
        yield "time_zone", "give a name of the IANA time zone database, such as Asia/Shanghai"
    if new.country not in phonenumbers.SUPPORTED_REGIONS:
        yield "country", "give two capital letters of ISO 3166-1, such as CN"


@lru_cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
