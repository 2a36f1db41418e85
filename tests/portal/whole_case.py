"""A case that went through everything: waits, more time, approvals, findings, money, parts, a second round."""

from typing import Any

from tests.portal.stand_ins import CASE, CLOCKS, DETAILS, KEPT, PROCEDURE, SECOND, ago, ahead

ZHOU, HE, LIN = ({"id": id, "name": name} for id, name in (("p1", "周敏"), ("p5", "何工"), ("p6", "Lin Wei")))
EXTENSION = "018f4e3a-5b7c-7d21-9a10-00000000a001"
PROMISE = "018f4e3a-5b7c-7d21-9a10-00000000b001"
PAID = "018f4e3a-5b7c-7d21-9a10-00000000b002"
PART = "018f4e3a-5b7c-7d21-9a10-00000000c001"
LIMIT = "first_measures_4h"


PART_STEPS = ["accept_part", "refuse_part", "assign_part", "carry_out_part", "drop_part"]


def steps() -> list[dict[str, Any]]:
    """Everything dispatch could allow, each once."""
    return [
        {"action": "acknowledge", "required": []},
        {"action": "accept", "required": []},
        {"action": "refuse", "required": ["reason"]},
        {"action": "milestone", "milestone": "cause_found", "required": ["cause", "cause_text"]},
        {"action": "milestone", "milestone": "spare_part", "required": []},
        {"action": "transfer", "required": ["to_department", "reason", "handover"]},
        {"action": "reclassify", "required": ["reason"], "one_of": ["category", "urgency", "major", "vip"]},
        {"action": "assign", "required": ["person_id", "reason"]},
        {"action": "add_part", "required": ["department", "reason"]},
        {"action": "lead_group", "required": ["person_id", "reason"]},
        {"action": "wait", "for": "complainant", "required": ["reason"]},
        {"action": "wait", "for": "third_party", "required": ["reason", "party"]},
        {"action": "resume", "required": []},
        {"action": "extend", "limit_id": LIMIT, "required": ["due_at", "reason"]},
        {"action": "decide_extension", "extension_id": EXTENSION, "decision": "approve", "required": []},
        {"action": "decide_extension", "extension_id": EXTENSION, "decision": "decline", "required": ["reason"]},
        {"action": "revise", "milestone": "planned", "required": ["note"]},
        {"action": "note", "required": ["note"]},
        {"action": "ask_approval", "approval_id": "final_word", "required": []},
        {"action": "approve", "approval_id": "plan", "required": []},
        {"action": "return", "approval_id": "plan", "required": ["reason"]},
        {"action": "result", "required": ["text"]},
        {"action": "close", "required": ["outcome", "note"], "outcomes": ["withdrawn", "unreachable"]},
        {"action": "close", "required": ["outcome", "text"], "outcomes": ["unfounded"]},
        {"action": "reopen", "required": ["reason", "note"], "reasons": ["unsatisfied", "new_facts"]},
        {"action": "merge", "required": ["into", "reason"]},
        {"action": "unlink", "required": ["other", "reason"]},
        {"action": "propose_compensation", "required": ["kind", "amount", "reason"], "kinds": ["settlement"]},
        {"action": "approve_compensation", "compensation_id": PROMISE, "required": ["compensation_id"]},
        {"action": "decline_compensation", "compensation_id": PROMISE, "required": ["compensation_id", "reason"]},
        {
            "action": "pay_compensation",
            "compensation_id": PAID,
            "required": ["compensation_id", "amount", "voucher_id"],
        },
        {"action": "withdraw_compensation", "compensation_id": PAID, "required": ["compensation_id", "reason"]},
    ]


def whole_case() -> dict[str, Any]:
    return DETAILS | {
        "round": 2,
        "complex": True,
        "group": True,
        "repeats": 1,
        "group_members": [
            {"complaint_id": id, "number": f"LJ-261121-004{n}", "state": "accepted", "received_at": ago(hours=n)}
            for n, id in enumerate((CASE, SECOND))
        ],
        "milestones": [
            {"milestone": "planned", "round": 1, "counts": False, "at": ago(hours=30), "by": ZHOU, "note": "换管"},
            {"milestone": "reopened", "round": 2, "counts": True, "at": ago(hours=20), "by": None, "note": None},
        ],
        "waits": [wait("third_party", ago(hours=9), ended_at=ago(hours=8)), wait("complainant", ago(hours=1))],
        "extensions": [extension("granted", LIMIT, "可以"), extension("asked", LIMIT, None)],
        "approvals": [approval("returned", "缺少照片"), approval("asked", None)],
        "findings": [
            {
                "milestone": "cause_found",
                "round": 2,
                "at": ago(hours=3),
                "by": ZHOU,
                "finding": "confirmed",
                "report": "排水泵老化，夜间停转。",
                "cause": "product_service",
                "cause_text": "泵已使用九年",
                "plan": "fix",
                "plan_text": "更换排水泵",
            }
        ],
        "notes": [note("planned", "附上报价"), note(None, "住户来电询问")],
        "links": [{"relation": "follows", "other_id": SECOND, "number": "LJ-261101-0007", "at": ago(days=20)}],
        "missing_to_close": ["result_spoken", "part:security", "result", "compensation"],
        "compensations": [promise(PROMISE, "proposed", 80000, 0), promise(PAID, "approved", 12050, 2050)],
        "parts": [
            part("018f4e3a-5b7c-7d21-9a10-00000000c000", "engineering", True, "accepted", []),
            part(PART, "security", False, "assigned", PART_STEPS),
        ],
        "summons": [
            {
                "lane": "major",
                "turn": 1,
                "person": HE,
                "at": ago(hours=4),
                "acknowledge_by": ago(hours=3.8),
                "answered_at": None,
                "answered_by": None,
            }
        ],
        "next_steps": steps(),
    }


def note(milestone: str | None, words: str) -> dict[str, Any]:
    return {"milestone": milestone, "round": 2, "at": ago(hours=2), "by": ZHOU, "note": words, "attachments": [KEPT]}


def paused_clocks() -> list[dict[str, Any]]:
    return [CLOCKS[1] | {"state": "paused", "paused_at": ago(hours=1), "round": 2}]


def paying_procedure() -> dict[str, Any]:
    approvals = [{"id": "plan", "name": {"zh-Hans": "方案审批", "en": "Approval of the plan"}, "before": "planned"}]
    approvals += [{"id": "final_word", "name": {"zh-Hans": "结果审批", "en": "Approval of the result"}}]
    document = PROCEDURE | {"approvals": approvals, "compensation": {"currency": "CNY"}}
    return {"version": 3, "active_from": "2026-01-01T00:00:00Z", "document": document}


def wait(waits_for: str, at: str, ended_at: str | None = None) -> dict[str, Any]:
    party = "市供水公司" if waits_for == "third_party" else None
    ended_by = LIN if ended_at else None
    facts = {"by": ZHOU, "party": party, "reason": "等待确认时间", "ended_at": ended_at, "ended_by": ended_by}
    return {"pause_id": SECOND, "at": at, "waits_for": waits_for, **facts}


def extension(state: str, limit_id: str, answer: str | None) -> dict[str, Any]:
    return {
        "extension_id": EXTENSION,
        "at": ago(hours=2),
        "by": ZHOU,
        "limit_id": limit_id,
        "old_due_at": ahead(hours=1),
        "due_at": ahead(hours=25),
        "reason": "配件在途",
        "told": True,
        "state": state,
        "decided_at": ago(hours=1) if answer else None,
        "decided_by": HE if answer else None,
        "answer": answer,
    }


def approval(state: str, answer: str | None) -> dict[str, Any]:
    decided = {"decided_at": ago(hours=1), "decided_by": HE} if answer else {"decided_at": None, "decided_by": None}
    words = {"note": "请审批方案", "state": state, "answer": answer}
    return {"approval_id": "plan", "round": 2, "at": ago(hours=2), "by": ZHOU, **words, **decided}


def promise(id: str, state: str, amount: int, paid: int) -> dict[str, Any]:
    """`amount` and `paid` in fen."""
    payments = [{"amount": paid, "paid_at": ago(hours=1), "by": LIN, "voucher_id": SECOND}] if paid else []
    return {
        "compensation_id": id,
        "kind": "settlement",
        "state": state,
        "amount": amount,
        "paid": paid,
        "currency": "CNY",
        "department": "engineering",
        "reason": "地毯清洗",
        "proposed_at": ago(hours=3),
        "proposed_by": ZHOU,
        "decided_at": None,
        "decided_by": None,
        "decision": None,
        "withdrawn_at": None,
        "withdrawn_by": None,
        "withdrawal": None,
        "payments": payments,
    }


def part(id: str, department: str, lead: bool, state: str, actions: list[str]) -> dict[str, Any]:
    needed = {"refuse_part": ["reason"], "carry_out_part": ["note"], "drop_part": ["reason"]}
    needed["assign_part"] = ["person_id", "reason"]
    return {
        "part_id": id,
        "department": department,
        "lead": lead,
        "state": state,
        "assignee": ZHOU,
        "head": HE,
        "at": ago(hours=3),
        "words": None,
        "attachments": [],
        "next_steps": [{"action": action, "required": needed.get(action, [])} for action in actions],
    }
