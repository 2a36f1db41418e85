"""Following a complaint (IN-3, IN-10, PO-1)."""

import pytest

from tests.portal.browsing import Browser
from tests.portal.stand_ins import PROGRESS, StandIns, ago, problem

PATH = "/v1/public/linjiang/progress"


def test_number_and_secret_open_the_progress(following: Browser) -> None:
    page = following.text
    assert following.address == "/t/linjiang/progress"
    assert "正在处理" in page and "承诺最迟时间" in page and "师傅已经关闭水阀" in page


def test_the_secret_never_stands_in_an_address(following: Browser, others: StandIns) -> None:
    assert all("K7QM" not in str(request.url) for _, request in others.asked)
    assert "K7QM" not in following.address


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_wrong_secret_says_so_and_no_more(guest: Browser, others: StandIns, status: int) -> None:
    others.answers["intake"][f"POST {PATH}"] = problem(status, "no such complaint")
    guest.open("/t/linjiang/progress")
    page = guest.send("/progress", number="LJ-1", secret="WRONG")
    assert "编号与查询码不匹配" in page and "no such complaint" not in page


def test_the_number_of_a_link_is_filled_in(guest: Browser) -> None:
    guest.open("/t/linjiang/progress?number=LJ-261121-0042")
    assert guest.form("/progress").values["number"] == "LJ-261121-0042"


def test_a_message_joins_the_complaint(following: Browser, others: StandIns) -> None:
    page = following.send("/progress/messages", text="还在漏")
    assert "已收到您的留言" in page
    said = others.said("intake", f"{PATH}/messages")
    assert said == {"number": "LJ-261121-0042", "secret": "K7QM-3F9T", "text": "还在漏"}


def test_an_empty_message_is_not_sent(following: Browser, others: StandIns) -> None:
    page = following.send("/progress/messages", text="  ")
    assert following.page.status_code == 422 and "请填写此项" in page
    assert not others.requests("intake", f"{PATH}/messages")


def test_a_message_that_did_not_get_through_is_still_in_the_form(following: Browser, others: StandIns) -> None:
    others.answers["intake"][f"POST {PATH}/messages"] = (500, {})
    page = following.send("/progress/messages", text="还在漏")
    assert "不会重复提交" in page
    assert following.form("/progress/messages").values["text"] == "还在漏"


def test_a_complaint_can_be_withdrawn_without_giving_a_reason(following: Browser, others: StandIns) -> None:
    assert "已收到您的撤回申请" in following.send("/progress/withdraw")
    assert others.said("intake", f"{PATH}/withdraw").keys() == {"number", "secret"}


def test_a_closed_complaint_shows_its_result_and_cannot_be_withdrawn(guest: Browser, others: StandIns) -> None:
    closed = PROGRESS | {"closed_at": ago(hours=1), "result": "已更换排水管和地毯。", "stage": "closed"}
    others.answers["intake"][f"POST {PATH}"] = closed
    page = look_up(guest).text
    assert "已更换排水管和地毯" in page and "/progress/withdraw" not in page


def test_how_it_will_not_happen_again_stands_under_its_own_heading(guest: Browser, others: StandIns) -> None:
    """DI-11."""
    others.answers["intake"][f"POST {PATH}"] = PROGRESS | {"result": "已更换排水管。", "prevention": "每季检查。"}
    assert '<h3>预防措施</h3><p class="told">每季检查。</p>' in look_up(guest).text


def test_a_result_without_prevention_has_no_heading_for_it(guest: Browser, others: StandIns) -> None:
    others.answers["intake"][f"POST {PATH}"] = PROGRESS | {"result": "已更换排水管。"}
    assert "预防措施" not in look_up(guest).text


def test_from_a_closed_complaint_the_guest_complains_again_about_it(following: Browser, others: StandIns) -> None:
    """DI-12: number and secret are filled in, and the secret is in no address."""
    assert "就此事再次投诉" not in following.text
    others.answers["intake"][f"POST {PATH}"] = PROGRESS | {"closed_at": ago(hours=1), "stage": "closed"}
    assert 'href="/t/linjiang?follows=LJ-261121-0042"' in following.open("/t/linjiang/progress")
    following.open("/t/linjiang?follows=LJ-261121-0042")
    following.send("/t/linjiang", text="又漏了", name="陈立国", phone="13800138000")
    said = others.said("intake", "/v1/public/linjiang/complaints")
    assert (said["follows"], said["follows_secret"]) == ("LJ-261121-0042", "K7QM-3F9T")


def test_without_having_shown_the_secret_the_guest_is_asked_for_it(guest: Browser) -> None:
    page = guest.open("/t/linjiang?follows=LJ-261121-0042")
    assert "原投诉查询码" in page and "K7QM" not in page


def test_a_complaint_whose_secret_was_taken_back_asks_again(following: Browser, others: StandIns) -> None:
    others.answers["intake"][f"POST {PATH}"] = problem(404)
    assert "编号与查询码不匹配" in following.open("/t/linjiang/progress")


def test_progress_says_so_when_intake_is_away(following: Browser, others: StandIns) -> None:
    others.down.add("intake")
    page = following.open("/t/linjiang/progress")
    assert following.page.status_code == 200 and "暂时无法显示" in page


def test_the_complainant_reads_why_the_promised_time_is_what_it_is(following: Browser, others: StandIns) -> None:
    """PO-1: of limits still to be kept."""
    assert "这个时间是怎么算的" in following.text and "从登记时起算" in following.text
    assert "4 小时内采取初步措施" in following.text and "紧急投诉 2 小时到场" not in following.text
    asked = others.requests("sla", "/v1/promises")[0]
    assert asked.headers["Authorization"] == "Bearer permit-of-intake"


def test_the_promised_time_is_shown_also_when_nobody_says_why(guest: Browser, others: StandIns) -> None:
    others.down.add("sla")
    assert "承诺最迟时间" in look_up(guest).text and "这个时间是怎么算的" not in guest.text


def test_while_every_limit_waits_the_page_says_for_whom_and_promises_no_time(guest: Browser, others: StandIns) -> None:
    """SL-6, PO-1."""
    others.answers["intake"][f"POST {PATH}"] = PROGRESS | {"promised_by": None, "waits_for": "third_party"}
    page = look_up(guest).text
    assert "正在等待外单位" in page and "承诺最迟时间" not in page
    assert "这个时间是怎么算的" in page


def look_up(browser: Browser) -> Browser:
    browser.open("/t/linjiang/progress")
    browser.send("/progress", number="LJ-261121-0042", secret="K7QM-3F9T")
    return browser


@pytest.fixture
def following(guest: Browser) -> Browser:
    return look_up(guest)
