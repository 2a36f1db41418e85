"""Who asks, in the words of the rules."""

from libs.common.web.access import principal
from services.dispatch.domain.permissions import Actor


def actor() -> Actor:
    asks = principal()
    return Actor(asks.person_id, asks.roles, asks.departments)
