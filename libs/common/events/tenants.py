"""What the tenants service says: who a tenant is, who works there, where, and under which rules."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.common.events import Event, event


@event("tenant.created.v1")
@dataclass(frozen=True, kw_only=True)
class TenantCreated(Event):
    """A firm joined the platform and may take complaints under its public name (`slug`)."""

    slug: str
    name: str
    kind: str  # property | hotel | platform
    language: str
    time_zone: str
    country: str


@event("person.changed.v1")
@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """A member of staff was added or changed; `name` is the name used at work, never a contact.

    `skills` are the categories of complaint the person knows how to handle (DI-3).
    """

    person_id: UUID
    name: str
    roles: tuple[str, ...]
    departments: tuple[str, ...]
    active: bool
    skills: tuple[str, ...] = ()


@event("place.changed.v1")
@dataclass(frozen=True, kw_only=True)
class PlaceChanged(Event):
    """A property, building or unit was added or changed; `label` is its full name from the top."""

    place_id: UUID
    kind: str  # property | building | unit
    name: str
    parent_id: UUID | None
    label: str


@event("procedure.published.v1")
@dataclass(frozen=True, kw_only=True)
class ProcedurePublished(Event):
    """A version of the tenant's Procedure takes effect at `active_from` for complaints received from then on."""

    version: int
    active_from: datetime
    document: dict[str, Any]
