"""The intake service, put together. No other module here chooses an implementation."""

from dataclasses import replace
from pathlib import Path

from libs.common.auth import Issuer
from libs.common.clock import Clock
from libs.common.foundation import lay_foundation
from libs.common.privacy.sealing import Seal
from libs.common.service import Service
from services.intake import api, consumers, jobs, tables
from services.intake.config import Config
from services.intake.gateways.files import LocalFiles
from services.intake.gateways.partners import StatusAddresses
from services.intake.handlers.desk import Desk, Files
from services.intake.store import Store
from services.intake.store.registration import Register
from services.intake.store.tenant import Doors

METADATA = tables.metadata
HANDING_BACK_SECONDS = 1.0


def build(config: Config, ticking: Clock | None = None) -> Service:
    """The service, ready to be served or worked."""
    ground = lay_foundation("intake", config, tables.plumbing, Store, ticking)
    desk = Desk(
        units=ground.units,
        register=Register(ground.database, ground.relay_bell.ring),
        doors=Doors(ground.database),
        issuer=Issuer("intake", config.keys_dir),
        seal=Seal(bytes.fromhex(config.platform_key.reveal())),
        files=evidence_files(config.attachments_dir),
        addresses=StatusAddresses(private=config.private_status_urls),
        private_addresses=config.private_status_urls,
        clock=ground.clock,
    )
    return ground.service(
        blueprints=api.blueprints(desk),
        errors=api.ERRORS,
        subscriptions=consumers.SUBSCRIPTIONS,
        jobs=jobs.jobs(replace(desk, units=ground.worker_units), HANDING_BACK_SECONDS),
    )


def evidence_files(folder: Path) -> Files:
    """Where evidence files are kept."""
    return LocalFiles(folder)
