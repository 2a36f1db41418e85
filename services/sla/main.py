"""The sla service, put together. No other module here chooses an implementation."""

from functools import partial

from libs.common.clock import Clock
from libs.common.foundation import lay_foundation
from libs.common.service import Job, Service
from services.sla import api, consumers, tables
from services.sla.config import Config
from services.sla.jobs import end_retentions, fire_alarms, recount_announced, recount_changed
from services.sla.store import Store
from services.sla.store.rules import Seen

METADATA = tables.metadata
ALARM_SECONDS = 0.5
RETENTION_SECONDS = 60.0
ANNOUNCED_SECONDS = 600.0
CHANGED_SECONDS = 5.0


def build(config: Config, ticking: Clock | None = None) -> Service:
    """The service, ready to be served or worked."""
    ground = lay_foundation("sla", config, tables.plumbing, partial(Store, Seen()), ticking)
    return ground.service(
        blueprints=api.blueprints(ground.units),
        errors=api.ERRORS,
        subscriptions=consumers.SUBSCRIPTIONS,
        jobs=(
            *(Job(f"alarms-{n}", partial(fire_alarms, ground.worker_units), every=ALARM_SECONDS) for n in (1, 2)),
            Job("announced", partial(recount_announced, ground.worker_units), every=ANNOUNCED_SECONDS),
            Job("calendars", partial(recount_changed, ground.worker_units), every=CHANGED_SECONDS),
            Job("retention", partial(end_retentions, ground.worker_units), every=RETENTION_SECONDS),
        ),
    )
