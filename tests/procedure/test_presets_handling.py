"""Who has a case, who approves it and what must be done and said before it closes, under each preset."""

import pytest

from libs.common.procedure.conditions import Facts
from libs.common.procedure.duration import Share, Span
from services.dispatch.domain.classification import suggest
from services.dispatch.domain.routing import route
from tests.procedure.conftest import needed_to_close, preset, steps_of

P1, P2, P3, P4 = "p1-accommodation", "p2-facilities", "p3-bar", "p4-front-desk"
P5, P6, P7 = "p5-property-centre", "p6-service-provider", "p7-online-guests"


@pytest.mark.parametrize(
    ("name", "facts", "department", "alerts"),
    [
        (P1, {"category": "facility_repair"}, "engineering", ()),
        (P1, {"category": "safety", "urgency": "urgent"}, "security", ("department_head", "coordinator")),
        (P2, {"category": "lift", "urgency": "general"}, "electromechanical", ()),
        (P2, {"category": "lift", "urgency": "urgent"}, "engineering", ("department_head", "manager")),
        (P3, {"category": "slow_serving"}, "bar_kitchen", ()),
        (P3, {"category": "quality", "urgency": "serious"}, "bar_kitchen", ("department_head", "manager")),
        (P4, {"category": "restaurant"}, "food_beverage", ()),
        (P4, {"category": "rooms", "vip": True}, "housekeeping", ("manager",)),
        (P4, {"category": "rooms", "major": True}, "housekeeping", ("manager",)),
        (P5, {"category": "fees"}, "finance", ()),
        (P6, {"category": "attitude"}, "service", ()),
        (
            P6,
            {"category": "attitude", "urgency": "high_risk"},
            "service",
            ("department_head", "coordinator", "manager"),
        ),
        (P7, {"category": "room"}, "housekeeping", ()),
        (P7, {"category": "refund", "channel": "ota"}, "online", ()),
        ("cn-12345", {"category": "utilities", "channel": "regulator"}, "engineering", ("coordinator",)),
    ],
)
def test_a_case_goes_to_its_department_and_who_must_know_is_told(
    name: str, facts: dict[str, object], department: str, alerts: tuple[str, ...]
) -> None:
    """DI-1, DI-2, DI-8."""
    found = route(preset(name), Facts(**{"channel": "web", **facts}))
    assert (found.department, found.alerts) == (department, alerts)


def test_what_the_mechanics_cannot_do_alone_they_do_together_with_engineering() -> None:
    """DI-5, DI-8."""
    urgent, usual = (
        route(preset(P2), Facts(channel="web", category="water", urgency=u)) for u in ("urgent", "general")
    )
    assert (urgent.department, urgent.joint) == ("engineering", ("electromechanical",))
    assert (usual.department, usual.joint) == ("electromechanical", ())


@pytest.mark.parametrize(
    ("name", "facts", "needed"),
    [
        (P1, {"urgency": "non_urgent"}, ["accepted", "verified", "carried_out"]),
        (P2, {}, ["accepted", "contacted", "on_site", "carried_out", "surveyed", "effect_checked"]),
        (
            P2,
            {"urgency": "urgent"},
            ["accepted", "contacted", "on_site", "planned", "carried_out", "surveyed", "effect_checked"],
        ),
        (P3, {}, ["accepted", "planned", "contacted", "carried_out", "surveyed"]),
        (P4, {"department": "front_office"}, ["accepted", "contacted", "carried_out", "surveyed"]),
        (P4, {"department": "security"}, ["accepted", "contacted", "carried_out"]),
        (P5, {}, ["checked", "accepted", "verified", "carried_out", "result_written", "surveyed"]),
        (P6, {}, ["accepted", "verified", "planned", "carried_out", "result_written", "result_spoken"]),
        (P2, {"anonymous": True}, ["accepted", "on_site", "carried_out", "effect_checked"]),
        (P3, {"anonymous": True}, ["accepted", "planned", "carried_out"]),
        (P5, {"anonymous": True}, ["accepted", "verified", "carried_out", "result_written"]),
        (P6, {"anonymous": True}, ["accepted", "verified", "planned", "carried_out", "result_written"]),
        (P7, {"anonymous": True}, ["accepted", "verified", "cause_found", "planned", "carried_out", "result_written"]),
        (
            P6,
            {"major": True, "group": True},
            [
                "accepted",
                "verified",
                "statement",
                "planned",
                "approved",
                "carried_out",
                "result_written",
                "result_spoken",
            ],
        ),
        (
            P7,
            {},
            [
                "accepted",
                "contacted",
                "verified",
                "cause_found",
                "planned",
                "carried_out",
                "result_written",
                "surveyed",
            ],
        ),
    ],
)
def test_a_case_closes_only_after_the_steps_of_its_class(
    name: str, facts: dict[str, object], needed: list[str]
) -> None:
    """DI-7, DI-13."""
    assert needed_to_close(preset(name), Facts(**{"channel": "web", **facts})) == needed


@pytest.mark.parametrize(
    ("name", "milestone", "fields"),
    [
        (P5, "checked", ("finding",)),
        (P5, "result_written", ("text", "prevention")),
        (P6, "verified", ("report",)),
        (P6, "planned", ("plan",)),
        (P6, "result_written", ("text",)),
        (P7, "cause_found", ("cause",)),
        (P7, "planned", ("plan",)),
        (P3, "surveyed", ("note",)),
    ],
)
def test_a_step_asks_for_what_the_source_wants_written_down(name: str, milestone: str, fields: tuple[str, ...]) -> None:
    """DI-7, DI-11, IN-9: report, causes, plan, prevention, the call back's finding."""
    assert steps_of(preset(name), Facts(channel="web"))[milestone].required == fields


def test_p2_has_the_repair_of_what_is_urgent_decided_by_the_supervisor() -> None:
    """DI-8."""
    urgent = steps_of(preset(P2), Facts(channel="web", urgency="urgent"))
    assert urgent["planned"].by == ("supervisor", "coordinator", "manager")
    assert "planned" not in steps_of(preset(P2), Facts(channel="web", urgency="general"))


def test_p2_has_the_effect_of_a_share_of_the_cases_checked_by_the_director() -> None:
    """DI-14."""
    step = steps_of(preset(P2), Facts(channel="web"))["effect_checked"]
    assert (step.by, step.share) == (("manager",), Share(20))


def test_p4_has_another_departments_head_explain_to_the_guest() -> None:
    """DI-4: whoever is complained about answers through the head."""
    explained = {
        department.id: steps_of(preset(P4), Facts(channel="counter", department=department.id))["contacted"].by
        for department in preset(P4).departments
    }
    assert explained.pop("front_office") == ()
    assert set(explained.values()) == {("supervisor", "manager")}


def test_p4_calls_the_general_manager_and_then_the_duty_manager() -> None:
    """DI-8: for what is major and for a VIP."""
    called = {rule.lane for rule in preset(P4).routing.rules if rule.when.major or rule.when.vip}
    (lane,) = preset(P4).lanes
    assert called == {lane.id} and lane.people == ("manager", "duty_manager")


def test_p4_archives_after_the_general_managers_approval_and_p6_decides_major_cases_in_management() -> None:
    """DI-8, DI-13."""
    (p4,), (p6,) = preset(P4).approvals, preset(P6).approvals
    assert (p4.before, p4.by, p4.when.major) == ("archived", ("manager",), None)
    assert (p6.before, p6.by, p6.when.major) == ("carried_out", ("manager",), True)


def test_the_hotel_calls_the_duty_manager_at_once_for_a_vip_and_the_manager_next() -> None:
    """DI-8."""
    hotel = preset("hotel-in-house")
    found = route(hotel, Facts(channel="phone", category="room_fault", urgency="normal", vip=True))
    (lane,) = hotel.lanes
    assert found.alerts == ("duty_manager", "manager") and lane.people == ("duty_manager", "manager")
    assert [rule.id for rule in hotel.routing.rules if rule.lane == lane.id] == ["vip-guest", "major"]


def test_p6_has_five_classes_that_say_what_belongs_and_what_does_not() -> None:
    """IN-6."""
    categories = preset(P6).categories
    assert [category.name["zh-Hans"] for category in categories] == [
        "服务质量",
        "服务态度",
        "费用争议",
        "合同违约",
        "安全隐患",
    ]
    assert all(category.examples and "not:" in category.examples["en"] for category in categories)


def test_p6_pays_by_levels_in_advance_and_against_a_voucher() -> None:
    """DI-10."""
    money = preset(P6).compensation
    assert [money.approvers(fen) for fen in (50_000, 500_000, 500_001)] == [
        ("supervisor", "coordinator", "manager"),
        ("coordinator", "manager"),
        ("manager",),
    ]
    assert money.advance_up_to and money.voucher


def test_p6_calls_back_a_fifth_of_the_complainants() -> None:
    """RE-4."""
    assert preset(P6).oversight.callbacks.share == Share(20)


@pytest.mark.parametrize(("name", "joint"), [(P6, {"finance", "legal", "quality"}), (P7, {"finance"})])
def test_several_departments_have_one_that_leads(name: str, joint: set[str]) -> None:
    """DI-5."""
    shared = [rule for rule in preset(name).routing.rules if rule.joint]
    assert {department for rule in shared for department in rule.joint} == joint
    assert all(rule.department and rule.department not in rule.joint for rule in shared)


def test_unsatisfied_guests_go_up_level_by_level_under_p1_and_until_satisfied_under_p7() -> None:
    """DI-12."""
    for name in (P1, P7):
        again = preset(name).reopening
        assert again.within == Span(30, "d") and "planned" in again.again
        assert again.levels == ("department_head", "coordinator", "manager")


@pytest.mark.parametrize(
    ("name", "first"), [(P2, "on_site"), (P3, "planned"), (P4, "contacted"), (P5, "verified"), (P6, "verified")]
)
def test_the_other_sources_redo_what_did_not_satisfy_one_level_up(name: str, first: str) -> None:
    """DI-12."""
    again = preset(name).reopening
    assert again.again[0] == first and "carried_out" in again.again
    assert (again.levels[0], again.levels[-1]) == ("department_head", "manager")
    assert set(again.by) == {"supervisor", "coordinator", "manager"}


@pytest.mark.parametrize(
    ("name", "channel", "required"),
    [
        (P1, "web", {"text", "name", "contact", "place"}),
        (P2, "counter", {"text", "name", "contact", "place"}),
        (P3, "counter", {"text"}),
        (P4, "counter", {"text", "name", "category"}),
        (P5, "phone", {"text", "name", "contact", "happened_at"}),
        (P6, "phone", {"text", "name", "contact", "happened_at", "asked_for", "category"}),
        (P7, "ota", {"text"}),
    ],
)
def test_intake_asks_for_what_the_source_wants_recorded(name: str, channel: str, required: set[str]) -> None:
    """IN-2: a proof of identity is never demanded."""
    assert set(preset(name).intake.required_for(channel)) == required


@pytest.mark.parametrize("text", ["辱骂客服，威胁要砍人", "I will kill him", "再不處理就放火"])
def test_p6_treats_abuse_and_threats_as_high_risk(text: str) -> None:
    """IN-7."""
    urgency = suggest(preset(P6), text, "phone").urgency
    alerts = route(preset(P6), Facts(channel="phone", urgency=urgency)).alerts
    assert (urgency, alerts) == ("high_risk", ("department_head", "coordinator", "manager"))
