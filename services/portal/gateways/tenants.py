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
