"""Two shapes of answers that several routes share."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, current_app

from libs.common.web.idempotency import answered


def page(rows: Sequence[Mapping[Any, Any]], limit: int, key: str) -> dict[str, Any]:
    """A part of a list, from rows of which one more than `limit` was asked for; `key` names the cursor."""
    shown = rows[:limit]
    return {"items": shown, "next_cursor": shown[-1][key] if len(rows) > limit else None}


def shown_once(response: Response, **secrets: str) -> Response:
    """The answer with what must not be kept, and so is missing when the same request is answered again."""
    if "Idempotency-Replayed" in response.headers:
        return response
    return answered(current_app.json.dumps(response.get_json() | secrets), response.status_code)
