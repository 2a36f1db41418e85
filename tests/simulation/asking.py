"""The judge on surveys: who was asked how often and when, held against what dispatch and notify said (NO-5)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from deploy.databases import Databases, plain
from tests.simulation.platform import Tenant

BETWEEN_REMINDERS = timedelta(days=2)
# What a worker's rest or the machine's sleep may add, one after the other.
LATE = timedelta(hours=12)
ASKED = """SELECT about_id, n.complaint_id, round, planned_at FROM notices n
    JOIN surveys s ON s.tenant_id = n.tenant_id AND survey_id = about_id
    WHERE n.tenant_id = :tenant AND kind = 'survey' ORDER BY planned_at"""
SAID = "SELECT subject, type, body, occurred_at FROM sent WHERE tenant_id = :tenant ORDER BY subject, sequence"


@dataclass(frozen=True)
class Said:
    kind: str
    survey_id: str
    score: int
    at: datetime
    round: int


def asked_wrongly(databases: Databases, tenant: Tenant, now: datetime) -> Iterator[str]:
    """NO-5: each survey's letter and its reminders, each two days after the one before, none once it is over, and
    none left out before; one survey a round."""
    reminders = tenant.procedure.survey.reminders
    told = _told(databases, tenant)
    letters: dict[str, list[datetime]] = {}
    whose: dict[str, str] = {}
    rounds_of: dict[str, int] = {}
    for survey_id, complaint_id, round, planned_at in databases.rows("notify", ASKED, only=tenant.tenant_id):
        letters.setdefault(plain(survey_id), []).append(_stored(planned_at))
        whose[plain(survey_id)], rounds_of[plain(survey_id)] = plain(complaint_id), int(str(round))
    for survey_id, planned in letters.items():
        over = _over(told.get(whose[survey_id], []), survey_id, rounds_of[survey_id], planned[0])
        yield from _mistimed(survey_id, planned, over)
        if len(planned) > 1 + reminders:
            yield f"survey {survey_id} was reminded of {len(planned) - 1} times"
        if over is None and len(planned) < 1 + reminders and now > planned[-1] + BETWEEN_REMINDERS + LATE:
            yield f"survey {survey_id} was reminded of only {len(planned) - 1} times"
    for complaint_id in set(whose.values()):
        surveys = sum(each == complaint_id for each in whose.values())
        rounds = 1 + sum(each.kind == "case.reopened" for each in told.get(complaint_id, []))
        if surveys > rounds:
            yield f"{complaint_id} was asked in {surveys} surveys in {rounds} rounds"


def _mistimed(survey_id: str, planned: list[datetime], over: datetime | None) -> Iterator[str]:
    for before, after in zip(planned, planned[1:], strict=False):
        if not BETWEEN_REMINDERS <= after - before <= BETWEEN_REMINDERS + LATE:
            yield f"survey {survey_id} was reminded of {after - before} after the letter before"
    if over is not None and planned[-1] > over:
        yield f"survey {survey_id} was over at {over} and reminded of at {planned[-1]}"


def _over(told: list[Said], survey_id: str, round: int, asked_at: datetime) -> datetime | None:
    """When nobody had to be asked any more: at once when notify took the answer, else once it had heard of it."""
    ends = [each.at for each in told if each.survey_id == survey_id]
    ends += [each.at + LATE for each in told if each.kind == "case.reopened" and each.round > round]
    others = [each for each in told if each.kind in ("case.withdrawn", "case.surveyed") and each.round == round]
    ends += [each.at + LATE for each in others if each.at + LATE > asked_at]
    return min(ends, default=None)


def forgotten_answers(databases: Databases, tenant: Tenant, given: Mapping[UUID, int]) -> Iterator[str]:
    """NO-5: what each complainant answered last is what was said last of their answers."""
    told = _told(databases, tenant)
    for complaint_id, score in given.items():
        answers = [each for each in told.get(complaint_id.hex, []) if each.survey_id]
        said = max(answers, key=lambda each: each.at).score if answers else None
        if said != score:
            yield f"{complaint_id}: {score} was answered last, {said} was said"


def _told(databases: Databases, tenant: Tenant) -> dict[str, list[Said]]:
    """What was said of each complaint that has to do with its surveys."""
    told: dict[str, list[Said]] = {}
    for service in ("dispatch", "notify"):
        for subject, name, body, at in databases.rows(service, SAID, only=tenant.tenant_id):
            kind, said = str(name).removesuffix(".v1"), json.loads(str(body))
            if kind == "case.closed" and said["outcome"] == "withdrawn":
                kind = "case.withdrawn"
            if kind == "case.milestone_reached" and said["milestone"] == "surveyed":
                kind = "case.surveyed"
            survey_id = UUID(said["survey_id"]).hex if kind == "survey.answered" else ""
            of_case = told.setdefault(plain(subject), [])
            round = of_case[-1].round if of_case else 1
            round += kind == "case.reopened"
            of_case.append(Said(kind, survey_id, said.get("score", 0), _stored(at), round))
    return told


def _stored(value: object) -> datetime:
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
