"""Mistakes that a change could make. Each, planted, must be found by the simulation, or it has gone blind."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from unittest.mock import patch
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.common import outbox
from libs.common.inbox import Inbox
from libs.common.inbox_rows import place_of, stream_of
from libs.common.outbox import Relay
from services.dispatch.store.money import Ledger
from services.intake.domain.handback import CLOSED
from services.intake.handlers import hearing as intake_hearing
from services.intake.handlers import likeness
from services.notify.domain import delivery as ledger
from services.notify.handlers import sending, surveying
from services.reporting.domain import draws, rollups
from services.reporting.domain.fact import closed_on
from services.reporting.handlers import draws as drawing
from services.sla import jobs as sla_jobs
from services.sla.domain import calendar
from services.sla.handlers import cases, extending, parts
from services.sla.store.alarms import Alarms, DueAlarm
from services.sla.store.retentions import Retentions
from tests.simulation.partners import CarryingBroker


def ack_before_commit() -> AbstractContextManager[Any]:
    """The broker is told that a batch is done before the batch is stored."""

    def deliver(broker: CarryingBroker, service: str, inbox: Any) -> None:
        now = broker.clock.now()
        batch = [each for each in broker.queues[service] if each.ready_at <= now]
        broker.acknowledge(service, batch)
        inbox.receive([each.envelope for each in batch])

    return patch.object(CarryingBroker, "deliver", deliver)


def no_memory_of_what_was_handled() -> AbstractContextManager[Any]:
    """What arrives again is handled again."""
    return _taking(lambda sequence, reached: sequence <= reached + 1)


def no_look_at_the_sequence() -> AbstractContextManager[Any]:
    """What arrives is handled, whether its turn has come or not."""
    return _taking(lambda sequence, reached: sequence > reached)


def _taking(its_turn: Callable[[int, int], bool]) -> AbstractContextManager[Any]:
    def take(inbox: Any, transaction: Any, rows: Iterable[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
        waiting = sorted(rows, key=place_of)
        applied = inbox._rows.how_far(transaction.connection, {stream_of(row) for row in waiting})
        moved: dict[Any, int] = {}
        handled, later = [], []
        for row in waiting:
            reached = applied.get(stream_of(row), 0)
            if its_turn(row["sequence"], reached):
                inbox._handle(transaction, row)
                if row["sequence"] > reached:
                    applied[stream_of(row)] = moved[stream_of(row)] = row["sequence"]
                    handled.append(row)
            elif row["sequence"] > reached:
                later.append(row)
        transaction.flush()
        inbox._rows.remember(transaction.connection, moved)
        return handled, later

    return patch.object(Inbox, "_take", take)


def forgotten_before_the_broker_confirmed() -> AbstractContextManager[Any]:
    """Rows leave the outbox before they are published."""

    def publish_waiting(relay: Any, now: Callable[[], datetime]) -> int:
        with relay._database.read() as connection:
            rows = outbox._waiting(connection, relay._plumbing.outbox)
        if rows:
            with relay._database.write() as connection:
                outbox._move_to_sent(connection, rows, now())
            relay._broker.publish([outbox._envelope(relay._service, row) for row in rows])
        return len(rows)

    return patch.object(Relay, "publish_waiting", publish_waiting)


def an_alarm_that_is_heard_twice() -> AbstractContextManager[Any]:
    """The first hearing is not written down, so it is heard again at the next look."""
    heard: set[tuple[UUID, Any]] = set()
    mark_fired = Alarms.mark_fired

    def forget_the_first(alarms: Any, fired: Sequence[DueAlarm], at: datetime) -> None:
        again = [each for each in fired if (each.clock_id, each.alarm) in heard]
        heard.update((each.clock_id, each.alarm) for each in fired)
        mark_fired(alarms, again, at)

    return patch.object(Alarms, "mark_fired", forget_the_first)


def sent_before_it_is_written_down() -> AbstractContextManager[Any]:
    """The partner is called while the database still says that nothing was begun."""

    def begin(desk: Any, claimed: Any, channel: str) -> Any:
        before = sending._reserved(claimed, desk.clock.now())
        return ledger.claim(before, desk.clock.now())

    return patch.object(sending, "_begin", begin)


def met_when_it_was_heard_of() -> AbstractContextManager[Any]:
    """A clock is met at the time of the sweep, not at the time its milestone was reached."""
    met = cases.meet_clocks

    def meet_now(work: Any, case: Any, awaited: Sequence[Any], at: datetime) -> None:
        met(work, case, awaited, work.now)

    return patch.object(cases, "meet_clocks", meet_now)


def an_extension_that_moves_a_finished_clock() -> AbstractContextManager[Any]:
    """More time is given to a limit that was kept already."""

    def every_clock(granted: Any, work: Any, case: Any) -> list[Any]:
        its = (granted.limit_id, granted.round)
        return [each for each in work.store.clocks.take(case.complaint_id) if (each.limit_id, each.round) == its]

    return patch.object(extending, "_clocks_of", every_clock)


@contextmanager
def a_payment_that_is_booked_twice() -> Iterator[None]:
    """The same payment stands in the books a second time, and the sums agree."""
    add, change = Ledger.add_payment, Ledger.change
    booked: dict[UUID, int] = {}

    def add_again(money: Any, **payment: Any) -> None:
        add(money, **payment)
        entry, amount = payment["compensation_id"], payment["amount"]
        add(money, **{**payment, "payment_id": UUID(int=payment["payment_id"].int ^ 1)})
        booked[entry] = booked.get(entry, 0) + amount

    def change_again(money: Any, entry: UUID, **values: Any) -> None:
        paid = {"paid": values["paid"] + booked.get(entry, 0)} if "paid" in values else {}
        change(money, entry, **{**values, **paid})

    with patch.object(Ledger, "add_payment", add_again), patch.object(Ledger, "change", change_again):
        yield


def a_part_that_gets_no_clock() -> AbstractContextManager[Any]:
    """A department's own limits are not counted."""
    return patch.object(parts, "limits_that_hold", lambda *_: ())


def a_clock_that_never_changes() -> AbstractContextManager[Any]:
    """Days end by the hour that the house's wall clock shows in winter."""

    def in_winter(zone: ZoneInfo, day: date, minute: int) -> int:
        winter = timezone(datetime(day.year, 1, 1, tzinfo=zone).utcoffset() or timedelta())
        return int(datetime.combine(day, time(), winter).timestamp()) + minute * 60

    return patch.object(calendar, "instant_of", in_winter)


def a_day_that_ends_elsewhere() -> AbstractContextManager[Any]:
    """What was closed is counted on the day that it was in Greenwich."""
    return patch.object(rollups, "closed_on", lambda fact, _: closed_on(fact, ZoneInfo("UTC")))


def a_reminder_that_comes_too_soon() -> AbstractContextManager[Any]:
    """Who has not answered a survey is asked again the next day."""

    def too_soon(now: datetime, reminded: int, reminders: int) -> datetime | None:
        return now + timedelta(days=1) if reminded < reminders else None

    return patch.object(surveying, "next_reminder", too_soon)


def an_answer_that_comes_to_nothing() -> AbstractContextManager[Any]:
    """Whoever answers a survey is shown the answer, and nobody else hears of it."""
    return patch.object(surveying, "_say", lambda *_: None)


def a_case_that_ends_while_it_is_worked_on() -> AbstractContextManager[Any]:
    """A case that begins again is kept only as long as if it had stayed closed."""
    return patch.object(Retentions, "remove", lambda *_: None)


def a_case_that_is_kept_too_short() -> AbstractContextManager[Any]:
    """The day of closing is one of the days for which a case is kept."""
    kept_until = cases.kept_until
    return patch.object(cases, "kept_until", lambda at, days, zone: kept_until(at, days - 1, zone))


def a_share_that_is_rounded_down() -> AbstractContextManager[Any]:
    """Of a few people nobody is drawn."""

    def draw(seed: str, population: Sequence[UUID], share: Any) -> list[UUID]:
        return draws.draw(seed, population, share)[: len(population) * share.percent // 100]

    return patch.object(drawing, "draw", draw)


def a_month_that_nobody_is_drawn_of() -> AbstractContextManager[Any]:
    """After each draw one period is passed over."""
    plan = drawing._plan

    def plan_late(work: Any, purpose: str, every: str, period: Any) -> None:
        plan(work, purpose, every, draws.period_around(period.last + timedelta(days=1), every))

    return patch.object(drawing, "_plan", plan_late)


def an_end_that_the_platform_never_hears_of() -> AbstractContextManager[Any]:
    """Whoever passed a complaint on is not told that it was closed."""
    stand = intake_hearing.stand

    def but_the_end(work: Any, complaint_id: UUID, status: str, *told: Any) -> None:
        if status != CLOSED:
            stand(work, complaint_id, status, *told)

    return patch.object(intake_hearing, "stand", but_the_end)


def an_event_that_only_the_last_hears_of() -> AbstractContextManager[Any]:
    """Of many complaints about one thing only the newest is told that it is one of them."""
    group_of = likeness.group_of

    def the_last(new: Any, nearby: Any, rules: Any) -> list[Any]:
        return [new] if group_of(new, nearby, rules) else []

    return patch.object(likeness, "group_of", the_last)


def a_group_event_without_its_limits() -> AbstractContextManager[Any]:
    """A case that turns out to be one of many keeps the limits that it had."""
    recompute = cases.recompute
    return patch.object(
        cases, "recompute", lambda work, case, at, reason: recompute(work, replace(case, group=False), at, reason)
    )


def a_closing_that_counts_for_new_cases_alone() -> AbstractContextManager[Any]:
    """What runs when a calendar changes runs on to the end that it had."""
    return patch.object(sla_jobs, "recount_case", lambda work, complaint_id: work.store.clocks.settle(complaint_id))


MISTAKES = (
    ack_before_commit,
    no_memory_of_what_was_handled,
    no_look_at_the_sequence,
    forgotten_before_the_broker_confirmed,
    an_alarm_that_is_heard_twice,
    sent_before_it_is_written_down,
    met_when_it_was_heard_of,
    an_extension_that_moves_a_finished_clock,
    a_part_that_gets_no_clock,
    a_payment_that_is_booked_twice,
    a_clock_that_never_changes,
    a_day_that_ends_elsewhere,
    a_reminder_that_comes_too_soon,
    an_answer_that_comes_to_nothing,
    a_case_that_ends_while_it_is_worked_on,
    a_case_that_is_kept_too_short,
    a_share_that_is_rounded_down,
    a_month_that_nobody_is_drawn_of,
    an_end_that_the_platform_never_hears_of,
    an_event_that_only_the_last_hears_of,
    a_group_event_without_its_limits,
    a_closing_that_counts_for_new_cases_alone,
)
