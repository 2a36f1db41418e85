from collections.abc import Mapping
from datetime import date
from typing import Any

from services.portal.gateways.http import Answer, ServiceClient


class Reporting(ServiceClient):
    """The figures, what is looked back at, and what everybody may read."""

    def kpis(self, token: str, first: date, last: date) -> Answer:
        """Both days are the tenant's own and both are counted."""
        return self.get("/v1/kpis", token=token, **{"from": first.isoformat(), "to": last.isoformat()})

    def draws(self, token: str, kind: str) -> Answer:
        """`kind`: `callbacks` or `reviews`."""
        return self.get(f"/v1/{kind}", token=token)

    def draw(self, token: str, kind: str, draw_id: str) -> Answer:
        return self.get(f"/v1/{kind}/{draw_id}", token=token)

    def record(
        self,
        token: str,
        kind: str,
        draw_id: str,
        complaint_id: str,
        said: Mapping[str, Any],
        *,
        key: str,
        language: str,
    ) -> Answer:
        """What came of one call or review; the last word counts."""
        path = f"/v1/{kind}/{draw_id}/complaints/{complaint_id}"
        return self.put(path, said, token=token, key=key, language=language)

    def disclosure(self, slug: str) -> Answer:
        """What everybody may read; not there where the firm publishes nothing."""
        return self.get(f"/v1/disclosure/{slug}")

    def typical_cases(self, token: str) -> Answer:
        return self.get("/v1/typical-cases", token=token)

    def write_case(self, token: str, complaint_id: str, words: Mapping[str, Any], *, key: str, language: str) -> Answer:
        return self.put(f"/v1/typical-cases/{complaint_id}", words, token=token, key=key, language=language)
