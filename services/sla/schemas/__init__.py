"""What goes in and out of sla's API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from libs.common.web.fields import EARLIEST, LATEST, PeriodWanted, UtcTime
from services.sla.domain.clocks import State

NAME = validate.Regexp(r"^[a-z0-9][a-z0-9_-]{0,59}$(?!\n)", error="is not the id of anything: a-z, 0-9, _ and -")


class PlaceInList(fields.Field[tuple[datetime, UUID]]):
    """`next_cursor` of the page before."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[datetime, UUID]:
        moment, _, row_id = str(value).partition("_")
        try:
            place = datetime.fromisoformat(moment), UUID(row_id)
        except ValueError as mistake:
            raise ValidationError("give `next_cursor` of the page before, or leave it out") from mistake
        if place[0].tzinfo is None or not EARLIEST.year <= place[0].year <= LATEST.year:
            raise ValidationError("give `next_cursor` of the page before, or leave it out")
        return place

    def _serialize(self, value: tuple[datetime, UUID] | None, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return f"{value[0].isoformat().replace('+00:00', 'Z')}_{value[1].hex}" if value else None


class Paged(Schema):
    cursor = PlaceInList(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class DueWanted(Paged):
    until = UtcTime(required=True, validate=validate.Range(max=datetime.fromisoformat("2101-01-01T00:00Z")))
    department = fields.String(load_default=None, validate=NAME)
    person = fields.UUID(load_default=None)


class AppraisalsWanted(PeriodWanted, Paged):
    person = fields.UUID(load_default=None)


class ClockOut(Schema):
    """Told to a complainant, a clock has no more than name, milestone, end, state and explanation."""

    clock_id = fields.UUID()
    limit_id = fields.String()
    name = fields.Dict(keys=fields.String(), values=fields.String(), metadata={"description": "by language"})
    milestone_from = fields.String()
    milestone_to = fields.String()
    part_id = fields.UUID(allow_none=True, metadata={"description": "the department's part whose clock it is"})
    round = fields.Integer(metadata={"description": "1 until the case is reopened"})
    started_at = UtcTime()
    due_at = UtcTime(
        allow_none=True,
        metadata={
            "description": "a milestone at this very moment is in time; told to a complainant, none while it waits"
        },
    )
    warn_at = UtcTime(allow_none=True)
    state = fields.String(metadata={"enum": [state.value for state in State]})
    paused_at = UtcTime(allow_none=True, metadata={"description": "since when it waits"})
    met_at = UtcTime(allow_none=True)
    provisional = fields.Boolean(metadata={"description": "public holidays are not announced yet; may move"})
    binding = fields.Boolean(metadata={"description": "the first due of the open clocks to this milestone"})
    explanation = fields.List(
        fields.Dict(keys=fields.String(), values=fields.String()),
        metadata={"description": "why it is due then: a sentence a step, by language"},
    )


class ClockList(Schema):
    items = fields.List(fields.Nested(ClockOut()))


class DueOut(Schema):
    clock_id = fields.UUID()
    complaint_id = fields.UUID()
    limit_id = fields.String()
    name = fields.Dict(keys=fields.String(), values=fields.String(), metadata={"description": "by language"})
    milestone_to = fields.String()
    part_id = fields.UUID(allow_none=True)
    department = fields.String()
    assignee_id = fields.UUID(allow_none=True)
    due_at = UtcTime()
    warn_at = UtcTime(allow_none=True)
    state = fields.String(metadata={"enum": [State.RUNNING.value, State.WARNED.value, State.BREACHED.value]})


class DueList(Schema):
    items = fields.List(fields.Nested(DueOut()))
    next_cursor = PlaceInList(allow_none=True)


class BreachOut(Schema):
    clock_id = fields.UUID()
    complaint_id = fields.UUID()
    part_id = fields.UUID(allow_none=True)
    limit_id = fields.String()
    department = fields.String()
    assignee_id = fields.UUID(allow_none=True, metadata={"description": "who had it when it was not kept"})
    head_id = fields.UUID(allow_none=True)
    due_at = UtcTime()
    breached_at = UtcTime(metadata={"description": "when it was found"})
    met_at = UtcTime(allow_none=True, metadata={"description": "when it was met, late"})


class PersonsBreaches(Schema):
    person_id = fields.UUID()
    as_assignee = fields.Integer()
    as_head = fields.Integer()
    met_late = fields.Integer(metadata={"description": "of these, how many were met afterwards"})


class AppraisalsOut(Schema):
    people = fields.List(fields.Nested(PersonsBreaches()), metadata={"description": "of the whole period"})
    items = fields.List(fields.Nested(BreachOut()))
    next_cursor = PlaceInList(allow_none=True)
