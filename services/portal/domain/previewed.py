"""What a draft would have changed in past cases: dispatch's half and sla's half in one table (PO-4)."""

from collections.abc import Iterable, Mapping
from typing import Any

DECIDES_LIMITS = ("category", "urgency", "department", "major")


def becoming(changed: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """By complaint: what it would be classed as, as far as its limits depend on it."""
    after = {
        str(case["complaint_id"]): {
            name: change["after"] for name, change in case["changes"].items() if name in DECIDES_LIMITS
        }
        for case in changed
    }
    return {complaint_id: classed for complaint_id, classed in after.items() if classed}


def one_table(changed: Iterable[Mapping[str, Any]], moved: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A line for each case, the oldest first: what would be another, and its limits that would end otherwise.

    Whose limits alone would move has no number here: dispatch found nothing to say of it.
    """
    lines = {str(case["complaint_id"]): {**case, "limits": []} for case in changed}
    for limit in moved:
        about = {name: limit[name] for name in ("complaint_id", "received_at")}
        lines.setdefault(str(limit["complaint_id"]), {**about, "changes": {}, "limits": []})["limits"].append(limit)
    return sorted(lines.values(), key=lambda line: (str(line["received_at"]), str(line["complaint_id"])))
