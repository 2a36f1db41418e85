"""What the databases of a platform say about a firm's complaints, but for ids, and moments that no rule fixes.

Whose turn it is to be assigned, and the second in which an event was heard, may differ from run to run.
"""

import re
from collections import Counter
from typing import Any

from deploy.databases import Databases, plain
from tests.platforms.firm import OpenFirm

QUESTIONS = {
    "intake: complaints": (
        "intake",
        "SELECT complaint_id, channel, category, stage, closed_at, result FROM complaints",
    ),
    "intake: progress": ("intake", "SELECT complaint_id, milestone FROM progress"),
    "cases": (
        "dispatch",
        """SELECT complaint_id, category, urgency, department, state, received_at, next_due_at, next_due_limit,
        near_limit, breached, incident, closed_at, outcome, satisfied, evidence_count FROM cases""",
    ),
    "milestones": ("dispatch", "SELECT complaint_id, milestone, department, note FROM milestones"),
    "milestones by people": ("dispatch", "SELECT complaint_id, milestone, at FROM milestones WHERE by_id IS NOT NULL"),
    "results": ("dispatch", "SELECT complaint_id, at, text, written, spoken FROM results"),
    "escalations": ("dispatch", "SELECT complaint_id, limit_id, level, due_at, to_role FROM escalations"),
    "evidence": ("dispatch", "SELECT complaint_id, action FROM evidence"),
    "clocks": (
        "sla",
        """SELECT complaint_id, limit_id, milestone_from, milestone_to, started_at, due_at, warn_at, state, met_at,
        stopped_at, stop_reason, provisional FROM clocks""",
    ),
    "alarms": ("sla", "SELECT complaint_id, kind, level, to_role, fire_at, fired_at IS NULL FROM alarms"),
    "notices": ("notify", "SELECT complaint_id, template, kind, told_as, limit_id, result, needs_person FROM notices"),
    "deliveries": ("notify", "SELECT complaint_id, channel, state FROM deliveries"),
    "facts": (
        "reporting",
        """SELECT complaint_id, channel, language, category, urgency, department, received_at, registered_at,
        first_response_at, closed_at, outcome, satisfied, reopened, counted, in_time, breached FROM facts""",
    ),
    "facts about clocks": ("reporting", "SELECT complaint_id, limit_id, milestone_to, missed_at FROM clocks"),
}


def digest(databases: Databases, firm: OpenFirm) -> dict[str, Any]:
    """For each question the number of each answer, with the complaint's own number instead of its id."""
    try:
        known = numbers(databases)
        answers: dict[str, Any] = {
            about: Counter((known[plain(row[0])], *row[1:]) for row in databases.rows(service, with_tenant(statement)))
            for about, (service, statement) in QUESTIONS.items()
        }
    finally:
        databases.close()
    wanted = {"from": "2026-09-01", "to": "2026-10-31"}
    return answers | {"KPIs": firm.person("manager").get("reporting", "/kpis", **wanted)}


def numbers(databases: Databases) -> dict[str, int]:
    """Complaint id → the number at the end of its text."""
    rows = databases.rows("intake", "SELECT complaint_id, text FROM complaints WHERE tenant_id = :tenant")
    return {plain(complaint): int(re.search(r"\((\d+)\)$", str(words))[1]) for complaint, words in rows}


def with_tenant(statement: str) -> str:
    return f"{statement} {'AND' if 'WHERE' in statement else 'WHERE'} tenant_id = :tenant"
