"""The steps on a case: each as a form with its fields in words, and what was filled in sent to dispatch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.portal.domain.steps import ABOUT, FIELDS, FLAGS, Step
from services.portal.pages.forms import Form, given
from services.portal.pages.names import Names
from services.portal.pages.wording import money, say, t, when

YES_OR_NO = {"yes": True, "no": False}
ADDRESS: Mapping[str, str] = MappingProxyType(
    {
        "milestone": "milestones",
        "decide_extension": "extension/decide",
        "ask_approval": "approval/ask",
        "approve": "approval/approve",
        "return": "approval/return",
        "add_part": "parts",
        "lead_group": "group-leader",
        "accept_part": "parts/{part_id}/accept",
        "refuse_part": "parts/{part_id}/refuse",
        "assign_part": "parts/{part_id}/assign",
        "carry_out_part": "parts/{part_id}/carried-out",
        "wait_part": "parts/{part_id}/wait",
        "resume_part": "parts/{part_id}/resume",
        "drop_part": "parts/{part_id}/drop",
        **{f"{verb}_compensation": f"compensation/{verb}" for verb in ("propose", "approve", "decline")},
        **{f"{verb}_compensation": f"compensation/{verb}" for verb in ("pay", "withdraw")},
    }
)
TICKS = ("written", "spoken", "told")
MOMENTS = ("reached_at", "due_at", "paid_at")
LINES = ("party", "into", "other", "to_department", "department")
PEOPLE = ("person_id", "to_person_id")
ONLY_TO_CHOOSE = (*PEOPLE, "category", "urgency")
LABELS = MappingProxyType(
    {
        ("result", "text"): "field.result_text",
        ("close", "text"): "field.explanation",
        ("lead_group", "person_id"): "field.leader",
        ("decide_extension", "reason"): "field.answer",
    }
)
HINTS = MappingProxyType(
    {
        "reached_at": "field.reached_at_hint",
        "paid_at": "field.reached_at_hint",
        "handover": "field.handover_hint",
        "text": "field.reads_this",
        "party": "field.party_hint",
        "into": "field.into_hint",
        "other": "field.other_hint",
    }
)
EMPTY = MappingProxyType(
    {
        **dict.fromkeys(("category", "urgency", *FLAGS), "field.unchanged"),
        "to_person_id": "field.whoever",
        "satisfied": "field.not_said",
    }
)


@dataclass(frozen=True)
class FieldShown:
    """A field of a form. `kind`: choice, tick, moment, files, voucher, amount, line, text or away, which is a list
    nobody could be asked for. `empty` None: one of `options` is always chosen."""

    name: str
    kind: str
    label: str
    hint: str | None
    must: bool
    options: Sequence[tuple[str, str]] = ()
    empty: str | None = None


def address_of(action: str, form: Form) -> str:
    """Where dispatch takes this step, below the case. Raises ValueError when it is about no part."""
    address = ADDRESS.get(action, action)
    return address.format(part_id=UUID(form.text("part_id") or "")) if "{part_id}" in address else address


def content_of(form: Form, action: str) -> dict[str, Any]:
    """What a step's form says, in the shape dispatch wants it; what was left empty is left out."""
    names = [name for name in (*ABOUT.get(action, ()), *FIELDS[action]) if name != "part_id"]
    content: dict[str, Any] = {name: form.text(name) for name in names}
    for name in content.keys() & set(TICKS):
        content[name] = form.ticked(name) if name == "told" or "text" in form.values else None
    for name in content.keys() & {"satisfied", *FLAGS}:
        content[name] = YES_OR_NO.get(content[name] or "")
    for name in content.keys() & set(MOMENTS):
        content[name] = form.moment(name)
    if "attachments" in content:
        content["attachments"] = form.file_ids
    if "voucher_id" in content:
        content["voucher_id"] = next(iter(form.file_ids), None)
    if "amount" in content:
        content["amount"] = form.amount("amount", form.text("currency"))
    if action == "propose_compensation":
        content["currency"] = form.text("currency")
    return given(**content)


def fields_shown(step: Step, names: Names, people: Sequence[Mapping[str, Any]]) -> list[FieldShown]:
    return [_field(step, name, _options(step, name, names, people)) for name in step.fields]


def thing(step: Step, case: Mapping[str, Any], names: Names) -> str:
    """In words, what the step is about: a limit, an extension, an approval, a promise, a part, or the outcomes of
    an end that needs more than its outcome. '' for nothing."""
    about = step.about
    if step.action == "close" and step.required - {"outcome"}:
        return t("comma").join(say("outcome", outcome) for outcome in step.outcomes)
    if "limit_id" in about:
        return names.limit(about["limit_id"])
    if "extension_id" in about:
        asked = _found(case, "extensions", "extension_id", about)
        parts = (names.limit(asked.get("limit_id")), _span(asked), str(asked.get("reason") or ""))
        return " · ".join(filter(None, parts))
    if "approval_id" in about:
        return names.approval(about["approval_id"])
    if "compensation_id" in about:
        return _promise(_found(case, "compensations", "compensation_id", about))
    if "part_id" in about:
        return names.department(_found(case, "parts", "part_id", about).get("department"))
    return ""


def currency_of(step: Step, case: Mapping[str, Any], names: Names) -> str | None:
    """The currency of the promise the step is about, else the Procedure's; None while neither is known."""
    entry = _found(case, "compensations", "compensation_id", step.about)
    return entry.get("currency") or names.currency


def _promise(entry: Mapping[str, Any]) -> str:
    """A promise of money in one line."""
    if not entry:
        return ""
    parts = [say("compensation", entry.get("kind")), money(entry.get("amount"), entry.get("currency"))]
    if entry.get("paid"):
        parts.append(t("money.paid", amount=money(entry["paid"], entry.get("currency"))))
    return " · ".join(parts)


def _field(step: Step, name: str, options: Sequence[tuple[str, str]]) -> FieldShown:
    hint = "field.result_hint" if (step.action, name) == ("result", "text") else HINTS.get(name)
    only_one = len(options) == 1 and name in step.required
    empty = None if name == "milestone" or only_one else t(EMPTY.get(name, "field.choose"))
    return FieldShown(
        name,
        _kind(name, options),
        t(LABELS.get((step.action, name), f"field.{name}")),
        t(hint) if hint else None,
        name in step.required,
        options,
        empty,
    )


def _kind(name: str, options: Sequence[tuple[str, str]]) -> str:
    if options:
        return "choice"
    if name in ONLY_TO_CHOOSE:
        return "away"
    if name in TICKS:
        return "tick"
    if name in MOMENTS:
        return "moment"
    if name in LINES:
        return "line"
    return {"attachments": "files", "voucher_id": "voucher", "amount": "amount"}.get(name, "text")


def _options(step: Step, name: str, names: Names, people: Sequence[Mapping[str, Any]]) -> Sequence[tuple[str, str]]:
    """What a field lets choose, by id and word; nothing for a field that is typed."""
    if name in PEOPLE:
        return [(str(one["id"]), str(one["name"])) for one in people]
    if name in ("satisfied", *FLAGS):
        return [("yes", t("yes")), ("no", t("no"))]
    if name == "milestone":
        return [(one, names.milestone(one)) for one in step.milestones]
    named = {
        "to_department": names.departments,
        "department": names.departments,
        "category": names.categories,
        "urgency": names.urgencies,
    }
    if name in named:
        return list(named[name].items())
    kinds = {
        "outcome": ("outcome", step.outcomes),
        "kind": ("compensation", step.kinds),
        "reason": ("reopening", step.reasons),
        "finding": ("finding", ("confirmed", "cannot_be_verified", "already_solved")),
        "cause": ("cause", ("product_service", "communication", "process")),
        "plan": ("plan", ("fix", "compensate")),
    }
    kind, ids = kinds.get(name, ("", ()))
    return [(id, say(kind, id)) for id in ids]


def _found(case: Mapping[str, Any], among: str, key: str, about: Mapping[str, str]) -> Mapping[str, Any]:
    """The thing of that id among the case's; empty when the case shows none."""
    return next((one for one in case.get(among) or () if str(one.get(key)) == about.get(key)), {})


def _span(asked: Mapping[str, Any]) -> str:
    return f"{when(asked.get('old_due_at'))} → {when(asked.get('due_at'))}" if asked.get("due_at") else ""
