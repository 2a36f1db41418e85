"""The tables of reporting."""

import sqlalchemy as sa
from alembic import op

from libs.common import schema

revision = "v0001"
down_revision = None


def upgrade() -> None:
    schema.create_plumbing("reporting")
    op.create_table(
        "clocks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=False),
        sa.Column("limit_id", sa.String(length=60), nullable=False),
        sa.Column("milestone_to", sa.String(length=60), nullable=False),
        sa.Column("of_part", sa.Boolean(), nullable=False),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "complaint_id", "clock_id", name=op.f("pk_clocks")),
    )
    op.create_index(
        op.f("ix_clocks_tenant_id_missed_on_clock_id"), "clocks", ["tenant_id", "missed_on", "clock_id"], unique=False
    )
    op.create_table(
        "daily",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("closed_in_time", sa.Integer(), nullable=False),
        sa.Column("breached", sa.Integer(), nullable=False),
        sa.Column("surveyed", sa.Integer(), nullable=False),
        sa.Column("satisfied", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "starts_on", "department", "category", "channel", name=op.f("pk_daily")),
    )
    op.create_table(
        "daily_times",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "starts_on", "department", "category", "measure", "bucket", name=op.f("pk_daily_times")
        ),
    )
    op.create_table(
        "days",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("breached", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "starts_on", "department", name=op.f("pk_days")),
    )
    op.create_table(
        "doors",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_doors")),
    )
    op.create_table(
        "drawn",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "draw_id", "complaint_id", name=op.f("pk_drawn")),
    )
    op.create_table(
        "draws",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("every", sa.String(length=10), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("share_percent", sa.SmallInteger(), nullable=True),
        sa.Column("roles", sa.JSON(), nullable=True),
        sa.Column("seed", sa.String(length=32), nullable=True),
        sa.Column("population", sa.JSON(), nullable=True),
        sa.Column("population_sha256", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "draw_id", name=op.f("pk_draws")),
        sa.UniqueConstraint(
            "tenant_id", "purpose", "every", "first", name=op.f("uq_draws_tenant_id_purpose_every_first")
        ),
    )
    for name, columns in (("ix_draws_due", ["due_at"]), ("ix_draws_due_by_tenant", ["tenant_id", "due_at"])):
        op.create_index(
            name,
            "draws",
            columns,
            unique=False,
            postgresql_where=sa.text("due_at IS NOT NULL"),
            sqlite_where=sa.text("due_at IS NOT NULL"),
        )
    op.create_table(
        "facts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("category", sa.String(length=60), nullable=True),
        sa.Column("urgency", sa.String(length=60), nullable=True),
        sa.Column("department", sa.String(length=60), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("vip", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_response_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=30), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("satisfied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened", sa.SmallInteger(), nullable=False),
        sa.Column("follows", sa.Uuid(), nullable=True),
        sa.Column("case_opened", sa.Boolean(), nullable=False),
        sa.Column("mystery", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("breached", sa.SmallInteger(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "complaint_id", name=op.f("pk_facts")),
    )
    op.create_index(
        op.f("ix_facts_tenant_id_closed_on_complaint_id"),
        "facts",
        ["tenant_id", "closed_on", "complaint_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_facts_tenant_id_registered_on_complaint_id"),
        "facts",
        ["tenant_id", "registered_on", "complaint_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_facts_tenant_id_responded_on_complaint_id"),
        "facts",
        ["tenant_id", "responded_on", "complaint_id"],
        unique=False,
    )
    op.create_table(
        "monthly",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("closed_in_time", sa.Integer(), nullable=False),
        sa.Column("breached", sa.Integer(), nullable=False),
        sa.Column("surveyed", sa.Integer(), nullable=False),
        sa.Column("satisfied", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "starts_on", "department", "category", "channel", name=op.f("pk_monthly")),
    )
    op.create_table(
        "monthly_times",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "starts_on", "department", "category", "measure", "bucket", name=op.f("pk_monthly_times")
        ),
    )
    op.create_table(
        "mystery_marks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("mark_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("mystery", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "mark_id", name=op.f("pk_mystery_marks")),
    )
    op.create_table(
        "open_cases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "department", name=op.f("pk_open_cases")),
    )
    op.create_table(
        "tenants",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenants")),
    )
    op.create_table(
        "typical_case_changes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "change_id", name=op.f("pk_typical_case_changes")),
    )
    op.create_index(
        op.f("ix_typical_case_changes_tenant_id_complaint_id_change_id"),
        "typical_case_changes",
        ["tenant_id", "complaint_id", "change_id"],
        unique=False,
    )
    op.create_table(
        "typical_cases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "complaint_id", name=op.f("pk_typical_cases")),
    )
    for table in (
        "clocks",
        "daily",
        "daily_times",
        "days",
        "drawn",
        "draws",
        "facts",
        "monthly",
        "monthly_times",
        "mystery_marks",
        "open_cases",
        "tenants",
        "typical_case_changes",
        "typical_cases",
    ):
        schema.protect(table)
    schema.open_to_worker("draws", "reporting")
