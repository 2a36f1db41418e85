"""API keys: shown once, kept as digests, revocable."""

import pytest


def test_a_key_gives_a_token_that_reads_as_staff(firm, admin, anybody):
    key = admin.post("/v1/api-keys", name="front-desk system").get_json()["api_key"]
    program = bearer(anybody, anybody.post("/v1/tokens", tenant="linjiang", api_key=key))
    assert program.get("/v1/procedure").status_code == 200
    assert program.post("/v1/places", kind="property", name="翠湖").status_code == 403
    assert program.get("/v1/api-keys").status_code == 403


def test_a_keys_token_cannot_ask_for_addresses(firm, admin, anybody):
    key = admin.post("/v1/api-keys", name="front-desk system").get_json()["api_key"]
    program = bearer(anybody, anybody.post("/v1/tokens", tenant="linjiang", api_key=key))
    assert program.get(f"/v1/people/{firm.admin_id}/address").status_code == 403


def test_a_key_is_shown_once_and_only_its_digest_is_kept(admin, kept):
    made = admin.post("/v1/api-keys", key="k1", name="front-desk system").get_json()
    assert len(made["api_key"]) > 40 and made["scopes"] == ["staff"]
    assert made["api_key"].encode() not in kept()
    [listed] = admin.get("/v1/api-keys").get_json()["items"]
    assert listed == {name: value for name, value in made.items() if name != "api_key"}


def test_asking_again_under_the_same_idempotency_key_makes_no_second_key(admin):
    made = admin.post("/v1/api-keys", key="k1", name="front-desk system").get_json()
    again = admin.post("/v1/api-keys", key="k1", name="front-desk system").get_json()
    assert again["id"] == made["id"] and "api_key" not in again
    assert len(admin.get("/v1/api-keys").get_json()["items"]) == 1


def test_a_revoked_key_opens_nothing(admin, anybody):
    made = admin.post("/v1/api-keys", name="front-desk system").get_json()
    assert admin.delete(f"/v1/api-keys/{made['id']}").status_code == 204
    assert anybody.post("/v1/tokens", tenant="linjiang", api_key=made["api_key"]).status_code == 401
    assert admin.get("/v1/api-keys").get_json()["items"][0]["revoked_at"] is not None
    assert admin.delete(f"/v1/api-keys/{made['id']}").status_code == 404


@pytest.mark.parametrize("slug", ["yunxi", "nowhere"])
def test_a_key_is_of_no_use_at_another_tenant(admin, other, anybody, slug):
    key = admin.post("/v1/api-keys", name="front-desk system").get_json()["api_key"]
    refused = anybody.post("/v1/tokens", tenant=slug, api_key=key)
    unknown = anybody.post("/v1/tokens", tenant=slug, api_key="redress_unknown")
    assert refused.status_code == 401 and refused.get_json()["detail"] == unknown.get_json()["detail"]


@pytest.mark.parametrize("scope", ["contact", "staff_address", "admin", "complaints:write"])
def test_a_key_cannot_be_for_what_only_services_may(admin, wrong_fields, scope):
    refused = admin.post("/v1/api-keys", name="x", scopes=["staff", scope])
    assert refused.status_code == 422
    assert wrong_fields(refused) == {"#/scopes": f"{scope} is not known here; choose from: staff"}


def test_a_key_is_for_something(admin, wrong_fields):
    assert list(wrong_fields(admin.post("/v1/api-keys", name="x", scopes=[]))) == ["#/scopes"]
    assert list(wrong_fields(admin.post("/v1/api-keys", name=" "))) == ["#/name"]


def bearer(anybody, answer):
    assert answer.status_code == 201
    return type(anybody)(anybody.service, {"Authorization": f"Bearer {answer.get_json()['access_token']}"})
