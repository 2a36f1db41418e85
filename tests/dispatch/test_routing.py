"""Whose case it becomes (DI-1 to DI-4)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.procedure import presets
from libs.common.procedure.conditions import AtLeast, Condition, Facts, TimeOfDay
from libs.common.procedure.document import Routing, Rule
from libs.common.procedure.reading import read
from libs.common.procedure.vocabulary import CALLED_IN, CHANNELS
from services.dispatch.domain.people import OnDuty, Person, Responsible, choose_assignee, responsible
from services.dispatch.domain.routing import Others, others, route

P1 = read(presets.load("p1-accommodation"))
HOTEL = read(presets.load("hotel-in-house"))
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("category", "department"),
    [
        ("facility_repair", "engineering"),
        ("safety", "security"),
        ("service_attitude", "customer_service"),
        ("suggestion", "customer_service"),
    ],
)
def test_p1_sends_each_category_to_its_department(category: str, department: str) -> None:
    """DI-2."""
    assert route(P1, Facts(channel="web", category=category, urgency="general")).department == department


def test_every_rule_that_holds_is_a_reason_and_the_first_named_department_leads() -> None:
    found = route(P1, Facts(channel="web", category="facility_repair", urgency="urgent", text="插座冒烟"))
    rules = [reason.rule_id for reason in found.reasons]
    assert rules == ["fire-and-gas", "emergency-response", "facilities-to-engineering"]
    assert (found.department, found.urgency) == ("security", "urgent")
    assert found.alerts == ("department_head", "coordinator", "manager")
    assert found.reasons[0].why == {"zh-Hans": "提到“冒烟”", "en": "mentions “冒烟”"}


def test_where_only_the_first_match_counts_later_rules_are_not_asked() -> None:
    first = replace(P1, routing=replace(P1.routing, match="first"))
    found = route(first, Facts(channel="web", category="facility_repair", urgency="urgent"))
    assert [reason.rule_id for reason in found.reasons] == ["emergency-response", ""]
    assert found.department == "engineering"


def test_without_a_rule_the_department_of_the_category_is_the_reason() -> None:
    found = route(P1, Facts(channel="web", category="noise", urgency="general"))
    (reason,) = found.reasons
    assert reason.rule_id == ""
    assert reason.why == {
        "zh-Hans": "噪音扰民类通常由客服部负责",
        "en": "Noise is usually for Customer service",
    }


def test_a_category_the_procedure_no_longer_has_falls_to_the_default_one() -> None:
    found = route(P1, Facts(channel="web", category="canteen", urgency="whenever"))
    assert (found.department, found.urgency) == ("customer_service", "general")


@pytest.mark.parametrize(("hour", "department"), [(21, "front_office"), (23, "security"), (6, "security")])
def test_noise_at_night_goes_to_security_by_the_hotels_own_clock(hour: int, department: str) -> None:
    received = datetime(2026, 3, 2, hour, tzinfo=ZoneInfo("Asia/Shanghai"))
    facts = Facts(channel="phone", category="noise", urgency="normal", received_at=received)
    assert route(HOTEL, facts).department == department


def test_a_large_claim_makes_the_case_major_and_is_handled_as_every_major_case() -> None:
    found = route(HOTEL, Facts(channel="web", category="bill", urgency="normal", claimed_amount=600_000))
    assert found.major and found.alerts == ("manager", "duty_manager") and found.lanes == ("at-once",)
    assert [reason.rule_id for reason in found.reasons] == ["large-claim", "major"]


def test_a_rule_sees_what_the_rules_before_it_decided_and_says_so() -> None:
    """DI-1"""
    raises, asks = (
        Rule(id="raises", urgency="urgent"),
        Rule(id="asks", when=Condition(urgency=("urgent",)), alert=("manager",)),
    )
    for rules, alerts in (((raises, asks), ("manager",)), ((asks, raises), ())):
        found = route(replace(P1, routing=Routing(match="all", rules=rules)), Facts(channel="web", urgency="general"))
        assert (found.urgency, found.alerts) == ("urgent", alerts)
    found = route(replace(P1, routing=Routing(match="all", rules=(raises, asks))), Facts(channel="web"))
    assert [reason.why["en"] for reason in found.reasons if reason.rule_id == "asks"] == ["urgency is Urgent"]


def test_what_the_first_of_two_rules_decides_is_what_a_third_sees() -> None:
    decide = (Rule(id="one", urgency="urgent"), Rule(id="two", urgency="general"))
    asks = Rule(id="asks", when=Condition(urgency=("general",)), alert=("manager",))
    found = route(replace(P1, routing=Routing(match="all", rules=(*decide, asks))), Facts(channel="web"))
    assert (found.urgency, found.alerts) == ("urgent", ())


@pytest.mark.parametrize(("asked", "holds"), [("3号楼", True), ("3 号楼", True), ("13号楼", False), ("号楼", False)])
def test_a_rule_may_ask_for_the_building_of_a_listed_place(asked: str, holds: bool) -> None:
    """DI-1"""
    rule = Rule(id="old", when=Condition(in_building=(asked,)), department="security")
    facts = Facts(channel="web", category="facility_repair", in_property="北苑", in_building="3 号楼", in_unit="301")
    found = route(replace(P1, routing=Routing(rules=(rule,))), facts)
    assert (found.department == "security") is holds
    if holds:
        assert found.reasons[0].why == {"zh-Hans": "楼栋为“3 号楼”", "en": "building is “3 号楼”"}


def test_the_first_rule_to_name_an_assignee_decides_it() -> None:
    rules = (Rule(id="one", alert=("manager",)), Rule(id="two", assignee="li"), Rule(id="three", assignee="wang"))
    assert route(replace(P1, routing=Routing(match="all", rules=rules)), Facts(channel="web")).assignee == "li"


def test_no_rule_makes_a_major_case_minor() -> None:
    rules = (Rule(id="calm", major=False),)
    calm = replace(P1, routing=Routing(rules=rules))
    assert route(calm, Facts(channel="web", major=True)).major


def ids(of: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(of), max_size=2, unique=True).map(tuple)


CATEGORIES = [category.id for category in P1.categories]
URGENCIES = [urgency.id for urgency in P1.urgencies]
DEPARTMENTS = [department.id for department in P1.departments]
CONDITIONS = st.builds(
    Condition,
    channel=ids(list(CHANNELS)),
    category=ids(CATEGORIES),
    urgency=ids(URGENCIES),
    **{flag: st.none() | st.booleans() for flag in ("major", "vip", "complex", "group")},
    words=ids(["漏水", "fire", "楼"]),
    place=ids(["North", "北"]),
    claimed_amount=st.none() | st.builds(AtLeast, st.integers(0, 1000)),
    time_of_day=st.none() | st.builds(TimeOfDay, st.times(), st.times()),
)
RULES = st.builds(
    Rule,
    id=st.just("rule"),
    when=CONDITIONS,
    department=st.none() | st.sampled_from(DEPARTMENTS),
    urgency=st.none() | st.sampled_from(URGENCIES),
    assignee=st.none() | st.sampled_from(["li", "zhao"]),
    major=st.none() | st.booleans(),
    alert=ids(list(CALLED_IN)),
    joint=ids(DEPARTMENTS),
    lane=st.none() | st.sampled_from(["owner", "night"]),
)
FACTS = st.builds(
    Facts,
    channel=st.sampled_from(CHANNELS),
    category=st.none() | st.sampled_from(CATEGORIES) | st.text(max_size=3),
    urgency=st.none() | st.sampled_from(URGENCIES) | st.text(max_size=3),
    **{flag: st.booleans() for flag in ("major", "vip", "complex", "group")},
    place_label=st.none() | st.text(max_size=10),
    text=st.text(max_size=20),
    claimed_amount=st.none() | st.integers(0, 2000),
    received_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@settings(deadline=None)
@given(st.sampled_from(["first", "all"]), st.lists(RULES, max_size=5), FACTS)
def test_routing_always_finds_the_same_department_urgency_and_a_reason(
    match: str, rules: list[Rule], facts: Facts
) -> None:
    named = tuple(replace(rule, id=str(number)) for number, rule in enumerate(rules))
    procedure = replace(P1, routing=Routing(match=match, rules=named))
    found = route(procedure, facts)
    assert found == route(procedure, facts)
    assert found.department in DEPARTMENTS and found.urgency in URGENCIES
    assert found.reasons and len(set(found.alerts)) == len(found.alerts)
    assert found.major or not facts.major
    for each in (found.joint, found.lanes, found.alerting):
        assert len(set(each)) == len(each)
    assert found.department not in found.joint and set(found.joint) <= set(DEPARTMENTS)


@settings(deadline=None)
@given(st.lists(RULES, max_size=5), FACTS)
def test_whatever_a_case_turns_into_only_what_is_new_is_called_in(rules: list[Rule], facts: Facts) -> None:
    named = tuple(replace(rule, id=str(number)) for number, rule in enumerate(rules))
    procedure = replace(P1, routing=Routing(match="all", rules=named))
    before, now = route(procedure, facts), route(procedure, replace(facts, major=True, vip=True, group=True))
    new = others(procedure, now, before)
    assert not set(new.joint) & set(before.joint) and not set(new.lanes) & set(before.lanes)
    assert {*new.joint, *before.joint} >= set(now.joint) and {*new.lanes, *before.lanes} >= set(now.lanes)
    assert others(procedure, now, now) == Others((), (), (), ())


@settings(deadline=None)
@given(st.lists(RULES, max_size=5), FACTS)
def test_every_rule_after_those_that_decide_holds_for_what_they_decided(rules: list[Rule], facts: Facts) -> None:
    asks = (Rule(id=name, when=Condition(urgency=(name,))) for name in URGENCIES)
    found = route(replace(P1, routing=Routing(match="all", rules=(*rules, *asks))), facts)
    asked = [reason.rule_id for reason in found.reasons if reason.rule_id in URGENCIES]
    assert asked == [found.urgency] if facts.urgency in URGENCIES else asked in ([], [found.urgency])


@settings(deadline=None)
@given(st.lists(RULES, max_size=5), FACTS)
def test_the_first_match_is_the_first_of_all_matches(rules: list[Rule], facts: Facts) -> None:
    named = tuple(replace(rule, id=str(number)) for number, rule in enumerate(rules))
    first, every = (route(replace(P1, routing=Routing(match=match, rules=named)), facts) for match in ("first", "all"))
    assert first.reasons[0] == every.reasons[0]


def person(number: int) -> UUID:
    return UUID(int=number)


def test_the_one_with_least_open_work_gets_the_case() -> None:
    """DI-3."""
    on_duty = [OnDuty(person(1)), OnDuty(person(2))]
    assert choose_assignee(on_duty, {person(1): 3, person(2): 2}) == person(2)


def test_of_equals_the_one_longest_without_a_new_case_gets_it_then_the_lower_id() -> None:
    lately, before = OnDuty(person(1), MONDAY), OnDuty(person(2), MONDAY - timedelta(hours=1))
    never = OnDuty(person(3))
    assert choose_assignee([lately, before], {}) == person(2)
    assert choose_assignee([lately, before, never], {}) == person(3)
    assert choose_assignee([OnDuty(person(9)), never], {}) == person(3)


def test_nobody_on_duty_is_nobody() -> None:
    assert choose_assignee([], {person(1): 0}) is None


@settings(deadline=None)
@given(st.permutations(range(5)), st.lists(st.integers(0, 3), min_size=5, max_size=5))
def test_the_order_of_the_roster_does_not_matter(order: list[int], counts: list[int]) -> None:
    work = {person(number): count for number, count in enumerate(counts)}
    roster = [OnDuty(person(number)) for number in order]
    assert choose_assignee(roster, work) == person(counts.index(min(counts)))


def test_above_the_assignee_stand_the_departments_head_and_the_coordinator() -> None:
    """DI-4."""
    people = [
        Person(person(4), ("coordinator",), ()),
        Person(person(3), ("supervisor",), ("security",)),
        Person(person(2), ("supervisor", "front_line"), ("engineering",)),
        Person(person(1), ("supervisor",), ("engineering",), active=False),
    ]
    assert responsible(people, "engineering") == Responsible(head=person(2), coordinator=person(4))
    assert responsible(people, "customer_service") == Responsible(head=None, coordinator=person(4))
