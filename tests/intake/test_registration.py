"""Registering on both databases: once per key, numbered, timed, placed, said (IN-2 … IN-4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from libs.common.events.intake import ComplaintRegistered
from libs.common.events.tenants import ProcedurePublished
from libs.common.procedure import presets
from services.intake.domain import numbers
from services.intake.handlers import registration

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def test_a_complaint_gets_a_number_and_a_secret_and_is_said(firm):
    """IN-3"""
    receipt = firm.registered()
    assert numbers.is_valid(receipt["number"])
    [said] = firm.said()
    assert isinstance(said, ComplaintRegistered)
    assert (str(said.subject), said.number) == (receipt["complaint_id"], receipt["number"])
    assert (said.channel, said.language, said.text) == ("web", "zh-Hans", "三楼走廊漏水，请尽快来人")


def test_when_it_happened_its_impact_and_what_is_asked_for_are_said(firm):
    """IN-2; PR-1: masked."""
    words = {"impact": "13812345678打了三次", "asked_for": "请打13812345678道歉"}
    firm.registered(happened_at="2026-03-01T02:00:00Z", **words)
    [said] = firm.said()
    assert said.happened_at == datetime(2026, 3, 1, 2, tzinfo=UTC)
    assert (said.impact, said.asked_for) == ("138****5678打了三次", "请打138****5678道歉")


def test_the_same_key_gives_the_same_answer(firm):
    first, second = firm.complain("k-1"), firm.complain("k-1")
    assert (second.status_code, second.data) == (201, first.data)
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(firm.rows("complaints")) == len(firm.said()) == 1


def test_the_tracking_secret_is_not_kept_with_the_answer(firm):
    """It is derived and stored nowhere."""
    receipt = firm.complain("k-1").json
    [kept] = firm.rows("idempotency")
    assert receipt["number"] in kept["response"]
    assert receipt["tracking_secret"] not in kept["response"]


def test_a_key_used_with_another_body_is_refused(firm):
    firm.complain("k-1")
    response = firm.complain("k-1", text="另一件事")
    assert (response.status_code, len(firm.rows("complaints"))) == (422, 1)
    assert "another body" in response.json["detail"]


def test_a_refused_complaint_does_not_use_up_its_key(firm):
    assert firm.complain("k-1", name=None).status_code == 422
    assert firm.complain("k-1").status_code == 201


def test_the_same_key_of_another_firm_is_another_key(firm, other_firm):
    assert firm.complain("k-1").json["complaint_id"] != other_firm.complain("k-1").json["complaint_id"]


def test_thirty_threads_with_one_key_make_one_complaint(firm):
    with ThreadPoolExecutor(30) as threads:
        answers = list(threads.map(lambda _: firm.complain("k-1"), range(30)))
    assert {(answer.status_code, answer.data) for answer in answers} == {(201, answers[0].data)}
    assert [len(firm.rows(table)) for table in ("complaints", "complainants", "outbox")] == [1, 1, 1]


def test_without_a_key_each_request_is_a_complaint(firm):
    assert firm.registered()["number"] != firm.registered()["number"]


@pytest.mark.parametrize("key", ["", " ", "a" * 256, "钥匙"])
def test_a_key_that_cannot_be_one_is_refused(firm, key):
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    assert firm.anyone.call("POST", f"{firm.public}/complaints", json={}, headers=headers).status_code == 400


def test_a_number_that_is_taken_is_drawn_again(firm, monkeypatch):
    draws = iter([1234567, 1234567, 1234567, 7654321])
    monkeypatch.setattr(registration.secrets, "randbelow", lambda _: next(draws))
    first, second = firm.registered(), firm.complain("k-2").json
    assert (first["number"][:11], second["number"][:11]) == ("2603-1234-5", "2603-7654-3")
    assert len(firm.rows("complainants")) == len(firm.said()) == 2


def test_two_firms_may_give_the_same_number(firm, other_firm, monkeypatch):
    monkeypatch.setattr(registration.secrets, "randbelow", lambda _: 1234567)
    assert firm.registered()["number"] == other_firm.registered()["number"]


def test_the_month_in_the_number_is_the_firms_own(firm, clock):
    """At 17:00 UTC on 31 March it is April in Shanghai."""
    clock.set(datetime(2026, 3, 31, 17, tzinfo=UTC))
    assert firm.registered()["number"].startswith("2604-")


def test_receipt_and_registration_are_two_times(firm, clock):
    """IN-4: what staff enter later was received earlier; time limits count from the receipt."""
    rang_at = clock.now() - timedelta(minutes=40)
    taken = by_phone(firm, received_at=rang_at.isoformat())
    assert moment(taken.json["received_at"]) == rang_at
    assert moment(taken.json["registered_at"]) == clock.now()
    [said] = firm.said()
    assert (said.received_at, said.registered_at) == (rang_at, clock.now())


def test_a_receipt_is_stored_in_utc_whatever_its_offset(firm, clock):
    taken = by_phone(firm, received_at="2026-03-02T09:00:00+08:00")
    assert moment(taken.json["received_at"]) == datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("ahead", [timedelta(minutes=5, seconds=1), timedelta(days=400)])
def test_a_receipt_in_the_future_is_refused(firm, clock, ahead):
    response = by_phone(firm, received_at=(clock.now() + ahead).isoformat())
    assert (response.status_code, pointers(response)) == (422, ["#/received_at"])


def test_a_receipt_a_little_ahead_of_our_clock_counts_as_now(firm, clock):
    taken = by_phone(firm, received_at=(clock.now() + timedelta(minutes=5)).isoformat())
    assert moment(taken.json["received_at"]) == clock.now()


@pytest.mark.parametrize(("ago", "status"), [(366, 201), (367, 422)])
def test_a_receipt_lies_at_most_a_year_back(firm, clock, ago, status):
    response = by_phone(firm, received_at=(clock.now() - timedelta(days=ago)).isoformat())
    assert response.status_code == status
    assert status == 201 or pointers(response) == ["#/received_at"]


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00+14:00", "1899-12-31T00:00:00Z", "9999-12-31T23:59:59-14:00"])
def test_a_time_at_which_nothing_can_have_happened_is_refused(firm, when):
    response = firm.complain(happened_at=when)
    assert (response.status_code, pointers(response)) == (422, ["#/happened_at"])


def test_a_known_place_is_named_in_what_is_said(firm):
    place_id = firm.add_place("临江苑 3号楼 502")
    firm.registered(where=None, place_id=place_id)
    [said] = firm.said()
    assert (str(said.place_id), said.place_label) == (place_id, "临江苑 3号楼 502")


def test_what_a_known_place_lies_in_is_said_by_name(firm):
    """DI-1"""
    estate = firm.add_place("临江苑", "property")
    building = firm.add_place("3号楼", "building", within=estate)
    firm.registered(where=None, place_id=firm.add_place("502", within=building))
    firm.registered(where=None, place_id=estate)
    named = [(said.in_property, said.in_building, said.in_unit) for said in firm.said()]
    assert named == [("临江苑", "3号楼", "502"), ("临江苑", None, None)]


def test_an_unknown_place_is_refused(firm, other_firm):
    for place_id in (str(uuid4()), other_firm.add_place("别家")):
        response = firm.complain(place_id=place_id)
        assert (response.status_code, pointers(response)) == (422, ["#/place_id"])


def test_a_claim_of_many_millions_fits(firm):
    """Minor units: ten billion yuan."""
    assert firm.registered(claimed_amount=10**12)
    assert firm.said()[0].claimed_amount == 10**12


def test_a_procedure_may_require_the_impact(firm, clock):
    """IN-2"""
    document = presets.load("p1-accommodation")
    document["intake"]["required"] = {"default": ["text", "impact"]}
    about = firm.about(firm.tenant_id)
    firm.hear(ProcedurePublished(**about, version=2, active_from=clock.now(), document=document))
    assert pointers(firm.complain()) == ["#/impact"]
    assert firm.complain(impact="无法入住").status_code == 201


def test_a_newer_procedure_decides_what_is_required(firm, clock):
    document = presets.load("p1-accommodation")
    document["intake"]["required"] = {"default": ["text", "asked_for"]}
    about = firm.about(firm.tenant_id)
    firm.hear(ProcedurePublished(**about, version=2, active_from=clock.now(), document=document))
    assert pointers(firm.complain()) == ["#/asked_for"]


def by_phone(firm, **fields):
    body = {"channel": "phone", "text": "电梯困人", "name": "李卫国", "phone": "13900001111", "where": "1号楼"}
    return firm.staff().post("/v1/complaints", **(body | fields))


def pointers(response):
    return [mistake["pointer"] for mistake in response.json["errors"]]


def moment(text):
    return datetime.fromisoformat(text)
