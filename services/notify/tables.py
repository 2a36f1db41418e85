"""The tables of notify. No address, no name of a complainant, no text as it was sent."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
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
    Column("slug", String(60), nullable=False),
    Column("name", String(200), nullable=False),
    Column("time_zone", String(60), nullable=False),
    PrimaryKeyConstraint("tenant_id"),
)
people = Table(
    "people",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    PrimaryKeyConstraint("tenant_id", "person_id"),
)
cases = Table(
    "cases",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("number", String(20), nullable=False),
    Column("procedure_version", Integer, nullable=False),
    Column("language", String(12), nullable=False),
    Column("category", String(60), nullable=False),
    Column("urgency", String(60), nullable=False),
    Column("department", String(60), nullable=False),
    Column("assignee_id", Uuid),
    Column("head_id", Uuid),
    Column("coordinator_id", Uuid),
    Column("anonymous", Boolean, nullable=False),
    Column("round", Integer, nullable=False),  # 1, and one more each time the case begins again
    Column("closed_at", UtcDateTime),
    Column("merged_into", Uuid),  # the case that goes on for both
    Column("result", Text),  # words of staff for the complainant, in this round; None: none yet
    Column("prevention", Text),  # as these
    PrimaryKeyConstraint("tenant_id", "complaint_id"),
    Index(None, "tenant_id", "merged_into"),
)
clocks = Table(
    "clocks",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("clock_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("limit_id", String(60), nullable=False),
    Column("milestone_to", String(60), nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("ended", Boolean, nullable=False),  # kept, or no longer running
    Column("waits", Boolean, nullable=False),  # for somebody; promised again when the wait is over
    Column("of_part", Boolean, nullable=False),  # a department's own, promised to nobody
    PrimaryKeyConstraint("tenant_id", "clock_id"),
    Index(None, "tenant_id", "complaint_id"),
)
notices = Table(
    "notices",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("notice_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("cause_id", Uuid, nullable=False),  # the event it answers
    Column("template", String(60), nullable=False),  # the id of the notice in the Procedure
    Column("recipient", String(36), nullable=False),  # complainant, or a person's id
    Column("kind", String(20), nullable=False),
    Column("told_as", String(20), nullable=False),  # complainant, assignee, head …
    Column("limit_id", String(60)),
    Column("ends_at", UtcDateTime),
    Column("new_ends_at", UtcDateTime),  # of a limit that may take longer
    Column("about_id", Uuid),  # the extension, pause or survey that it tells of
    Column("party", String(200)),  # the third party that the case waits for
    Column("explanation", Text),  # why it takes longer, in words of staff
    Column("result", Text),  # words of staff for the complainant, not yet filled into any template
    Column("planned_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),
    Column("failed_at", UtcDateTime),
    Column("needs_person", Boolean, nullable=False),
    Column("reason", String(200)),  # why it was not sent
    Column("digest_id", Uuid),  # the digest that it goes with instead of alone
    Column("gathers", Boolean, nullable=False),  # a digest that more alerts may still join
    PrimaryKeyConstraint("tenant_id", "notice_id"),
    UniqueConstraint("tenant_id", "cause_id", "complaint_id", "template", "recipient"),
    Index(None, "tenant_id", "complaint_id"),
    Index(None, "tenant_id", "digest_id"),
    Index(None, "tenant_id", "recipient", "planned_at"),
)
deliveries = Table(
    "deliveries",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("delivery_id", Uuid, nullable=False),
    Column("notice_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime),  # while it is being sent: when the lease ends
    Column("provider_reference", String(1000)),
    Column("handed_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("error", String(300)),
    Column("traceparent", String(55)),
    PrimaryKeyConstraint("tenant_id", "delivery_id"),
    UniqueConstraint("tenant_id", "notice_id", "channel"),
    Index(None, "tenant_id", "complaint_id"),
    # A provider's report names no tenant.
    Index(None, "delivery_id"),
    Index(None, "provider_reference"),
)
due_indexes(deliveries)
surveys = Table(
    "surveys",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("survey_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("round", Integer, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # of the next reminder
    Column("attempts", Integer, nullable=False),
    Column("reminded", Integer, nullable=False),
    Column("score", Integer),
    Column("comment", Text),  # masked
    Column("answered_at", UtcDateTime),  # the first time
    PrimaryKeyConstraint("tenant_id", "survey_id"),
    UniqueConstraint("tenant_id", "complaint_id", "round"),
)
due_indexes(surveys)
# A link is made anew for each message; only the hash of what it carries stays here.
survey_links = Table(
    "survey_links",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("token_sha256", LargeBinary(32), nullable=False),
    Column("survey_id", Uuid, nullable=False),
    PrimaryKeyConstraint("tenant_id", "token_sha256"),
)
# Reports about what no delivery is known for yet; the provider tells whose it is only by its own reference.
early_reports = Table(
    "early_reports",
    metadata,
    Column("provider_reference", String(256), nullable=False),
    Column("arrived", Boolean, nullable=False),
    Column("reason", String(80), nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("provider_reference"),
    Index(None, "reported_at"),
)
