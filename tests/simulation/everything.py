"""A Procedure with something of everything, so that what only few houses have is played in every story."""

from typing import Any

from libs.common.procedure import presets

MANY = 2  # a group event
PER_DEPARTMENT = [
    {"id": "part-accepted", "from": "assigned", "to": "accepted", "within": "8h"},
    {"id": "part-done", "from": "accepted", "to": "carried_out", "within": "2d", "pause": "third_party"},
]
STATEMENT = {
    "id": "statement",
    "name": {"zh-Hans": "公开说明", "en": "public statement"},
    "when": {"group": True},
    "from": "received",
    "to": "statement",
    "within": "72h",
    "ladder": "quick",
}
COMPENSATION = {
    "currency": "CNY",
    "approval": [{"up_to": 1_000, "by": "supervisor"}, {"up_to": 2_000, "by": "coordinator"}, {"by": "manager"}],
    "advance_up_to": 60_000,
    "voucher": True,
}


def with_everything() -> dict[str, Any]:
    """Online guests' Procedure, of extensions, waits, rounds and lanes, with joint parts on the clock, money,
    call-backs each month, and group events of two and more, which want a public statement."""
    document = presets.load("p7-online-guests")
    departments = [each["id"] for each in document["departments"]]
    urgent, general = (each["id"] for each in document["urgencies"][:2])
    document["procedure"] = "everything"
    document["routing"]["rules"] += [
        {"id": "together", "when": {"urgency": general}, "joint": departments[-2:]},
        {"id": "called", "when": {"urgency": urgent}, "lane": document["lanes"][0]["id"]},
    ]
    names = {"zh-Hans": "部门时限", "en": "the department's part"}
    document["limits"] += [
        {
            **limit,
            "name": names,
            "per_department": True,
            "warn": "75%",
            "ladder": "quick",
            "extension": {"by": ["supervisor", "coordinator", "manager"], "at_most": "2d"},
        }
        for limit in PER_DEPARTMENT
    ]
    document["limits"].append(STATEMENT)
    before = [each["milestone"] for each in document["steps"]].index("carried_out")
    document["steps"].insert(before, {"milestone": "statement", "when": {"group": True}, "required": ["note"]})
    document["likeness"] = {"group": {"at_least": MANY, "within": "24h", "at": "building"}}
    document["compensation"] = COMPENSATION
    document["oversight"] = {
        "callbacks": {"share": "20%", "every": "month"},
        "reviews": {"share": "10%", "every": "month", "by": ["auditor"]},
        "ledger": {"every": "quarter"},
    }
    return document
