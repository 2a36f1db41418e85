"""The tables of sla."""

import sqlalchemy as sa
from alembic import op

from libs.common import schema

revision = "v0001"
down_revision = None


def upgrade() -> None:
    schema.create_plumbing("sla")
    op.create_table(
        "alarms",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("to_role", sa.String(length=30), nullable=True),
        sa.Column("fire_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "clock_id", "kind", "level", name=op.f("pk_alarms")),
    )
    op.create_index(
        "ix_alarms_due",
        "alarms",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_alarms_due_by_tenant",
        "alarms",
        ["tenant_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "breaches",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("limit_id", sa.String(length=60), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "clock_id", name=op.f("pk_breaches")),
    )
    op.create_index(
        op.f("ix_breaches_tenant_id_due_at_clock_id"), "breaches", ["tenant_id", "due_at", "clock_id"], unique=False
    )
    op.create_table(
        "cases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("urgency", sa.String(length=60), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("vip", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complex", sa.Boolean(), nullable=False),
        sa.Column("group", sa.Boolean(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("reached", sa.JSON(), nullable=False),
        sa.Column("held_before", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "complaint_id", name=op.f("pk_cases")),
    )
    op.create_index(
        op.f("ix_cases_tenant_id_received_at_complaint_id"),
        "cases",
        ["tenant_id", "received_at", "complaint_id"],
        unique=False,
    )
    op.create_table(
        "clocks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("limit_id", sa.String(length=60), nullable=False),
        sa.Column("milestone_from", sa.String(length=60), nullable=False),
        sa.Column("milestone_to", sa.String(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_reason", sa.String(length=40), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("counted_by", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "clock_id", name=op.f("pk_clocks")),
    )
    op.create_index(
        "ix_clocks_open",
        "clocks",
        ["tenant_id", "due_at", "clock_id"],
        unique=False,
        postgresql_where=sa.text("met_at IS NULL AND stopped_at IS NULL"),
        sqlite_where=sa.text("met_at IS NULL AND stopped_at IS NULL"),
    )
    op.create_index(
        "ix_clocks_counted_by",
        "clocks",
        ["tenant_id", "counted_by"],
        unique=False,
        postgresql_where=sa.text("met_at IS NULL AND stopped_at IS NULL"),
        sqlite_where=sa.text("met_at IS NULL AND stopped_at IS NULL"),
    )
    op.create_index(
        "ix_clocks_provisional",
        "clocks",
        ["tenant_id", "complaint_id"],
        unique=False,
        postgresql_where=sa.text("provisional AND met_at IS NULL AND stopped_at IS NULL"),
        sqlite_where=sa.text("provisional = 1 AND met_at IS NULL AND stopped_at IS NULL"),
    )
    op.create_index(op.f("ix_clocks_tenant_id_complaint_id"), "clocks", ["tenant_id", "complaint_id"], unique=False)
    op.create_index(
        "uq_clocks_one_of_a_limit",
        "clocks",
        ["tenant_id", "complaint_id", "limit_id", "round"],
        unique=True,
        postgresql_where=sa.text("part_id IS NULL AND stopped_at IS NULL"),
        sqlite_where=sa.text("part_id IS NULL AND stopped_at IS NULL"),
    )
    op.create_index(
        "uq_clocks_one_of_a_part",
        "clocks",
        ["tenant_id", "part_id", "limit_id"],
        unique=True,
        postgresql_where=sa.text("part_id IS NOT NULL AND met_at IS NULL AND stopped_at IS NULL"),
        sqlite_where=sa.text("part_id IS NOT NULL AND met_at IS NULL AND stopped_at IS NULL"),
    )
    op.create_table(
        "extensions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("extension_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("limit_id", sa.String(length=60), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("old_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "extension_id", name=op.f("pk_extensions")),
    )
    op.create_index(
        op.f("ix_extensions_tenant_id_complaint_id"), "extensions", ["tenant_id", "complaint_id"], unique=False
    )
    op.create_table(
        "parts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("reached", sa.JSON(), nullable=False),
        sa.Column("held_before", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "part_id", name=op.f("pk_parts")),
    )
    op.create_index(op.f("ix_parts_tenant_id_complaint_id"), "parts", ["tenant_id", "complaint_id"], unique=False)
    op.create_table(
        "pauses",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("pause_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("waits_for", sa.String(length=20), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "pause_id", name=op.f("pk_pauses")),
    )
    op.create_index(op.f("ix_pauses_tenant_id_complaint_id"), "pauses", ["tenant_id", "complaint_id"], unique=False)
    op.create_table(
        "retentions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "complaint_id", name=op.f("pk_retentions")),
    )
    op.create_index(
        "ix_retentions_due",
        "retentions",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_retentions_due_by_tenant",
        "retentions",
        ["tenant_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "tenants",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("calendars_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenants")),
    )
    if schema.on_postgresql():
        # Room in each page for the next version of a clock; and both change often beside what stays.
        op.execute("ALTER TABLE clocks SET (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 70)")
        op.execute("ALTER TABLE alarms SET (autovacuum_vacuum_scale_factor = 0.01)")
    for table in ("alarms", "breaches", "cases", "clocks", "extensions", "parts", "pauses", "retentions", "tenants"):
        schema.protect(table)
    for table in ("alarms", "clocks", "retentions", "tenants"):
        schema.open_to_worker(table, "sla")
