"""How notify asks another service: a token for one tenant and one purpose, and short time-outs."""

import logging
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import httpx
import msgspec

from libs.common.auth import Issuer, Principal
from libs.common.clock import Clock
from libs.common.telemetry import current_traceparent
from services.notify.domain.contact import NobodyThere, NotReachableNow

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

TIMEOUT = httpx.Timeout(connect=1.0, read=4.0, write=4.0, pool=1.0)
TOKEN_LIFETIME = timedelta(minutes=2)


class ServiceClient:
    """Asks one service for things of any tenant, each time in that tenant's name and with `scope` alone."""

    def __init__(
        self, name: str, url: str, issuer: Issuer, scope: str, clock: Clock, transport: httpx.BaseTransport | None
    ) -> None:
        self._name = name
        self._issuer = issuer
        self._scope = frozenset({scope})
        self._clock = clock
        self._http = httpx.Client(
            base_url=url.rstrip("/"), timeout=TIMEOUT, transport=transport, trust_env=False, follow_redirects=False
        )

    def get(self, tenant_id: UUID, path: str, kind: type[Answer]) -> Answer:
        """The answer as `kind`. Raises NobodyThere for what is not there, NotReachableNow for anything else."""
        speaker = Principal(tenant_id, None, "notify", scopes=self._scope)
        headers = {"Authorization": f"Bearer {self._issuer.sign(speaker, self._clock.now(), TOKEN_LIFETIME)}"}
        if traceparent := current_traceparent():
            headers["traceparent"] = traceparent
        try:
            response = self._http.get(path, headers=headers)
        except httpx.HTTPError as trouble:
            raise NotReachableNow(f"{self._name}: {type(trouble).__name__}") from trouble
        if response.status_code in (404, 410):
            raise NobodyThere
        if response.status_code != 200:
            log.warning("%s answered %s", self._name, response.status_code)
            raise NotReachableNow(f"{self._name}: HTTP {response.status_code}")
        try:
            return msgspec.json.decode(response.content, type=kind)
        except msgspec.MsgspecError as mistake:
            # Its words may quote the answer, which holds addresses.
            raise NotReachableNow(f"{self._name}: an answer that cannot be read") from mistake
