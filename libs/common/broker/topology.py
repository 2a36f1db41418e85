"""Who hears whom, and the queues that make it so. The one place that names exchanges and queues.

A service hears all that a sender says, in order; what it has no handler for only moves its place in the
sender's story. So every reader can notice a gap in `sequence`.
"""

from typing import Any

EXCHANGE = "redress.events"
DEAD_EXCHANGE = "redress.dead"

HEARS: dict[str, tuple[str, ...]] = {
    "intake": ("tenants", "dispatch", "sla"),
    "dispatch": ("tenants", "intake", "sla", "notify"),
    "sla": ("tenants", "dispatch", "notify"),
    "notify": ("tenants", "dispatch", "sla"),
    "reporting": ("tenants", "intake", "dispatch", "sla", "notify"),
}


def hearers(source: str) -> tuple[str, ...]:
    return tuple(service for service, sources in HEARS.items() if source in sources)


def queue_of(service: str) -> str:
    return f"redress.{service}"


def dead_queue_of(service: str) -> str:
    return f"redress.{service}.dead"


def routing_key(source: str, event_type: str) -> str:
    return f"{source}.{event_type}"


def declare(channel: Any) -> None:
    """Exchanges, queues and bindings. Repeating it changes nothing; other arguments would be refused."""
    channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
    channel.exchange_declare(DEAD_EXCHANGE, "direct", durable=True, auto_delete=False)
    for service, sources in HEARS.items():
        dead = dead_queue_of(service)
        channel.queue_declare(dead, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.queue_bind(dead, DEAD_EXCHANGE, dead)
        channel.queue_declare(queue_of(service), durable=True, auto_delete=False, arguments=_arguments(dead))
        for source in sources:
            channel.queue_bind(queue_of(service), EXCHANGE, f"{source}.#")


def _arguments(dead: str) -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": 50,
        "x-dead-letter-exchange": DEAD_EXCHANGE,
        "x-dead-letter-routing-key": dead,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-max-length": 1_000_000,
    }
