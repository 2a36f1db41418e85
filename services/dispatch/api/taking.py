"""Taking a step: once for its Idempotency-Key, on the version that was seen; answered with the case after it."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from flask import Response

from libs.common.unit_of_work import UnitsOfWork, Work
from libs.common.web.access import principal
from libs.common.web.idempotency import once
from libs.common.web.seen import version_seen
from services.dispatch import schemas
from services.dispatch.api.asking import actor
from services.dispatch.domain.parts import Part
from services.dispatch.handlers.handling import CaseChanged, Handling, take_up, take_up_part
from services.dispatch.handlers.viewing import page_after_step
from services.dispatch.store import Store


class Take(Protocol):
    """`ahead`: what is done before the case is taken up."""

    def __call__(
        self,
        complaint_id: UUID,
        action: str,
        given: dict[str, Any],
        step: Callable[[Handling], None],
        ahead: Callable[[Work[Store]], None] | None = None,
    ) -> Response: ...


TakePart = Callable[[UUID, UUID, str, dict[str, Any], Callable[[Handling, Part], None]], Response]


def taking(units: UnitsOfWork[Store]) -> Take:
    """For steps on a whole case."""

    def take(
        complaint_id: UUID,
        action: str,
        given: dict[str, Any],
        step: Callable[[Handling], None],
        ahead: Callable[[Work[Store]], None] | None = None,
    ) -> Response:
        who, seen = actor(), version_seen(CaseChanged)

        def run(work: Work[Store]) -> dict[str, Any]:
            if ahead:
                ahead(work)
            step(take_up(work, who, complaint_id, action, given, version=seen))
            return page_after_step(work.store, who, complaint_id, work.now)

        return once(units, principal().tenant_id, run, schemas.CaseOut())

    return take


def taking_parts(units: UnitsOfWork[Store]) -> TakePart:
    """For steps on one department's part of a case."""

    def take(
        complaint_id: UUID, part_id: UUID, action: str, given: dict[str, Any], step: Callable[[Handling, Part], None]
    ) -> Response:
        who, seen = actor(), version_seen(CaseChanged)

        def run(work: Work[Store]) -> dict[str, Any]:
            step(*take_up_part(work, who, complaint_id, part_id, action, given, version=seen))
            return page_after_step(work.store, who, complaint_id, work.now)

        return once(units, principal().tenant_id, run, schemas.CaseOut())

    return take
