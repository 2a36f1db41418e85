"""SL-1, SL-7: the time limits each class of case gets under each preset, by the milestone at which they end."""

import pytest

from libs.common.procedure.conditions import Facts
from libs.common.procedure.duration import Span
from tests.procedure.conftest import limits_of, preset

P1, P5, P6, P7 = "p1-accommodation", "p5-property-centre", "p6-service-provider", "p7-online-guests"
SURVEY = {"surveyed": {"3wd"}}
AT_INTAKE = {"registered": {"1h"}, "verified": {"24h"}}
UK, HOTEL = "uk-housing-ombudsman-2024", "hotel-in-house"
SIGNED = {"accepted": {"1wd"}}

LIMITS = [
    (
        P1,
        {"category": "facility_repair", "urgency": "urgent", "department": "engineering"},
        SURVEY | {"on_site": {"2h", "4h"}, "first_measures": {"4h"}},
    ),
    (
        P1,
        {"category": "facility_repair", "urgency": "general", "department": "engineering"},
        SURVEY | {"on_site": {"4h"}, "contacted": {"24h"}, "verified": {"24h"}},
    ),
    (
        P1,
        {"category": "safety", "urgency": "urgent", "department": "security"},
        SURVEY | {"on_site": {"2h"}, "first_measures": {"4h"}},
    ),
    (
        P1,
        {"category": "service_attitude", "urgency": "general", "department": "customer_service"},
        SURVEY | {"contacted": {"24h"}, "verified": {"24h"}},
    ),
    (
        P1,
        {"category": "suggestion", "urgency": "non_urgent", "department": "customer_service"},
        SURVEY | {"contacted": {"3wd"}, "verified": {"3wd"}, "carried_out": {"3wd"}},
    ),
    ("p2-facilities", {"category": "lift", "urgency": "urgent"}, {"third_party_notice": {"3d"}}),
    ("p2-facilities", {"category": "water", "urgency": "general"}, {"third_party_notice": {"3d"}}),
    ("p3-bar", {"category": "quality", "urgency": "serious", "major": True}, {}),
    ("p4-front-desk", {"category": "rooms", "urgency": "grave", "vip": True}, {}),
    (P5, {"urgency": "urgent"}, SURVEY | {"checked": {"24h"}, "carried_out": {"24h"}}),
    (P5, {"urgency": "general"}, SURVEY | {"checked": {"24h"}, "carried_out": {"3wd"}}),
    (P5, {"urgency": "general", "complex": True}, SURVEY | {"checked": {"24h"}, "carried_out": {"10wd"}}),
    (P6, {"urgency": "general"}, AT_INTAKE | {"planned": {"3wd"}}),
    (P6, {"urgency": "general", "major": True}, AT_INTAKE | {"approved": {"7wd"}}),
    (P6, {"major": True, "group": True}, AT_INTAKE | {"approved": {"7wd"}, "statement": {"72h"}}),
    (P7, {"urgency": "urgent"}, {"contacted": {"2h"}, "result_written": {"1wd", "5wd"}}),
    (
        P7,
        {"urgency": "general"},
        {"contacted": {"1wd"}, "verified": {"2wd"}, "planned": {"3wd"}, "result_written": {"5wd"}},
    ),
    (P7, {"urgency": "general", "complex": True}, {"contacted": {"1wd"}, "result_written": {"10wd", "5wd"}}),
    (HOTEL, {"urgency": "urgent"}, {"contacted": {"5min"}, "on_site": {"15min"}, "carried_out": {"1h"}}),
    (HOTEL, {"urgency": "normal"}, {"contacted": {"15min"}, "carried_out": {"4h"}}),
    (HOTEL, {"urgency": "normal", "channel": "ota"}, {"contacted": {"24h"}}),
    (HOTEL, {"urgency": "low"}, {"contacted": {"2wd"}}),
    ("iso-10002", {}, {"acknowledged": {"24h"}, "checked": {"2wd"}, "carried_out": {"10wd"}}),
    (
        UK,
        {},
        {"acknowledged": {"5wd"}, "stage_two_acknowledged": {"5wd"}, "result_written": {"10wd", "20wd"}},
    ),
    ("cn-12345", {"urgency": "urgent"}, SIGNED | {"on_site": {"2h"}, "result_written": {"7d"}}),
    ("cn-12345", {"category": "utilities"}, SIGNED | {"carried_out": {"24h"}, "result_written": {"7d"}}),
    ("cn-12345", {"category": "consultation"}, SIGNED | {"result_written": {"2wd", "7d"}}),
    ("cn-12345", {"category": "help", "complex": True}, SIGNED | {"result_written": {"7d", "15d"}}),
]


@pytest.mark.parametrize(("name", "facts", "limits"), LIMITS)
def test_a_case_gets_the_limits_of_its_class(name: str, facts: dict[str, object], limits: dict[str, set[str]]) -> None:
    """SL-1, SL-7."""
    assert limits_of(preset(name), Facts(**{"channel": "email", **facts})) == limits


def test_p1_asks_in_advance_for_more_time_but_never_for_an_urgent_case() -> None:
    """SL-5: an extension has its roles and its bound."""
    urgent = [limit for limit in preset(P1).limits if limit.when.urgency == ("urgent",)]
    assert urgent and not any(limit.extension for limit in urgent)
    rules = preset(P1).limit("general-verified").extension
    assert (rules.at_most, rules.times) == (Span(3, "wd"), 1) and "front_line" not in rules.by


def test_p2_counts_the_three_days_from_the_naming_of_the_outside_party() -> None:
    """DI-9, SL-1."""
    (limit,) = preset("p2-facilities").limits
    assert (limit.milestone_from, limit.milestone_to) == ("third_party_named", "third_party_notice")


def test_p6_measures_the_hour_for_registering() -> None:
    """IN-4."""
    limit = preset(P6).limit("register")
    assert (limit.milestone_from, limit.milestone_to, limit.within) == ("received", "registered", Span(1, "h"))


def test_p7_waits_for_the_guest_and_extends_complex_cases_twice() -> None:
    """SL-5, SL-6."""
    assert preset(P7).limit("general-planned").pause == ("complainant",)
    assert preset(P7).limit("complex-finished").extension.times == 2


def test_the_code_counts_its_first_answer_from_the_acknowledgement_and_its_second_stage_apart() -> None:
    """SL-1, SL-5, DI-12: ten days and ten more; twenty and twenty more."""
    first, second = preset(UK).limit("stage-1"), preset(UK).limit("stage-2")
    assert (first.milestone_from, first.within, first.extension.at_most) == (
        "acknowledged",
        Span(10, "wd"),
        Span(10, "wd"),
    )
    assert (second.milestone_from, second.within, second.extension.at_most) == (
        "stage_two_acknowledged",
        Span(20, "wd"),
        Span(20, "wd"),
    )
    assert preset(UK).limit("stage-2-acknowledged").milestone_from == "reopened"
    assert preset(UK).calendars["default"].country == "GB"


@pytest.mark.parametrize("name", [P1, P5, P6, P7])
def test_working_days_are_counted_by_the_chinese_calendar(name: str) -> None:
    """SL-2: statutory holidays and make-up days."""
    assert preset(name).calendars["default"].country == "CN"
