"""A limit may take longer: asked for in time, within bounds, granted by the right level (SL-5)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from libs.common.events.dispatch import ExtensionGranted
from libs.common.events.sla import ClockBreached, ClockMoved, ClockStarted
from libs.common.procedure.duration import parse_span
from services.dispatch.domain.spans import latest
from tests.dispatch.rules import LIMIT, every_section

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)  # 10:00 in Shanghai


@pytest.fixture
def firm(empty_firm):
    return empty_firm.found(every_section())


def test_who_may_grant_it_grants_it_by_asking(firm):
    """SL-5"""
    complaint_id = running(firm)
    [extension] = asked(firm, "he", complaint_id, told=True).json["extensions"]
    assert (extension["state"], extension["decided_by"]["name"]) == ("granted", "he")
    [granted] = firm.said(ExtensionGranted)
    assert (granted.limit_id, granted.told, granted.by) == (LIMIT, True, firm.person("he"))
    assert granted.due_at - granted.old_due_at == timedelta(hours=2)


def test_who_may_not_waits_for_somebody_who_may(firm):
    complaint_id = running(firm)
    [extension] = asked(firm, "li", complaint_id).json["extensions"]
    assert extension["state"] == "asked" and firm.said(ExtensionGranted) == []
    decision = {"extension_id": extension["extension_id"], "decision": "approve"}
    assert firm.act("wang", complaint_id, "extension/decide", **decision).status_code == 403
    firm.did("he", complaint_id, "extension/decide", **decision)
    [granted] = firm.said(ExtensionGranted)
    assert (granted.by, granted.told, granted.reason) == (firm.person("he"), False, "配件未到")
    assert str(granted.extension_id) == extension["extension_id"]


def test_declining_needs_a_reason_and_leaves_the_limit(firm):
    complaint_id = running(firm)
    [extension] = asked(firm, "li", complaint_id).json["extensions"]
    decision = {"extension_id": extension["extension_id"], "decision": "decline"}
    answer = firm.act("he", complaint_id, "extension/decide", **decision)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/reason")
    case = firm.did("he", complaint_id, "extension/decide", **decision, reason="今天可以完成")
    assert (case["extensions"][0]["state"], case["extensions"][0]["answer"]) == ("declined", "今天可以完成")
    assert firm.said(ExtensionGranted) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"limit_id": "unheard-of"}, "#/limit_id"),
        ({"limit_id": "security-on-site"}, "#/limit_id"),
        ({"hours": 4}, "#/due_at"),
        ({"hours": 12.1}, "#/due_at"),
    ],
)
def test_outside_its_bounds_nothing_is_extended(firm, change, pointer):
    answer = asked(firm, "he", running(firm), **change)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_limit_that_has_passed_is_not_extended(firm):
    """SL-5: asked before the old limit ends, even when nobody has said yet that it passed."""
    complaint_id = running(firm)
    firm.pass_time(hours=5)
    assert asked(firm, "he", complaint_id).json["errors"][0]["pointer"] == "#/limit_id"


def test_a_breached_limit_is_not_extended(firm):
    complaint_id = running(firm)
    clock = {"clock_id": firm.clock_id, "limit_id": LIMIT, "due_at": firm.clock.now(), "department": "engineering"}
    firm.hear(ClockBreached, complaint_id, **clock)
    assert asked(firm, "he", complaint_id).json["errors"][0]["pointer"] == "#/limit_id"


def test_a_limit_is_extended_only_so_often(firm):
    complaint_id = running(firm)
    for hours in (6, 8):
        assert asked(firm, "he", complaint_id, hours=hours).status_code == 200
    answer = asked(firm, "he", complaint_id, hours=9)
    assert answer.status_code == 422 and "extended 2 times" in answer.json["detail"]


def test_a_limit_has_one_open_request(firm):
    complaint_id = running(firm)
    asked(firm, "li", complaint_id)
    assert "waits for a decision" in asked(firm, "he", complaint_id).json["detail"]


def test_a_request_that_came_too_late_can_only_be_declined(firm):
    complaint_id = running(firm)
    [extension] = asked(firm, "li", complaint_id).json["extensions"]
    firm.pass_time(hours=5)
    decision = {"extension_id": extension["extension_id"], "reason": "已超时"}
    answer = firm.act("he", complaint_id, "extension/decide", **decision, decision="approve")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/decision")
    firm.did("he", complaint_id, "extension/decide", **decision, decision="decline")


def test_the_old_end_is_that_of_the_moment_of_granting(firm):
    """A pause may have moved the limit since it was asked for."""
    complaint_id = running(firm)
    [extension] = asked(firm, "li", complaint_id, hours=6).json["extensions"]
    moved = {"clock_id": firm.clock_id, "limit_id": LIMIT, "old_due_at": at(firm, 4), "due_at": at(firm, 5)}
    firm.hear(ClockMoved, complaint_id, **moved, reason="resumed")
    firm.did("he", complaint_id, "extension/decide", extension_id=extension["extension_id"], decision="approve")
    assert firm.said(ExtensionGranted)[0].old_due_at == at(firm, 5)


def test_an_anonymous_complainant_cannot_be_told(firm):
    """IN-5: so nobody waits for it."""
    asked(firm, "he", running(firm, anonymous=True))
    assert firm.said(ExtensionGranted)[0].told is True


@pytest.mark.parametrize(
    ("span", "end"),
    [
        ("8h", MONDAY + timedelta(hours=8)),
        ("2d", datetime(2026, 3, 5, tzinfo=SHANGHAI)),
        ("1wd", datetime(2026, 3, 16, tzinfo=SHANGHAI)),
        ("5wh", datetime(2026, 3, 19, tzinfo=SHANGHAI)),
    ],
)
def test_how_far_a_span_may_reach(span, end):
    """SL-2: days end at the tenant's midnight; working time is taken generously, past any holiday."""
    assert latest(MONDAY, parse_span(span), SHANGHAI) == end


def running(firm, **facts):
    """A case of engineering whose limit ends in four hours."""
    complaint_id, firm.clock_id = firm.register(**facts), uuid4()
    ends = {"milestone_from": "received", "milestone_to": "on_site", "started_at": at(firm, 0), "due_at": at(firm, 4)}
    about = {"clock_id": firm.clock_id, "limit_id": LIMIT, "provisional": False, "department": "engineering"}
    firm.hear(ClockStarted, complaint_id, **about, **ends)
    return complaint_id


def asked(firm, name, complaint_id, *, hours=6, **change):
    """An extension until so many hours from now."""
    wanted = {"limit_id": LIMIT, "due_at": at(firm, hours).isoformat(), "reason": "配件未到"} | change
    return firm.act(name, complaint_id, "extend", **wanted)


def at(firm, hours):
    return firm.clock.now() + timedelta(hours=hours)
