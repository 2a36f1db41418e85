"""Cases, their people and rosters, what was done, and the evidence of it."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    Uuid,
)

from libs.common.db import UtcDateTime
from services.dispatch.tables.ground import metadata

tenants = Table(
    "tenants",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("name", String(200), nullable=False),
    Column("language", String(12), nullable=False),
    Column("time_zone", String(60), nullable=False),
    PrimaryKeyConstraint("tenant_id"),
)
people = Table(
    "people",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("name", String(200), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("departments", JSON, nullable=False),
    Column("skills", JSON, nullable=False),  # ids of categories
    Column("active", Boolean, nullable=False),
    PrimaryKeyConstraint("tenant_id", "person_id"),
)
roster = Table(
    "roster",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("entry_id", Uuid, nullable=False),
    Column("department", String(60), nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("role", String(20), nullable=False),  # duty | duty_manager
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id", "entry_id"),
    Index(None, "tenant_id", "department", "starts_at"),
)
cases = Table(
    "cases",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("number", String(20), nullable=False),
    Column("procedure_version", Integer, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("language", String(12), nullable=False),
    Column("category", String(60), nullable=False),
    Column("urgency", String(60), nullable=False),
    Column("major", Boolean, nullable=False),
    Column("vip", Boolean, nullable=False),
    Column("complex", Boolean, nullable=False),
    Column("group", Boolean, nullable=False),
    Column("group_id", Uuid),  # the group event that it was found to be part of
    Column("group_by_hand", Boolean, nullable=False),  # a person said whether it is one of a group
    Column("repeats", Integer, nullable=False),  # how many earlier cases it repeats
    Column("anonymous", Boolean, nullable=False),
    Column("claimed_amount", BigInteger),
    Column("external_ref", String(200)),
    Column("place_label", String(300)),
    Column("in_property", String(200)),
    Column("in_building", String(200)),
    Column("in_unit", String(200)),
    Column("text", Text, nullable=False),
    Column("impact", Text),  # on the complainant
    Column("asked_for", Text),
    Column("happened_at", UtcDateTime),
    Column("received_at", UtcDateTime, nullable=False),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("department", String(60), nullable=False),
    Column("assignee_id", Uuid),
    Column("assigned_at", UtcDateTime),
    Column("head_id", Uuid),
    Column("coordinator_id", Uuid),
    Column("group_leader_id", Uuid),  # of the joint group, when a person was named
    Column("state", String(20), nullable=False),
    Column("alerts", JSON, nullable=False),  # roles that the Procedure's rules alert
    Column("reasons", JSON, nullable=False),
    Column("next_due_at", UtcDateTime),
    Column("next_due_limit", String(60)),
    Column("queue_at", UtcDateTime, nullable=False),  # next_due_at, or long after any: no null to sort
    Column("near_limit", Boolean, nullable=False),
    Column("breached", Boolean, nullable=False),
    Column("incident", Boolean, nullable=False),  # nobody has it, or nobody was found who had to be called
    Column("round", Integer, nullable=False),  # 1, and one more each time it was reopened
    Column("last_message_at", UtcDateTime),
    Column("unread", Boolean, nullable=False),  # the complainant added something since who has it last acted
    Column("result_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("outcome", String(20)),
    Column("satisfied", Boolean),
    Column("evidence_count", Integer, nullable=False),
    Column("evidence_hash", LargeBinary(32), nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id"),
)
IN_QUEUE_ORDER = (cases.c.queue_at, cases.c.received_at, cases.c.complaint_id)
STILL_OPEN = cases.c.closed_at.is_(None)
for name, columns in (
    ("ix_cases_open", (cases.c.tenant_id, *IN_QUEUE_ORDER)),
    ("ix_cases_open_by_department", (cases.c.tenant_id, cases.c.department, *IN_QUEUE_ORDER)),
    ("ix_cases_open_by_assignee", (cases.c.tenant_id, cases.c.assignee_id, *IN_QUEUE_ORDER)),
):
    Index(name, *columns, postgresql_where=STILL_OPEN, sqlite_where=STILL_OPEN)
Index("ix_cases_in_order", cases.c.tenant_id, *IN_QUEUE_ORDER)
Index("ix_cases_group_id", cases.c.tenant_id, cases.c.group_id)
Index("ix_cases_received", cases.c.tenant_id, cases.c.received_at, cases.c.complaint_id)
Index("ix_cases_by_number", cases.c.tenant_id, cases.c.number)
Index("ix_cases_assigned", cases.c.tenant_id, cases.c.assignee_id, cases.c.assigned_at)

milestones = Table(
    "milestones",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("milestone", String(60), nullable=False),
    Column("round", Integer, nullable=False),
    Column("counts", Boolean, nullable=False),  # not once a later round must reach it anew
    Column("n", Integer, nullable=False),  # how many the case had reached before
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Uuid),
    Column("department", String(60)),
    Column("note", Text),
    Column("attachments", JSON, nullable=False),  # ids of files that intake keeps
    PrimaryKeyConstraint("tenant_id", "complaint_id", "milestone", "round"),
)
transfers = Table(
    "transfers",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("transfer_id", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("from_department", String(60), nullable=False),
    Column("to_department", String(60), nullable=False),
    Column("from_person_id", Uuid),
    Column("to_person_id", Uuid),
    Column("reason", Text, nullable=False),
    Column("handover", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "transfer_id"),
)
results = Table(
    "results",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("result_id", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("text", Text, nullable=False),
    Column("prevention", Text),
    Column("written", Boolean, nullable=False),
    Column("spoken", Boolean, nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "result_id"),
)
escalations = Table(
    "escalations",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("clock_id", Uuid, nullable=False),
    Column("level", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("limit_id", String(60), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("to_role", String(30), nullable=False),
    Column("people", JSON, nullable=False),  # ids; none: nobody held the role
    PrimaryKeyConstraint("tenant_id", "complaint_id", "clock_id", "level"),
)
clocks = Table(
    "clocks",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("clock_id", Uuid, nullable=False),
    Column("limit_id", String(60), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),  # running | warned | breached | paused; gone once it ended
    PrimaryKeyConstraint("tenant_id", "complaint_id", "clock_id"),
)
files = Table(
    "files",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("attachment_id", Uuid, nullable=False),  # of a file that staff keep with the complaint, in intake
    Column("sha256", String(64), nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "attachment_id"),
)
evidence = Table(
    "evidence",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("n", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(40), nullable=False),  # a person's id, complainant, staff, or a service
    Column("action", String(40), nullable=False),
    Column("details", Text, nullable=False),  # canonical JSON, part of the hash
    Column("words", Text),  # canonical JSON, part of the hash by its digest only
    Column("prev", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "n"),
)
