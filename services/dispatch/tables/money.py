"""What was promised to complainants, what was paid of it, and when it was held against the books and the cases."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from libs.common.db import UtcDateTime
from libs.common.plumbing import due_indexes
from services.dispatch.tables.ground import metadata

# Amounts are minor units of the currency.
compensations = Table(
    "compensations",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("compensation_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("kind", String(20), nullable=False),  # settlement | advance
    Column("state", String(20), nullable=False),  # proposed | approved | declined | paid | withdrawn
    Column("amount", BigInteger, nullable=False),
    Column("paid", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("department", String(60), nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("proposed_by_id", Uuid, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by_id", Uuid),
    Column("decision", Text),  # the words of who approved or declined it
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by_id", Uuid),
    Column("withdrawal", Text),  # why no more will be paid
    PrimaryKeyConstraint("tenant_id", "compensation_id"),
    Index("ix_compensations_by_case", "tenant_id", "complaint_id"),
    Index("ix_compensations_in_order", "tenant_id", "proposed_at", "compensation_id"),
)
payments = Table(
    "payments",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("payment_id", Uuid, nullable=False),
    Column("compensation_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("paid_at", UtcDateTime, nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("voucher_id", Uuid),  # a file that intake keeps
    Column("voucher_sha256", String(64)),  # one paper proves one payment
    PrimaryKeyConstraint("tenant_id", "payment_id"),
    Index("ix_payments_by_compensation", "tenant_id", "compensation_id"),
    Index("ix_payments_in_order", "tenant_id", "paid_at"),
    UniqueConstraint("tenant_id", "voucher_sha256"),
)
reconciliations = Table(
    "reconciliations",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("reconciliation_id", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Uuid, nullable=False),
    Column("first", Date, nullable=False),  # days of the tenant's zone, both counted
    Column("last", Date, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("matched", Integer, nullable=False),
    Column("different", Integer, nullable=False),
    Column("missing_here", Integer, nullable=False),
    Column("missing_there", Integer, nullable=False),
    PrimaryKeyConstraint("tenant_id", "reconciliation_id"),
)
# `due_at` until the period is over and the ledger was held against the cases; then what was found.
ledger_checks = Table(
    "ledger_checks",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("check_id", Uuid, nullable=False),
    Column("every", String(10), nullable=False),  # quarter | half-year
    Column("first", Date, nullable=False),  # days of the tenant's zone, both counted
    Column("last", Date, nullable=False),
    Column("due_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("checked_at", UtcDateTime),
    Column("entries", Integer),
    Column("totals", JSON),
    Column("differences", JSON),
    PrimaryKeyConstraint("tenant_id", "check_id"),
    UniqueConstraint("tenant_id", "every", "first"),
)
due_indexes(ledger_checks)
