"""Which complaints belong together (IN-8): what is found, whatever comes first, and what people say of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.common.procedure.duration import Span
from libs.common.procedure.likeness import GroupRules, RepeatRules
from services.intake.domain.likeness import Matter, complainants, group_of, repeats

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BUILDING = UUID(int=7)
THREE_A_DAY = GroupRules(at_least=3, within=Span(24, "h"))
MONTH = RepeatRules(within=Span(30, "d"))


def matter(n, *, hours=0, person=None, **facts):
    """The n-th complaint, so many hours after noon; everybody is somebody else unless named."""
    about = {"category": "facilities", "building_id": BUILDING, "phone_print": f"{person or n}".encode()} | facts
    return Matter(complaint_id=UUID(int=n), received_at=NOON + hours * HOUR, **about)


MATTERS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 6)),
    max_size=14,
).map(lambda drawn: [matter(n, hours=hours, person=who) for n, (hours, who) in enumerate(drawn, 1)])


@given(MATTERS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing(matters, chance):
    """IN-8: however they come in, the same complaints are the same group events."""
    arriving = list(matters)
    chance.shuffle(arriving)
    assert found_one_by_one(arriving) == events_among(matters)


@given(MATTERS)
def test_a_group_event_has_enough_different_people_within_the_span(matters):
    """IN-8: whoever complains again counts once."""
    for event in found_one_by_one(matters):
        assert complainants(each for each in matters if each.complaint_id in event) >= THREE_A_DAY.at_least


def test_a_group_needs_different_people_within_the_span_and_both_bounds_count():
    """IN-8"""
    first, second = matter(1), matter(2, hours=12)
    assert group_of(matter(3, hours=24), [first, second], THREE_A_DAY) == [first, second, matter(3, hours=24)]
    assert group_of(matter(3, hours=25), [first, second], THREE_A_DAY) == []
    assert group_of(matter(3, person=1), [first, second], THREE_A_DAY) == []


def test_who_leaves_no_contact_counts_once_for_their_unit():
    """IN-5, IN-8: an anonymous sender alone does not make a group."""
    alone = [matter(n, phone_print=None, unit_id=UUID(int=50)) for n in (1, 2, 3)]
    assert group_of(alone[0], alone[1:], THREE_A_DAY) == []
    neighbours = [matter(n, phone_print=None, unit_id=UUID(int=50 + n)) for n in (1, 2, 3)]
    assert len(group_of(neighbours[0], neighbours[1:], THREE_A_DAY)) == 3


def test_what_a_person_set_apart_counts_for_nothing():
    """IN-8: the correction wins."""
    apart = matter(2, apart=True)
    assert group_of(matter(1), [apart, matter(3)], THREE_A_DAY) == []
    assert group_of(apart, [matter(1), matter(3), matter(4)], THREE_A_DAY) == []


def test_the_same_person_repeats_whatever_it_is_about_and_a_unit_its_category():
    """IN-8"""
    unit = {"unit_id": UUID(int=9)}
    first = matter(1, **unit)
    assert same(first, matter(2, person=1, category="attitude")) == ["person"]
    assert same(first, matter(2, **unit)) == ["place"]
    assert same(first, matter(2, category="attitude", **unit)) == same(first, matter(2)) == []


def test_a_repeat_comes_within_the_span_and_is_always_the_later_one():
    """IN-8"""
    early, late = matter(2), matter(1, hours=30 * 24, person=2)
    [found], [turned] = repeats(late, [early], MONTH), repeats(early, [late], MONTH)
    assert found == turned
    assert (found.later, found.earlier) == (late, early)
    assert repeats(matter(3, hours=30 * 24 + 1, person=2), [early], MONTH) == []


def test_nobody_anonymous_is_recognised_as_a_person():
    """IN-5, IN-8: a link by phone would tell who they are."""
    assert same(matter(1), matter(2, person=1, anonymous=True)) == []
    assert same(matter(1, anonymous=True), matter(2, person=1)) == []


def test_what_says_itself_that_it_takes_up_another_is_no_find():
    """DI-12, IN-8"""
    assert same(matter(1), matter(2, person=1, follows=UUID(int=1))) == []


def same(earlier, later):
    return [each.same for each in repeats(later, [earlier], MONTH)]


def found_one_by_one(arriving):
    """The group events when each is judged as it comes in, as the handler does it."""
    known, events = [], []
    for new in arriving:
        nearby = [each for each in known if abs(each.received_at - new.received_at) <= THREE_A_DAY.span]
        found = {each.complaint_id for each in group_of(new, nearby, THREE_A_DAY)}
        if found:
            touched = [event for event in events if event & found]
            events = [event for event in events if event not in touched] + [found.union(*touched)]
        known.append(new)
    return {frozenset(event) for event in events}


def events_among(matters):
    """The group events by their definition, looked for without any order."""
    runs = []
    for begins in matters:
        run = [each for each in matters if timedelta(0) <= each.received_at - begins.received_at <= THREE_A_DAY.span]
        if len({each.phone_print for each in run}) >= THREE_A_DAY.at_least:
            runs.append({each.complaint_id for each in run})
    events = []
    for run in runs:
        touched = [event for event in events if event & run]
        events = [event for event in events if event not in touched] + [run.union(*touched)]
    return {frozenset(event) for event in events}
