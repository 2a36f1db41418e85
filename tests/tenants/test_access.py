"""Who may do what; and nothing crosses tenants (PR-2)."""

from uuid import uuid4

import pytest

ADMIN_ONLY = [
    ("POST", "/v1/places"),
    ("POST", "/v1/people"),
    ("PATCH", f"/v1/people/{uuid4()}"),
    ("GET", "/v1/api-keys"),
    ("POST", "/v1/api-keys"),
    ("DELETE", f"/v1/api-keys/{uuid4()}"),
    ("POST", "/v1/procedures"),
    ("POST", "/v1/procedures/check"),
    ("GET", "/v1/drafts"),
    ("POST", "/v1/drafts"),
    *((method, f"/v1/drafts/{uuid4()}") for method in ("GET", "PUT", "DELETE")),
    *(("POST", f"/v1/drafts/{uuid4()}/{action}") for action in ("check", "publish")),
    *(("GET", f"/v1/drafts/{uuid4()}/{view}") for view in ("yaml", "changes")),
]
VERSIONS = ("/v1/procedures", "/v1/procedures/1", "/v1/procedures/1/yaml", "/v1/procedures/1/changes/1")
FOR_STAFF = [("GET", path) for path in ("/v1/places", "/v1/people", "/v1/procedure", *VERSIONS)]
FOR_OPERATORS = [("GET", "/v1/tenants"), ("POST", "/v1/tenants"), ("GET", "/v1/ops/queues")]
NOT_ADMINS = ["front_line", "supervisor", "coordinator", "manager", "auditor", "operator"]


@pytest.mark.parametrize("role", NOT_ADMINS)
def test_admins_alone_change_things(firm, role):
    for method, path in ADMIN_ONLY:
        assert firm.as_role(role).call(method, path).status_code == 403, path


def test_all_staff_look_things_up_but_operators_do_not(firm, platform):
    for method, path in FOR_STAFF:
        assert firm.as_role("auditor").call(method, path).status_code == 200, path
        assert platform.as_role("operator").call(method, path).status_code == 403, path


def test_operators_alone_see_all_tenants(firm, operator):
    for method, path in FOR_OPERATORS:
        assert firm.as_role("admin", "manager").call(method, path).status_code == 403, path
    assert operator.get("/v1/ops/queues").status_code == 200


def test_without_a_token_nothing_is_open(firm, anybody):
    for method, path in [*ADMIN_ONLY, *FOR_STAFF, *FOR_OPERATORS, ("DELETE", "/v1/sessions/current")]:
        assert anybody.call(method, path).status_code == 401, path


def test_another_tenants_ids_are_not_there(admin, other):
    foreign = other.as_role("admin")
    key = foreign.post("/v1/api-keys", name="x").get_json()
    unknown = admin.patch(f"/v1/people/{uuid4()}", name="X")
    crossing = admin.patch(f"/v1/people/{other.admin_id}", name="X")
    assert crossing.status_code == unknown.status_code == 404
    assert crossing.get_json()["detail"] == unknown.get_json()["detail"]
    assert admin.delete(f"/v1/api-keys/{key['id']}").status_code == 404
    assert foreign.get("/v1/api-keys").get_json()["items"][0]["revoked_at"] is None


def test_another_tenants_people_are_not_reached(firm, other):
    notify = firm.bearing("notify", scopes=["staff_address"])
    assert notify.get(f"/v1/people/{other.admin_id}/address").status_code == 404
    assert notify.get(f"/v1/people/{firm.admin_id}/address").status_code == 200


def test_lists_show_ones_own_only(firm, other, clerk):
    foreign = other.as_role("admin")
    foreign.post("/v1/places", kind="property", name="云溪")
    published = foreign.get("/v1/procedure").get_json()["document"]
    foreign.post("/v1/procedures", document=published, accept_warnings=True)
    assert clerk.get("/v1/places").get_json()["items"] == []
    assert [person["id"] for person in clerk.get("/v1/people").get_json()["items"]] == [str(firm.admin_id)]
    assert len(clerk.get("/v1/procedures").get_json()["items"]) == 1
    assert clerk.get("/v1/procedure").get_json()["version"] == 1


def test_every_tenant_counts_its_own_versions(admin, other):
    foreign = other.as_role("admin")
    document = foreign.get("/v1/procedure").get_json()["document"]
    versions = [
        who.post("/v1/procedures", document=document, accept_warnings=True).get_json()["version"]
        for who in (foreign, foreign, admin)
    ]
    assert versions == [2, 3, 2]


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("/v1/sessions", {"#/tenant", "#/login", "#/password"}),
        ("/v1/sessions/refresh", {"#/refresh_token"}),
        ("/v1/tokens", {"#/tenant", "#/api_key"}),
        ("/v1/places", {"#/kind", "#/name"}),
        ("/v1/people", {"#/name", "#/login", "#/roles"}),
        ("/v1/api-keys", {"#/name"}),
        ("/v1/procedures", {"#/document"}),
    ],
)
def test_what_is_missing_or_unknown_is_named(admin, wrong_fields, path, missing):
    refused = admin.post(path, surprise=1)
    assert refused.status_code == 422 and missing | {"#/surprise"} >= set(wrong_fields(refused)) >= {"#/surprise"}
    assert path == "/v1/procedures" or set(wrong_fields(refused)) == missing | {"#/surprise"}


def test_the_service_is_ready_and_describes_itself(anybody):
    assert anybody.get("/readyz").status_code == 200
    paths = anybody.get("/v1/openapi.json").get_json()["paths"]
    assert {"/v1/sessions", "/v1/people/{person_id}/address", "/.well-known/jwks.json"} <= set(paths)
