"""Tenants join the platform."""

import pytest

from libs.common.events.tenants import PersonChanged, ProcedurePublished, TenantCreated
from services.tenants.domain.mistakes import AlreadyTaken, NotAcceptable
from services.tenants.domain.person import NewPerson
from services.tenants.domain.tenant import NewTenant
from services.tenants.handlers.founding import create_tenant, found_platform

NEW = {
    "slug": "chenghu-hotel",
    "name": "澄湖酒店",
    "kind": "hotel",
    "language": "zh-Hans",
    "time_zone": "Asia/Shanghai",
    "country": "CN",
    "preset": "hotel-in-house",
}
ADMIN = {"name": "于洋", "login": "yu", "email": "yu@chenghu.example"}


def test_a_new_tenant_is_said_with_its_procedure_and_its_admin(firm):
    created, published, person = firm.said()
    assert isinstance(created, TenantCreated) and created.subject == firm.tenant_id
    assert (created.slug, created.kind, created.time_zone, created.country) == (
        "linjiang",
        "property",
        "Asia/Shanghai",
        "CN",
    )
    assert isinstance(published, ProcedurePublished) and published.subject == firm.tenant_id
    assert (published.version, published.document["procedure"]) == (1, "p1-accommodation")
    assert isinstance(person, PersonChanged) and person.roles == ("admin",)


def test_an_operator_lets_a_tenant_in_and_its_admin_signs_in(operator, anybody):
    made = operator.post("/v1/tenants", **NEW, admin=ADMIN | {"password": "given by the operator"})
    assert made.status_code == 201 and "password" not in made.get_json()
    signed_in = sign_in(anybody, "given by the operator").get_json()
    assert signed_in["person"]["id"] == made.get_json()["admin_id"]
    assert signed_in["tenant"]["id"] == made.get_json()["id"]


def test_a_password_that_was_not_given_is_made_up_and_shown_once(operator, anybody, kept):
    made = operator.post("/v1/tenants", key="k1", **NEW, admin=ADMIN).get_json()
    assert sign_in(anybody, made["password"]).status_code == 201
    assert made["password"].encode() not in kept()


def test_the_same_request_twice_makes_one_tenant(operator):
    made = operator.post("/v1/tenants", key="k1", **NEW, admin=ADMIN).get_json()
    again = operator.post("/v1/tenants", key="k1", **NEW, admin=ADMIN)
    assert again.status_code == 201
    assert again.get_json() == {name: value for name, value in made.items() if name != "password"}
    changed = operator.post("/v1/tenants", key="k1", **NEW | {"slug": "another"}, admin=ADMIN)
    assert changed.status_code == 422
    assert [tenant["slug"] for tenant in operator.get("/v1/tenants").get_json()["items"]] == [
        "chenghu-hotel",
        "platform",
    ]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("slug", "Chenghu", "3 to 40"),
        ("slug", "ab", "3 to 40"),
        ("slug", "a" * 41, "3 to 40"),
        ("slug", "chenghu\n", "3 to 40"),
        ("slug", "platform", "platform's own"),
        ("kind", "motel", "hotel"),
        ("language", "zh", "zh-Hans"),
        ("time_zone", "Beijing", "Asia/Shanghai"),
        ("time_zone", "../../etc/passwd", "IANA"),
        ("country", "cn", "capital letters"),
        ("country", "ZZ", "capital letters"),
        ("name", " ", "name"),
        ("preset", "p1-acommodation", "did you mean p1-accommodation?"),
        ("admin", ADMIN | {"email": "yu"}, "name@example.com"),
        ("admin", ADMIN | {"password": "short"}, "12"),
    ],
)
def test_a_wrong_field_is_named_and_says_what_would_be_right(operator, wrong_fields, field, value, says):
    refused = operator.post("/v1/tenants", **{**NEW, "admin": ADMIN, field: value})
    assert refused.status_code == 422
    [(pointer, detail)] = wrong_fields(refused).items()
    assert pointer.startswith(f"#/{field}") and says in detail
    assert len(operator.get("/v1/tenants").get_json()["items"]) == 1


def test_a_tenant_cannot_be_of_the_platforms_kind(operator, wrong_fields):
    refused = operator.post("/v1/tenants", **NEW | {"kind": "platform"}, admin=ADMIN)
    assert refused.status_code == 422 and "#/slug" in wrong_fields(refused)


def test_a_slug_is_somebodys_once(operator, firm, wrong_fields):
    refused = operator.post("/v1/tenants", **NEW | {"slug": "linjiang"}, admin=ADMIN)
    assert refused.status_code == 409 and "linjiang" in wrong_fields(refused)["#/slug"]


def test_a_name_is_one_line(operator):
    made = operator.post("/v1/tenants", **NEW | {"name": " 澄湖\r\nBcc:  酒店\x07 "}, admin=ADMIN)
    assert made.get_json()["name"] == "澄湖 Bcc: 酒店"


def test_operators_see_all_tenants_by_slug_in_pages(operator, firm, other):
    first = operator.get("/v1/tenants?limit=2").get_json()
    second = operator.get(f"/v1/tenants?limit=2&cursor={first['next_cursor']}").get_json()
    slugs = [tenant["slug"] for tenant in first["items"] + second["items"]]
    assert slugs == ["linjiang", "platform", "yunxi"] and second["next_cursor"] is None


def test_the_platform_is_founded_once(platform):
    with pytest.raises(AlreadyTaken):
        found_platform(platform.service.units, login="second", password="long enough for this")


def test_operators_are_the_platforms_people(platform):
    session = platform.sign_in("operator").get_json()
    assert session["person"]["roles"] == ["operator"] and session["tenant"]["kind"] == "platform"
    with pytest.raises(NotAcceptable):
        platform.hire("mei", "admin")


def test_the_first_person_of_a_tenant_is_an_admin(firm):
    new = NewTenant(**{name: value for name, value in NEW.items() if name != "preset"})
    with pytest.raises(NotAcceptable) as refused:
        firm.work(lambda work: create_tenant(work, new, NewPerson(name="X", login="xx", roles=["manager"])))
    assert refused.value.errors[0]["pointer"] == "#/admin/roles"


def sign_in(anybody, password):
    return anybody.post("/v1/sessions", tenant="chenghu-hotel", login="yu", password=password)
