"""What may be done with a case now, and what each step needs: the same answer for the API and for the screens."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from libs.common.procedure.vocabulary import THIRD_PARTY, WAITS_FOR
from services.dispatch.domain import approving, closing, compensation, extending, reopening, together, working
from services.dispatch.domain.case import ASSIGNED, OPEN
from services.dispatch.domain.order import TOLD, not_by, not_yet, to_be_accepted
from services.dispatch.domain.permissions import FLAG, STEPS, Actor, allowed
from services.dispatch.domain.refusals import NotAllowed, NotNow, Refusal
from services.dispatch.domain.situation import NOTHING_GIVEN, Situation

FLAGS = ("major", "vip", "complex", "group")
APPROVAL_STEPS = ("ask_approval", "approve", "return")

FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accept": ("note",),
        "refuse": ("reason",),
        "milestone": ("note", "attachments", "report", "cause", "plan", "finding"),
        "result": ("text", "prevention", "written", "spoken"),
        "transfer": ("to_department", "to_person_id", "reason", "handover"),
        "reclassify": ("category", "urgency", *FLAGS, "reason"),
        "assign": ("person_id", "reason"),
        "wait": ("for", "party", "reason"),
        "resume": ("note",),
        "extend": ("limit_id", "due_at", "reason", "told"),
        "decide_extension": ("extension_id", "decision", "reason"),
        "ask_approval": ("approval_id", "note"),
        "approve": ("approval_id", "note"),
        "return": ("approval_id", "reason"),
        "reopen": ("reason", "note"),
        "merge": ("into", "reason"),
        "unlink": ("other", "reason"),
        "revise": ("note", "attachments", "report", "cause", "plan", "finding"),
        "note": ("note", "attachments"),
        "close": ("outcome", "satisfied", "note", "text", "written", "spoken"),
    }
)
ALWAYS_REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "refuse": ("reason",),
        "result": ("text",),
        "transfer": ("to_department", "reason", "handover"),
        "reclassify": ("reason",),
        "assign": ("person_id", "reason"),
        "wait": ("reason",),
        "extend": ("due_at", "reason"),
        "return": ("reason",),
        "reopen": ("reason", "note"),
        "merge": ("into", "reason"),
        "unlink": ("other", "reason"),
        "revise": ("note",),
        "note": ("note",),
        "close": ("outcome",),
    }
)
IN_WORDS_TOO = MappingProxyType({"cause": "cause_text", "plan": "plan_text"})

Rule = Callable[[Situation, Actor, Mapping[str, Any]], Refusal | None]


def next_steps(now: Situation, actor: Actor) -> list[dict[str, Any]]:
    """Every step that would be accepted from this person now, with the fields it needs.

    A step that is about one thing of several, such as a milestone or a limit, is there once for each and names
    it. `one_of`: at least one of these is needed too; `outcomes`, `reasons`: those that may be given now.
    """
    offered = [step for action in STEPS for step in _offered(action, now, actor)]
    shared = together.offered(actor, now.case, now.departments, now.lanes)
    return shared + offered + compensation.offered(actor, now.case, now.money)


def refusal(action: str, actor: Actor, now: Situation, given: Mapping[str, Any] = NOTHING_GIVEN) -> Refusal | None:
    """Why this person may not take this step now with what they give; None when they may.

    What is missing in what is given `unless_given` says.
    """
    if action in compensation.REQUIRED:
        return compensation.refusal(action, actor, now.case, now.money, given)
    if action in together.REQUIRED:
        return together.refusal(action, actor, now.case, now.departments, now.lanes)
    why = allowed(action, actor, now.case)
    if why is not None:
        return NotAllowed(why)
    if now.case.closed and not _open_when_closed(action, now, given):
        return NotNow("The case is closed.")
    rule = _RULES.get(action)
    return rule(now, actor, given) if rule else None


def required(action: str, now: Situation, given: Mapping[str, Any] = NOTHING_GIVEN) -> tuple[str, ...]:
    """The fields that must be given: always, by the Procedure's step, and by what else is given."""
    if action in compensation.REQUIRED:
        return compensation.required(action, now.money)
    if action in together.REQUIRED:
        return together.REQUIRED[action]
    reports = {"accept": ("accepted",), "result": TOLD, "close": ("closed",), "milestone": (given.get("milestone"),)}
    steps = [step for name in reports.get(action, ()) if name and (step := now.step(name))]
    wanted = [*ALWAYS_REQUIRED.get(action, ())]
    wanted += [name for step in steps for name in step.required if name in FIELDS[action]]
    wanted += [IN_WORDS_TOO[name] for name in wanted if name in IN_WORDS_TOO]
    if action == "close":
        wanted += closing.required_to_close(now, given)
    if action == "wait" and given.get("for") == THIRD_PARTY:
        wanted.append("party")
    if action == "decide_extension" and given.get("decision") == extending.DECLINE:
        wanted.append("reason")
    return tuple(dict.fromkeys(wanted))


def _offered(action: str, now: Situation, actor: Actor) -> list[dict[str, Any]]:
    about = _ABOUT[action](now) if action in _ABOUT else [{}]
    possible = [chosen for chosen in about if refusal(action, actor, now, chosen) is None]
    if action == "close":
        return _endings(now, actor) if possible else []
    return [
        {
            "action": action,
            **chosen,
            "required": [name for name in required(action, now, chosen) if name not in chosen],
            **_choices(action, now, actor),
        }
        for chosen in possible
    ]


def _decisions(now: Situation) -> list[dict[str, Any]]:
    waiting = extending.waiting_for_decision(now)
    return [{"extension_id": each.extension_id, "decision": way} for each in waiting for way in extending.DECISIONS]


def _approvals(now: Situation) -> list[dict[str, Any]]:
    return [{"approval_id": each.id} for each in approving.ahead(now)]


_ABOUT: Mapping[str, Callable[[Situation], list[dict[str, Any]]]] = MappingProxyType(
    {
        **dict.fromkeys(("milestone", "revise"), lambda now: [{"milestone": step.milestone} for step in now.steps]),
        "wait": lambda now: [{"for": whom} for whom in WAITS_FOR],
        "extend": lambda now: [{"limit_id": limit_id} for limit_id in sorted(now.progress.running)],
        "decide_extension": _decisions,
        **dict.fromkeys(APPROVAL_STEPS, _approvals),
    }
)


def _endings(now: Situation, actor: Actor) -> list[dict[str, Any]]:
    """The outcomes that need the same fields stand together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for outcome in closing.outcomes(now, actor):
        alike.setdefault(required("close", now, {"outcome": outcome}), []).append(outcome)
    return [{"action": "close", "required": list(needed), "outcomes": outcomes} for needed, outcomes in alike.items()]


def _choices(action: str, now: Situation, actor: Actor) -> dict[str, Any]:
    if action == "reclassify":
        turned = {flag: not getattr(now.case, flag) for flag in FLAGS}
        flags = (flag for flag, turn in turned.items() if _not_correctable(now, actor, {flag: turn}) is None)
        return {"one_of": ["category", "urgency", *flags]}
    return {"reasons": list(reopening.reasons(now))} if action == "reopen" else {}


def _open_when_closed(action: str, now: Situation, given: Mapping[str, Any]) -> bool:
    """A case that was merged goes on in the other one."""
    if now.case.outcome == closing.MERGED:
        return action == "reopen"
    if action in APPROVAL_STEPS:
        return bool(approving.ahead(now))
    return action in ("reopen", "note") or (action == "milestone" and now.may_be_reached(given.get("milestone")))


def _not_refusable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    if now.case.state != ASSIGNED:
        return NotNow("Only a case that was not accepted yet can be refused.")
    if now.case.head_id == actor.person_id:
        return NotNow("It would come back to you, the department's head: assign or transfer it.")
    return None


def _not_transferable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    return NotNow("There is no other department.") if len(now.departments) < 2 else None


def _not_acceptable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    if now.case.state not in (OPEN, ASSIGNED) and not to_be_accepted(now):
        return NotNow("The case was accepted already.")
    if "accepted" in now.case.reached:
        return None
    return not_by(now.step("accepted"), actor) or not_yet(now, "accepted", "")


def _not_waitable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """One wait at a time (SL-6)."""
    waiting = now.progress.wait
    return NotNow(f"The case waits for the {waiting.waits_for} already.") if waiting else None


def _not_resumable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    return None if now.progress.wait else NotNow("The case waits for nobody.")


def _not_correctable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    marks = {flag: given[flag] for flag in FLAGS if given.get(flag) is not None}
    if marks and (why := allowed(FLAG, actor, now.case)):
        return NotAllowed(why)
    off = {flag: False for flag, mark in marks.items() if mark is False and getattr(now.case, flag)}
    return approving.not_waived(now, actor, off) if off else None


def _not_mergeable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    """To merge a case is to close it, and the other one does not owe what was promised on this one."""
    if now.money.unsettled:
        return NotNow(f"Settle the compensation before the case is merged{now.money.owed}.")
    return not_by(now.step("closed"), actor) or approving.unapproved(now, ("closed",), "into")


def _not_unlinkable(now: Situation, actor: Actor, given: Mapping[str, Any]) -> Refusal | None:
    return None if now.case.repeats else NotNow("The case repeats no other.")


_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "accept": _not_acceptable,
        "refuse": _not_refusable,
        "milestone": working.not_reportable,
        "result": working.not_tellable,
        "transfer": _not_transferable,
        "reclassify": _not_correctable,
        "wait": _not_waitable,
        "resume": _not_resumable,
        "extend": extending.not_extendable,
        "decide_extension": extending.not_decidable,
        "ask_approval": approving.not_askable,
        "approve": approving.not_approvable,
        "return": approving.not_decidable,
        "reopen": reopening.not_reopenable,
        "merge": _not_mergeable,
        "unlink": _not_unlinkable,
        "revise": working.not_revisable,
        "close": closing.not_closable,
    }
)
