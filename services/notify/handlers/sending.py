"""Sending what is due: ask for the address, write, hand over, and remember what became of it (NO-3, NO-4).

Three steps, so that nothing is sent twice. The row is reserved by whoever claimed it; then, knowing the
address, it is marked as being sent and committed; only then the partner is called, and the outcome is a second
unit of work. A process that dies leaves a lease: what was only reserved is sent later, what was being sent is
uncertain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from libs.common.unit_of_work import Work
from services.notify.domain import delivery as ledger
from services.notify.domain.contact import Contact, NobodyThere, NotReachableNow
from services.notify.domain.delivery import Delivery
from services.notify.domain.digest import DIGEST
from services.notify.domain.message import Handed, Outcome, Refused, Uncertain
from services.notify.domain.notice import is_urgent, pointless
from services.notify.domain.plan import Route, allowed_from, next_channel, route
from services.notify.handlers import surveying
from services.notify.handlers.desk import Desk
from services.notify.handlers.enclosing import gathered_letters, promise_of
from services.notify.handlers.settling import TOLD, drop, others, save
from services.notify.handlers.wording import CannotBeWritten, Letter, write
from services.notify.store import Store
from services.notify.store.deliveries import as_delivery
from services.notify.store.rows import Row

# How long a claimed row is reserved. When it ends before the row's turn, another hand may take the row.
RESERVED = timedelta(minutes=1)
WHEN_AWAY = timedelta(seconds=15)
UNTOLD = {
    "do_not_contact": "the complainant does not want to be contacted",
    "wants_no_answer": "the complainant wants no answer",
    "anonymous": "the complainant is anonymous and chose no way to be told",
    "no_address": "no address is known for any channel of this notice",
    "not_offered": "the chosen channels are not offered",
}
BOARD = "notice_board"
ON_THE_BOARD = "to be put on the notice board by a person"
NO_BOARD = "only a result is put on the notice board"
GONE = "the complaint is not there any more"
HAS_LEFT = "this person does not work here any more"
ASKED_ENOUGH = "they have answered, or the case has begun again"
NOTHING_LEFT = "nothing it would tell of matters any more"
TOLD_ALREADY = "told by another channel"


@dataclass(frozen=True)
class Attempt:
    """One hand-over: what, to whom, by which of the `channels` that are open, and the row as it was begun."""

    claimed: Row
    letter: Letter
    reader: Contact
    channel: str
    channels: tuple[str, ...]
    begun: Delivery


def deliver(desk: Desk, claimed: Row) -> None:
    """Do what a due delivery needs now. `claimed` is its row as `due.claim` returned it."""
    if claimed["state"] == "sending":
        _lease_ran_out(desk, claimed)
        return
    now = desk.clock.now()
    letter, other_ways, reason = _open(desk, claimed, now)
    if reason:
        _drop(desk, claimed, reason)
        return
    quiet_until = _allowed_from(letter, now)
    if quiet_until > now:
        _postpone(desk, claimed, quiet_until, claimed["error"])
        return
    try:
        reader = _reader(desk, letter, claimed)
    except NotReachableNow as trouble:
        _postpone(desk, claimed, now + WHEN_AWAY, str(trouble))
    except NobodyThere:
        _nobody_there(desk, claimed, letter)
    else:
        _deliver_to(desk, claimed, letter, reader, other_ways)


def _open(desk: Desk, claimed: Row, now: datetime) -> tuple[Letter, frozenset[str], str | None]:
    """What is to be told, the other channels it was tried by, and the reason when it need not be told any more."""
    with desk.units.read(claimed["tenant_id"]) as store:
        notice = store.notices.find(claimed["notice_id"])
        case = store.cases.find(claimed["complaint_id"])
        tenant = store.known.tenant()
        assert notice is not None and case is not None and tenant is not None
        procedure = store.procedures.version(case["procedure_version"])
        promise, over = promise_of(store, notice, now)
        asked_enough = notice["kind"] == "survey" and surveying.is_over(store, notice["about_id"])
        other_ways = others(store.deliveries.of_notice(claimed["notice_id"]), claimed)
    reason = pointless(notice["kind"], notice["recipient"], closed=case["closed_at"] is not None, limit_over=over)
    reason = ASKED_ENOUGH if asked_enough else reason
    letter = Letter(notice, case, tenant, procedure, promise)
    if notice["kind"] == DIGEST:
        letter = replace(letter, gathered=gathered_letters(desk, claimed, now))
        reason = None if letter.gathered else NOTHING_LEFT
    return letter, frozenset(row["channel"] for row in other_ways), reason


def _allowed_from(letter: Letter, now: datetime) -> datetime:
    """Staff are on duty; complainants are not disturbed at night unless it is urgent, or a limit is extended that
    ends before the morning (SL-5)."""
    if letter.person_id is not None:
        return now
    owed_by = letter.notice["ends_at"] if letter.notice["new_ends_at"] is not None else None
    urgent = is_urgent(letter.procedure, letter.case["urgency"])
    return allowed_from(now, letter.zone, urgent=urgent, owed_by=owed_by)


def _reader(desk: Desk, letter: Letter, claimed: Row) -> Contact:
    if letter.person_id is None:
        return desk.complainants.contact(claimed["tenant_id"], claimed["complaint_id"])
    return desk.staff.contact(claimed["tenant_id"], letter.person_id)


def _deliver_to(desk: Desk, claimed: Row, letter: Letter, reader: Contact, other_ways: frozenset[str]) -> None:
    offered = [channel for channel in letter.worded.channels if channel in desk.gateways]
    way = route(reader.wishes, offered=offered, addresses=reader.addresses)
    channel = _channel(claimed, way, other_ways)
    if way.untold and not way.needs_person:
        _drop(desk, claimed, UNTOLD[way.untold])
    elif channel == BOARD and letter.notice["kind"] != "result":
        _drop(desk, claimed, NO_BOARD)
    elif channel is None or channel == BOARD:
        _leave(desk, claimed, letter, way, ON_THE_BOARD if channel else UNTOLD[way.untold or "no_address"])
    elif (held_until := _held_until(desk, letter, reader.addresses[channel])) > desk.clock.now():
        _postpone(desk, claimed, held_until, "this address has heard enough for now")
    elif begun := _begin(desk, claimed, channel):
        attempt = Attempt(claimed, _linked(desk, letter), reader, channel, way.channels, begun)
        _record(desk, attempt, _send(desk, attempt))


def _linked(desk: Desk, letter: Letter) -> Letter:
    """A survey's letter carries a link of its own, made at this moment."""
    if letter.notice["kind"] != "survey":
        return letter
    with desk.units.begin(letter.notice["tenant_id"]) as work:
        return replace(letter, survey_token=surveying.new_link(work, letter.notice["about_id"]))


def _nobody_there(desk: Desk, claimed: Row, letter: Letter) -> None:
    """An erased complaint needs no notice; for somebody who has left, another has to be found."""
    if letter.person_id is None:
        _drop(desk, claimed, GONE)
    else:
        _leave(desk, claimed, letter, Route(()), HAS_LEFT)


def _channel(claimed: Row, way: Route, other_ways: frozenset[str]) -> str | None:
    """What was tried by a channel stays with it; what was not takes the first free one. None: none is left.

    A process that died before it had begun left an attempt behind that was none.
    """
    tried = claimed["state"] != "planned" or claimed["error"] is not None
    if tried and claimed["attempts"] > 1:
        return claimed["channel"] if claimed["channel"] in way.channels else None
    return next_channel(way.channels, other_ways)


def _held_until(desk: Desk, letter: Letter, address: str) -> datetime:
    """Only what goes to a complainant without anybody deciding it is held back."""
    now = desk.clock.now()
    if letter.person_id is None and letter.notice["kind"] == "registered":
        return desk.restraint.allowed_from(address, now)
    return now


def _begin(desk: Desk, claimed: Row, channel: str) -> Delivery | None:
    """Mark it as being sent by this channel; None when there is no need any more, or another process has it."""
    with desk.units.begin(claimed["tenant_id"]) as work:
        rows = _still_ours(work, claimed)
        if not rows:
            return None
        before = _reserved(claimed, work.now)
        if any(row["state"] in TOLD for row in others(rows, claimed)):
            drop(work, claimed, before, TOLD_ALREADY)
            return None
        begun = ledger.claim(before, work.now)
        work.store.deliveries.save(claimed["delivery_id"], begun, channel=channel)
        return begun


def _send(desk: Desk, attempt: Attempt) -> Outcome:
    key = str(attempt.claimed["delivery_id"])
    try:
        message = write(
            attempt.letter,
            attempt.reader,
            attempt.channel,
            key,
            public_url=desk.public_url,
            signature=desk.sms_signature,
        )
    except CannotBeWritten as mistake:
        return Refused(True, str(mistake))
    return desk.gateways[attempt.channel].send(message, desk.clock.now())


def _record(desk: Desk, attempt: Attempt, outcome: Outcome) -> None:
    """The second unit of work: what the partner answered, and what it may have reported before."""
    claimed = attempt.claimed
    with desk.units.transaction() as transaction:
        work = transaction.work_for(claimed["tenant_id"], attempt.letter.notice["cause_id"])
        row = work.store.deliveries.take(claimed["delivery_id"])
        if row is None:
            return
        repeatable = desk.gateways[attempt.channel].repeatable
        after = _after(work, as_delivery(row), attempt.begun, outcome, repeatable)
        save(work, row, attempt.letter.notice, after, attempt.channels)


def _after(work: Work[Store], before: Delivery, begun: Delivery, outcome: Outcome, repeatable: bool) -> Delivery:
    attempt, now = begun.attempts, work.now
    match outcome:
        case Refused(permanent, reason):
            return ledger.refused(before, attempt=attempt, permanent=permanent, reason=reason[:300], now=now)
        case Uncertain(reason):
            return ledger.answer_lost(before, attempt=attempt, reason=reason[:300], now=now, repeatable=repeatable)
        case Handed(reference):
            after = ledger.handed(before, reference, now)
            early = work.store.early_reports.take(reference)
            if early is None:
                return after
            arrived, reason, at = early["arrived"], early["reason"], early["reported_at"]
            return ledger.reported(after, arrived=arrived, reason=reason, at=at)


def _lease_ran_out(desk: Desk, claimed: Row) -> None:
    """Nobody knows what became of the attempt: mail is tried again, an SMS is left to a person."""
    gateway = desk.gateways.get(claimed["channel"])
    repeatable = gateway is not None and gateway.repeatable
    with desk.units.begin(claimed["tenant_id"]) as work:
        if _still_ours(work, claimed):
            unknown = ledger.lease_ran_out(_reserved(claimed, work.now), work.now, repeatable=repeatable)
            work.store.deliveries.save(claimed["delivery_id"], unknown)


def _drop(desk: Desk, claimed: Row, reason: str) -> None:
    with desk.units.begin(claimed["tenant_id"]) as work:
        if _still_ours(work, claimed):
            drop(work, claimed, _reserved(claimed, work.now), reason)


def _leave(desk: Desk, claimed: Row, letter: Letter, way: Route, reason: str) -> None:
    """This way leads nowhere: the next one, or a person."""
    with desk.units.begin(claimed["tenant_id"]) as work:
        if _still_ours(work, claimed):
            before = _reserved(claimed, work.now)
            save(work, claimed, letter.notice, ledger.never_sent(before, reason), way.channels)


def _postpone(desk: Desk, claimed: Row, until: datetime, why: str | None) -> None:
    """Due again then; it does not count as an attempt."""
    with desk.units.begin(claimed["tenant_id"]) as work:
        if _still_ours(work, claimed):
            waiting = replace(_reserved(claimed, work.now), due_at=until, error=why)
            work.store.deliveries.save(claimed["delivery_id"], waiting)


def _still_ours(work: Work[Store], claimed: Row) -> Sequence[Row]:
    """The notice's deliveries, locked from here on; none when somebody changed this one since it was claimed."""
    rows = work.store.deliveries.take_of_notice(claimed["notice_id"])
    same = ("delivery_id", "state", "due_at")
    return rows if any(all(row[name] == claimed[name] for name in same) for row in rows) else ()


def _reserved(claimed: Row, now: datetime) -> Delivery:
    """The delivery as it was before it was claimed: due now, or with a lease that ran out."""
    sending = claimed["state"] == "sending"
    return replace(
        as_delivery(claimed),
        attempts=claimed["attempts"] - 1,
        due_at=None if sending else now,
        lease_until=now if sending else None,
    )
