from collections.abc import Mapping
from typing import Any

from services.portal.gateways.http import Answer, ServiceClient


class Tenants(ServiceClient):
    """Sign-in, the public form, people and the Procedure."""

    def sign_in(self, tenant: str, login: str, password: str) -> Answer:
        """Raises SignInNeeded when the three do not fit together."""
        return self.post("/v1/sessions", {"tenant": tenant, "login": login, "password": password})

    def refresh(self, refresh_token: str) -> Answer:
        return self.post("/v1/sessions/refresh", {"refresh_token": refresh_token})

    def sign_out(self, token: str) -> Answer:
        return self.delete("/v1/sessions/current", token=token)

    def form(self, slug: str) -> Answer:
        return self.get(f"/v1/public/tenants/{slug}/form")

    def people(self, token: str) -> Answer:
        return self.get("/v1/people", token=token, limit=200)

    def procedure(self, token: str) -> Answer:
        return self.get("/v1/procedure", token=token)

    def versions(self, token: str) -> Answer:
        return self.get("/v1/procedures", token=token, limit=100)

    def presets(self, token: str) -> Answer:
        return self.get("/v1/presets", token=token)

    def drafts(self, token: str) -> Answer:
        return self.get("/v1/drafts", token=token, limit=100)

    def draft(self, token: str, draft_id: str) -> Answer:
        return self.get(f"/v1/drafts/{draft_id}", token=token)

    def draft_yaml(self, token: str, draft_id: str) -> Answer:
        return self.get(f"/v1/drafts/{draft_id}/yaml", token=token)

    def draft_changes(self, token: str, draft_id: str) -> Answer:
        """In sentences; refused while the draft has mistakes."""
        return self.get(f"/v1/drafts/{draft_id}/changes", token=token)

    def check_draft(self, token: str, draft_id: str) -> Answer:
        return self.post(f"/v1/drafts/{draft_id}/check", token=token)

    def begin_draft(self, token: str, content: Mapping[str, Any], *, key: str, language: str) -> Answer:
        return self.post("/v1/drafts", content, token=token, key=key, language=language)

    def edit_draft(self, token: str, draft_id: str, text: str, seen: int | None, *, key: str, language: str) -> Answer:
        """`seen` is the revision that was read; refused with 412 when it is not the newest."""
        content = {"yaml": text}
        return self.put(f"/v1/drafts/{draft_id}", content, token=token, key=key, language=language, seen=seen)

    def publish_draft(
        self, token: str, draft_id: str, content: Mapping[str, Any], seen: int | None, *, key: str, language: str
    ) -> Answer:
        path = f"/v1/drafts/{draft_id}/publish"
        return self.post(path, content, token=token, key=key, language=language, seen=seen)

    def drop_draft(self, token: str, draft_id: str, seen: int | None) -> Answer:
        return self.delete(f"/v1/drafts/{draft_id}", token=token, seen=seen)
