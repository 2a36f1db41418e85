"""Whoever works there, is rostered or is away: there is one answer to whose case it is, always the same (DI-3)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.procedure.vocabulary import CALLED_IN, STAFF_ROLES, WAYS_TO_ASSIGN
from services.dispatch.domain.absence import stand_in
from services.dispatch.domain.assignment import WHY, Staff, called_in, called_in_turn, place
from services.dispatch.domain.people import Person
from services.dispatch.domain.summons import Summons, next_call

NOW = datetime(2026, 3, 2, tzinfo=UTC)
IDS = [UUID(int=n) for n in range(6)]
DEPARTMENTS = ("engineering", "security")
SOME = st.frozensets(st.sampled_from(IDS))
DUTIES = st.dictionaries(st.sampled_from(DEPARTMENTS), SOME)


def several(of):
    return st.lists(st.sampled_from(of), max_size=3, unique=True).map(tuple)


PEOPLE = st.tuples(
    *(
        st.builds(
            Person,
            id=st.just(each),
            roles=several(STAFF_ROLES),
            departments=several(DEPARTMENTS),
            active=st.booleans(),
            skills=several(("repair", "noise")),
        )
        for each in IDS
    )
)
STAFF = st.builds(
    Staff,
    people=PEOPLE,
    rostered=st.frozensets(st.sampled_from(DEPARTMENTS)),
    on_duty=DUTIES,
    duty_managers=DUTIES,
    open_work=st.dictionaries(st.sampled_from(IDS), st.integers(0, 3)),
    last_assigned=st.dictionaries(st.sampled_from(IDS), st.integers(0, 3).map(lambda h: NOW + timedelta(hours=h))),
    away=st.dictionaries(st.sampled_from(IDS), st.none() | st.sampled_from(IDS)),
)
WAY, CATEGORY = st.sampled_from(WAYS_TO_ASSIGN), st.sampled_from(["repair", "noise"])


def there(staff):
    """Who works there and is not away."""
    return {person.id for person in staff.people if person.active and person.id not in staff.away}


@settings(deadline=None, max_examples=300)
@given(STAFF, WAY, CATEGORY)
def test_there_is_one_answer_and_it_is_nobody_who_left_or_is_away(staff, way, category):
    found = place(staff, "engineering", way, category)
    assert found == place(staff, "engineering", way, category) and found.how in WHY
    assert found.assignee_id in there(staff) | {None}
    assert (found.assignee_id is None) == (found.how == "nobody")


@settings(deadline=None, max_examples=300)
@given(STAFF, WAY, CATEGORY)
def test_nobody_is_left_waiting_while_somebody_present_qualifies(staff, way, category):
    found, present = place(staff, "engineering", way, category), there(staff)
    on_duty = set(staff.rostered_now("engineering")) & present
    assert not on_duty or found.assignee_id in staff.available("engineering")
    heads = {each.id for each in staff.people if "supervisor" in each.roles and "engineering" in each.departments}
    assert found.assignee_id is not None or not (on_duty | (heads & present))


@settings(deadline=None)
@given(STAFF, WAY, CATEGORY, st.randoms())
def test_the_order_in_which_people_are_known_does_not_matter(staff, way, category, chance):
    shuffled = list(staff.people)
    chance.shuffle(shuffled)
    other = Staff(**staff.__dict__ | {"people": tuple(shuffled)})
    assert place(staff, "engineering", way, category) == place(other, "engineering", way, category)


@settings(deadline=None)
@given(STAFF, CATEGORY)
def test_who_has_the_skill_comes_first(staff, category):
    skilled = [each for each in staff.available("engineering") if staff.knows(each, category)]
    found = place(staff, "engineering", "skill", category)
    assert (found.assignee_id in skilled) if skilled else found.how != "skill"


@settings(deadline=None)
@given(STAFF, st.sampled_from(CALLED_IN), st.sampled_from(IDS))
def test_who_is_called_in_is_there_and_called_once(staff, role, assignee):
    people = called_in(staff, role, "engineering", assignee)
    assert set(people) <= there(staff) and len(set(people)) == len(people)


@given(st.sampled_from(IDS), st.dictionaries(st.sampled_from(IDS), st.none() | st.sampled_from(IDS)))
def test_a_chain_of_substitutes_always_ends_with_somebody_present_or_nobody(person, away):
    assert stand_in(person, away) not in away


@settings(deadline=None)
@given(STAFF, several(CALLED_IN), st.sampled_from(IDS))
def test_a_lane_calls_each_of_its_people_once_a_round(staff, roles, assignee):
    """DI-8."""
    people, unheld = called_in_turn(staff, roles, "engineering", assignee)
    assert bool(people) or set(unheld) == set(roles)
    calls: list[Summons] = []
    for turn in range(1, 2 * len(people) + 1):
        following = next_call(people, calls)
        calls.append(call(turn, following))
        assert following.in_vain is (turn == len(people) + 1)
    assert [each.person_id for each in calls] == [*people, *people]


def test_a_lane_of_nobody_calls_nobody_in_vain():
    following = next_call((), ())
    assert (following.person_id, following.in_vain) == (None, True)


def call(turn, following):
    about = {"summons_id": uuid4(), "lane": "now", "turn": turn, "acknowledge_by": NOW, "open": False}
    return Summons(round=following.round, person_id=following.person_id, **about)
