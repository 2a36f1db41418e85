"""Asking the services for a page: all at once, each failure staying in its own part (R28)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from libs.common.clock import Clock
from services.portal.domain.answers import (
    NotAllowed,
    NotThere,
    Part,
    RequestRefused,
    ServiceUnavailable,
    TooMuch,
)
from services.portal.gateways import Gateways

EXTENSION = "redress-portal"


@dataclass(frozen=True)
class Reach:
    """What every page may reach for; kept on the app under EXTENSION. Addresses have no slash at the end."""

    gateways: Gateways
    clock: Clock
    public_url: str
    jaeger_url: str | None


def reach() -> Reach:
    here: Reach = current_app.extensions[EXTENSION]
    return here


def services() -> Gateways:
    return reach().gateways


def now() -> datetime:
    return reach().clock.now()


def part(call: Callable[[], Any]) -> Part:
    """What one call gives to a page. Only SignInNeeded goes through: then there is no page at all."""
    try:
        return Part(call())
    except (ServiceUnavailable, TooMuch):
        return Part(state="away")
    except NotThere:
        return Part(state="missing")
    except NotAllowed:
        return Part(state="not_allowed")
    except RequestRefused as refused:
        return Part(refused, state="refused")


def gather(calls: dict[str, Callable[[], Any]]) -> dict[str, Part]:
    """All calls side by side: the page waits for the slowest, not for the sum. Traces pass through."""
    with ThreadPoolExecutor(max_workers=max(len(calls), 1)) as threads:
        waiting = {name: threads.submit(copy_context().run, part, call) for name, call in calls.items()}
        return {name: asked.result() for name, asked in waiting.items()}
