"""What the notify service says: who was told, and did it arrive. The subject is the complaint."""

from dataclasses import dataclass
from uuid import UUID

from libs.common.events import Event, event


@event("notice.delivered.v1")
@dataclass(frozen=True, kw_only=True)
class NoticeDelivered(Event):
    """The channel took the notice for delivery, or confirmed that it arrived."""

    notice_id: UUID
    kind: str  # acknowledgement | result | alert | extension | waiting | reopened | survey
    to: str  # complainant | staff
    channel: str
    about: UUID | None = None  # the extension or pause that it tells of


@event("notice.failed.v1")
@dataclass(frozen=True, kw_only=True)
class NoticeFailed(Event):
    """No channel could carry the notice; a person has to tell them another way."""

    notice_id: UUID
    kind: str
    to: str
    channel: str
    reason: str


@event("survey.answered.v1")
@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(Event):
    """The complainant said whether they are satisfied (NO-5); an answer may be changed, the last one counts."""

    survey_id: UUID
    score: int
    scale: int
    satisfied: bool
    comment: str | None  # masked
    channel: str  # web | sms | phone
    by: UUID | None  # the member of staff who asked by phone
