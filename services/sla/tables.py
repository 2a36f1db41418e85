"""The tables of sla. Nothing here names a person."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
)

from libs.common.db import UtcDateTime, new_metadata
from libs.common.plumbing import due_indexes, make_plumbing

metadata = new_metadata()
plumbing = make_plumbing(metadata)

tenants = Table(
    "tenants",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("time_zone", String(60), nullable=False),
    Column("calendars_version", Integer, nullable=False),  # the last that changed a calendar; 0: none did
    PrimaryKeyConstraint("tenant_id"),
)
cases = Table(
    "cases",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("procedure_version", Integer, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("category", String(60), nullable=False),
    Column("urgency", String(60), nullable=False),
    Column("department", String(60), nullable=False),
    Column("major", Boolean, nullable=False),
    Column("vip", Boolean, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("complex", Boolean, nullable=False),
    Column("group", Boolean, nullable=False),
    Column("round", SmallInteger, nullable=False),  # 1 until it is reopened
    Column("assignee_id", Uuid),
    Column("head_id", Uuid),
    Column("reached", JSON, nullable=False),  # milestone: when, ISO 8601 in UTC
    Column("held_before", JSON, nullable=False),  # who had it until when: [ISO 8601, department, assignee, head]
    PrimaryKeyConstraint("tenant_id", "complaint_id"),
    Index(None, "tenant_id", "received_at", "complaint_id"),
)
parts = Table(
    "parts",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("part_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("department", String(60), nullable=False),
    Column("state", String(20), nullable=False),
    Column("assignee_id", Uuid),
    Column("head_id", Uuid),
    Column("reached", JSON, nullable=False),  # as that of a case
    Column("held_before", JSON, nullable=False),  # as that of a case
    PrimaryKeyConstraint("tenant_id", "part_id"),
    Index(None, "tenant_id", "complaint_id"),
)
pauses = Table(
    "pauses",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("pause_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("part_id", Uuid),  # the part that waits; None: the whole case
    Column("waits_for", String(20), nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "pause_id"),
    Index(None, "tenant_id", "complaint_id"),
)
extensions = Table(
    "extensions",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("extension_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("limit_id", String(60), nullable=False),
    Column("round", SmallInteger, nullable=False),
    Column("old_due_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("granted_by", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("told_at", UtcDateTime),
    Column("in_time", Boolean),  # None until the complainant was told
    PrimaryKeyConstraint("tenant_id", "extension_id"),
    Index(None, "tenant_id", "complaint_id"),
)
clocks = Table(
    "clocks",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("clock_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("part_id", Uuid),  # None: the whole case's
    Column("round", SmallInteger, nullable=False),
    Column("limit_id", String(60), nullable=False),
    Column("milestone_from", String(60), nullable=False),
    Column("milestone_to", String(60), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("warn_at", UtcDateTime),
    Column("state", String(10), nullable=False),
    Column("paused_at", UtcDateTime),
    Column("met_at", UtcDateTime),
    Column("stopped_at", UtcDateTime),
    Column("stop_reason", String(40)),
    Column("provisional", Boolean, nullable=False),
    Column("counted_by", Integer, nullable=False),  # the newest version of the Procedure when its end was counted
    Column("explanation", JSON, nullable=False),  # [code, fields] of each step
    PrimaryKeyConstraint("tenant_id", "clock_id"),
    Index(None, "tenant_id", "complaint_id"),
)
# A limit that was stopped may apply again after another change; else a case has one clock of it in each round.
# No index holds the state: a clock that is warned of or breached changes in its place, with none to write (HOT).
_of_the_case = clocks.c.part_id.is_(None) & clocks.c.stopped_at.is_(None)
Index(
    "uq_clocks_one_of_a_limit",
    clocks.c.tenant_id,
    clocks.c.complaint_id,
    clocks.c.limit_id,
    clocks.c.round,
    unique=True,
    postgresql_where=_of_the_case,
    sqlite_where=_of_the_case,
)
# A department that was given its part again has the same time again.
_runs = clocks.c.met_at.is_(None) & clocks.c.stopped_at.is_(None)
_of_a_part = clocks.c.part_id.isnot(None) & _runs
Index(
    "uq_clocks_one_of_a_part",
    clocks.c.tenant_id,
    clocks.c.part_id,
    clocks.c.limit_id,
    unique=True,
    postgresql_where=_of_a_part,
    sqlite_where=_of_a_part,
)
Index(
    "ix_clocks_open",
    clocks.c.tenant_id,
    clocks.c.due_at,
    clocks.c.clock_id,
    postgresql_where=_runs,
    sqlite_where=_runs,
)
_unsettled = clocks.c.provisional & _runs
Index(
    "ix_clocks_provisional",
    clocks.c.tenant_id,
    clocks.c.complaint_id,
    postgresql_where=_unsettled,
    sqlite_where=_unsettled,
)
Index(
    "ix_clocks_counted_by",
    clocks.c.tenant_id,
    clocks.c.counted_by,
    postgresql_where=_runs,
    sqlite_where=_runs,
)
breaches = Table(
    "breaches",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("clock_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("part_id", Uuid),
    Column("limit_id", String(60), nullable=False),
    Column("department", String(60), nullable=False),
    Column("assignee_id", Uuid),
    Column("head_id", Uuid),
    Column("due_at", UtcDateTime, nullable=False),
    Column("breached_at", UtcDateTime, nullable=False),
    Column("met_at", UtcDateTime),
    PrimaryKeyConstraint("tenant_id", "clock_id"),
    Index(None, "tenant_id", "due_at", "clock_id"),
)
alarms = Table(
    "alarms",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("clock_id", Uuid, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("to_role", String(30)),
    Column("fire_at", UtcDateTime, nullable=False),
    Column("fired_at", UtcDateTime),
    Column("due_at", UtcDateTime),  # when to look at it next; None once it fired
    PrimaryKeyConstraint("tenant_id", "clock_id", "kind", "level"),
)
due_indexes(alarms)
# How long a closed case is kept; gone when it is reopened.
retentions = Table(
    "retentions",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("closed_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # None once it was said
    PrimaryKeyConstraint("tenant_id", "complaint_id"),
)
due_indexes(retentions)
