"""The API: lists, one case, its evidence, the roster; who is let in and what a mistake answers."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.events.sla import ClockStarted
from services.dispatch.domain import cursor
from services.dispatch.domain.refusals import NotAcceptable
from services.dispatch.tables import cases, evidence, milestones


def forged(moment: str) -> str:
    """A cursor that no list wrote."""
    return urlsafe_b64encode(json.dumps([moment, moment, str(UUID(int=1))]).encode()).decode().rstrip("=")


STEPS = {
    "accept": {},
    "refuse": {"reason": "不归我"},
    "milestones": {"milestone": "on_site"},
    "transfer": {"to_department": "security", "reason": "门禁", "handover": "见照片"},
    "reclassify": {"urgency": "urgent", "reason": "电箱进水"},
    "assign": {"person_id": str(uuid4()), "reason": "熟悉"},
    "result": {"text": "已修"},
    "close": {"outcome": "unfounded", "text": "误报"},
    "wait": {"for": "complainant", "reason": "等住户约时间"},
    "resume": {},
    "extend": {"limit_id": "engineering-on-site", "due_at": "2026-03-02T12:00:00Z", "reason": "配件未到"},
    "extension/decide": {"extension_id": str(uuid4()), "decision": "approve"},
    "approval/ask": {"approval_id": "plan"},
    "approval/approve": {"approval_id": "plan"},
    "approval/return": {"approval_id": "plan", "reason": "缺照片"},
    "reopen": {"reason": "new_facts", "note": "又漏了"},
    "merge": {"into": "2603-0000-0001", "reason": "同一处"},
    "unlink": {"other": "2603-0000-0001", "reason": "不同的事"},
}


def test_a_list_shows_what_is_due_first_and_cases_without_a_limit_last(firm):
    none, later, soon = firm.register(), firm.register(), firm.register()
    due_in(firm, later, hours=5)
    due_in(firm, soon, hours=1)
    assert ids(firm.get("he", "/v1/cases?view=department")) == [str(soon), str(later), str(none)]


def test_a_row_says_what_a_list_needs(firm):
    complaint_id = firm.register("水管漏水" + "，" * 200)
    [row] = firm.get("li", "/v1/cases").json["items"]
    assert row["assignee"] == {"id": str(firm.person("li")), "name": "li"}
    assert (row["complaint_id"], row["place_label"]) == (str(complaint_id), "翠园 3 号楼")
    assert (len(row["summary"]), row["near_limit"], row["breached"]) == (120, False, False)


def test_pages_follow_each_other_without_gap_or_repeat(firm):
    expected = {str(firm.register(received_at=firm.clock.now() - timedelta(hours=n % 3))) for n in range(7)}
    seen, after = [], None
    while True:
        page = firm.get("zhao", "/v1/cases", view="all", limit=2, **({"cursor": after} if after else {}))
        seen += ids(page)
        if (after := page.json["next_cursor"]) is None:
            break
    assert len(seen) == 7 and set(seen) == expected


def test_a_cursor_stays_good_when_cases_before_it_go(firm):
    first, second, third = (firm.register(received_at=at(firm, n)) for n in (3, 2, 1))
    after = firm.get("zhao", "/v1/cases?view=all&limit=2").json["next_cursor"]
    for closed in (first, second):
        firm.did("zhao", closed, "close", outcome="unfounded", text="误报")
    assert ids(firm.get("zhao", "/v1/cases", view="all", cursor=after)) == [str(third)]


@pytest.mark.parametrize(
    ("name", "view", "expected"),
    [
        ("li", "mine", {"leak"}),
        ("li", "department", {"leak", "lamp"}),
        ("li", "all", {"leak", "lamp"}),
        ("he", "all", {"leak", "lamp"}),
        ("zhou", "all", {"rude"}),
        ("lin", "department", set()),
        ("lin", "all", {"leak", "lamp", "rude"}),
        ("sun", "all", {"leak", "lamp", "rude"}),
        ("xu", "mine", set()),
    ],
)
def test_everybody_sees_their_own_part(firm, name, view, expected):
    """PR-2."""
    known = {
        str(firm.register("水管漏水")): "leak",
        str(firm.register("灯坏了")): "lamp",
        str(firm.register("态度差")): "rude",
    }
    assert {known[id] for id in ids(firm.get(name, "/v1/cases", view=view))} == expected


def test_lists_by_state_and_department(firm):
    leak, rude = firm.register("水管漏水"), firm.register("态度差")
    firm.did("li", leak, "close", outcome="unfounded", text="误报")
    assert ids(firm.get("zhao", "/v1/cases?view=all&state=closed")) == [str(leak)]
    assert ids(firm.get("zhao", "/v1/cases?view=all")) == [str(rude)]
    assert len(ids(firm.get("zhao", "/v1/cases?view=all&state=all"))) == 2
    assert ids(firm.get("zhao", "/v1/cases?view=all&department=customer_service")) == [str(rude)]
    assert ids(firm.get("li", "/v1/cases?view=department&department=customer_service")) == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("view=yours", "#/view"),
        ("state=lost", "#/state"),
        ("limit=201", "#/limit"),
        ("cursor=abc", "#/cursor"),
        ("cursor=WzEsIDIsIDNd", "#/cursor"),
        (f"cursor={forged('2026-03-02T10:00:00')}", "#/cursor"),
        (f"cursor={forged('0001-01-01T00:00:00+14:00')}", "#/cursor"),
        ("department=Engineering!", "#/department"),
    ],
)
def test_a_wrong_question_names_the_field(firm, query, pointer):
    answer = firm.get("zhao", f"/v1/cases?{query}")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert answer.content_type == "application/problem+json"


@given(st.text(max_size=60))
def test_any_text_is_a_cursor_or_is_refused(text):
    try:
        cursor.read(text)
    except NotAcceptable:
        return
    pytest.fail("only a list writes cursors")


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_reads_as_it_was_written(queue_at, received_at, complaint_id):
    place = cursor.Place(queue_at, received_at, complaint_id)
    assert cursor.read(cursor.write(place)) == place


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("name", ["zhou", "fang"])
def test_who_may_not_see_a_case_does_not_learn_that_it_exists(firm, name, step):
    assert firm.act(name, firm.register(), step, **STEPS[step]).status_code == 404


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("name", ["xu", "sun"])
def test_who_only_reads_takes_no_step(firm, name, step):
    assert firm.act(name, firm.register(), step, **STEPS[step]).status_code == 403


@pytest.mark.parametrize("step", STEPS)
def test_another_tenants_case_is_not_found(firm, other_firm, step):
    complaint_id = other_firm.register()
    assert firm.act("zhao", complaint_id, step, **STEPS[step]).status_code == 404


@pytest.mark.parametrize("path", ["", "/evidence"])
def test_another_tenants_case_and_evidence_are_not_shown(firm, other_firm, path):
    complaint_id = other_firm.register()
    assert firm.get("zhao", f"/v1/cases/{complaint_id}{path}").status_code == 404
    assert ids(firm.get("zhao", "/v1/cases?view=all&state=all")) == []


def test_without_a_token_nothing_is_shown(firm):
    assert firm.service.app.test_client().get("/v1/cases").status_code == 401


@pytest.mark.parametrize(
    ("step", "body", "pointer"),
    [
        ("refuse", {"reason": "   "}, "#/reason"),
        ("refuse", {"reason": "字" * 4001}, "#/reason"),
        ("accept", {"notes": "好"}, "#/notes"),
        ("milestones", {"milestone": "on_site", "reached_at": "yesterday"}, "#/reached_at"),
        ("milestones", {"milestone": "on_site", "attachments": ["photo.jpg"]}, "#/attachments/0"),
        ("result", {"text": "好", "written": "yes"}, "#/written"),
        ("close", {"outcome": "forgotten"}, "#/outcome"),
        ("assign", {"person_id": "li", "reason": "熟悉"}, "#/person_id"),
    ],
)
def test_a_wrong_field_is_named(firm, step, body, pointer):
    answer = firm.act("he", firm.register(), step, **body)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_refused_step_changes_nothing(firm):
    complaint_id = firm.register()
    before = firm.case(complaint_id)
    firm.act("li", complaint_id, "transfer", to_department="kitchen", reason="门禁", handover="见照片")
    assert firm.case(complaint_id) == before


def test_the_same_key_takes_a_step_once(firm):
    complaint_id = firm.register()
    key = {"Idempotency-Key": "accept-1"}
    first = firm.act("li", complaint_id, "accept", headers=key)
    again = firm.act("li", complaint_id, "accept", headers=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json == first.json


def test_a_step_on_what_has_changed_since_is_refused(firm):
    complaint_id = firm.register()
    seen = {"If-Match": firm.get("he", f"/v1/cases/{complaint_id}").headers["ETag"]}
    assert firm.act("li", complaint_id, "accept").status_code == 200
    assert firm.act("he", complaint_id, "transfer", headers=seen, **STEPS["transfer"]).status_code == 412
    now = {"If-Match": firm.get("he", f"/v1/cases/{complaint_id}").headers["ETag"]}
    assert firm.act("he", complaint_id, "transfer", headers=now, **STEPS["transfer"]).status_code == 200


def test_every_step_is_in_the_evidence_with_its_words(firm):
    """PR-4."""
    complaint_id = firm.register()
    firm.solve(complaint_id)
    firm.did("li", complaint_id, "result", text="水管已更换", spoken=True)
    firm.did("li", complaint_id, "close", outcome="solved")
    shown = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
    assert [step["action"] for step in shown["items"]] == [
        "opened",
        "accepted",
        *["milestone_reached"] * 4,
        "result_given",
        "closed",
    ]
    assert shown["intact"] is True
    assert shown["items"][6]["details"]["text"] == "水管已更换"
    assert shown["items"][6]["actor_name"] == "li"
    assert firm.case(complaint_id)["evidence_count"] == 8


@pytest.mark.parametrize(
    ("change", "first_bad"),
    [
        (evidence.update().where(evidence.c.n == 2).values(actor="somebody"), 2),
        (evidence.update().where(evidence.c.n == 2).values(words='{"note":"别的话"}'), 2),
        (evidence.delete().where(evidence.c.n == 3), 3),
        (evidence.delete().where(evidence.c.n == 1), 1),
    ],
)
def test_a_tampered_evidence_row_shows(firm, change, first_bad):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept", note="马上去")
    firm.did("li", complaint_id, "milestones", milestone="on_site")
    with firm.service.database.write() as connection:
        connection.execute(change)
    shown = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
    assert (shown["intact"], shown["first_bad"]) == (False, first_bad)


def test_evidence_holds_no_contact_data_and_no_salt(firm):
    complaint_id = firm.register()
    firm.did("li", complaint_id, "accept", note="电话 13912345678")
    shown = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence")
    assert "13912345678" not in shown.text and "salt" not in shown.text


def test_a_roster_is_kept_as_planned(firm):
    """DI-3."""
    assert firm.plan("he", "engineering", firm.duty("li")).status_code == 200
    assert firm.plan("he", "engineering", firm.duty("wang"), firm.duty("zhao", role="duty_manager")).status_code == 200
    [first, second] = firm.get("li", "/v1/roster?department=engineering").json["entries"]
    assert {first["person_id"], second["person_id"]} == {str(firm.person("wang")), str(firm.person("zhao"))}
    assert first["department"] == "engineering"
    assert firm.get("li", "/v1/roster?department=security").json["entries"] == []


@pytest.mark.parametrize(
    ("name", "status"),
    [("he", 200), ("lin", 200), ("zhao", 200), ("xu", 200), ("li", 403), ("fang", 403), ("sun", 403)],
)
def test_who_may_plan_the_roster_of_engineering(firm, name, status):
    assert firm.plan(name, "engineering", firm.duty("li")).status_code == status


@pytest.mark.parametrize(
    ("name", "change", "pointer"),
    [
        ("li", {"ends_at": "2026-01-01T00:00:00Z"}, "#/entries/0/ends_at"),
        ("li", {"department": "security"}, "#/entries/0/department"),
        ("li", {"person_id": str(uuid4())}, "#/entries/0/person_id"),
        ("zhou", {}, "#/entries/0/person_id"),
        ("li", {"role": "night_owl"}, "#/entries/0/role"),
        ("li", {"starts_at": "2026-03-02T08:00:00"}, "#/entries/0/starts_at"),
        ("li", {"starts_at": "0001-01-01T00:00:00+14:00"}, "#/entries/0/starts_at"),
    ],
)
def test_a_roster_entry_that_cannot_be_is_named(firm, name, change, pointer):
    answer = firm.plan("zhao", "engineering", firm.duty(name) | change)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_roster_of_an_unknown_department_is_refused(firm):
    answer = firm.plan("zhao", "kitchen")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/department")


def test_a_roster_that_somebody_else_changed_meanwhile_is_not_written_over(firm):
    """RFC 9110: the ETag of what was read goes into If-Match."""
    seen = firm.get("he", "/v1/roster?department=engineering").headers["ETag"]
    first = firm.plan("he", "engineering", firm.duty("li"), seen=seen)
    assert first.status_code == 200 and first.headers["ETag"] != seen
    assert firm.plan("he", "engineering", firm.duty("wang"), seen=seen).status_code == 412
    assert firm.plan("he", "engineering", firm.duty("wang"), seen='"monday"').status_code == 412
    assert firm.plan("he", "engineering", firm.duty("wang"), seen=first.headers["ETag"]).status_code == 200


def test_an_emptied_roster_puts_the_whole_front_line_on_duty_again(firm):
    firm.plan("he", "engineering", firm.duty("wang"))
    firm.plan("he", "engineering")
    assert firm.case(firm.register())["assignee"]["name"] == "li"


def test_rows_of_two_tenants_lie_apart(firm, other_firm):
    firm.register()
    other_firm.register()
    with firm.service.database.read() as connection:
        for table in (cases, milestones, evidence):
            rows = connection.execute(table.select()).mappings().all()
            assert {row["tenant_id"] for row in rows} == {firm.tenant_id, other_firm.tenant_id}


def test_the_service_is_ready_and_describes_itself(firm):
    client = firm.service.app.test_client()
    assert client.get("/readyz").status_code == 200
    assert "/v1/cases/{complaint_id}/transfer" in client.get("/v1/openapi.json").json["paths"]


def due_in(firm, complaint_id, *, hours):
    firm.hear(
        ClockStarted,
        complaint_id,
        clock_id=uuid4(),
        limit_id="engineering-on-site",
        milestone_from="received",
        milestone_to="on_site",
        started_at=firm.clock.now(),
        due_at=firm.clock.now() + timedelta(hours=hours),
        provisional=False,
        department="engineering",
    )


def at(firm, hours):
    return firm.clock.now() - timedelta(hours=hours)


def ids(answer):
    assert answer.status_code == 200, answer.json
    return [row["complaint_id"] for row in answer.json["items"]]
