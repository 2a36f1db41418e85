"""What wakes tenants: nothing, it hears nobody."""

from libs.common.inbox import Subscriptions
from services.tenants.store import Store

SUBSCRIPTIONS: Subscriptions[Store] = {}
