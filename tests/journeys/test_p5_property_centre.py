"""P5, a property service centre: called back after intake, passed on with a reason, answered with what will keep it
from happening again.

Source procedure 3.
"""

import io
import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import pypdfium2
import pytest
from docx import Document

from deploy.callers import Platform, Refused
from deploy.demo_tenants import Firm, Staff
from tests.journeys.conftest import BEIJING, at_work
from tests.platforms.embedded import Embedded

CENTRE = Firm(
    slug="langqiao",
    name="廊桥物业服务中心",
    kind="property",
    preset="p5-property-centre",
    places=(("廊桥苑", "6栋", "1503室"), ("廊桥苑", "地下车库")),
    staff=(
        Staff("desk", "安宁 An Ning", ("front_line",), ("customer_service",)),
        Staff("desk-head", "孔雀 Kong Que", ("supervisor",), ("customer_service",)),
        Staff("plumber", "牛刚 Niu Gang", ("front_line",), ("engineering",)),
        Staff("engineering-head", "庄严 Zhuang Yan", ("supervisor",), ("engineering",)),
        Staff("guard", "常青 Chang Qing", ("front_line",), ("order",)),
        Staff("guard-head", "莫言笑 Mo Yanxiao", ("supervisor",), ("order",)),
        Staff("coordinator", "舒畅 Shu Chang", ("coordinator",)),
        Staff("manager", "任远 Ren Yuan", ("manager",)),
    ),
)
PREVENTION = "每季度检查本栋水管接头"


@pytest.fixture(scope="module")
def journey():
    with at_work(Embedded(), CENTRE.slug, CENTRE) as journey:
        yield journey


def test_a_mail_is_called_back_repaired_answered_and_followed_up(journey):
    """IN-1, IN-9, DI-7, DI-11, NO-5, DI-14: from the letter box to the owner's answer."""
    receipt = mailed(journey, "6栋1503室厨房水管漏水", sender="owner@mail.example")
    case = journey.case(receipt)
    assert (case["category"], case["department"], case["channel"]) == ("repair", "engineering", "email")
    assert "checked" in journey.clocks(receipt) and "不晚于" in mail_to(journey, "owner@mail.example").text

    with pytest.raises(Refused, match="comes after: checked"):
        journey.act("plumber", receipt, "accept")
    journey.act("plumber", receipt, "milestones", milestone="checked", finding="confirmed", note="业主在家，确有漏水")
    journey.act("plumber", receipt, "accept")
    repaired(journey, receipt)
    with pytest.raises(Refused, match="prevention"):
        journey.act("plumber", receipt, "result", text="已更换接头", written=True)
    journey.act("plumber", receipt, "result", text="已更换接头", prevention=PREVENTION, written=True)

    answered(journey, mail_to(journey, "owner@mail.example", "满意吗"), score=5)
    journey.act("engineering-head", receipt, "milestones", milestone="effect_checked", note="两周后复查无渗漏")
    journey.act("plumber", receipt, "close", outcome="solved")
    assert journey.case(receipt)["satisfied"] is True
    figures = journey.figures()
    assert (figures["satisfaction"]["numerator"], figures["satisfaction"]["denominator"]) == (1, 1)
    assert (figures["timely"]["numerator"], figures["timely"]["denominator"]) == (1, 1)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_letter_says_what_came_of_it_and_how_it_will_not_happen_again(journey, kind):
    """DI-11, DI-15: 《处理结果通知书》 in the centre's name, for the complaint before."""
    (case,) = journey.person("coordinator").get("dispatch", "/cases", view="all", state="closed")["items"]
    letter = printed(journey, case, kind)
    assert all(words in letter for words in (CENTRE.name, case["number"], "已更换接头", PREVENTION))


def test_what_cannot_be_verified_is_explained_to_the_owner_and_closed(journey):
    """IN-9, DI-13: no accepting, no repair, but never without a word."""
    receipt = phoned(journey, "车库里有人占车位，可能是外来的车", email="parker@mail.example")
    with pytest.raises(Refused, match="cannot_be_verified"):
        journey.act("guard", receipt, "close", outcome="unverifiable", text="查无此车")
    finding = {"milestone": "checked", "finding": "cannot_be_verified", "note": "监控三天内无外来车"}
    journey.act("guard", receipt, "milestones", **finding)
    with pytest.raises(Refused, match="text"):
        journey.act("guard", receipt, "close", outcome="unverifiable")
    why = "调阅三天监控，未见外来车辆占位，如再发生请即来电"
    journey.act("guard", receipt, "close", outcome="unverifiable", text=why, spoken=True, written=True)
    assert journey.firm.guest().progress(receipt)["result"] == why
    assert why in mail_to(journey, "parker@mail.example", "处理结果").text
    assert journey.clocks(receipt)["checked"]["state"] == "met"


def test_what_was_solved_meanwhile_is_confirmed_and_closed(journey):
    """IN-9."""
    receipt = phoned(journey, "一楼大厅路灯坏了")
    journey.act("plumber", receipt, "milestones", milestone="checked", finding="already_solved", note="昨晚已换灯管")
    told = {"text": "灯管昨晚已更换", "spoken": True, "written": True}
    journey.act("plumber", receipt, "close", outcome="already_solved", satisfied=True, **told)
    case = journey.case(receipt)
    assert (case["state"], case["outcome"], case["results"][0]["spoken"]) == ("closed", "already_solved", True)
    assert journey.clocks(receipt)["general-carried-out"]["state"] == "stopped"


def test_who_gets_it_next_reads_why_and_asks_nobody_again(journey):
    """DI-6, SL-7: reason, from, to and what is known; the owner's promise does not move."""
    receipt = phoned(journey, "电梯厅保洁不到位，垃圾堆了两天，还有漏水")
    case = journey.case(receipt)
    journey.act("coordinator", receipt, "milestones", milestone="checked", finding="confirmed", note="属实")
    promised = journey.firm.guest().progress(receipt)["promised_by"]
    given = {"reason": "实为门岗放行施工车所致", "handover": "业主要求今晚清走；已拍照"}
    journey.act("coordinator", receipt, "transfer", to_department="order", **given)

    (passed_on,) = journey.case(receipt, "guard")["transfers"]
    assert {key: passed_on[key] for key in given} == given
    assert (passed_on["from_department"], passed_on["to_department"]) == (case["department"], "order")
    assert passed_on["to_person"]["name"].startswith("常青")
    journey.act("guard", receipt, "refuse", reason="施工车由客服预约，应由客服处理")
    assert journey.case(receipt)["people"]["assignee"]["name"].startswith("莫言笑")
    assert journey.firm.guest().progress(receipt)["promised_by"] == promised


def test_how_long_it_may_take_follows_urgency_and_complexity(journey):
    """SL-1, SL-2, SL-7: three working days, ten for what turns out complex, over the National Day week."""
    urgent = phoned(journey, "7栋爆管，电梯井进水")
    assert due(journey, urgent, "urgent-carried-out") == received(urgent) + timedelta(hours=24)
    general = phoned(journey, "楼道路灯坏了")
    assert due(journey, general, "general-carried-out") == datetime(2026, 10, 9, tzinfo=BEIJING)
    journey.act("engineering-head", general, "reclassify", complex=True, reason="整条电缆要重新敷设")
    clocks = journey.clocks(general)
    assert clocks["general-carried-out"]["state"] == "stopped"
    assert due(journey, general, "complex-carried-out") == datetime(2026, 10, 17, tzinfo=BEIJING)


def test_a_follow_up_that_nobody_does_is_brought_to_the_head(journey):
    """SL-8, SL-3, SL-4: the survey has three working days once the work is done."""
    receipt = phoned(journey, "门岗保安放外卖车乱跑")
    journey.act("guard", receipt, "milestones", milestone="checked", finding="confirmed", note="属实")
    journey.act("guard", receipt, "accept")
    journey.act("guard", receipt, "milestones", milestone="verified", report="监控属实")
    journey.act("guard", receipt, "milestones", milestone="carried_out", note="加设路障")
    journey.act("guard", receipt, "result", text="已加设路障", prevention="每班巡查", written=True)
    journey.until(due(journey, receipt, "survey") + timedelta(minutes=1))
    case = journey.case(receipt)
    assert case["breached"] and {each["to_role"] for each in case["escalations"]} == {"department_head"}
    journey.act("guard", receipt, "milestones", milestone="surveyed", note="电话回访：满意")
    assert journey.clocks(receipt)["survey"]["state"] == "met_late"


def mailed(journey, words, sender):
    """A mail at the centre's door; the sender finds number and secret in the acknowledgement."""
    account = {"kind": "mail", "address": "tousu@langqiao.example"}
    opened = journey.person("admin").post("intake", "/channel-accounts", **account)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, account["address"], "投诉"
    mail["Message-ID"] = "<1@mail.example>"
    mail.set_content(words)
    taken = Platform(journey.platform.client, opened["door"], opened["secret"]).mail(mail.as_bytes())
    journey.rest()
    return taken


def phoned(journey, text, **form):
    happened = journey.now().replace(hour=0).isoformat()
    form = {"channel": "phone", "name": "顾先生", "phone": "13900006666", "happened_at": happened, **form}
    receipt = journey.person("desk").post("intake", "/complaints", text=text, **form)
    journey.rest()
    return receipt


def repaired(journey, receipt):
    journey.act("plumber", receipt, "milestones", milestone="verified", report="接头老化开裂，照片在档")
    journey.act("plumber", receipt, "milestones", milestone="carried_out", note="更换接头，试压合格")


def mail_to(journey, address, about=""):
    mails = [mail for mail in journey.platform.mail.received if address in mail.recipients and about in mail.subject]
    return mails[-1]


def answered(journey, mail, score):
    """By the link in the mail, as its page does."""
    token = re.search(r"/survey#(\S+)", mail.text).group(1)
    with journey.platform.client("notify") as notify:
        assert notify.post("/public/surveys/answers", json={"token": token, "score": score}).is_success
    journey.rest()


def printed(journey, case, kind):
    """The result notice, its words without spaces."""
    person = journey.person("plumber").sign_in()
    with journey.platform.client("dispatch") as dispatch:
        path = f"/cases/{case['complaint_id']}/forms/result.{kind}"
        content = dispatch.get(path, headers={"Authorization": f"Bearer {person.token}"}).content
    if kind == "pdf":
        words = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    else:
        document = Document(io.BytesIO(content))
        words = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        words += [paragraph.text for paragraph in document.paragraphs]
    return "".join("".join(words).split())


def received(receipt):
    return datetime.fromisoformat(receipt["received_at"])


def due(journey, receipt, limit_id):
    return datetime.fromisoformat(journey.clocks(receipt)[limit_id]["due_at"]).astimezone(BEIJING)
