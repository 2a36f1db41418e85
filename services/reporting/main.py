"""The reporting service, put together. No other module here chooses an implementation."""

from libs.common.clock import Clock
from libs.common.foundation import lay_foundation
from libs.common.service import Service
from services.reporting import api, consumers, jobs, tables
from services.reporting.config import Config
from services.reporting.store import Store

METADATA = tables.metadata


def build(config: Config, ticking: Clock | None = None) -> Service:
    """The service, ready to be served or worked."""
    ground = lay_foundation("reporting", config, tables.plumbing, Store, ticking)
    return ground.service(
        blueprints=api.blueprints(ground.units),
        errors=api.ERRORS,
        subscriptions=consumers.SUBSCRIPTIONS,
        jobs=jobs.jobs(ground.worker_units),
    )
