"""The status of a complaint goes back to whoever sent it on, by their address or by hand, on both databases."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from deploy.audit import handed_back
from deploy.databases import Databases
from libs.common import tenancy
from libs.common.events.dispatch import (
    CaseClosed,
    CasePaused,
    CaseReopened,
    CaseResumed,
    MilestoneReached,
    ResultGiven,
)
from libs.common.testing.partners.ota import OtaPartner
from services.intake.jobs import LEASE
from services.intake.tables import handbacks

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

REVIEW = {"kind": "review", "id": 4711, "guest_name": "Anna Keller", "text": "No hot water for two days"}


def test_a_platform_is_told_how_far_its_complaint_is(firm, platform):
    """DI-16: accepted, waiting, going on, result, closed and reopened, in this order, with the platform's own id."""
    complaint_id, number = came_in(firm, platform)
    paused = dict.fromkeys(("by", "party"), None) | {"pause_id": uuid4(), "waits_for": "third_party"}
    about, now = firm.about(complaint_id), firm.service.clock.now()
    firm.hear(
        accepted(firm, complaint_id),
        CasePaused(**about, **paused | {"by": uuid4()}, since=now, reason="等配件"),
        CaseResumed(**about, pause_id=paused["pause_id"], waits_for="third_party", resumed_at=now, by=None),
        result(firm, complaint_id, "热水已修好"),
        closed(firm, complaint_id),
        reopened(firm, complaint_id),
    )
    hand_back(firm)
    said = ["accepted", "waiting", "in_progress", "result", "closed", "reopened"]
    assert [told.status for told in platform.told] == said
    assert {told.number for told in platform.told} == {number}
    assert platform.told[0].external == {"platform": "agoda", "kind": "review", "id": "4711"}


def test_with_the_result_and_the_end_go_the_words_written_for_the_complainant(firm, platform):
    """DI-16"""
    complaint_id, _ = came_in(firm, platform)
    firm.hear(accepted(firm, complaint_id), result(firm, complaint_id, "热水已修好"), closed(firm, complaint_id))
    hand_back(firm)
    assert [told.result for told in platform.told] == [None, "热水已修好", "热水已修好"]


def test_the_same_result_told_again_by_voice_is_told_once(firm, platform):
    complaint_id, _ = came_in(firm, platform)
    firm.hear(*(result(firm, complaint_id, words) for words in ("热水已修好", "热水已修好", "热水与暖气已修好")))
    hand_back(firm)
    assert [told.result for told in platform.told] == ["热水与暖气已修好"] * 2


def test_another_round_owes_its_statuses_anew(firm, platform):
    complaint_id, _ = came_in(firm, platform)
    firm.hear(accepted(firm, complaint_id), accepted(firm, complaint_id), reopened(firm, complaint_id))
    firm.hear(accepted(firm, complaint_id))
    hand_back(firm)
    assert [told.status for told in platform.told] == ["accepted", "reopened", "accepted"]


def test_what_the_platform_could_not_take_is_told_again_later_and_in_order(firm, platform):
    """DI-16: nothing is lost while the platform is away, and nothing overtakes."""
    complaint_id, _ = came_in(firm, platform)
    platform.refuse(503)
    firm.hear(accepted(firm, complaint_id), closed(firm, complaint_id))
    hand_back(firm)
    assert platform.told == []
    for seconds in (6, 3):
        later(firm, seconds=seconds)
        hand_back(firm)
    assert [told.status for told in platform.told] == ["accepted", "closed"]


def test_a_lost_answer_makes_a_copy_that_the_platform_knows_by_its_id(firm, platform):
    complaint_id, _ = came_in(firm, platform)
    platform.drop_answers()
    firm.hear(accepted(firm, complaint_id))
    hand_back(firm)
    later(firm, seconds=6)
    hand_back(firm)
    assert len(platform.told) == 2
    assert len({told.message_id for told in platform.told}) == 1


def test_a_process_that_dies_while_telling_leaves_it_to_the_next(firm, platform, monkeypatch):
    complaint_id, _ = came_in(firm, platform)
    firm.hear(accepted(firm, complaint_id))
    monkeypatch.setattr("services.intake.jobs.hand_back", dies)
    with pytest.raises(KeyboardInterrupt):
        firm.service.jobs[0].run()
    monkeypatch.undo()
    hand_back(firm)
    assert platform.told == []
    later(firm, seconds=LEASE.total_seconds() + 1)
    hand_back(firm)
    assert [told.status for told in platform.told] == ["accepted"]


@pytest.mark.parametrize("refusal", [400, 404, 410, 301])
def test_a_refusal_that_will_not_pass_is_final_and_says_why(firm, platform, refusal):
    complaint_id, _ = came_in(firm, platform)
    platform.refuse(refusal)
    firm.hear(accepted(firm, complaint_id))
    hand_back(firm)
    later(firm, days=1)
    hand_back(firm)
    [owed] = reference_of(firm, complaint_id)["owed"]
    assert (owed["state"], owed["error"], platform.asked) == ("given_up", f"the address answered {refusal}", 1)


def test_after_ten_attempts_it_is_given_up_and_a_person_sees_it(firm, platform):
    """DI-16: what no machine could hand back is not forgotten."""
    complaint_id, _ = came_in(firm, platform)
    platform.refuse(500, times=20)
    firm.hear(accepted(firm, complaint_id))
    for _ in range(15):
        hand_back(firm)
        later(firm, days=2)
    [owed] = reference_of(firm, complaint_id)["owed"]
    assert (owed["state"], owed["attempts"], owed["due_at"], platform.asked) == ("given_up", 10, None, 10)


def test_who_was_told_the_end_is_no_longer_owed_what_came_before(firm, platform):
    complaint_id, _ = came_in(firm, platform)
    platform.refuse(400)
    firm.hear(accepted(firm, complaint_id), closed(firm, complaint_id))
    hand_back(firm)
    reference = reference_of(firm, complaint_id)
    assert (reference["last"]["status"], reference["last"]["how"], reference["owed"]) == ("closed", "address", [])


def test_two_hands_at_once_tell_a_status_once(firm, platform):
    complaint_id, _ = came_in(firm, platform)
    firm.hear(accepted(firm, complaint_id), closed(firm, complaint_id))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: job.run(), firm.service.jobs))
    later(firm, seconds=3)
    hand_back(firm)
    assert [told.status for told in platform.told] == ["accepted", "closed"]


def test_a_door_without_an_address_leaves_it_to_a_person(firm):
    """DI-16: a platform that offers no way back, such as Booking's own review page."""
    taken = firm.door("ota", platform="agoda").signed("ota/agoda", json.dumps(REVIEW).encode())
    firm.hear(accepted(firm, taken.json["complaint_id"]))
    hand_back(firm)
    [owed] = reference_of(firm, taken.json["complaint_id"])["owed"]
    assert (owed["status"], owed["state"], owed["due_at"]) == ("accepted", "owed", None)


def test_staff_write_down_what_they_handed_back_by_hand(firm):
    """DI-16: who, when, how and in what words; what was owed before it is covered."""
    receipt, reference = from_the_hotline(firm)
    firm.hear(accepted(firm, receipt["complaint_id"]), closed(firm, receipt["complaint_id"]))
    assert [owed["status"] for owed in reference_of(firm, receipt["complaint_id"])["owed"]] == ["accepted", "closed"]
    person_id = uuid4()
    answer = told_by_hand(firm, receipt, reference, person_id, note="已在平台办结，联系人周海燕")
    assert answer.status_code == 200, answer.json
    reference = reference_of(firm, receipt["complaint_id"])
    told = {name: reference["last"][name] for name in ("status", "how", "by_id", "note")}
    assert told == {"status": "closed", "how": "screen", "by_id": str(person_id), "note": "已在平台办结，联系人***"}
    assert reference["owed"] == []


def test_what_a_person_has_told_meanwhile_is_not_sent_again(firm, platform):
    complaint_id, _ = came_in(firm, platform)
    platform.refuse(503)
    firm.hear(accepted(firm, complaint_id), closed(firm, complaint_id))
    hand_back(firm)
    told_by_hand(firm, {"complaint_id": complaint_id}, reference_of(firm, complaint_id), uuid4())
    later(firm, days=2)
    hand_back(firm)
    assert platform.told == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"status": "result"}, "status"), ({"handed_at": "2099-01-01T00:00:00Z"}, "handed_at"), ({"how": "fax"}, "how")],
)
def test_what_is_not_owed_or_not_yet_cannot_be_written_down(firm, wrong, field):
    receipt, reference = from_the_hotline(firm)
    firm.hear(closed(firm, receipt["complaint_id"]))
    answer = told_by_hand(firm, receipt, reference, uuid4(), **wrong)
    assert answer.status_code == 422
    assert field in json.dumps(answer.json["errors"])


def test_the_same_form_sent_twice_is_written_down_once(firm):
    receipt, reference = from_the_hotline(firm)
    firm.hear(closed(firm, receipt["complaint_id"]))
    person_id = uuid4()
    answers = [told_by_hand(firm, receipt, reference, person_id, key="once") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json


def test_a_reference_learnt_later_is_owed_where_the_complaint_stands(firm):
    """DI-16"""
    receipt = firm.registered()
    firm.hear(accepted(firm, receipt["complaint_id"]), result(firm, receipt["complaint_id"], "已修好"))
    path = f"/v1/complaints/{receipt['complaint_id']}/references"
    answer = firm.staff().post(path, kind="consumer_association", ref=" 消协-88 ")
    assert answer.status_code == 201, answer.json
    [reference] = answer.json["items"]
    assert (reference["kind"], reference["ref"]) == ("consumer_association", "消协-88")
    assert [owed["status"] for owed in reference["owed"]] == ["result"]
    assert firm.rows("complaints")[0]["external_ref"] == "消协-88"


def test_a_mistyped_reference_is_corrected_and_keeps_what_it_is_owed(firm):
    """DI-16"""
    receipt, reference = from_the_hotline(firm)
    firm.hear(accepted(firm, receipt["complaint_id"]))
    path = f"/v1/complaints/{receipt['complaint_id']}/references/{reference['reference_id']}"
    answer = firm.staff().call("PUT", path, json={"kind": "regulator", "ref": "局-9"})
    [corrected] = answer.json["items"]
    assert (corrected["kind"], corrected["ref"], len(corrected["owed"])) == ("regulator", "局-9", 1)
    assert firm.rows("complaints")[0]["external_ref"] == "局-9"


def test_a_reference_is_there_once_and_a_platforms_own_stays(firm, platform):
    complaint_id, _ = came_in(firm, platform)
    path, [given] = f"/v1/complaints/{complaint_id}/references", firm.rows("outside_references")
    twice = firm.staff().post(path, kind="ota", ref=given["ref"])
    changed = firm.staff().call("PUT", f"{path}/{given['reference_id']}", json={"kind": "ota", "ref": "agoda:review:1"})
    assert [twice.status_code, changed.status_code] == [422, 422]
    assert [error["pointer"] for error in (*twice.json["errors"], *changed.json["errors"])] == ["#/ref", "#/ref"]


@pytest.mark.parametrize(("role", "status"), [("front_line", 201), ("auditor", 403), ("admin", 403)])
def test_who_handles_complaints_may_name_a_reference(firm, role, status):
    path = f"/v1/complaints/{firm.registered()['complaint_id']}/references"
    assert firm.staff(role).post(path, kind="regulator", ref="局-1").status_code == status


def test_a_reference_of_another_complaint_is_not_there(firm):
    _, reference = from_the_hotline(firm)
    other = firm.registered(text="电梯又坏了，已经两天")
    assert told_by_hand(firm, other, reference, uuid4()).status_code == 404


def test_whose_the_number_is_must_be_said_where_the_channel_does_not_tell(firm):
    form = {"channel": "phone", "text": "三楼漏水", "name": "周", "phone": "13812345678", "where": "3号楼"}
    asked = firm.staff().post("/v1/complaints", **form, external_ref="GD-7")
    assert (asked.status_code, asked.json["errors"][0]["pointer"]) == (422, "#/external_kind")
    told = {"external_ref": "GD-7", "external_kind": "hotline_12345"}
    assert firm.staff().post("/v1/complaints", **form, **told).status_code == 201
    assert firm.rows("outside_references")[0]["kind"] == "hotline_12345"


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "https://me:pw@a.example/", "not an address", "https://a.example/#x"]
)
def test_an_address_that_nobody_can_be_told_at_is_refused(firm, url):
    opened = firm.staff("admin").post("/v1/channel-accounts", kind="ota", platform="agoda", status_url=url)
    assert (opened.status_code, opened.json["errors"][0]["pointer"]) == (422, "#/status_url")


def test_a_mailbox_has_no_address_for_statuses(firm):
    opened = firm.staff("admin").post("/v1/channel-accounts", kind="mail", status_url="https://a.example/")
    assert opened.status_code == 422


def test_what_is_on_its_way_or_given_up_breaks_no_promise(firm, platform):
    """DI-16: `redress audit`."""
    complaint_id, _ = came_in(firm, platform)
    platform.refuse(400)
    platform.refuse(503)
    firm.hear(accepted(firm, complaint_id), closed(firm, complaint_id))
    hand_back(firm)
    assert broken(firm) == []
    later(firm, seconds=10)
    assert broken(firm) == ["every status owed to an address is on its way"]


@pytest.mark.parametrize("change", [{"due_at": None, "state": "owed"}, {"state": "given_up", "error": None}])
def test_a_status_that_was_left_lying_is_noticed(firm, platform, change):
    """DI-16: `redress audit`."""
    complaint_id, _ = came_in(firm, platform)
    firm.hear(accepted(firm, complaint_id))
    hand_back(firm)
    put(firm, handbacks.update().values(**change))
    assert broken(firm) == ["every status owed to an address is on its way"]


def test_an_end_that_nobody_was_owed_is_noticed(firm, platform):
    """DI-16: `redress audit`."""
    complaint_id, _ = came_in(firm, platform)
    firm.hear(closed(firm, complaint_id))
    put(firm, handbacks.delete())
    assert broken(firm) == ["every end is owed to the address it concerns"]


@pytest.fixture
def platform(firm):
    """A platform whose door at the firm has its address."""
    with OtaPartner(now=firm.service.clock.now) as partner:
        partner.door = firm.door("ota", platform="agoda", status_url=partner.url)
        partner.secret = partner.door.secret
        yield partner


def came_in(firm, platform) -> tuple[str, str]:
    """A review that became a complaint: its id and number."""
    taken = platform.door.signed("ota/agoda", json.dumps(REVIEW).encode())
    assert taken.status_code == 202, taken.json
    [complaint] = firm.rows("complaints")
    return taken.json["complaint_id"], complaint["number"]


def from_the_hotline(firm) -> tuple[dict, dict]:
    """A complaint with the hotline's number for it."""
    receipt = firm.registered()
    path = f"/v1/complaints/{receipt['complaint_id']}/references"
    [reference] = firm.staff().post(path, kind="hotline_12345", ref="GD-2026-7").json["items"]
    return receipt, reference


def told_by_hand(firm, receipt, reference, person_id, key=None, **more):
    path = f"/v1/complaints/{receipt['complaint_id']}/references/{reference['reference_id']}/handed-back"
    return firm.staff(person_id=person_id).post(path, key, **{"status": "closed", "how": "screen"} | more)


def reference_of(firm, complaint_id) -> dict:
    [reference] = firm.staff().get(f"/v1/complaints/{complaint_id}").json["references"]
    return reference


def accepted(firm, complaint_id):
    now = firm.service.clock.now()
    reached = {"milestone": "accepted", "reached_at": now, "by": None, "department": "engineering"}
    return MilestoneReached(**firm.about(complaint_id), **reached)


def result(firm, complaint_id, words):
    return ResultGiven(**firm.about(complaint_id), text=words, written=True, spoken=False, by=uuid4())


def closed(firm, complaint_id):
    now = firm.service.clock.now()
    return CaseClosed(**firm.about(complaint_id), outcome="solved", satisfied=None, closed_at=now)


def reopened(firm, complaint_id):
    begun = {"round": 2, "again": (), "reason": "new_facts", "by": None, "department": "engineering"}
    return CaseReopened(**firm.about(complaint_id), **begun, reopened_at=firm.service.clock.now())


def broken(firm) -> list[str]:
    """What `redress audit` finds in this firm."""
    databases = Databases("unused")
    databases.of = lambda _: firm.service.database
    databases.tenants = lambda: [firm.tenant_id]
    return [promise for promise, found in handed_back(databases, firm.service.clock.now()) if found]


def put(firm, statement) -> None:
    """Past the service."""
    with firm.service.database.write() as connection:
        tenancy.bind(connection, firm.tenant_id)
        connection.execute(statement.where(handbacks.c.tenant_id == firm.tenant_id))


def later(firm, **span):
    firm.service.clock.advance(**span)


def hand_back(firm):
    hand = firm.service.jobs[0]
    while hand.run():
        pass


def dies(*_):
    raise KeyboardInterrupt
