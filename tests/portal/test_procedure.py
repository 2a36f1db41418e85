"""A tenant admin changes the Procedure: a draft, its mistakes, what it would change, its publication (PO-4)."""

import io
import json

import pytest
from flask import Flask

from tests.portal.browsing import Browser
from tests.portal.stand_ins import CASE, DRAFT, DRAFTED, SECOND, StandIns, problem, session

HERE = f"/procedure/drafts/{DRAFT}"
THERE = f"/v1/drafts/{DRAFT}"


@pytest.fixture
def admin(app: Flask, others: StandIns) -> Browser:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("admin"))
    return Browser(app).sign_in()


def test_versions_drafts_and_presets_are_listed(admin: Browser) -> None:
    page = admin.open("/procedure")
    assert "第 3 版" in page and "春季修订" in page and "范本：酒吧投诉" in page
    assert 'href="/procedure"' in page


@pytest.mark.parametrize("address", ["/procedure", HERE])
def test_who_is_no_admin_is_refused(app: Flask, others: StandIns, address: str) -> None:
    others.answers["tenants"]["POST /v1/sessions"] = (201, session("manager"))
    browser = Browser(app).sign_in()
    assert 'href="/procedure"' not in browser.text
    browser.open(address)
    assert browser.page.status_code == 403
    assert not others.requests("tenants", THERE)


@pytest.mark.parametrize(("chosen", "sent"), [("version:3", {"version": 3}), ("preset:p3-bar", {"preset": "p3-bar"})])
def test_a_draft_begins_from_what_was_chosen(
    admin: Browser, others: StandIns, chosen: str, sent: dict[str, object]
) -> None:
    admin.open("/procedure")
    admin.send("/procedure/drafts", name="春季修订", **{"from": chosen})
    assert others.said("tenants", "/v1/drafts") == {"name": "春季修订"} | sent
    assert admin.address == HERE


def test_a_draft_begins_from_a_file(admin: Browser, others: StandIns) -> None:
    admin.open("/procedure")
    admin.send("/procedure/drafts", name="我们的", file=(io.BytesIO("procedure: 我们的".encode()), "ours.yaml"))
    assert others.said("tenants", "/v1/drafts") == {"name": "我们的", "yaml": "procedure: 我们的"}


def test_a_draft_begins_from_something_that_can_be_read(admin: Browser, others: StandIns) -> None:
    admin.open("/procedure")
    assert "请选择草稿的起始内容" in admin.send("/procedure/drafts", name="新")
    page = admin.send("/procedure/drafts", name="新", file=(io.BytesIO(b"\xff\xfe"), "ours.yaml"))
    assert admin.page.status_code == 422 and "不是 UTF-8 文本" in page
    assert not [sent for sent in others.requests("tenants", "/v1/drafts") if sent.method == "POST"]


def test_every_mistake_stands_beside_its_path_and_nothing_is_compared(admin: Browser, others: StandIns) -> None:
    mistake = {"path": "limits[0].within", "message": "is not a span of time", "suggestion": "2h"}
    others.answers["tenants"][f"POST {THERE}/check"] = {"mistakes": [mistake], "warnings": []}
    others.answers["tenants"][f"GET {THERE}/changes"] = problem(422, **{"limits[0].within": "is not a span"})
    page = admin.open(HERE)
    assert "<code>limits[0].within</code> is not a span of time" in page and "是否应为 2h" in page
    assert "发布前须改正 1 处" in page and "改正错误后显示" in page


def test_a_draft_shows_its_text_and_says_what_it_changes(admin: Browser) -> None:
    page = admin.open(HERE)
    assert "procedure: linjiang" in page and "期限由4h改为2h" in page and "提醒：1 条" in page


def test_a_draft_is_saved_as_the_revision_that_was_read(admin: Browser, others: StandIns) -> None:
    admin.open(HERE)
    assert "已保存" in admin.send(HERE, yaml="procedure: other")
    [sent] = [each for each in others.requests("tenants", THERE) if each.method == "PUT"]
    assert (sent.headers["If-Match"], json.loads(sent.content)) == ('"5"', {"yaml": "procedure: other"})


def test_who_was_overtaken_sees_both_texts_and_may_send_again(admin: Browser, others: StandIns) -> None:
    admin.open(HERE)
    others.answers["tenants"][f"PUT {THERE}"] = problem(412, "changed")
    others.answers["tenants"][f"GET {THERE}"] = DRAFTED | {"revision": 6}
    page = admin.send(HERE, yaml="procedure: mine")
    assert admin.page.status_code == 422 and "他人修改了此草稿" in page
    assert "procedure: mine" in page and "procedure: linjiang" in page
    assert admin.form(HERE).values["revision"] == "6"


def test_what_cannot_be_read_as_yaml_is_shown_again_as_it_was_typed(admin: Browser, others: StandIns) -> None:
    admin.open(HERE)
    others.answers["tenants"][f"PUT {THERE}"] = (422, {"errors": [{"detail": "line 1: no YAML", "pointer": "#"}]})
    page = admin.send(HERE, yaml="a: [")
    assert "line 1: no YAML" in page and "a: [" in page


def test_one_text_is_tried_in_dispatch_and_then_in_sla(admin: Browser, others: StandIns) -> None:
    """DI-1, SL-1."""
    admin.open(HERE)
    page = admin.send(f"{HERE}/try", text="厨房漏水")
    said = others.said("dispatch", "/v1/procedures/try")
    assert (said["text"], said["channel"], said["document"]) == ("厨房漏水", "web", DRAFTED["document"])
    facts = {
        "channel": "web",
        "category": "facilities",
        "urgency": "urgent",
        "department": "engineering",
        "major": False,
    }
    assert others.said("sla", "/v1/deadlines/try")["facts"] == facts
    for shown in ("工程部", "Tom Reid", "提到“漏水”", "安保部", "at-once", "两小时"):
        assert shown in page


def test_past_cases_are_previewed_with_the_deadlines_of_what_they_would_become(
    admin: Browser, others: StandIns
) -> None:
    admin.open(HERE)
    page = admin.send(f"{HERE}/preview")
    becoming = others.said("sla", "/v1/deadlines/preview")["becoming"]
    assert becoming == {CASE: {"department": "engineering", "urgency": "urgent"}}
    assert "部门不同 1 件，紧急程度不同 1 件，时限不同 2 件" in page and "之前 0 个，之后 1 个" in page
    table = page.split('id="preview"')[1]
    assert table.count("<tr>") == 3 and f"/cases/{SECOND}" in table
    assert '<span class="quiet">安保部</span> → <b>工程部</b>' in table and "到场" in table


def test_a_service_that_is_away_is_named_and_the_draft_stays(admin: Browser, others: StandIns) -> None:
    admin.open(HERE)
    others.down.add("sla")
    page = admin.send(f"{HERE}/preview")
    assert admin.page.status_code == 422 and "procedure: linjiang" in page and "工程部</b>" not in page


def test_a_draft_is_published_with_its_day_once_its_warnings_are_accepted(admin: Browser, others: StandIns) -> None:
    admin.open(HERE)
    page = admin.send(f"{HERE}/publish", active_from="2026-12-01T08:00", accept_warnings="yes")
    content = {"active_from": "2026-12-01T00:00:00Z", "accept_warnings": True}
    assert others.said("tenants", f"{THERE}/publish") == content and "草稿已发布" in page
    [sent] = others.requests("tenants", f"{THERE}/publish")
    assert sent.headers["If-Match"] == '"5"'


def test_warnings_that_were_not_accepted_keep_a_draft(admin: Browser, others: StandIns) -> None:
    admin.open(HERE)
    others.answers["tenants"][f"POST {THERE}/publish"] = problem(409, survey="nobody is told")
    assert "survey: nobody is told" in admin.send(f"{HERE}/publish")
    assert others.said("tenants", f"{THERE}/publish") == {"accept_warnings": False}


def test_a_draft_is_thrown_away_only_as_it_was_seen(admin: Browser, others: StandIns) -> None:
    admin.open(HERE)
    assert "草稿已删除" in admin.send(f"{HERE}/drop")
    [sent] = [each for each in others.requests("tenants", THERE) if each.method == "DELETE"]
    assert sent.headers["If-Match"] == '"5"'
