"""The notify service, put together. No other module here chooses an implementation."""

import secrets
from functools import partial

import httpx

from libs.common.auth import Issuer
from libs.common.clock import Clock
from libs.common.config import SettingsWrong
from libs.common.foundation import lay_foundation
from libs.common.outbox import Bell
from libs.common.service import Service
from libs.common.unit_of_work import UnitsOfWork
from services.notify import api, consumers, jobs, tables
from services.notify.config import Config
from services.notify.domain.message import Gateway
from services.notify.domain.restraint import Restraint
from services.notify.gateways.aliyun import AliyunAccount, AliyunSms, read_report
from services.notify.gateways.asking import ServiceClient
from services.notify.gateways.intake import Complainants
from services.notify.gateways.smtp import SmtpMail
from services.notify.gateways.smtp_url import NotAnSmtpUrl, smtp_server
from services.notify.gateways.tenants import Staff
from services.notify.handlers.desk import Desk
from services.notify.store import Store
from services.notify.store.reports import Reports

METADATA = tables.metadata


def build(
    config: Config,
    ticking: Clock | None = None,
    intake_transport: httpx.BaseTransport | None = None,
    tenants_transport: httpx.BaseTransport | None = None,
) -> Service:
    """The service, ready to be served or worked.

    The transports replace the network, where the other services live in this process.
    """
    sending_bell = Bell()
    ground = lay_foundation("notify", config, tables.plumbing, Store, ticking, also_ring=sending_bell.ring)
    asking = partial(ServiceClient, issuer=Issuer("notify", config.keys_dir), clock=ground.clock)
    desk = Desk(
        # Sending rings no bell for itself: what it changes it has just done.
        units=UnitsOfWork(ground.worker_database, tables.plumbing, Store, ground.clock, ground.relay_bell.ring),
        reports=Reports(ground.worker_database),
        complainants=Complainants(asking("intake", config.intake_url, scope="contact", transport=intake_transport)),
        staff=Staff(asking("tenants", config.tenants_url, scope="staff_address", transport=tenants_transport)),
        gateways=_gateways(config),
        restraint=Restraint(secrets.token_bytes(32)),
        clock=ground.clock,
        public_url=config.public_url,
        sms_signature=config.aliyun_sign_name,
    )
    return ground.service(
        blueprints=api.blueprints(ground.units, desk, read_report, config.aliyun_callback_token),
        errors=api.ERRORS,
        subscriptions=consumers.SUBSCRIPTIONS,
        jobs=jobs.jobs(desk, sending_bell, config.sending_every),
    )


def _gateways(config: Config) -> dict[str, Gateway]:
    """The ways out by channel: mail always, SMS when there is an account for it."""
    try:
        server = smtp_server(config.smtp_url.reveal())
    except NotAnSmtpUrl as mistake:
        raise SettingsWrong(f"SMTP_URL: {mistake}") from None
    ways: dict[str, Gateway] = {"email": SmtpMail(server)}
    if config.aliyun_key_id and config.aliyun_key_secret:
        account = AliyunAccount(
            access_key_id=config.aliyun_key_id,
            access_key_secret=config.aliyun_key_secret.reveal(),
            endpoint=config.aliyun_endpoint,
        )
        ways["sms"] = AliyunSms(account, nonce=lambda: secrets.token_hex(16))
    return ways
