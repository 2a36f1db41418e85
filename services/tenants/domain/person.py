"""What is known of a member of staff, and what it must look like."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers

from libs.common.procedure.vocabulary import LANGUAGES, STAFF_ROLES
from libs.common.procedure.words import plain
from services.tenants.domain.mistakes import FieldMistake, NotAcceptable, not_among
from services.tenants.domain.naming import one_line
from services.tenants.domain.tenant import PLATFORM

OPERATOR = "operator"
LOGIN = re.compile(r"\S{2,100}")
EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """`departments` and `skills` (categories) are ids of the Procedure's; `language` None: the tenant's; without a
    `password_hash` (see `handlers.passwords.hashed`) the person cannot sign in."""

    name: str
    login: str
    roles: Sequence[str]
    departments: Sequence[str] = ()
    skills: Sequence[str] = ()
    language: str | None = None
    email: str | None = None
    phone: str | None = None
    password_hash: str | None = None


@dataclass(frozen=True)
class House:
    """What the tenant lets its people be. `departments` and `categories` None: no Procedure is published yet."""

    kind: str
    country: str
    departments: Sequence[str] | None
    categories: Sequence[str] | None


class Wrong(Exception):
    """A value does not fit; says what would be right."""


def plain_login(login: str) -> str:
    """The login as it is kept and compared: without regard to case and width."""
    return plain(login)


def cleaned(given: Mapping[str, Any], house: House, under: str = "#") -> dict[str, Any]:
    """The given fields of a person, each in its plain form. None is not looked at.

    Raises NotAcceptable with every mistake; `under` points at the object that has the fields.
    """
    clean, mistakes = dict(given), list[FieldMistake]()
    for field, rule in RULES.items():
        if given.get(field) is not None:
            try:
                clean[field] = rule(given[field], house)
            except Wrong as mistake:
                mistakes.append((field, str(mistake)))
    if mistakes:
        raise NotAcceptable.of(mistakes, under)
    return clean


def _name(name: str, _: House) -> str:
    if not one_line(name):
        raise Wrong("give the name used at work")
    return one_line(name)


def _login(login: str, _: House) -> str:
    if not LOGIN.fullmatch(plain_login(login)):
        raise Wrong("use 2 to 100 characters without spaces")
    return plain_login(login)


def _roles(roles: Sequence[str], house: House) -> list[str]:
    """Operators are the platform's people and nobody else is."""
    known = (OPERATOR,) if house.kind == PLATFORM else STAFF_ROLES
    if not roles:
        raise Wrong(f"give at least one of: {', '.join(known)}")
    return _known(roles, known)


def _departments(departments: Sequence[str], house: House) -> list[str]:
    return _known(departments, departments if house.departments is None else house.departments)


def _skills(skills: Sequence[str], house: House) -> list[str]:
    return _known(skills, skills if house.categories is None else house.categories)


def _language(language: str, _: House) -> str:
    return _known([language], LANGUAGES)[0]


def _email(email: str, _: House) -> str:
    address = unicodedata.normalize("NFKC", email).strip().lower()
    if len(address) > 254 or not EMAIL.fullmatch(address):
        raise Wrong("this is not an e-mail address; it should look like name@example.com")
    return address


def _phone(phone: str, house: House) -> str:
    """In E.164, such as +8613800138000; a number without country code is one of the tenant's country."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", phone).strip(), house.country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Wrong("this is not a phone number; start a foreign one with + and the country code")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _known(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """The names, each once, if all are known."""
    if unknown := [name for name in names if name not in known]:
        raise Wrong("; ".join(not_among(name, known) for name in unknown))
    return list(dict.fromkeys(names))


RULES: Mapping[str, Callable[[Any, House], Any]] = {
    "name": _name,
    "login": _login,
    "roles": _roles,
    "departments": _departments,
    "skills": _skills,
    "language": _language,
    "email": _email,
    "phone": _phone,
}
