"""A complaint as it comes in by any door, before it has a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.acceptance import Missing, NotAccepted


@dataclass(frozen=True)
class NewComplaint:
    """What a door passes on. None is not given. `received_at` is when it reached the firm (IN-4)."""

    channel: str
    text: str
    received_at: datetime
    received_by: UUID | None = None
    impact: str | None = None  # on the complainant
    asked_for: str | None = None
    category: str | None = None
    urgency: str | None = None
    major: bool = False
    vip: bool = False
    place_id: UUID | None = None
    where: str | None = None
    happened_at: datetime | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    identity_number: str | None = None
    language: str | None = None
    anonymous: bool = False
    answer_by: Sequence[str] = ()
    attachments: Sequence[UUID] = ()
    claimed_amount: int | None = None
    external_ref: str | None = None
    external_kind: str | None = None
    account_id: UUID | None = None  # through whose door it came
    follows: str | None = None  # the number of an earlier complaint
    follows_secret: str | None = None
    shows_secret: bool = False  # a guest takes up only what they know the secret of; staff what they know of
    asks_for_fields: bool = True  # a mail or a review is taken as it is: nobody is there to be asked


class NotAcceptable(Exception):
    """Some fields are missing or wrong."""

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        super().__init__("Some fields are missing or wrong.")
        self.errors = list(errors)

    @classmethod
    def of(cls, mistakes: Sequence[Missing | NotAccepted], language: str) -> "NotAcceptable":
        """The mistakes in the complainant's language, each pointing at its field."""
        return cls(
            [
                {
                    "detail": mistake.message.get(language) or mistake.message["en"],
                    "pointer": f"#/{mistake.field}",
                }
                for mistake in mistakes
            ]
        )
