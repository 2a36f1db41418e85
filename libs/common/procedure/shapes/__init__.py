"""The Procedure as marshmallow schemas: what may stand where, and how one entry must agree with itself."""

from marshmallow import fields

from libs.common.procedure import document as read
from libs.common.procedure.oversight import Oversight
from libs.common.procedure.shapes.calendars import CalendarShape
from libs.common.procedure.shapes.handling import LadderShape, LimitShape, RoutingShape, StepShape
from libs.common.procedure.shapes.intake import CategoryShape, DepartmentShape, IntakeShape, UrgencyShape
from libs.common.procedure.shapes.likeness import LikenessShape
from libs.common.procedure.shapes.oversight import (
    ApprovalShape,
    CompensationShape,
    DisclosureShape,
    LaneShape,
    OversightShape,
    ReopeningShape,
)
from libs.common.procedure.shapes.section import Named, Section, id_field, some, whole
from libs.common.procedure.shapes.telling import NoticeShape, SurveyShape
from libs.common.procedure.shapes.values import NOT_EMPTY, Localised, Names, an_id
from libs.common.procedure.vocabulary import LANGUAGES


class RetentionShape(Section):
    makes = read.Retention
    # A year may have 366 days (PR-3).
    days = whole(366, 36_600, required=True)


class ProcedureShape(Section):
    makes = read.Procedure
    id = id_field(required=True, data_key="procedure")
    name = Localised(required=True)
    languages = Names(LANGUAGES, "language", required=True, validate=NOT_EMPTY)
    intake = fields.Nested(IntakeShape, required=True)
    categories = some(CategoryShape, at_least=1, at_most=200, required=True)
    urgencies = some(UrgencyShape, at_least=1, at_most=20, required=True)
    departments = some(DepartmentShape, at_least=1, at_most=200, required=True)
    routing = fields.Nested(RoutingShape, load_default=read.Routing())
    steps = some(StepShape, at_most=100, load_default=())
    limits = some(LimitShape, at_most=500, load_default=())
    ladders = some(LadderShape, at_most=50, load_default=())
    notices = some(NoticeShape, at_most=100, load_default=())
    survey = fields.Nested(SurveyShape, required=True)
    retention = fields.Nested(RetentionShape, required=True)
    lanes = some(LaneShape, at_most=20, load_default=())
    approvals = some(ApprovalShape, at_most=50, load_default=())
    compensation = fields.Nested(CompensationShape)
    reopening = fields.Nested(ReopeningShape)
    oversight = fields.Nested(OversightShape, load_default=Oversight())
    disclosure = fields.Nested(DisclosureShape)
    likeness = fields.Nested(LikenessShape)
    calendars = Named(keys=fields.String(validate=an_id), values=fields.Nested(CalendarShape), required=True)
