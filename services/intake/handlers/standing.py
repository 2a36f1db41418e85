"""What supervisors say of a complainant, seen on every complaint of that person (IN-11).

Known by the keyed prints of phone and e-mail alone. It stays in intake: no event carries it, so that it can
decide nothing elsewhere.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.unit_of_work import Work
from services.intake.domain.acceptance import NotAccepted
from services.intake.domain.circle import Looking, unless_of_the_case
from services.intake.domain.complaint import NotAcceptable
from services.intake.domain.standing import (
    MAY_SET,
    SEE_PAST,
    KnownBy,
    NoStanding,
    NoSuchStanding,
    Standing,
    expiry,
    known_by,
)
from services.intake.handlers.desk import Desk, NoSuchComplaint
from services.intake.handlers.personal import contact_of, shown, words_for
from services.intake.store import Store

SEEN = "A complainant's standing is seen"


def standing_of(store: Store, complaint_id: UUID, looking: Looking, now: datetime) -> dict[str, Any]:
    """What holds now, for the people of the case and who oversees all; what is past for who may set it too.

    Raises NoSuchComplaint, NotOfTheCase.
    """
    person = _person(store, complaint_id, looking)
    said = store.standings.of(person) if person else []
    return {
        "recognisable": person is not None,
        "items": [each for each in said if each.holds(now)],
        "past": [each for each in said if not each.holds(now)] if looking.roles & SEE_PAST else [],
        "may_set": bool(person and looking.roles.intersection(MAY_SET)),
    }


def set_standing(
    desk: Desk, work: Work[Store], complaint_id: UUID, looking: Looking, kind: str, reason: str, until: datetime
) -> dict[str, Any]:
    """Say it of the person who made this complaint, with a reason, until then; answers as `standing_of`.

    Raises NoSuchComplaint, NotOfTheCase; NotAcceptable for an end that is none; NoStanding for the anonymous, for
    who cannot be recognised again, and while something is said of them already.
    """
    work.store.standings.take_turn()
    person = _recognised(work.store, complaint_id, looking)
    if any(each.holds(work.now) for each in work.store.standings.of(person)):
        raise NoStanding("The complainant has a standing; lift it before you set another.")
    try:
        ends = expiry(until, work.now)
    except NotAccepted as mistake:
        raise NotAcceptable.of([mistake], "en") from mistake
    standing = Standing(
        standing_id=uuids.uuid7(),
        complaint_id=complaint_id,
        kind=kind,
        reason=_masked(desk, work, complaint_id, reason),
        set_at=work.now,
        set_by=looking.person_id,
        expires_at=ends,
    )
    work.store.standings.add(standing, person)
    return standing_of(work.store, complaint_id, looking, work.now)


def lift_standing(
    desk: Desk, work: Work[Store], complaint_id: UUID, looking: Looking, standing_id: UUID, reason: str
) -> dict[str, Any]:
    """It no longer holds; that it did stays on record. Answers as `standing_of`.

    Raises NoSuchComplaint, NotOfTheCase, NoSuchStanding; NoStanding when it does not hold any more.
    """
    work.store.standings.take_turn()
    person = _recognised(work.store, complaint_id, looking)
    said = next((each for each in work.store.standings.of(person) if each.standing_id == standing_id), None)
    if said is None:
        raise NoSuchStanding
    if not said.holds(work.now):
        raise NoStanding("This standing does not hold any more.")
    lifted = replace(
        said, lifted_at=work.now, lifted_by=looking.person_id, lifting=_masked(desk, work, complaint_id, reason)
    )
    changed = {name: getattr(lifted, name) for name in ("lifted_at", "lifted_by", "lifting")}
    work.store.standings.lift(standing_id, **changed)
    return standing_of(work.store, complaint_id, looking, work.now)


def _recognised(store: Store, complaint_id: UUID, looking: Looking) -> KnownBy:
    person = _person(store, complaint_id, looking)
    if person is None:
        raise NoStanding("Who complains anonymously, or left neither phone nor e-mail, has no standing.")
    return person


def _person(store: Store, complaint_id: UUID, looking: Looking) -> KnownBy | None:
    complaint = store.complaints.find(complaint_id)
    if complaint is None:
        raise NoSuchComplaint
    if refused := unless_of_the_case(store.circles.of(complaint_id), looking, SEEN):
        raise refused
    return known_by(store.complaints.complainant(complaint_id), anonymous=complaint["anonymous"])


def _masked(desk: Desk, work: Work[Store], complaint_id: UUID, reason: str) -> str:
    """What staff write of a person names nobody."""
    contact = contact_of(desk, work.tenant_id, work.store.complaints.complainant(complaint_id))
    return shown(reason.strip(), words_for(contact))
