"""What the intake service says: what was complained about. Never by whom (no contact data travels)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.common.events import Event, event


@event("complaint.registered.v1")
@dataclass(frozen=True, kw_only=True)
class ComplaintRegistered(Event):
    """A complaint was accepted and has a number. `text`, `asked_for` and `impact` are masked (PR-1)."""

    number: str
    channel: str
    language: str
    received_at: datetime
    registered_at: datetime
    received_by: UUID | None
    place_id: UUID | None
    place_label: str | None
    text: str
    asked_for: str | None
    category: str | None
    urgency: str | None
    major: bool
    vip: bool
    anonymous: bool
    claimed_amount: int | None  # minor units of the tenant's currency
    external_ref: str | None
    attachments: tuple[str, ...]  # SHA-256, hex
    follows: UUID | None = None  # the closed complaint that this one takes up again
    # None: the complainant did not say.
    happened_at: datetime | None = None
    impact: str | None = None  # on the complainant (IN-2)
    in_property: str | None = None  # what a known place lies in, or is, by name
    in_building: str | None = None
    in_unit: str | None = None


@event("complaint.message_added.v1")
@dataclass(frozen=True, kw_only=True)
class MessageAdded(Event):
    """The complainant (or staff) added something to a complaint. `text` is masked."""

    message_id: UUID
    author: str  # complainant | staff
    channel: str
    text: str
    attachments: tuple[str, ...]
    received_by: UUID | None = None  # of the staff, who took the complainant's words down


@event("complaint.file_kept.v1")
@dataclass(frozen=True, kw_only=True)
class FileKept(Event):
    """Staff kept a file with a complaint, to name it in a step of its case. Its name does not travel."""

    attachment_id: UUID
    sha256: str  # hex
    size: int  # bytes
    content_type: str
    by: UUID | None  # None: a program


@event("complaint.withdrawn.v1")
@dataclass(frozen=True, kw_only=True)
class ComplaintWithdrawn(Event):
    """The complainant took the complaint back."""

    reason: str | None


@event("complaint.linked.v1")
@dataclass(frozen=True, kw_only=True)
class ComplaintLinked(Event):
    """The complaint was found to repeat an earlier one (IN-8). Never told of anonymous people."""

    other_id: UUID  # the earlier one
    relation: str  # repeats
    same: str  # person | place: what both have in common


@event("complaint.grouped.v1")
@dataclass(frozen=True, kw_only=True)
class ComplaintGrouped(Event):
    """The complaint was found to be one of many about one thing (IN-8); said once of each of them.

    When two groups turn out to be one, it is said again with the id that stays.
    """

    group_id: UUID
    category: str
    place_label: str | None  # of the building or property; None: it has no name here
    # As they were when this was found.
    complaints: int
    complainants: int
    since: datetime
