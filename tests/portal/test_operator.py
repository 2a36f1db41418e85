"""What the platform's operator sees (PO-5)."""

import pytest

from tests.portal.browsing import Browser
from tests.portal.stand_ins import CASE, EVENT, TRACE, StandIns, problem


def test_every_services_queues_are_shown(operator: Browser) -> None:
    page = operator.open("/operator")
    assert all(f'<th scope="row">{name}</th>' in page for name in ("tenants", "intake", "dispatch", "sla", "notify"))


def test_a_parked_event_can_be_replayed(operator: Browser, others: StandIns) -> None:
    assert "NoSuchDepartment: garden" in operator.open("/operator")
    page = operator.send(f"/operator/parked/dispatch/{EVENT}/replay")
    assert "It will be handled again" in page
    [asked] = others.requests("dispatch", f"/v1/ops/parked/{EVENT}/replay")
    assert asked.headers["Idempotency-Key"]


def test_a_replay_that_failed_says_so(operator: Browser, others: StandIns) -> None:
    others.answers["dispatch"][f"POST /v1/ops/parked/{EVENT}/replay"] = problem(409)
    operator.open("/operator")
    assert "That did not work" in operator.send(f"/operator/parked/dispatch/{EVENT}/replay")


def test_a_trace_is_drawn_with_every_step_below_its_cause(operator: Browser) -> None:
    operator.open("/operator")
    page = operator.open(f"/operator/traces/{TRACE}")
    steps = ["portal", "intake", "dispatch", "sla", "notify", "reporting"]
    assert all(f"<b>{name}</b>" in page for name in steps)
    assert "depth-5" in page.split("send sms")[0].rsplit("<li>", 1)[1]
    assert f"https://jaeger.example.cn/trace/{TRACE}" in page


def test_one_complaints_events_and_traces_stand_together(operator: Browser, others: StandIns) -> None:
    page = operator.open(f"/operator/complaint?id={CASE}")
    assert "complaint.registered.v1" in page and page.count(f"/operator/traces/{TRACE}") >= 2
    assert others.requests("traces", "/v1/traces")[-1].url.params["complaint"] == CASE


def test_what_is_no_complaint_id_is_told_so(operator: Browser) -> None:
    assert "not a complaint id" in operator.open("/operator/complaint?id=LJ-1")


def test_a_trace_that_is_none_is_not_found(operator: Browser) -> None:
    operator.open("/operator/traces/ffff")
    assert operator.page.status_code == 404


def test_the_clock_of_a_trial_can_be_moved(operator: Browser, others: StandIns) -> None:
    operator.open("/operator")
    operator.send("/operator/clock", seconds="3600")
    assert others.said("platform", "/v1/clock") == {"advance_seconds": 3600}


def test_the_clock_moves_only_by_the_offered_leaps(operator: Browser) -> None:
    operator.open("/operator")
    operator.send("/operator/clock", seconds="-60")
    assert operator.page.status_code == 404


@pytest.mark.parametrize("service", ["intake", "reporting", "traces", "platform"])
def test_a_service_that_is_away_is_missed_only_in_its_own_part(
    operator: Browser, others: StandIns, service: str
) -> None:
    """R28."""
    others.down.add(service)
    page = operator.open("/operator")
    assert operator.page.status_code == 200 and "not available right now" in page and "dispatch" in page


def test_a_person_of_a_tenant_is_no_operator(staff: Browser) -> None:
    staff.open("/operator")
    assert staff.page.status_code == 403
