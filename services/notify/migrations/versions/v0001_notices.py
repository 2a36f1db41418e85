"""The tables of notify."""

import sqlalchemy as sa
from alembic import op

from libs.common import schema

revision = "v0001"
down_revision = None


def upgrade() -> None:
    schema.create_plumbing("notify")
    op.create_table(
        "cases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("urgency", sa.String(length=60), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("coordinator_id", sa.Uuid(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("prevention", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "complaint_id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_tenant_id_merged_into"), "cases", ["tenant_id", "merged_into"], unique=False)
    op.create_table(
        "clocks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("limit_id", sa.String(length=60), nullable=False),
        sa.Column("milestone_to", sa.String(length=60), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("of_part", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "clock_id", name=op.f("pk_clocks")),
    )
    op.create_index(op.f("ix_clocks_tenant_id_complaint_id"), "clocks", ["tenant_id", "complaint_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_reference", sa.String(length=1000), nullable=True),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("traceparent", sa.String(length=55), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "delivery_id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "tenant_id", "notice_id", "channel", name=op.f("uq_deliveries_tenant_id_notice_id_channel")
        ),
    )
    op.create_index(op.f("ix_deliveries_delivery_id"), "deliveries", ["delivery_id"], unique=False)
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_deliveries_due_by_tenant",
        "deliveries",
        ["tenant_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_deliveries_provider_reference"), "deliveries", ["provider_reference"], unique=False)
    op.create_index(
        op.f("ix_deliveries_tenant_id_complaint_id"), "deliveries", ["tenant_id", "complaint_id"], unique=False
    )
    op.create_table(
        "early_reports",
        sa.Column("provider_reference", sa.String(length=256), nullable=False),
        sa.Column("arrived", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider_reference", name=op.f("pk_early_reports")),
    )
    op.create_index(op.f("ix_early_reports_reported_at"), "early_reports", ["reported_at"], unique=False)
    op.create_table(
        "notices",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("recipient", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("told_as", sa.String(length=20), nullable=False),
        sa.Column("limit_id", sa.String(length=60), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("party", sa.String(length=200), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("needs_person", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("digest_id", sa.Uuid(), nullable=True),
        sa.Column("gathers", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "notice_id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "tenant_id",
            "cause_id",
            "complaint_id",
            "template",
            "recipient",
            name=op.f("uq_notices_tenant_id_cause_id_complaint_id_template_recipient"),
        ),
    )
    op.create_index(op.f("ix_notices_tenant_id_complaint_id"), "notices", ["tenant_id", "complaint_id"], unique=False)
    op.create_index(op.f("ix_notices_tenant_id_digest_id"), "notices", ["tenant_id", "digest_id"], unique=False)
    op.create_index(
        op.f("ix_notices_tenant_id_recipient_planned_at"),
        "notices",
        ["tenant_id", "recipient", "planned_at"],
        unique=False,
    )
    op.create_table(
        "people",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", name=op.f("pk_people")),
    )
    op.create_table(
        "survey_links",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "token_sha256", name=op.f("pk_survey_links")),
    )
    op.create_table(
        "surveys",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "survey_id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("tenant_id", "complaint_id", "round", name=op.f("uq_surveys_tenant_id_complaint_id_round")),
    )
    for name, columns in (("ix_surveys_due", ["due_at"]), ("ix_surveys_due_by_tenant", ["tenant_id", "due_at"])):
        op.create_index(
            name,
            "surveys",
            columns,
            unique=False,
            postgresql_where=sa.text("due_at IS NOT NULL"),
            sqlite_where=sa.text("due_at IS NOT NULL"),
        )
    op.create_table(
        "tenants",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenants")),
    )
    for table in ("cases", "clocks", "deliveries", "notices", "people", "survey_links", "surveys", "tenants"):
        schema.protect(table)
    for table in ("deliveries", "surveys"):
        schema.open_to_worker(table, "notify")
