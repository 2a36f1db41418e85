"""Which limits hold for a case (SL-1, SL-8)."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from libs.common.procedure import presets
from libs.common.procedure.reading import read
from services.sla.domain.case import Case, goes_on_after_closing, limits_that_hold

TEN = datetime(2026, 3, 2, 2, tzinfo=UTC)


def test_only_limits_whose_first_milestone_was_reached_hold():
    assert limits(LEAK) == {"urgent-on-site", "urgent-first-measures", "engineering-on-site"}
    assert limits(LEAK.after("carried_out", TEN)) == limits(LEAK) | {"survey"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"urgency": "non_urgent", "department": "security"},
            {"non-urgent-response", "non-urgent-verified", "non-urgent-answered", "security-on-site"},
        ),
        (
            {"urgency": "general", "category": "service_attitude", "department": "customer_service"},
            {"attitude-contacted", "general-response", "general-verified"},
        ),
    ],
)
def test_category_urgency_and_department_choose_the_limits(changed, expected):
    assert limits(replace(LEAK, **changed)) == expected


def test_of_a_closed_case_only_what_follows_closing_holds():
    assert limits(LEAK.after("carried_out", TEN).after("closed", TEN)) == {"survey"}


@pytest.mark.parametrize(
    ("milestone_from", "milestone_to", "expected"),
    [
        ("carried_out", "surveyed", True),
        ("closed", "archived", True),
        ("carried_out", "archived", True),
        ("closed", "statement", True),
        ("archived", "papers_shredded", True),
        ("received", "carried_out", False),
        ("received", "closed", False),
    ],
)
def test_survey_and_archive_go_on_after_closing(milestone_from, milestone_to, expected):
    assert goes_on_after_closing(milestone_from, milestone_to) is expected


def test_a_case_is_closed_once_that_milestone_is_reached():
    assert not LEAK.is_closed
    assert LEAK.after("closed", TEN).is_closed


def limits(case: Case) -> set[str]:
    return {limit.id for limit in limits_that_hold(case, P1, ZoneInfo("Asia/Shanghai"))}


P1 = read(presets.load("p1-accommodation"))
LEAK = Case(
    complaint_id=UUID(int=1),
    procedure_version=1,
    channel="web",
    category="facility_repair",
    urgency="urgent",
    department="engineering",
    major=False,
    vip=False,
    reached={"received": TEN, "registered": TEN},
)
