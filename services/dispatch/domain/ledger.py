"""The ledger 台账 of compensation as a table for a spreadsheet (DI-10)."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from services.dispatch.domain.amounts import in_major

COLUMNS = (
    "number",
    "compensation_id",
    "kind",
    "state",
    "department",
    "currency",
    "amount",
    "paid",
    "proposed_at",
    "proposed_by",
    "decided_at",
    "decided_by",
    "last_paid_at",
    "vouchers",
    "reason",
)
CALCULATES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for something else


def as_csv(entries: Iterable[Mapping[str, Any]], names: Mapping[UUID, str], zone: tzinfo) -> str:
    """One row an entry, in the given order; amounts in major units, times in the tenant's zone."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for entry in entries:
        row = _row(entry, names, zone)
        rows.writerow([harmless(row[column]) for column in COLUMNS])
    return BYTE_ORDER_MARK + written.getvalue()


def harmless(value: Any) -> str:
    """The text of a cell, which no spreadsheet takes for a formula; None is an empty cell."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(CALCULATES) else text


def _row(entry: Mapping[str, Any], names: Mapping[UUID, str], zone: tzinfo) -> dict[str, Any]:
    def shown(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat(sep=" ", timespec="seconds") if moment else None

    payments = entry["payments"]
    return {
        **entry,
        "amount": in_major(entry["amount"], entry["currency"]),
        "paid": in_major(entry["paid"], entry["currency"]),
        "proposed_at": shown(entry["proposed_at"]),
        "proposed_by": names.get(entry["proposed_by_id"]),
        "decided_at": shown(entry["decided_at"]),
        "decided_by": names.get(entry["decided_by_id"]) if entry["decided_by_id"] else None,
        "last_paid_at": shown(max((payment["paid_at"] for payment in payments), default=None)),
        "vouchers": " ".join(str(payment["voucher_id"]) for payment in payments if payment["voucher_id"]),
    }
