"""The tenants service, put together. No other module here chooses an implementation."""

from libs.common.auth import Issuer
from libs.common.clock import Clock
from libs.common.foundation import lay_foundation
from libs.common.service import Service
from services.tenants import api, consumers, tables
from services.tenants.config import Config
from services.tenants.handlers.gate import Gate
from services.tenants.store import Store
from services.tenants.store.register import AllTenants, Doors

METADATA = tables.metadata


def build(config: Config, ticking: Clock | None = None) -> Service:
    """The service, ready to be served or worked."""
    ground = lay_foundation("tenants", config, tables.plumbing, Store, ticking)
    gate = Gate(
        units=ground.units,
        doors=Doors(ground.database),
        tenants=AllTenants(ground.worker_database),
        issuer=Issuer("tenants", config.keys_dir),
        clock=ground.clock,
    )
    return ground.service(
        blueprints=api.blueprints(gate, ground.keys), errors=api.ERRORS, subscriptions=consumers.SUBSCRIPTIONS
    )
