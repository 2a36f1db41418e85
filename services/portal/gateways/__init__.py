"""One typed client for each service the screens are made from."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from services.portal.gateways.dispatch import Dispatch
from services.portal.gateways.http import ServiceClient
from services.portal.gateways.intake import Intake
from services.portal.gateways.notify import Notify
from services.portal.gateways.operations import Operations, Platform, Traces
from services.portal.gateways.reporting import Reporting
from services.portal.gateways.sla import Sla
from services.portal.gateways.tenants import Tenants


@dataclass(frozen=True, kw_only=True)
class Gateways:
    """`traces` and `platform` are None where no such address was set."""

    tenants: Tenants
    intake: Intake
    dispatch: Dispatch
    sla: Sla
    notify: Notify
    reporting: Reporting
    traces: Traces | None
    platform: Platform | None

    @property
    def operations(self) -> dict[str, Operations]:
        services: tuple[ServiceClient, ...] = (
            self.tenants,
            self.intake,
            self.dispatch,
            self.sla,
            self.notify,
            self.reporting,
        )
        return {service.name: Operations(service) for service in services}


def connect(urls: Mapping[str, str | None], transports: Mapping[str, httpx.BaseTransport] | None = None) -> Gateways:
    """Clients for the services at `urls`, by service name. A transport given for a name is used instead of
    the network."""
    through = transports or {}

    def of(name: str) -> tuple[str, str, httpx.BaseTransport | None]:
        return name, urls[name] or "", through.get(name)

    return Gateways(
        tenants=Tenants(*of("tenants")),
        intake=Intake(*of("intake")),
        dispatch=Dispatch(*of("dispatch")),
        sla=Sla(*of("sla")),
        notify=Notify(*of("notify")),
        reporting=Reporting(*of("reporting")),
        traces=Traces(*of("traces")) if urls.get("traces") else None,
        platform=Platform(*of("platform")) if urls.get("platform") else None,
    )
