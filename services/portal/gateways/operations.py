"""What operators ask: every service about its queues, the span store, and the movable clock."""

from services.portal.gateways.http import Answer, ServiceClient


class Operations:
    """The operations side of one service."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service
        self.name = service.name

    def queues(self, token: str) -> Answer:
        return self._service.get("/v1/ops/queues", token=token)

    def parked(self, token: str) -> Answer:
        return self._service.get("/v1/ops/parked", token=token)

    def replay(self, token: str, event_id: str, *, key: str) -> Answer:
        return self._service.post(f"/v1/ops/parked/{event_id}/replay", token=token, key=key)

    def timeline(self, token: str, complaint_id: str) -> Answer:
        return self._service.get(f"/v1/ops/timeline/{complaint_id}", token=token)


class Traces(ServiceClient):
    """Spans kept locally; `started_at` is in seconds since 1970."""

    def recent(self, token: str) -> Answer:
        """The first span of each recent trace."""
        return self.get("/v1/traces", token=token, recent=1)

    def of_complaint(self, token: str, complaint_id: str) -> Answer:
        """All spans of every trace that touched the complaint."""
        return self.get("/v1/traces", token=token, complaint=complaint_id)

    def of_trace(self, token: str, trace_id: str) -> Answer:
        return self.get("/v1/traces", token=token, trace=trace_id)


class Platform(ServiceClient):
    """The clock of a trial or a demonstration."""

    def clock(self, token: str) -> Answer:
        return self.get("/v1/clock", token=token)

    def advance(self, token: str, seconds: int, *, key: str) -> Answer:
        return self.post("/v1/clock", {"advance_seconds": seconds}, token=token, key=key)
