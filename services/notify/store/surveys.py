"""Surveys: one for each round of a case, and the hashes of the links to it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from libs.common.tenancy import TenantConnection
from services.notify.tables import survey_links, surveys

NEW = {"attempts": 0, "reminded": 0, "score": None, "comment": None, "answered_at": None}


class Surveys:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, **values: Any) -> None:
        self._rows.insert(surveys, **NEW, **values)

    def find(self, survey_id: UUID) -> RowMapping | None:
        return self._rows.one(select(surveys).where(self._rows.mine(surveys), surveys.c.survey_id == survey_id))

    def take(self, survey_id: UUID) -> RowMapping:
        """The survey, locked until the transaction ends, so that of two answers one is the last."""
        this = select(surveys).where(self._rows.mine(surveys), surveys.c.survey_id == survey_id)
        return self._rows.execute(this.with_for_update()).mappings().one()

    def of_round(self, complaint_id: UUID, round: int) -> RowMapping | None:
        this = (surveys.c.complaint_id == complaint_id) & (surveys.c.round == round)
        return self._rows.one(select(surveys).where(self._rows.mine(surveys), this))

    def change(self, survey_id: UUID, **values: Any) -> None:
        this = self._rows.mine(surveys) & (surveys.c.survey_id == survey_id)
        self._rows.execute(surveys.update().where(this).values(**values))

    def remind_no_more(self, complaint_id: UUID) -> None:
        this = self._rows.mine(surveys) & (surveys.c.complaint_id == complaint_id)
        self._rows.execute(surveys.update().where(this).values(due_at=None))

    def add_link(self, survey_id: UUID, token_sha256: bytes) -> None:
        self._rows.insert(survey_links, survey_id=survey_id, token_sha256=token_sha256)

    def behind(self, token_sha256: bytes) -> UUID | None:
        """The id of the survey that a link with this hash leads to."""
        this = self._rows.mine(survey_links) & (survey_links.c.token_sha256 == token_sha256)
        found = self._rows.one(select(survey_links.c.survey_id).where(this))
        return found["survey_id"] if found else None
