"""Judging a complaint at the door: everything that is wrong with it is said at once (IN-2, IN-5)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast
from uuid import UUID

from services.intake.domain import acceptance, language, moments
from services.intake.domain.acceptance import Missing, NotAccepted
from services.intake.domain.complaint import NewComplaint, NotAcceptable
from services.intake.domain.handback import KINDS, whose_reference
from services.intake.domain.numbers import is_valid, normalise
from services.intake.handlers.desk import Desk, Tenant
from services.intake.handlers.evidence import digests_of
from services.intake.handlers.personal import CONTACT, words_for
from services.intake.store import Store

ADDRESS_FOR = {"sms": "phone", "phone": "phone", "email": "email"}


@dataclass(frozen=True)
class LookedUp:
    """What a complaint names: the place's label, kinds and names of what it lies in, the digests of evidence
    files, the complaint it follows."""

    place_label: str | None = None
    place_names: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    follows: UUID | None = None


@dataclass(frozen=True)
class Accepted:
    """A complaint with every field in its plain form, and what was looked up for it.

    `personal` are the words to hide, also of contact data that is not kept.
    """

    complaint: NewComplaint
    personal: tuple[str, ...]
    looked_up: LookedUp


def accept(desk: Desk, tenant: Tenant, given: NewComplaint, now: datetime) -> Accepted:
    """The complaint as it will be kept. Raises NotAcceptable with all mistakes, in the complainant's language."""
    spoken = given.language or (language.detect_language(given.text) if given.text.strip() else tenant.language)
    kept = _without_needless_contact(given) if given.anonymous else given
    plain, mistakes = _plain(tenant, kept, now)
    looked_up, unknown = _looked_up(desk, tenant, given)
    mistakes += [*_unknown_names(tenant, given), *unknown]
    if given.asks_for_fields:
        mistakes = [*_missing(tenant, plain), *_not_anonymously(tenant, given), *mistakes]
    if mistakes:
        raise NotAcceptable.of(mistakes, spoken)
    personal = {getattr(given, name) for name in CONTACT} | set(words_for(_contact(plain)))
    return Accepted(replace(plain, language=spoken), tuple(filter(None, personal)), looked_up)


def _contact(complaint: NewComplaint) -> dict[str, str | None]:
    return {name: getattr(complaint, name) for name in CONTACT}


def _without_needless_contact(given: NewComplaint) -> NewComplaint:
    """Of the anonymous only the address is kept that the chosen way of answering needs (IN-5)."""
    needed = {ADDRESS_FOR.get(way) for way in given.answer_by}
    nothing: dict[str, Any] = dict.fromkeys(name for name in CONTACT if name not in needed)
    return replace(given, **nothing)


def _plain(tenant: Tenant, given: NewComplaint, now: datetime) -> tuple[NewComplaint, list[Missing | NotAccepted]]:
    """Every field in the form it is kept in, None for a blank one, and the mistakes found on the way.

    Where nobody can be asked, a wrong value is left out: better no address than no complaint.
    """
    values: dict[str, Any] = {}
    mistakes: list[Missing | NotAccepted] = []
    for field, clean in _cleaning(tenant, given, now).items():
        value = getattr(given, field)
        blank = not acceptance.one_line(value) if isinstance(value, str) else value is None
        try:
            values[field] = None if blank else clean(value)
        except NotAccepted as mistake:
            if given.asks_for_fields:
                mistakes.append(mistake)
            else:
                values[field] = None
    return replace(given, **values), mistakes


def _cleaning(tenant: Tenant, given: NewComplaint, now: datetime) -> dict[str, Callable[[Any], Any]]:
    """How each field is brought to its plain form, or refused."""
    longest = acceptance.LONGEST_TEXT if given.asks_for_fields else acceptance.LONGEST_AS_WRITTEN
    return {
        "text": lambda text: acceptance.complaint_text(text, longest=longest),
        "impact": lambda text: acceptance.complaint_text(text, "impact"),
        "asked_for": lambda text: acceptance.complaint_text(text, "asked_for"),
        "where": acceptance.one_line,
        "happened_at": lambda at: moments.happened(at, now),
        "received_at": lambda at: moments.received(at, now),
        "name": acceptance.one_line,
        "phone": lambda phone: acceptance.phone_number(phone, tenant.country),
        "email": acceptance.email_address,
        "identity_number": acceptance.one_line,
        "external_ref": acceptance.one_line,
    }


def _missing(tenant: Tenant, plain: NewComplaint) -> list[Missing]:
    """What the Procedure asks for on this channel and the complaint lacks."""
    required = tenant.procedure.intake.required_for(plain.channel, anonymous=plain.anonymous)
    values = {
        name: getattr(plain, name)
        for name in (*CONTACT, "text", "impact", "asked_for", "category", "where", "attachments")
    }
    looked_at = {"place_id": plain.place_id, "happened_at": plain.happened_at}
    named = {name: str(value) if value else None for name, value in looked_at.items()}
    return acceptance.check(required, values | named, anonymous=plain.anonymous)


def _not_anonymously(tenant: Tenant, given: NewComplaint) -> Iterable[NotAccepted]:
    rules = tenant.procedure.intake.anonymous
    if not given.anonymous:
        return
    if not rules.allowed:
        yield NotAccepted("anonymous", acceptance.NOT_ANONYMOUS)
    elif set(given.answer_by) - set(rules.answer_by):
        yield acceptance.choose_one_of("answer_by", rules.answer_by)


def _unknown_names(tenant: Tenant, given: NewComplaint) -> Iterable[NotAccepted]:
    procedure = tenant.procedure
    if given.category is not None and procedure.category(given.category) is None:
        yield acceptance.choose_one_of("category", (category.id for category in procedure.categories))
    if given.external_ref and whose_reference(given.external_kind, given.channel) is None:
        yield acceptance.choose_one_of("external_kind", KINDS)
    if given.urgency is not None and procedure.urgency(given.urgency) is None:
        yield acceptance.choose_one_of("urgency", (urgency.id for urgency in procedure.urgencies))


def _looked_up(desk: Desk, tenant: Tenant, given: NewComplaint) -> tuple[LookedUp, list[NotAccepted]]:
    """What the complaint names, and the mistakes where there is no such place, file or complaint."""
    found, unknown = dict[str, Any](), list[NotAccepted]()
    if given.place_id is None and not given.attachments and given.follows is None:
        return LookedUp(), unknown
    with desk.units.read(tenant.tenant_id) as store:
        for name, look_up in LOOKED_UP.items():
            try:
                found[name] = look_up(desk, store, given)
            except NotAccepted as mistake:
                unknown.append(mistake)
    return LookedUp(**found), unknown


def _place(_: Desk, store: Store, given: NewComplaint) -> str | None:
    if given.place_id is None:
        return None
    label = store.known.place_label(given.place_id)
    if label is None:
        raise NotAccepted("place_id", acceptance.NO_SUCH_PLACE)
    return label


def _place_names(_: Desk, store: Store, given: NewComplaint) -> tuple[tuple[str, str], ...]:
    return tuple(store.known.place_names(given.place_id).items())


def _files(_: Desk, store: Store, given: NewComplaint) -> tuple[str, ...]:
    return digests_of(store, given.attachments)


def _followed(desk: Desk, store: Store, given: NewComplaint) -> UUID | None:
    """DI-12: after its reopening time a complaint is taken up again by a new one that names it. A guest is told no
    more of one that is not theirs than of one that is not there."""
    if given.follows is None:
        return None
    complaint = store.complaints.by_number(normalise(given.follows)) if is_valid(given.follows) else None
    if complaint is None:
        raise NotAccepted("follows", acceptance.NOT_YOURS if given.shows_secret else acceptance.NO_SUCH_NUMBER)
    if given.shows_secret and not desk.seal.is_tracking_secret(
        complaint["tenant_id"], complaint["complaint_id"], given.follows_secret or ""
    ):
        raise NotAccepted("follows", acceptance.NOT_YOURS)
    return cast(UUID, complaint["complaint_id"])


LOOKED_UP: Mapping[str, Callable[[Desk, Store, NewComplaint], Any]] = MappingProxyType(
    {"place_label": _place, "place_names": _place_names, "files": _files, "follows": _followed}
)
