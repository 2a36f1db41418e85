from services.portal.gateways.http import Answer, ServiceClient


class Sla(ServiceClient):
    """Clocks of one complaint."""

    def clocks(self, token: str, complaint_id: str) -> Answer:
        return self.get(f"/v1/complaints/{complaint_id}/clocks", token=token)

    def promises(self, permit: str) -> Answer:
        """What the complaint of intake's permit was promised, and why."""
        return self.get("/v1/promises", token=permit)
