"""The tables of reporting: facts, their clocks, and rollups. Days and months are those of the tenant's zone."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from libs.common.db import UtcDateTime, new_metadata
from libs.common.plumbing import due_indexes, make_plumbing
from services.reporting.domain.rollups import MEASURES, SERIES

metadata = new_metadata()
plumbing = make_plumbing(metadata)

tenants = Table(
    "tenants",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("time_zone", String(60), nullable=False),
    PrimaryKeyConstraint("tenant_id"),
)
# Which tenant is behind a public name: asked before any tenant is known, so that it is open to all.
doors = Table(
    "doors",
    metadata,
    Column("key", String(60), nullable=False),
    Column("tenant_id", Uuid, nullable=False),
    PrimaryKeyConstraint("key"),
)
facts = Table(
    "facts",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("number", String(20)),
    Column("channel", String(20)),
    Column("language", String(12)),
    Column("category", String(60)),
    Column("urgency", String(60)),
    Column("department", String(60)),
    Column("place_id", Uuid),
    Column("assignee_id", Uuid),
    Column("major", Boolean, nullable=False),
    Column("vip", Boolean, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("received_at", UtcDateTime),
    Column("registered_at", UtcDateTime),
    Column("first_response_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("outcome", String(30)),
    Column("satisfied", Boolean),
    Column("satisfied_at", UtcDateTime),
    Column("reopened", SmallInteger, nullable=False),
    Column("follows", Uuid),
    Column("case_opened", Boolean, nullable=False),
    Column("mystery", Boolean, nullable=False),
    # What follows from the rest, kept to be searched by.
    Column("counted", Boolean, nullable=False),
    Column("in_time", Boolean, nullable=False),
    Column("breached", SmallInteger, nullable=False),
    Column("registered_on", Date),
    Column("responded_on", Date),
    Column("closed_on", Date),
    PrimaryKeyConstraint("tenant_id", "complaint_id"),
    Index(None, "tenant_id", "registered_on", "complaint_id"),
    Index(None, "tenant_id", "responded_on", "complaint_id"),
    Index(None, "tenant_id", "closed_on", "complaint_id"),
)
clocks = Table(
    "clocks",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("clock_id", Uuid, nullable=False),
    Column("limit_id", String(60), nullable=False),
    Column("milestone_to", String(60), nullable=False),
    Column("of_part", Boolean, nullable=False),
    Column("missed_at", UtcDateTime),
    Column("missed_on", Date),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "clock_id"),
    Index(None, "tenant_id", "missed_on", "clock_id"),
)
mystery_marks = Table(
    "mystery_marks",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("mark_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("mystery", Boolean, nullable=False),
    Column("reason", String(300), nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id", "mark_id"),
)

# `due_at` until it is drawn; then all that is needed to repeat it.
draws = Table(
    "draws",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("draw_id", Uuid, nullable=False),
    Column("purpose", String(10), nullable=False),  # call_back | review
    Column("every", String(10), nullable=False),  # month | quarter | half-year
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("due_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("drawn_at", UtcDateTime),
    Column("share_percent", SmallInteger),
    Column("roles", JSON),  # who may review; None: those who call back
    Column("seed", String(32)),
    Column("population", JSON),
    Column("population_sha256", String(64)),
    PrimaryKeyConstraint("tenant_id", "draw_id"),
    UniqueConstraint("tenant_id", "purpose", "every", "first"),
)
due_indexes(draws)
drawn = Table(
    "drawn",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("draw_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("place", Integer, nullable=False),
    Column("reached", Boolean),  # of a call; None: nobody has called yet
    Column("satisfied", Boolean),
    Column("kept", Boolean),  # of a review: whether the Procedure was kept
    Column("note", String(1000)),  # masked
    Column("by", Uuid),
    Column("at", UtcDateTime),
    PrimaryKeyConstraint("tenant_id", "draw_id", "complaint_id"),
)

# What everybody may read of a closed case (RE-7), in the words of a manager.
typical_cases = Table(
    "typical_cases",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("title", String(100), nullable=False),
    Column("text", String(2000), nullable=False),
    Column("published", Boolean, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id"),
)
typical_case_changes = Table(
    "typical_case_changes",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("change_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("title", String(100), nullable=False),
    Column("text", String(2000), nullable=False),
    Column("published", Boolean, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id", "change_id"),
    Index(None, "tenant_id", "complaint_id", "change_id"),
)


def _counts(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("tenant_id", Uuid, nullable=False),
        Column("starts_on", Date, nullable=False),
        Column("department", String(60), nullable=False),
        Column("category", String(60), nullable=False),
        Column("channel", String(20), nullable=False),
        *(Column(measure, Integer, nullable=False) for measure in MEASURES),
        PrimaryKeyConstraint("tenant_id", "starts_on", "department", "category", "channel"),
    )


def _times(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("tenant_id", Uuid, nullable=False),
        Column("starts_on", Date, nullable=False),
        Column("department", String(60), nullable=False),
        Column("category", String(60), nullable=False),
        Column("measure", String(20), nullable=False),
        Column("bucket", SmallInteger, nullable=False),
        Column("count", Integer, nullable=False),
        PrimaryKeyConstraint("tenant_id", "starts_on", "department", "category", "measure", "bucket"),
    )


daily, monthly = _counts("daily"), _counts("monthly")
daily_times, monthly_times = _times("daily_times"), _times("monthly_times")
days = Table(
    "days",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("department", String(60), nullable=False),
    *(Column(measure, Integer, nullable=False) for measure in SERIES),
    PrimaryKeyConstraint("tenant_id", "starts_on", "department"),
)
open_cases = Table(
    "open_cases",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("department", String(60), nullable=False),
    Column("count", Integer, nullable=False),
    PrimaryKeyConstraint("tenant_id", "department"),
)
