from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from threading import Event
from typing import Any
from urllib.parse import urlencode

import httpx

from services.portal.domain.answers import RequestRefused
from services.portal.gateways.http import LONG_TIMEOUT, Answer, ServiceClient

NAMING_FILES = frozenset({"attachments", "voucher_id"})
UNPROCESSABLE = 422
WHILE_HEARING = (0.1, 0.2, 0.4, 0.8)  # seconds


class Dispatch(ServiceClient):
    """Cases: the lists, one case, and the steps people take on it; who is on duty and who is away."""

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
        """`step` is the rest of the address below the case: accept, milestones, compensation/pay, …

        A file that it names was kept just now, and dispatch may hear of that a moment later: then it is sent again.
        """
        take = partial(self.post, f"/v1/cases/{complaint_id}/{step}", content, token=token, key=key, language=language)
        for pause in WHILE_HEARING if NAMING_FILES & content.keys() else ():
            try:
                return take()
            except RequestRefused as refused:
                if refused.status != UNPROCESSABLE or not NAMING_FILES & refused.fields.keys():
                    raise
            Event().wait(pause)
        return take()

    def printed(
        self,
        token: str,
        complaint_id: str,
        form: str,
        kind: str,
        *,
        language: str,
        complainant: Mapping[str, str] | None = None,
    ) -> AbstractContextManager[httpx.Response]:
        """One of the three forms of a case, as pdf or docx (DI-15); `complainant` is named in this copy alone."""
        path = f"/v1/cases/{complaint_id}/forms/{form}.{kind}?language={language}"
        return self.file(path, token=token, body=complainant)

    def on_duty(self, token: str) -> Answer:
        return self.get("/v1/roster/now", token=token)

    def roster(self, token: str, department: str | None = None) -> Answer:
        return self.get("/v1/roster", token=token, department=department)

    def plan_roster(
        self, token: str, department: str, entries: Sequence[Mapping[str, Any]], *, seen: int, key: str, language: str
    ) -> Answer:
        """These are all entries of the department from now on; refused with 412 when `seen` is not the newest."""
        address = f"/v1/roster?{urlencode({'department': department})}"
        return self.put(address, {"entries": list(entries)}, token=token, seen=seen, key=key, language=language)

    def absences(self, token: str) -> Answer:
        return self.get("/v1/roster/absences", token=token)

    def plan_absence(self, token: str, content: Mapping[str, Any], *, key: str, language: str) -> Answer:
        return self.post("/v1/roster/absences", content, token=token, key=key, language=language)

    def end_absence(self, token: str, absence_id: str) -> Answer:
        return self.delete(f"/v1/roster/absences/{absence_id}", token=token)

    def try_procedure(self, token: str, content: Mapping[str, Any], *, language: str) -> Answer:
        """What one complaint would become under a Procedure."""
        return self.post("/v1/procedures/try", content, token=token, language=language)

    def preview(self, token: str, content: Mapping[str, Any], *, language: str) -> Answer:
        """What a Procedure would have made of past cases."""
        return self.post("/v1/procedures/preview", content, token=token, language=language, timeout=LONG_TIMEOUT)

    def ledger_checks(self, token: str) -> Answer:
        """How the ledger was held against the cases at the end of each period."""
        return self.get("/v1/compensation/checks", token=token)
