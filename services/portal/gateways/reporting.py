from datetime import date

from services.portal.gateways.http import Answer, ServiceClient


class Reporting(ServiceClient):
    """The figures."""

    def kpis(self, token: str, first: date, last: date) -> Answer:
        """Both days are the tenant's own and both are counted."""
        return self.get("/v1/kpis", token=token, **{"from": first.isoformat(), "to": last.isoformat()})
