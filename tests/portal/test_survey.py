"""The guest's survey (NO-5, PO-1): the link opens it, one tap answers it."""

import pytest

from tests.portal.browsing import Browser
from tests.portal.stand_ins import SURVEY, StandIns, problem

PATH = "/v1/public/surveys"
TOKEN = "what-the-link-carries"


def test_the_link_opens_the_question_in_the_guests_language(opened: Browser) -> None:
    """NO-5."""
    assert opened.address == "/t/linjiang/survey"
    assert "您对处理结果满意吗？" in opened.text and "LJ-261121-0042" in opened.text


def test_a_score_is_one_tap(opened: Browser, others: StandIns) -> None:
    """NO-5."""
    others.answers["notify"][f"POST {PATH}"] = SURVEY | {"score": 4}
    page = opened.send("/survey", score="4")
    assert others.said("notify", f"{PATH}/answers") == {"token": TOKEN, "score": 4, "comment": None}
    assert "您给了 4 分" in page


def test_a_comment_goes_with_the_score(opened: Browser, others: StandIns) -> None:
    """NO-5."""
    opened.send("/survey", score="2", comment="等了太久")
    assert others.said("notify", f"{PATH}/answers")["comment"] == "等了太久"


def test_what_the_link_carries_never_stands_in_an_address(opened: Browser, others: StandIns) -> None:
    opened.send("/survey", score="4")
    assert TOKEN not in opened.address and all(TOKEN not in str(request.url) for _, request in others.asked)


@pytest.mark.parametrize("status", [404, 422])
def test_a_link_that_leads_nowhere_says_so(guest: Browser, others: StandIns, status: int) -> None:
    others.answers["notify"][f"POST {PATH}"] = problem(status, "no")
    guest.open("/t/linjiang/survey")
    assert "此链接没有对应的评价" in guest.send("/survey/open", secret="x")
    assert guest.page.status_code == 422


def test_a_link_of_another_firm_leads_nowhere(guest: Browser, others: StandIns) -> None:
    others.answers["notify"][f"POST {PATH}"] = SURVEY | {"tenant": "elsewhere"}
    guest.open("/t/linjiang/survey")
    assert "此链接没有对应的评价" in guest.send("/survey/open", secret=TOKEN)


@pytest.mark.parametrize(("status", "words"), [(409, "评价已不能修改"), (410, "本次评价已结束")])
def test_an_answer_that_comes_too_late_is_told_so(opened: Browser, others: StandIns, status: int, words: str) -> None:
    others.answers["notify"][f"POST {PATH}/answers"] = problem(status, "too late")
    assert words in opened.send("/survey", score="4")


def test_what_was_answered_is_shown_when_it_can_no_longer_be_changed(opened: Browser, others: StandIns) -> None:
    others.answers["notify"][f"POST {PATH}"] = SURVEY | {"score": 5, "open": False}
    page = opened.open("/t/linjiang/survey")
    assert "谢谢您的评价：5 分" in page and 'class="score' not in page


def test_while_notify_is_away_a_comment_is_not_lost(opened: Browser, others: StandIns) -> None:
    others.answers["notify"][f"POST {PATH}/answers"] = (503, {})
    page = opened.send("/survey", score="4", comment="等了太久")
    assert opened.page.status_code == 422 and "等了太久" in page


@pytest.fixture
def opened(guest: Browser) -> Browser:
    guest.open("/t/linjiang/survey")
    guest.send("/survey/open", secret=TOKEN)
    return guest
