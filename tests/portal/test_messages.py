"""The case page: what the complainant adds, taken down and read (IN-10)."""

from io import BytesIO
from typing import Any

from tests.portal.browsing import Browser
from tests.portal.stand_ins import CASE, DETAILS, FILE, StandIns, problem

ADDRESS, PATH, READ = f"/cases/{CASE}", f"/v1/complaints/{CASE}/messages", f"/v1/cases/{CASE}/messages/read"
TYPED = {"channel": "phone", "text": "还在漏"}


def showing(others: StandIns, **changes: Any) -> None:
    others.answers["dispatch"][f"GET /v1/cases/{CASE}"] = DETAILS | changes
    others.answers["intake"][f"POST {PATH}"] = (201, {"message_id": FILE})
    others.answers["dispatch"][f"POST {READ}"] = DETAILS


def test_what_the_complainant_says_by_phone_is_taken_down_with_its_files(staff: Browser, others: StandIns) -> None:
    showing(others)
    staff.open(ADDRESS)
    page = staff.send(f"{ADDRESS}/messages", **TYPED, files=(BytesIO(b"jpg"), "a.jpg"))
    assert others.said("intake", PATH) == TYPED | {"attachments": [FILE]}
    assert others.requests("intake", PATH)[0].headers["Idempotency-Key"] and "补充内容已记录" in page


def test_a_refused_message_comes_back_as_it_was_typed(staff: Browser, others: StandIns) -> None:
    showing(others)
    others.answers["intake"][f"POST {PATH}"] = problem(422, text="太长")
    staff.open(ADDRESS)
    page = staff.send(f"{ADDRESS}/messages", **TYPED)
    assert "太长" in page and "还在漏</textarea>" in page


def test_an_unread_message_is_marked_and_can_be_marked_as_read(staff: Browser, others: StandIns) -> None:
    showing(others, unread=True)
    assert "投诉人有新的补充" in staff.open(ADDRESS)
    assert "已标为已读" in staff.send(f"{ADDRESS}/messages/read")
    assert len(others.requests("dispatch", READ)) == 1


def test_on_a_closed_case_a_new_complaint_that_follows_it_is_offered(staff: Browser, others: StandIns) -> None:
    """DI-12"""
    showing(others, unread=True, state="closed")
    assert f"/intake?follows={DETAILS['number']}" in staff.open(ADDRESS)
    assert f'value="{DETAILS["number"]}"' in staff.open(f"/intake?follows={DETAILS['number']}")


def test_a_case_without_news_says_nothing_of_messages(staff: Browser, others: StandIns) -> None:
    showing(others, unread=False)
    assert "投诉人有新的补充" not in staff.open(ADDRESS)
