"""The rules around a notice, and the handlers that no event reaches in the usual way."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from libs.common.procedure import presets
from libs.common.procedure.reading import read
from services.notify.domain.notice import (
    Promise,
    is_urgent,
    next_promise,
    pointless,
    waits_for_promise,
)
from services.notify.domain.restraint import MOST, Restraint
from services.notify.domain.sms import check_variables
from services.notify.domain.templates import without_gaps
from services.notify.handlers.hearing import open_case, tell_result
from services.notify.handlers.planning import plan_notices

NOW = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
P1 = read(presets.load("p1-accommodation"))


def test_the_same_cause_makes_no_second_notice_for_the_same_person(desk):
    desk.hear(desk.opened(), desk.started())
    cause = uuid4()
    for _ in range(2):
        with desk.service.units.transaction() as transaction:
            open_case(desk.opened(), transaction.work_for(desk.tenant_id, cause))
    assert [item["kind"] for item in desk.notices()] == ["registered", "registered"]


def test_staff_who_want_to_know_of_every_case_learn_it_when_they_are_on_it(desk):
    document = desk.procedure()
    document["notices"][0]["to"] = ["complainant", "coordinator"]
    for template in document["notices"][0]["templates"].values():
        template |= without_links(template)
    desk.hear(desk.published(2, document))
    desk.hear(desk.opened(procedure_version=2), desk.started(), desk.assigned())
    assert [item["to"] for item in desk.notices() if item["kind"] == "registered"] == ["complainant", "coordinator"]


def test_a_notice_that_the_procedure_does_not_have_is_not_planned(desk):
    document = desk.procedure()
    document["notices"] = document["notices"][:1]
    desk.hear(desk.published(2, document))
    desk.hear(desk.opened(procedure_version=2), desk.started())
    with desk.service.units.begin(desk.tenant_id) as work:
        tell_result(desk.result(), work)
        case = work.store.cases.find(desk.complaint_id)
        plan_notices(work, case, "assigned", [("assignee", desk.assignee)])
    assert [item["kind"] for item in desk.notices()] == ["registered"]


@pytest.mark.parametrize(
    ("ends", "chosen"),
    [((4, 2, 24), 2), ((-1, 2), 2), ((-3, -1), -3), ((), None)],
)
def test_what_comes_next_is_promised(ends, chosen):
    running = [Promise(str(hours), NOW + timedelta(hours=hours)) for hours in ends]
    promise = next_promise(running, NOW)
    assert (promise and promise.limit_id) == (None if chosen is None else str(chosen))


def test_only_notices_that_name_a_time_wait_for_one():
    waiting = {notice.id for notice in P1.notices if waits_for_promise(notice, P1)}
    assert waiting == {"acknowledgement", "assigned-alert"}


@pytest.mark.parametrize(
    ("kind", "to", "closed", "limit_over", "needless"),
    [
        ("warned", "staff", False, False, False),
        ("warned", "staff", False, True, True),
        ("assigned", "staff", False, True, False),
        ("assigned", "staff", True, False, True),
        ("result", "complainant", True, True, False),
    ],
)
def test_an_alert_may_lose_its_point_but_the_complainant_is_always_told(kind, to, closed, limit_over, needless):
    assert bool(pointless(kind, to, closed=closed, limit_over=limit_over)) == needless


def test_only_the_first_of_several_urgencies_is_urgent():
    assert [urgency.id for urgency in P1.urgencies if is_urgent(P1, urgency.id)] == ["urgent"]


@pytest.mark.parametrize(
    ("template", "left"),
    [
        ("编号{number}。下一步：{step}，不晚于{deadline}。谢谢。", "编号{number}。谢谢。"),
        ("Your number is {number}. {step} by {deadline}. Bye.", "Your number is {number}. Bye."),
        ("{number}\n{step}: {deadline}\nEnd", "{number}\nEnd"),
        ("{number} by {deadline}", ""),
        ("Rule 3.5 for {number}.", "Rule 3.5 for {number}."),
        ("{{ {number} }}", "{{ {number} }}"),
    ],
)
def test_a_sentence_without_its_value_is_left_out(template, left):
    assert without_gaps(template, {"number"}) == left


@pytest.mark.parametrize("number", ["2611-4827-3065", "1312-4001-2345", "0211-8001-2345", "4001-2345-6789"])
def test_a_complaint_number_passes_as_a_variable_of_a_provider(number):
    """IN-3: it must not be taken for a telephone number."""
    assert check_variables({"number": number}) == []


def test_an_address_is_told_a_few_times_an_hour():
    restraint = Restraint(b"key")
    told = [restraint.allowed_from("a@guest.example", NOW + timedelta(minutes=n)) for n in range(MOST)]
    assert told == [NOW + timedelta(minutes=n) for n in range(MOST)]
    assert restraint.allowed_from("A@guest.example", NOW + timedelta(minutes=9)) == NOW + timedelta(hours=1)
    assert restraint.allowed_from("b@guest.example", NOW + timedelta(minutes=9)) == NOW + timedelta(minutes=9)
    assert restraint.allowed_from("a@guest.example", NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)


def without_links(template):
    """A notice that staff read too carries no link into the complaint."""

    def cut(words):
        if isinstance(words, str):
            return words.replace("{tracking_link}", "")
        return {part: text.replace("{tracking_link}", "") for part, text in words.items()}

    return {language: cut(words) for language, words in template.items()}
