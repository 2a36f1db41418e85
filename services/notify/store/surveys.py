"""Surveys: one for each round of a case, and the hashes of the links to it."""

from typing import Any
from uuid import UUID

from libs.common.tenancy import TenantConnection
from services.notify.store.rows import Row
from services.notify.tables import survey_links, surveys

NEW = {"attempts": 0, "reminded": 0, "score": None, "comment": None, "answered_at": None}


class Surveys:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        self._rows.insert(surveys, **NEW, **values)

    def find(self, survey_id: UUID) -> Row | None:
        return self._rows.first(surveys, survey_id=survey_id)

    def take(self, survey_id: UUID) -> Row:
        """The survey, locked until the transaction ends, so that of two answers one is the last."""
        found = self._rows.first(surveys, to_change=True, survey_id=survey_id)
        assert found is not None
        return found

    def of_round(self, complaint_id: UUID, round: int) -> Row | None:
        return self._rows.first(surveys, complaint_id=complaint_id, round=round)

    def change(self, survey_id: UUID, **values: Any) -> None:
        self._rows.change(surveys, values, survey_id=survey_id)

    def remind_no_more(self, complaint_id: UUID) -> None:
        self._rows.change(surveys, {"due_at": None}, complaint_id=complaint_id)

    def add_link(self, survey_id: UUID, token_sha256: bytes) -> None:
        self._rows.insert(survey_links, survey_id=survey_id, token_sha256=token_sha256)

    def behind(self, token_sha256: bytes) -> UUID | None:
        """The id of the survey that a link with this hash leads to."""
        found = self._rows.first(survey_links, token_sha256=token_sha256)
        return found["survey_id"] if found else None
