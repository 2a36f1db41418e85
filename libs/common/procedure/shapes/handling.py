"""Who does what by when: conditions, routing, steps, limits, ladders."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.common.procedure import document as read
from libs.common.procedure.conditions import AtLeast, Condition, TimeOfDay
from libs.common.procedure.duration import Span
from libs.common.procedure.oversight import ExtensionRules
from libs.common.procedure.shapes.section import Section, any_of, flag, id_field, some, whole
from libs.common.procedure.shapes.values import (
    NOT_EMPTY,
    Clock,
    Localised,
    Names,
    OneOf,
    ShareText,
    SpanText,
    WarningText,
)
from libs.common.procedure.vocabulary import (
    ASSIGNED,
    CALLED_IN,
    CHANNELS,
    PART_MILESTONES,
    STAFF_ROLES,
    STEP_FIELDS,
    WAITS_FOR,
)


class AtLeastShape(Section):
    makes = AtLeast
    amount = whole(0, 10**15, required=True, data_key="at_least")


class TimeOfDayShape(Section):
    makes = TimeOfDay
    start = Clock(required=True, data_key="from")
    end = Clock(required=True, data_key="to")

    @validates_schema
    def has_a_length(self, data: dict[str, Any], **_: Any) -> None:
        if data["start"] == data["end"]:
            raise ValidationError({"to": ["must differ from `from`"]})


class CaseConditionShape(Section):
    """What a limit or step may depend on: what stays known of a case all through its life."""

    makes = Condition
    channel = any_of(CHANNELS, "channel")
    category = any_of()
    urgency = any_of()
    department = any_of()
    major = flag()
    vip = flag()
    complex = flag()
    group = flag()
    anonymous = flag()
    time_of_day = fields.Nested(TimeOfDayShape)


class RoutingConditionShape(Section):
    """What a rule may depend on: the complaint as it came, and whether it turned out to be one of a group (IN-8).
    The department is what the rule decides."""

    makes = Condition
    channel = any_of(CHANNELS, "channel")
    category = any_of()
    urgency = any_of()
    major = flag()
    vip = flag()
    group = flag()
    anonymous = flag()
    place = any_of()
    in_property = any_of(data_key="property")
    in_building = any_of(data_key="building")
    in_unit = any_of(data_key="unit")
    words = any_of()
    claimed_amount = fields.Nested(AtLeastShape)
    time_of_day = fields.Nested(TimeOfDayShape)


class RuleShape(Section):
    makes = read.Rule
    id = id_field(required=True)
    when = fields.Nested(RoutingConditionShape)
    department = id_field()
    assignee = fields.String(validate=validate.Length(1, 100, error="write a name of at most 100 characters"))
    urgency = id_field()
    major = flag()
    alert = Names(CALLED_IN, "role to alert")
    joint = Names()
    lane = id_field()

    @validates_schema
    def decides_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data.keys() & {"department", "assignee", "urgency", "major", "alert", "joint", "lane"}:
            raise ValidationError("decides nothing: give department, assignee, urgency, major, alert, joint or lane")


class RoutingShape(Section):
    makes = read.Routing
    match = fields.String(validate=OneOf(("first", "all"), "way to match"))
    group_leader = fields.String(validate=OneOf(("coordinator", "manager"), "leader of a joint group"))
    rules = some(RuleShape, at_most=500)


class StepShape(Section):
    makes = read.Step
    milestone = id_field(required=True)
    name = Localised()
    when = fields.Nested(CaseConditionShape)
    by = Names(STAFF_ROLES, "role")
    required = Names(STEP_FIELDS, "field of a step")
    optional = flag()
    share = ShareText()


class ExtensionShape(Section):
    makes = ExtensionRules
    by = Names(STAFF_ROLES, "role", required=True, validate=NOT_EMPTY)
    at_most = SpanText(required=True)
    times = whole(1, 20)


class LimitShape(Section):
    makes = read.Limit
    id = id_field(required=True)
    name = Localised(required=True)
    when = fields.Nested(CaseConditionShape)
    milestone_from = id_field(required=True, data_key="from")
    milestone_to = id_field(required=True, data_key="to")
    within = SpanText(required=True)
    warn = WarningText()
    ladder = id_field()
    calendar = id_field()
    pause = Names(WAITS_FOR, "party to wait for")
    extension = fields.Nested(ExtensionShape)
    per_department = flag()

    @validates_schema
    def counts_what_a_part_knows(self, data: dict[str, Any], **_: Any) -> None:
        ends = {"from": data["milestone_from"], "to": data["milestone_to"]}
        per_department = data.get("per_department", False)
        listed = ", ".join(PART_MILESTONES)
        mistakes = {
            end: [f"a department's part knows only: {listed}" if per_department else f"needs per_department: {listed}"]
            for end, milestone in ends.items()
            if (milestone not in PART_MILESTONES if per_department else milestone == ASSIGNED)
        }
        if mistakes:
            raise ValidationError(mistakes)

    @validates_schema
    def has_a_length(self, data: dict[str, Any], **_: Any) -> None:
        mistakes = {}
        if data["milestone_from"] == data["milestone_to"]:
            mistakes["to"] = ["must differ from `from`"]
        warn, within = data.get("warn"), data["within"]
        if isinstance(warn, Span) and warn.nominal_minutes >= within.nominal_minutes:
            mistakes["warn"] = [f"would come before the limit of {within} begins"]
        if mistakes:
            raise ValidationError(mistakes)


class LadderLevelShape(Section):
    makes = read.LadderLevel
    after = SpanText(required=True, zero=True)
    to = fields.String(required=True, validate=OneOf(CALLED_IN, "role to call in"))


class LadderShape(Section):
    makes = read.Ladder
    id = id_field(required=True)
    levels = some(LadderLevelShape, at_least=1, at_most=10, required=True)

    @validates_schema
    def rises(self, data: dict[str, Any], **_: Any) -> None:
        delays = [level.after.nominal_minutes for level in data["levels"]]
        mistakes = {
            at: {"after": ["must be later than the level before"]}
            for at in range(1, len(delays))
            if delays[at] <= delays[at - 1]
        }
        if mistakes:
            raise ValidationError({"levels": mistakes})
