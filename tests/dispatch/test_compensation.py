"""Money promised to a complainant: who may, how much, and what holds a case back (DI-10)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest

from libs.common.events.dispatch import CompensationChanged
from libs.common.procedure import presets

RULES = {
    "currency": "CNY",
    "approval": [{"up_to": 50_000, "by": ["supervisor"]}, {"by": ["manager"]}],
    "advance_up_to": 20_000,
    "voucher": True,
}


@pytest.fixture
def payer(empty_firm):
    """A firm whose Procedure pays compensation."""
    return empty_firm.found(presets.load("p1-accommodation") | {"compensation": RULES})


def test_a_promise_is_proposed_approved_and_paid_against_its_voucher(payer):
    """DI-10."""
    complaint_id = resolved(payer)
    voucher = payer.kept(complaint_id)
    promise = propose(payer, complaint_id)
    approve(payer, complaint_id, promise, note="同意")
    payer.did("li", complaint_id, "compensation/pay", compensation_id=promise, amount=30_000, voucher_id=voucher)
    [kept] = payer.case(complaint_id)["compensations"]
    assert (kept["state"], kept["paid"], kept["proposed_by"]["name"]) == ("paid", 30_000, "li")
    assert (kept["decided_by"]["name"], kept["decision"]) == ("he", "同意")
    assert kept["payments"][0]["voucher_id"] == voucher


def test_every_step_is_said_and_goes_into_the_evidence(payer):
    """DI-10, PR-4."""
    complaint_id = resolved(payer)
    paid(payer, complaint_id)
    said = [(each.state, each.amount, each.paid) for each in payer.said(CompensationChanged)]
    assert said == [("proposed", 30_000, 0), ("approved", 30_000, 0), ("paid", 30_000, 30_000)]
    chain = payer.get("zhao", f"/v1/cases/{complaint_id}/evidence").json
    assert [step["action"] for step in chain["items"]].count("compensation_changed") == 3 and chain["intact"]


def test_a_procedure_without_the_section_pays_nothing(firm):
    answer = firm.act("li", firm.register(), "compensation/propose", kind="settlement", amount=1, reason="漏水")
    assert answer.status_code == 409 and "no compensation" in answer.json["detail"]


def test_nobody_decides_about_their_own_proposal(payer):
    """Four eyes."""
    complaint_id = payer.register()
    promise = propose(payer, complaint_id, "he")
    assert payer.act("he", complaint_id, "compensation/approve", compensation_id=promise).status_code == 403


def test_who_has_a_part_of_the_case_does_not_decide_about_its_money(payer):
    """DI-5, DI-10: the supervisor of another department sees the case, and promises nothing for it."""
    complaint_id = payer.register()
    payer.did("lin", complaint_id, "parts", department="customer_service", reason="安抚客人")
    promise = propose(payer, complaint_id)
    answer = payer.act("fang", complaint_id, "compensation/approve", compensation_id=promise)
    assert (answer.status_code, payer.case(complaint_id, "fang")["next_steps"]) == (403, [])
    approve(payer, complaint_id, promise)


@pytest.mark.parametrize(
    ("amount", "may"),
    [(50_000, {"he", "zhao"}), (50_001, {"zhao"})],
)
def test_the_amount_says_who_may_approve(payer, amount, may):
    """DI-10: approval by limits."""
    complaint_id = payer.register()
    propose(payer, complaint_id, amount=amount)
    assert {name for name in ("wang", "he", "lin", "zhao", "sun") if offers(payer, complaint_id, name)} == may


def test_who_may_not_decide_is_told_who_may(payer):
    complaint_id = payer.register()
    promise = propose(payer, complaint_id, amount=60_000)
    answer = payer.act("he", complaint_id, "compensation/approve", compensation_id=promise)
    assert answer.status_code == 403 and "manager" in answer.json["detail"]


def test_a_sum_in_several_proposals_is_decided_as_the_sum(payer):
    """DI-10: the limits hold for what the case costs together, declined proposals apart."""
    complaint_id = payer.register()
    first, second, third = (propose(payer, complaint_id, amount=25_000) for _ in range(3))
    refused = payer.act("he", complaint_id, "compensation/approve", compensation_id=first)
    assert refused.status_code == 403 and "75000" in refused.json["detail"]
    payer.did("zhao", complaint_id, "compensation/decline", compensation_id=third, reason="重复")
    approve(payer, complaint_id, first)
    approve(payer, complaint_id, second)


def test_a_declined_proposal_is_over(payer):
    complaint_id = payer.register()
    promise = propose(payer, complaint_id)
    payer.did("he", complaint_id, "compensation/decline", compensation_id=promise, reason="责任不在我方")
    assert payer.act("he", complaint_id, "compensation/approve", compensation_id=promise).status_code == 409


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"amount": 0}, "#/amount"),
        ({"amount": 1.5}, "#/amount"),
        ({"kind": "gift"}, "#/kind"),
        ({"currency": "USD"}, "#/currency"),
        ({"reason": " "}, "#/reason"),
        ({"kind": "advance", "amount": 20_001}, "#/amount"),
    ],
)
def test_a_proposal_that_cannot_be_taken_names_the_field(payer, change, pointer):
    body = {"kind": "settlement", "amount": 100, "reason": "漏水损坏"} | change
    answer = payer.act("li", payer.register(), "compensation/propose", **body)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_advances_together_stay_within_the_fund(payer):
    """DI-10: 先行赔付."""
    complaint_id = payer.register()
    propose(payer, complaint_id, kind="advance", amount=15_000)
    answer = payer.act("li", complaint_id, "compensation/propose", kind="advance", amount=5_001, reason="住店")
    assert answer.status_code == 422 and "left: 5000" in answer.json["detail"]
    propose(payer, complaint_id, kind="advance", amount=5_000)


def test_an_advance_is_paid_before_the_result_and_a_settlement_after_it(payer):
    """DI-10."""
    complaint_id = payer.register()
    settlement, advance = propose(payer, complaint_id), propose(payer, complaint_id, kind="advance", amount=100)
    for promise in (settlement, advance):
        approve(payer, complaint_id, promise)
    assert pay(payer, complaint_id, settlement, 30_000).status_code == 409
    assert pay(payer, complaint_id, advance, 100).status_code == 200


def test_after_the_result_nothing_is_advanced(payer):
    answer = payer.act("li", resolved(payer), "compensation/propose", kind="advance", amount=1, reason="住店")
    assert answer.status_code == 422 and answer.json["errors"][0]["pointer"] == "#/kind"


def test_a_payment_needs_its_voucher(payer):
    """DI-10: 支付凭证."""
    complaint_id = resolved(payer)
    promise = propose(payer, complaint_id)
    approve(payer, complaint_id, promise)
    answer = payer.act("li", complaint_id, "compensation/pay", compensation_id=promise, amount=1)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/voucher_id")


def test_a_voucher_that_was_not_kept_with_the_complaint_proves_nothing(payer):
    """DI-10, PR-4: neither one that nobody kept nor one of another complaint."""
    complaint_id, other = resolved(payer), payer.register("电梯停了")
    promise = propose(payer, complaint_id)
    approve(payer, complaint_id, promise)
    for voucher in (str(uuid4()), payer.kept(other)):
        answer = pay(payer, complaint_id, promise, 1, voucher_id=voucher)
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/voucher_id")
        assert "upload it there first" in answer.json["errors"][0]["detail"]


def test_a_voucher_proves_one_payment_under_whatever_id_it_was_kept(payer):
    """DI-10: also on another case, where the same paper was uploaded once more."""
    paper, promises = "ab" * 32, []
    for complaint_id in (resolved(payer), resolved(payer)):
        promises.append((complaint_id, propose(payer, complaint_id)))
        approve(payer, *promises[-1])
    answers = [
        pay(payer, complaint_id, promise, 1, voucher_id=payer.kept(complaint_id, paper))
        for complaint_id, promise in promises
    ]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert "proves another payment" in answers[1].json["errors"][0]["detail"]


def test_of_two_who_pay_against_one_voucher_at_one_moment_one_is_refused(firm_on_postgresql):
    """DI-10"""
    firm = firm_on_postgresql.found(presets.load("p1-accommodation") | {"compensation": RULES})
    cases, begin = [resolved(firm), resolved(firm)], Barrier(2)
    promises, vouchers = [propose(firm, case) for case in cases], [firm.kept(case, "ab" * 32) for case in cases]
    for promise in zip(cases, promises, strict=True):
        approve(firm, *promise)

    def pay_at_once(case, promise, voucher):
        begin.wait()
        return pay(firm, case, promise, 1, voucher_id=voucher).status_code

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(pay_at_once, cases, promises, vouchers)) == [200, 409]


def test_the_evidence_of_a_payment_holds_the_digest_of_its_voucher(payer):
    """PR-4."""
    complaint_id = resolved(payer)
    promise = propose(payer, complaint_id)
    approve(payer, complaint_id, promise)
    pay(payer, complaint_id, promise, 1, voucher_id=payer.kept(complaint_id, "ab" * 32))
    steps = payer.get("zhao", f"/v1/cases/{complaint_id}/evidence").json["items"]
    assert steps[-1]["details"]["payment"]["voucher_sha256"] == "ab" * 32


def test_several_payments_are_no_more_than_was_approved(payer):
    """DI-10."""
    complaint_id = resolved(payer)
    promise = propose(payer, complaint_id)
    approve(payer, complaint_id, promise)
    assert pay(payer, complaint_id, promise, 20_000).json["compensations"][0]["state"] == "approved"
    too_much = pay(payer, complaint_id, promise, 10_001)
    assert too_much.status_code == 422 and "10000" in too_much.json["detail"]
    assert pay(payer, complaint_id, promise, 10_000).json["compensations"][0]["state"] == "paid"


@pytest.mark.parametrize(("hours", "what"), [(1, "future"), (-1, "approved")])
def test_a_payment_lies_between_its_approval_and_now(payer, hours, what):
    complaint_id = resolved(payer)
    promise = propose(payer, complaint_id)
    approve(payer, complaint_id, promise)
    at = payer.clock.now().replace(hour=payer.clock.now().hour + hours).isoformat()
    answer = pay(payer, complaint_id, promise, 1, paid_at=at)
    assert answer.status_code == 422 and what in answer.json["detail"]


def test_what_was_promised_can_be_withdrawn_until_it_is_paid(payer):
    complaint_id = resolved(payer)
    promise = propose(payer, complaint_id)
    body = {"compensation_id": promise, "reason": "住户改为接受维修"}
    [kept] = payer.did("li", complaint_id, "compensation/withdraw", **body)["compensations"]
    assert (kept["state"], kept["withdrawal"]) == ("withdrawn", body["reason"])
    done = paid(payer, complaint_id)
    assert payer.act("li", complaint_id, "compensation/withdraw", **body | {"compensation_id": done}).status_code == 409


def test_what_was_approved_is_withdrawn_by_who_may_approve_it(payer):
    """DI-10: what was paid of it stays paid."""
    complaint_id = resolved(payer)
    promise = propose(payer, complaint_id)
    approve(payer, complaint_id, promise)
    pay(payer, complaint_id, promise, 10_000)
    body = {"compensation_id": promise, "reason": "住户改为接受维修"}
    assert payer.act("li", complaint_id, "compensation/withdraw", **body).status_code == 403
    [kept] = payer.did("he", complaint_id, "compensation/withdraw", **body)["compensations"]
    assert (kept["state"], kept["paid"]) == ("withdrawn", 10_000)


def test_a_settlement_is_paid_also_when_the_case_ended_without_a_result(payer):
    """DI-10: what was promised is owed."""
    complaint_id = payer.register()
    promise = propose(payer, complaint_id)
    approve(payer, complaint_id, promise)
    payer.did("zhao", complaint_id, "close", outcome="unreachable", note="多次联系不上")
    assert pay(payer, complaint_id, promise, 30_000).json["compensations"][0]["state"] == "paid"


def test_a_case_with_an_unpaid_promise_is_not_merged(payer):
    """DI-10, IN-8."""
    complaint_id, other = payer.register(), payer.register()
    into = payer.case(other)["number"]
    promise = propose(payer, complaint_id)
    refused = payer.act("zhao", complaint_id, "merge", into=into, reason="同一漏水")
    assert refused.status_code == 409 and "30000 CNY" in refused.json["detail"]
    payer.did("li", complaint_id, "compensation/withdraw", compensation_id=promise, reason="并案处理")
    payer.did("zhao", complaint_id, "merge", into=into, reason="同一漏水")


def test_the_department_that_pays_needs_no_more_than_a_part_of_the_case(payer):
    """DI-5, DI-10: it pays what the leading department promised, promises nothing and takes nothing back."""
    complaint_id = resolved(payer)
    case = payer.did("lin", complaint_id, "parts", department="customer_service", reason="付款")
    promise = propose(payer, complaint_id)
    approve(payer, complaint_id, promise)
    steps = {step["action"] for step in payer.case(complaint_id, "zhou")["next_steps"]}
    assert steps == {"pay_compensation"}
    body = {"compensation_id": promise, "reason": "不付"}
    assert payer.act("zhou", complaint_id, "compensation/withdraw", **body).status_code == 403
    body = {"kind": "settlement", "amount": 1, "reason": "加付"}
    assert payer.act("zhou", complaint_id, "compensation/propose", **body).status_code == 403
    assert pay(payer, complaint_id, promise, 10_000, by="zhou").status_code == 200
    payer.did("lin", complaint_id, f"parts/{case['parts'][-1]['part_id']}/drop", reason="不需要了")
    assert pay(payer, complaint_id, promise, 20_000, by="zhou").status_code == 404


def test_contact_data_in_a_reason_is_masked(payer):
    """PR-1."""
    complaint_id = payer.register()
    propose(payer, complaint_id, reason="转到 13812345678 的账户")
    assert "13812345678" not in payer.case(complaint_id)["compensations"][0]["reason"]


def test_a_case_with_an_unpaid_promise_is_not_solved(payer):
    """DI-10, DI-13."""
    complaint_id = resolved(payer)
    promise = propose(payer, complaint_id)
    approve(payer, complaint_id, promise)
    answer = payer.act("li", complaint_id, "close", outcome="solved")
    assert answer.status_code == 422 and "30000 CNY" in answer.json["detail"]
    pay(payer, complaint_id, promise, 30_000)
    assert payer.act("li", complaint_id, "close", outcome="solved").status_code == 200


def test_a_case_with_an_unpaid_promise_is_not_archived(payer):
    """DI-10, DI-13: closed for another reason, what was promised is still owed."""
    complaint_id = resolved(payer)
    promise = propose(payer, complaint_id)
    approve(payer, complaint_id, promise)
    payer.did("li", complaint_id, "close", outcome="unreachable", note="多次联系不上")
    refused = payer.act("he", complaint_id, "milestones", milestone="archived", note="归档")
    assert refused.status_code == 409 and "30000 CNY" in refused.json["detail"]
    assert pay(payer, complaint_id, promise, 30_000).status_code == 200
    payer.did("he", complaint_id, "milestones", milestone="archived", note="归档")


def test_the_case_of_another_firm_has_no_promise_to_approve(payer, other_firm):
    """PR-2."""
    complaint_id = payer.register()
    promise = propose(payer, complaint_id)
    assert other_firm.act("he", complaint_id, "compensation/approve", compensation_id=promise).status_code == 404
    own = other_firm.register()
    assert other_firm.act("he", own, "compensation/approve", compensation_id=promise).status_code in (409, 422)


def test_the_steps_are_offered_with_what_they_need(payer):
    complaint_id = resolved(payer)
    promise = propose(payer, complaint_id)
    assert {step["action"] for step in offers(payer, complaint_id, "he")} == {
        "approve_compensation",
        "decline_compensation",
    }
    approve(payer, complaint_id, promise)
    [offered] = [step for step in payer.case(complaint_id, "li")["next_steps"] if step["action"] == "pay_compensation"]
    assert offered == {
        "action": "pay_compensation",
        "compensation_id": promise,
        "required": ["compensation_id", "amount", "voucher_id"],
    }


def resolved(firm):
    """A case whose result was given, with nothing left but to close it."""
    complaint_id = firm.register()
    firm.solve(complaint_id)
    firm.did("li", complaint_id, "result", text="已修好", prevention="每季检查", written=True, spoken=True)
    return complaint_id


def propose(firm, complaint_id, name="li", *, kind="settlement", amount=30_000, reason="漏水损坏地板"):
    case = firm.did(name, complaint_id, "compensation/propose", kind=kind, amount=amount, reason=reason)
    return case["compensations"][-1]["compensation_id"]


def approve(firm, complaint_id, promise, **body):
    firm.did("he", complaint_id, "compensation/approve", compensation_id=promise, **body)


def pay(firm, complaint_id, promise, amount, by="li", **body):
    body = {"voucher_id": firm.kept(complaint_id)} | body
    return firm.act(by, complaint_id, "compensation/pay", compensation_id=promise, amount=amount, **body)


def paid(firm, complaint_id, amount=30_000):
    promise = propose(firm, complaint_id, amount=amount)
    approve(firm, complaint_id, promise)
    assert pay(firm, complaint_id, promise, amount).status_code == 200
    return promise


def offers(firm, complaint_id, name):
    """The steps on deciding that are offered to this person."""
    answer = firm.get(name, f"/v1/cases/{complaint_id}")
    offered = answer.json["next_steps"] if answer.status_code == 200 else []
    return [step for step in offered if step["action"] in ("approve_compensation", "decline_compensation")]
