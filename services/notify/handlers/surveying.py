"""Asking whether the complainant is satisfied, reminding, and taking the answer (NO-5, SL-8)."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.notify import SurveyAnswered
from libs.common.privacy.masking import mask_text
from libs.common.procedure.document import Survey
from libs.common.unit_of_work import Work
from services.notify.domain.survey import (
    SECRET_BYTES,
    AnswerIsFinal,
    NoSuchSurvey,
    ScoreOutside,
    SurveyEnded,
    hash_of,
    judge,
    next_reminder,
    token_of,
)
from services.notify.handlers.planning import About, Case, plan_notices
from services.notify.store import Store
from services.notify.store.rows import Row


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the complainant said. `by`: the member of staff who asked by phone; None for their own hand."""

    score: int
    comment: str | None
    channel: str
    by: UUID | None = None


def ask(work: Work[Store], case: Case) -> None:
    """Ask once in each round of the case; somebody anonymous is not asked (IN-5)."""
    if case["anonymous"] or work.store.surveys.of_round(case["complaint_id"], case["round"]):
        return
    survey_id = uuids.uuid7()
    work.store.surveys.add(
        survey_id=survey_id,
        complaint_id=case["complaint_id"],
        round=case["round"],
        asked_at=work.now,
        due_at=next_reminder(work.now, 0, _rules(work.store, case).reminders),
    )
    _send(work, case, survey_id)


def remind(work: Work[Store], row: Row) -> None:
    """A survey that nobody has answered for two days. `row` as it was claimed."""
    case = _case(work.store, row)
    if is_over(work.store, row["survey_id"]):
        work.store.surveys.change(row["survey_id"], due_at=None)
        return
    reminded = row["reminded"] + 1
    due_at = next_reminder(work.now, reminded, _rules(work.store, case).reminders)
    work.store.surveys.change(row["survey_id"], reminded=reminded, due_at=due_at)
    _send(work, case, row["survey_id"])


def is_over(store: Store, survey_id: UUID) -> bool:
    """Whether nobody needs to be asked any more: it was answered, or the case has begun again."""
    row = store.surveys.find(survey_id)
    return row is None or row["answered_at"] is not None or row["round"] != _case(store, row)["round"]


def new_link(work: Work[Store], survey_id: UUID) -> str:
    """The token of one more link to the survey; here only its hash stays."""
    token = token_of(work.tenant_id, secrets.token_bytes(SECRET_BYTES))
    work.store.surveys.add_link(survey_id, hash_of(token))
    return token


def behind_link(store: Store, token: str) -> UUID:
    """The survey that the link leads to. Raises NoSuchSurvey."""
    survey_id = store.surveys.behind(hash_of(token))
    if survey_id is None:
        raise NoSuchSurvey
    return survey_id


def of_complaint(store: Store, complaint_id: UUID) -> UUID:
    """The survey of the case's present round. Raises NoSuchSurvey."""
    case = store.cases.find(complaint_id)
    row = case and store.surveys.of_round(complaint_id, case["round"])
    if not row:
        raise NoSuchSurvey
    survey_id: UUID = row["survey_id"]
    return survey_id


def shown(store: Store, survey_id: UUID, now: datetime) -> dict[str, Any]:
    """The survey as its page shows it, with the answer given so far."""
    row, tenant = store.surveys.find(survey_id), store.known.tenant()
    assert row is not None and tenant is not None
    case = _case(store, row)
    rules = _rules(store, case)
    return {
        "tenant": tenant["slug"],
        "number": case["number"],
        "question": rules.question,
        "scale": rules.scale,
        "score": row["score"],
        "comment": row["comment"],
        "answered_at": row["answered_at"],
        "open": _may_be_answered(row, case, now),
    }


def take_answer(work: Work[Store], survey_id: UUID, answer: Answer) -> dict[str, Any]:
    """The last answer counts. Raises SurveyEnded, AnswerIsFinal, ScoreOutside."""
    row = work.store.surveys.take(survey_id)
    case = _case(work.store, row)
    rules = _rules(work.store, case)
    if not 1 <= answer.score <= rules.scale:
        raise ScoreOutside(rules.scale)
    _judge(row, case, work.now, by_staff=answer.by is not None)
    comment = mask_text(answer.comment) if answer.comment else None
    if (answer.score, comment) != (row["score"], row["comment"]):
        answered_at = row["answered_at"] or work.now
        work.store.surveys.change(survey_id, score=answer.score, comment=comment, answered_at=answered_at, due_at=None)
        _say(work, case, rules, survey_id, answer, comment)
    return shown(work.store, survey_id, work.now)


def _say(work: Work[Store], case: Case, rules: Survey, survey_id: UUID, answer: Answer, comment: str | None) -> None:
    work.record(
        SurveyAnswered(
            tenant_id=work.tenant_id,
            subject=case["complaint_id"],
            occurred_at=work.now,
            survey_id=survey_id,
            score=answer.score,
            scale=rules.scale,
            satisfied=answer.score >= rules.satisfied_from,
            comment=comment,
            channel=answer.channel,
            by=answer.by,
        )
    )


def _send(work: Work[Store], case: Case, survey_id: UUID) -> None:
    plan_notices(work, case, "survey", [("complainant", None)], About(about_id=survey_id))


def _may_be_answered(row: Row, case: Case, now: datetime) -> bool:
    try:
        _judge(row, case, now, by_staff=False)
    except (SurveyEnded, AnswerIsFinal):
        return False
    return True


def _judge(row: Row, case: Case, now: datetime, *, by_staff: bool) -> None:
    if row["round"] != case["round"]:
        raise AnswerIsFinal
    judge(now, row["asked_at"], row["answered_at"], by_staff=by_staff)


def _rules(store: Store, case: Case) -> Survey:
    return store.procedures.version(case["procedure_version"]).survey


def _case(store: Store, row: Row) -> Case:
    case = store.cases.find(row["complaint_id"])
    assert case is not None
    return case
