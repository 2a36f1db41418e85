"""What a case went through beside its milestones: waits, extensions, approvals, findings, notes, links to others."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text, Uuid

from libs.common.db import UtcDateTime
from services.dispatch.tables.ground import metadata

waits = Table(
    "waits",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("pause_id", Uuid, nullable=False),
    Column("part_id", Uuid),  # the part that waits; None: the whole case
    Column("department", String(60)),  # whose part that is
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("waits_for", String(20), nullable=False),  # complainant | third_party
    Column("party", Text),
    Column("reason", Text, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by_id", Uuid),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "pause_id"),
)
extensions = Table(
    "extensions",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("extension_id", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("limit_id", String(60), nullable=False),
    Column("old_due_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("told", Boolean, nullable=False),  # the complainant knows, or cannot be told
    Column("state", String(10), nullable=False),  # asked | granted | declined
    Column("decided_at", UtcDateTime),
    Column("decided_by_id", Uuid),
    Column("answer", Text),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "extension_id"),
)
approvals = Table(
    "approvals",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("approval_id", String(60), nullable=False),
    Column("round", Integer, nullable=False),
    Column("note", Text),
    Column("state", String(10), nullable=False),  # asked | approved | returned
    Column("decided_at", UtcDateTime),
    Column("decided_by_id", Uuid),
    Column("answer", Text),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "request_id"),
)
findings = Table(
    "findings",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("finding_id", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("milestone", String(60), nullable=False),
    Column("round", Integer, nullable=False),
    Column("finding", String(20)),  # confirmed | cannot_be_verified | already_solved
    Column("report", Text),
    Column("cause", String(20)),  # product_service | communication | process
    Column("cause_text", Text),
    Column("plan", String(20)),  # fix | compensate
    Column("plan_text", Text),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "finding_id"),
)
notes = Table(
    "notes",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("note_id", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("milestone", String(60)),  # the step that was revised; null: a note on the case
    Column("round", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("attachments", JSON, nullable=False),  # ids of files that intake keeps
    PrimaryKeyConstraint("tenant_id", "complaint_id", "note_id"),
)
links = Table(
    "links",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("other_id", Uuid, nullable=False),
    Column("relation", String(20), nullable=False),  # merged_into | follows | repeats
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Uuid),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "other_id", "relation"),
    Index(None, "tenant_id", "other_id"),
)
