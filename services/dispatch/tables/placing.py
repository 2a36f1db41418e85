"""Who else has a case: departments' parts, people called by a lane; and who is away."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text, Uuid

from libs.common.db import UtcDateTime
from libs.common.plumbing import due_indexes
from services.dispatch.tables.ground import metadata

parts = Table(
    "parts",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("part_id", Uuid, nullable=False),
    Column("department", String(60), nullable=False),
    Column("lead", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
    Column("assignee_id", Uuid),
    Column("head_id", Uuid),
    Column("at", UtcDateTime, nullable=False),  # since when it is in this state
    Column("words", Text),  # the reason or note of its last step, masked
    Column("attachments", JSON, nullable=False),  # ids of files that intake keeps, of its last step
    Column("pause_id", Uuid),  # what it waits for now, in `waits`
    PrimaryKeyConstraint("tenant_id", "complaint_id", "part_id"),
)
JOINT = parts.c.lead.is_(False)
for name, column in (("ix_parts_joint_by_department", "department"), ("ix_parts_joint_by_assignee", "assignee_id")):
    Index(name, parts.c.tenant_id, parts.c[column], postgresql_where=JOINT, sqlite_where=JOINT)

summons = Table(
    "summons",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("summons_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("lane", String(60), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("person_id", Uuid),
    Column("at", UtcDateTime, nullable=False),
    Column("acknowledge_by", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("answered_by_id", Uuid),
    Column("open", Boolean, nullable=False),
    Column("due_at", UtcDateTime),  # when to call the next; None once it is not open any more
    Column("attempts", Integer, nullable=False),
    PrimaryKeyConstraint("tenant_id", "summons_id"),
    Index(None, "tenant_id", "complaint_id"),
    Index(None, "tenant_id", "person_id"),
)
due_indexes(summons)
called = Table(
    "called",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "person_id"),
    Index(None, "tenant_id", "person_id"),
)

absences = Table(
    "absences",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("absence_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("substitute_id", Uuid),
    Column("by_id", Uuid, nullable=False),
    PrimaryKeyConstraint("tenant_id", "absence_id"),
    Index(None, "tenant_id", "ends_at"),
)
