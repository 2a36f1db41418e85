"""One matter, several complaints: merged into one case (IN-8)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest

from libs.common.events.dispatch import CaseClosed, CaseLinked, CaseReopened, CaseUnlinked
from libs.common.events.intake import MessageAdded


def test_a_case_ends_in_the_one_that_goes_on_for_both(firm):
    """DI-13: what is closed is told where the matter goes on."""
    first, second = firm.register(), firm.register("三楼也漏水")
    case = firm.did("li", second, "merge", into=firm.case(first)["number"], reason="同一水管")
    assert (case["state"], case["outcome"]) == ("closed", "merged")
    link, closed = firm.said(CaseLinked, CaseClosed)
    assert (link.subject, link.other_id, link.relation, closed.outcome) == (second, first, "merged_into", "merged")
    assert [each["relation"] for each in case["links"]] == ["merged_into"]
    assert [(each["relation"], each["number"]) for each in firm.case(first)["links"]] == [("took_in", case["number"])]


def test_both_cases_have_it_in_their_evidence(firm):
    """PR-4"""
    first, second = firm.register(), firm.register()
    firm.did("li", second, "merge", into=firm.case(first)["number"], reason="同一水管")
    for complaint_id, action in ((first, "took_in"), (second, "merged")):
        chain = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
        assert (chain["items"][-1]["action"], chain["intact"]) == (action, True)


def test_a_case_is_merged_only_into_another_one_that_is_open_and_may_be_seen(firm):
    first, second, rude = firm.register(), firm.register(), firm.register("前台态度差")
    numbers = {each: firm.case(each)["number"] for each in (first, second, rude)}
    firm.did("li", second, "merge", into=numbers[first], reason="同一水管")
    for into in (numbers[first], numbers[second], numbers[rude], "2603-9999-9999"):
        answer = firm.act("li", first, "merge", into=into, reason="x")
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/into")
    assert firm.case(first)["state"] != "closed"


def test_two_who_merge_crosswise_leave_one_case_that_goes_on(firm_on_postgresql):
    """DI-13: whichever comes second is told that the other case is closed."""
    firm = firm_on_postgresql.found()
    for _ in range(5):
        pair = firm.register(), firm.register()
        numbers, begin = {each: firm.case(each)["number"] for each in pair}, Barrier(2)

        def merge(of, into, numbers=numbers, begin=begin):
            begin.wait()
            return firm.act("li", of, "merge", into=numbers[into], reason="同一水管").status_code

        with ThreadPoolExecutor(2) as hands:
            answers = [hands.submit(merge, *way) for way in (pair, pair[::-1])]
            assert sorted(answer.result() for answer in answers) == [200, 422]
        assert sorted(firm.case(each)["state"] == "closed" for each in pair) == [False, True]


def test_another_firms_case_is_no_case_to_merge_into(firm, other_firm):
    """PR-2"""
    number = other_firm.case(other_firm.register())["number"]
    answer = firm.act("li", firm.register(), "merge", into=number, reason="x")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/into")


@pytest.mark.parametrize("name", ["li", "zhao"])
def test_a_merged_case_takes_no_further_step_but_to_be_taken_out_again(firm, name):
    first, second = firm.register(), firm.register()
    firm.did("li", second, "merge", into=firm.case(first)["number"], reason="同一水管")
    [step] = firm.case(second, name)["next_steps"]
    assert (step["action"], step["reasons"]) == ("reopen", ["wrongly_closed"])
    assert firm.act(name, second, "accept").status_code == 409
    assert firm.act(name, second, "reopen", reason="new_facts", note="又漏").status_code == 422


def test_a_wrong_merge_is_undone_and_both_cases_say_so(firm):
    """IN-8, PR-4: also where the Procedure lets no closed case begin again."""
    first, second = firm.register(), firm.register()
    firm.did("li", second, "accept")
    firm.did("li", second, "merge", into=firm.case(first)["number"], reason="同一水管")
    case = firm.did("li", second, "reopen", reason="wrongly_closed", note="另一根水管")
    assert (case["state"], case["outcome"], case["closed_at"], case["links"]) == ("in_progress", None, None, [])
    assert (case["assignee"]["name"], firm.case(first)["links"]) == ("li", [])
    [said], [again] = firm.said(CaseUnlinked), firm.said(CaseReopened)
    assert (said.subject, said.other_id, said.relation, said.reason) == (second, first, "merged_into", "另一根水管")
    assert again.taken_out
    for complaint_id, action in ((first, "gave_back"), (second, "reopened")):
        chain = firm.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
        assert (chain["items"][-1]["action"], chain["intact"]) == (action, True)


def test_what_a_complainant_adds_shows_on_the_case_that_goes_on_for_them(firm):
    """IN-8, IN-10: through every case between."""
    last, middle, first = firm.register(), firm.register(), firm.register()
    firm.did("li", first, "merge", into=firm.case(middle)["number"], reason="同一水管")
    firm.did("li", middle, "merge", into=firm.case(last)["number"], reason="同一水管")
    message = {"message_id": uuid4(), "author": "complainant", "channel": "web", "text": "还在漏", "attachments": ()}
    firm.hear(MessageAdded, first, **message)
    step = firm.get("zhao", f"/v1/cases/{last}/evidence").json["items"][-1]
    assert (step["action"], step["details"]["case"]) == ("message_added", str(first))
    assert firm.case(last)["last_message_at"] and firm.case(first)["last_message_at"]
