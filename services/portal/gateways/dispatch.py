from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import httpx

from services.portal.gateways.http import LONG_TIMEOUT, Answer, ServiceClient


class Dispatch(ServiceClient):
    """Cases: the lists, one case, and the steps people take on it."""

    def cases(
        self,
        token: str,
        *,
        view: str,
        state: str,
        department: str | None = None,
        cursor: str | None = None,
        limit: int = 30,
    ) -> Answer:
        return self.get(
            "/v1/cases",
            token=token,
            view=view,
            state=state,
            department=department,
            cursor=cursor,
            limit=limit,
        )

    def case(self, token: str, complaint_id: str) -> Answer:
        return self.get(f"/v1/cases/{complaint_id}", token=token)

    def take_step(
        self,
        token: str,
        complaint_id: str,
        step: str,
        content: Mapping[str, Any],
        *,
        key: str,
        language: str,
    ) -> Answer:
        """`step` is the rest of the address below the case: accept, milestones, compensation/pay, …"""
        return self.post(f"/v1/cases/{complaint_id}/{step}", content, token=token, key=key, language=language)

    def printed(
        self, token: str, complaint_id: str, form: str, kind: str, *, language: str
    ) -> AbstractContextManager[httpx.Response]:
        """One of the three forms of a case, as pdf or docx (DI-15)."""
        return self.file(f"/v1/cases/{complaint_id}/forms/{form}.{kind}?language={language}", token=token)

    def try_procedure(self, token: str, content: Mapping[str, Any], *, language: str) -> Answer:
        """What one complaint would become under a Procedure."""
        return self.post("/v1/procedures/try", content, token=token, language=language)

    def preview(self, token: str, content: Mapping[str, Any], *, language: str) -> Answer:
        """What a Procedure would have made of past cases."""
        return self.post("/v1/procedures/preview", content, token=token, language=language, timeout=LONG_TIMEOUT)
