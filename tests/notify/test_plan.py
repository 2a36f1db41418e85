from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.notify.domain import delivery as ledger
from services.notify.domain.delivery import LEASE, Delivery
from services.notify.domain.plan import (
    PAUSES,
    Route,
    Wishes,
    allowed_from,
    next_attempt,
    next_channel,
    route,
)

ZONES = ["Asia/Shanghai", "Europe/London", "America/St_Johns", "Pacific/Apia"]
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
BOTH = ("sms", "email")


def test_without_a_choice_the_procedures_order_is_kept():
    assert route(Wishes(), offered=BOTH, addresses={"email", "sms"}) == Route(BOTH)


def test_a_channel_without_an_address_is_passed_over():
    assert route(Wishes(), offered=BOTH, addresses={"email"}) == Route(("email",))


def test_a_choice_is_kept_and_not_widened():
    """NO-3."""
    assert route(Wishes(answer_by=("email",)), offered=BOTH, addresses=BOTH) == Route(("email",))
    assert route(Wishes(answer_by=("email", "sms")), offered=BOTH, addresses=BOTH) == Route(("email", "sms"))


def test_somebody_anonymous_is_told_only_as_they_chose():
    """IN-5."""
    assert route(Wishes(anonymous=True), offered=BOTH, addresses=BOTH) == Route((), "anonymous")
    board = Wishes(anonymous=True, answer_by=("notice_board",))
    assert route(board, offered=BOTH, addresses=BOTH) == Route(("notice_board",))


@pytest.mark.parametrize("wishes", [Wishes(do_not_contact=True, answer_by=BOTH), Wishes(answer_by=("none", "sms"))])
def test_who_wants_no_word_gets_none_and_that_is_no_failure(wishes):
    """NO-3."""
    silent = route(wishes, offered=BOTH, addresses=BOTH)
    assert silent.channels == ()
    assert not silent.needs_person


def test_who_cannot_be_reached_needs_a_person():
    assert route(Wishes(), offered=BOTH, addresses=()) == Route((), "no_address")
    nowhere = route(Wishes(answer_by=("email",)), offered=("sms",), addresses=BOTH)
    assert nowhere == Route((), "not_offered")
    assert nowhere.needs_person


channels = st.lists(st.sampled_from(["sms", "email", "notice_board", "none", "wechat"]))


@given(wishes=st.builds(Wishes, answer_by=channels), offered=channels, addresses=channels)
def test_a_route_has_channels_or_a_reason_and_never_leaves_the_choice(wishes, offered, addresses):
    way = route(wishes, offered=offered, addresses=addresses)
    assert bool(way.channels) != bool(way.untold)
    assert set(way.channels) <= set(wishes.answer_by or offered)
    assert len(set(way.channels)) == len(way.channels)


def test_the_next_channel_is_the_first_not_tried():
    """NO-4."""
    assert next_channel(BOTH, ()) == "sms"
    assert next_channel(BOTH, {"sms"}) == "email"
    assert next_channel(BOTH, set(BOTH)) is None


@pytest.mark.parametrize(
    ("local", "allowed"),
    [
        ((5, 20, 59), (5, 20, 59)),
        ((5, 21, 0), (6, 8, 0)),
        ((6, 0, 0), (6, 8, 0)),
        ((6, 7, 59), (6, 8, 0)),
        ((6, 8, 0), (6, 8, 0)),
    ],
)
def test_nobody_is_disturbed_at_night(local, allowed):
    """NO-3."""
    moment = datetime(2026, 3, *local, tzinfo=SHANGHAI)
    assert allowed_from(moment, SHANGHAI, urgent=False) == datetime(2026, 3, *allowed, tzinfo=SHANGHAI)


def test_what_is_urgent_does_not_wait():
    midnight = datetime(2026, 3, 6, tzinfo=SHANGHAI)
    assert allowed_from(midnight, SHANGHAI, urgent=True) == midnight


def test_quiet_hours_may_lie_within_a_day_or_be_empty():
    noon = datetime(2026, 3, 6, 12, 30, tzinfo=SHANGHAI)
    siesta = allowed_from(noon, SHANGHAI, urgent=False, quiet_from=time(12), quiet_until=time(14))
    assert siesta == datetime(2026, 3, 6, 14, tzinfo=SHANGHAI)
    assert allowed_from(noon, SHANGHAI, urgent=False, quiet_from=time(12), quiet_until=time(12)) == noon


moments = st.integers(0, 20_000_000).map(lambda minutes: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(now=moments, zone=st.sampled_from(ZONES))
def test_the_allowed_moment_is_near_and_itself_allowed(now, zone):
    allowed = allowed_from(now, ZoneInfo(zone), urgent=False)
    assert now <= allowed <= now + timedelta(hours=12)
    assert allowed_from(allowed, ZoneInfo(zone), urgent=False) == allowed


def test_pauses_grow_and_end():
    waits = [next_attempt(attempts, NOW, False) for attempts in range(1, len(PAUSES) + 2)]
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[0] == NOW + timedelta(minutes=1)
    assert waits[-1] is None


def test_what_is_refused_for_good_is_not_tried_again():
    assert next_attempt(1, NOW, True) is None


def test_a_delivery_goes_from_planned_to_delivered():
    """NO-4."""
    claimed = ledger.claim(planned(), NOW)
    assert (claimed.state, claimed.attempts, claimed.lease_until) == ("sending", 1, NOW + LEASE)
    taken = ledger.handed(claimed, "9^0", NOW)
    assert (taken.state, taken.handed_at, taken.due_at) == ("handed", NOW, None)
    arrived = ledger.reported(taken, arrived=True, reason=None, at=NOW + timedelta(seconds=3))
    assert (arrived.state, arrived.delivered_at) == ("delivered", NOW + timedelta(seconds=3))


def test_a_delivery_that_is_not_due_is_not_claimed():
    later = planned(due_at=NOW + timedelta(seconds=1))
    assert ledger.claim(later, NOW) is later


def test_a_refusal_for_now_is_tried_again():
    again = ledger.refused(sending(), attempt=1, permanent=False, reason="451", now=NOW)
    assert (again.state, again.due_at, again.error) == ("planned", NOW + PAUSES[0], "451")


def test_a_refusal_for_good_fails():
    failed = ledger.refused(sending(), attempt=1, permanent=True, reason="550", now=NOW)
    assert (failed.state, failed.due_at, failed.error) == ("failed", None, "550")


def test_an_sms_whose_answer_was_lost_waits_for_a_person():
    """NO-4, R4: nothing is sent twice."""
    lost = ledger.answer_lost(sending(), attempt=1, reason="lost", now=NOW, repeatable=False)
    assert (lost.state, lost.due_at) == ("unknown", None)
    assert lost.needs_person


def test_a_mail_whose_answer_was_lost_is_sent_again():
    lost = ledger.answer_lost(sending(), attempt=1, reason="lost", now=NOW, repeatable=True)
    assert (lost.state, lost.due_at, lost.needs_person) == ("unknown", NOW + PAUSES[0], False)
    assert ledger.claim(lost, NOW + PAUSES[0]).state == "sending"


def test_a_lease_that_ran_out_makes_it_unknown():
    assert ledger.lease_ran_out(sending(), NOW + LEASE, repeatable=False).needs_person
    assert ledger.lease_ran_out(sending(), NOW + LEASE, repeatable=True).due_at == NOW + LEASE + PAUSES[0]


def test_a_lease_that_holds_is_left_alone():
    busy = sending()
    assert ledger.lease_ran_out(busy, NOW + LEASE - timedelta(seconds=1), repeatable=True) is busy


def test_an_attempt_that_comes_back_late_still_counts_as_handed():
    unknown = ledger.lease_ran_out(sending(), NOW + LEASE, repeatable=True)
    assert ledger.handed(unknown, "9^0", NOW + LEASE).state == "handed"


def test_a_late_refusal_says_nothing_about_the_newer_attempt():
    unknown = ledger.lease_ran_out(sending(), NOW + LEASE, repeatable=True)
    second = ledger.claim(unknown, NOW + timedelta(hours=1))
    assert ledger.refused(second, attempt=1, permanent=True, reason="550", now=NOW) is second


def test_the_desk_can_send_again_what_is_unknown():
    unknown = ledger.lease_ran_out(sending(), NOW + LEASE, repeatable=False)
    later = NOW + timedelta(hours=1)
    assert ledger.claim(ledger.send_again(unknown, later), later).attempts == 2


def test_the_desk_cannot_send_again_what_arrived():
    arrived = ledger.reported(sending(), arrived=True, reason=None, at=NOW)
    assert ledger.send_again(arrived, NOW) is arrived


def test_a_report_may_overtake_our_own_commit():
    early = ledger.reported(sending(), arrived=True, reason=None, at=NOW)
    later = ledger.handed(early, "9^0", NOW)
    assert (later.state, later.provider_reference) == ("delivered", "9^0")


def test_a_failure_report_fails_what_was_handed_and_not_what_arrived():
    taken = ledger.handed(sending(), "9^0", NOW)
    failed = ledger.reported(taken, arrived=False, reason="MK", at=NOW)
    assert (failed.state, failed.error) == ("failed", "MK")
    arrived = ledger.reported(failed, arrived=True, reason=None, at=NOW)
    assert arrived.state == "delivered"
    assert ledger.reported(arrived, arrived=False, reason="MK", at=NOW) is arrived


def test_a_report_about_what_was_never_sent_changes_nothing():
    fresh = planned()
    assert ledger.reported(fresh, arrived=True, reason=None, at=NOW) is fresh


class Story(RuleBasedStateMachine):
    """Anything may happen in any order; what was promised holds."""

    repeatable = False

    def __init__(self):
        super().__init__()
        self.now = NOW
        self.delivery = planned()
        self.arrived = False
        self.calls = 0

    @rule(minutes=st.integers(0, 300))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self):
        self.delivery = ledger.lease_ran_out(self.delivery, self.now, repeatable=self.repeatable)

    @rule(answer=st.sampled_from(["handed", "refused", "refused for good", "lost", "crash"]))
    def send(self, answer):
        before = self.delivery
        self.delivery = ledger.claim(before, self.now)
        if self.delivery is before:
            return
        self.calls += not answer.startswith("refused")
        attempt = self.delivery.attempts
        if answer == "handed":
            self.delivery = ledger.handed(self.delivery, "9^0", self.now)
        elif answer.startswith("refused"):
            self.delivery = ledger.refused(
                self.delivery, attempt=attempt, permanent=answer != "refused", reason=answer, now=self.now
            )
        elif answer == "lost":
            self.delivery = ledger.answer_lost(
                self.delivery, attempt=attempt, reason=answer, now=self.now, repeatable=self.repeatable
            )

    @precondition(lambda self: self.calls > 0)
    @rule(arrived=st.booleans())
    def report(self, arrived):
        self.delivery = ledger.reported(self.delivery, arrived=arrived, reason="MK", at=self.now)
        self.arrived = self.arrived or arrived

    @invariant()
    def nothing_that_may_have_gone_is_sent_twice(self):
        assert self.repeatable or self.calls <= 1

    @invariant()
    def what_arrived_stays_arrived(self):
        assert not self.arrived or self.delivery.state == "delivered"

    @invariant()
    def only_waiting_deliveries_are_due(self):
        assert self.delivery.due_at is None or self.delivery.state in ("planned", "unknown")
        assert (self.delivery.lease_until is not None) == (self.delivery.state == "sending")

    @invariant()
    def nothing_waits_without_being_due(self):
        assert self.delivery.state != "planned" or self.delivery.due_at is not None


class MailStory(Story):
    repeatable = True


TestSms = Story.TestCase
TestMail = MailStory.TestCase


def planned(**changes):
    return Delivery(**{"due_at": NOW} | changes)


def sending():
    return ledger.claim(planned(), NOW)
