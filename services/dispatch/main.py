"""The dispatch service, put together. No other module here chooses an implementation."""

from functools import partial

from libs.common.clock import Clock
from libs.common.foundation import lay_foundation
from libs.common.service import Job, Service
from services.dispatch import api, consumers, tables
from services.dispatch.config import Config
from services.dispatch.gateways import PRINTERS
from services.dispatch.jobs import call_the_next, check_ledgers
from services.dispatch.store import Store

METADATA = tables.metadata
CALL_SECONDS = 1.0
LEDGER_SECONDS = 60.0


def build(config: Config, ticking: Clock | None = None) -> Service:
    """The service, ready to be served or worked."""
    ground = lay_foundation("dispatch", config, tables.plumbing, Store, ticking)
    return ground.service(
        blueprints=api.blueprints(ground.units, PRINTERS),
        errors=api.ERRORS,
        subscriptions=consumers.SUBSCRIPTIONS,
        jobs=(
            Job("calls", partial(call_the_next, ground.worker_units), every=CALL_SECONDS),
            Job("ledger", partial(check_ledgers, ground.worker_units), every=LEDGER_SECONDS),
        ),
    )
