from collections.abc import Mapping
from typing import Any

from services.portal.gateways.http import LONG_TIMEOUT, Answer, ServiceClient


class Sla(ServiceClient):
    """Clocks of one complaint."""

    def clocks(self, token: str, complaint_id: str) -> Answer:
        return self.get(f"/v1/complaints/{complaint_id}/clocks", token=token)

    def promises(self, permit: str) -> Answer:
        """What the complaint of intake's permit was promised, and why."""
        return self.get("/v1/promises", token=permit)

    def try_deadlines(self, token: str, content: Mapping[str, Any], *, language: str) -> Answer:
        """By when a Procedure would want what done for one complaint."""
        return self.post("/v1/deadlines/try", content, token=token, language=language)

    def preview(self, token: str, content: Mapping[str, Any], *, language: str) -> Answer:
        """Which limits of past cases a Procedure would have ended at another time."""
        return self.post("/v1/deadlines/preview", content, token=token, language=language, timeout=LONG_TIMEOUT)
