"""The people of a tenant and their work addresses."""

from uuid import uuid4

import pytest

from libs.common.events.tenants import PersonChanged

NEW = {"name": "马强 Ma Qiang", "login": "Engineer", "roles": ["front_line"], "departments": ["engineering"]}
REACHED = {"email": "Ma.Qiang@Linjiang.example", "phone": "139 1234 5678"}


def test_a_new_person_can_sign_in(firm, admin):
    made = admin.post("/v1/people", **NEW, password="a long enough one")
    assert made.status_code == 201 and made.get_json()["login"] == "engineer"
    assert firm.sign_in("engineer", "a long enough one").status_code == 201


def test_addresses_are_kept_in_their_plain_form(admin):
    made = admin.post("/v1/people", **NEW, **REACHED).get_json()
    assert (made["email"], made["phone"]) == ("ma.qiang@linjiang.example", "+8613912345678")


def test_others_hear_of_a_person_but_of_no_address(firm, admin):
    made = admin.post("/v1/people", **NEW, **REACHED, password="a long enough one").get_json()
    said = firm.said()[-1]
    assert isinstance(said, PersonChanged) and str(said.subject) == made["id"]
    assert (said.name, said.roles, said.departments, said.active) == (
        "马强 Ma Qiang",
        ("front_line",),
        ("engineering",),
        True,
    )
    admin.patch(f"/v1/people/{made['id']}", name="马强", email="mq@linjiang.example", phone="+852 2123 4567")
    for word in (".example", "13912", "2123", "argon2"):
        assert word not in str(firm.said())


def test_only_what_others_are_told_is_said(firm, admin):
    made = admin.post("/v1/people", **NEW).get_json()
    before = len(firm.said())
    admin.patch(f"/v1/people/{made['id']}", phone="13912345678", language="en", password="another long one")
    assert len(firm.said()) == before
    admin.patch(f"/v1/people/{made['id']}", active=False)
    assert firm.said()[-1].active is False


def test_a_person_speaks_the_tenants_language_unless_told_otherwise(admin):
    assert admin.post("/v1/people", **NEW).get_json()["language"] == "zh-Hans"
    assert admin.post("/v1/people", **NEW | {"login": "e2"}, language="en").get_json()["language"] == "en"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("departments", ["enginering"], "did you mean engineering?"),
        ("roles", ["superviser"], "did you mean supervisor?"),
        ("roles", ["operator"], "operator is not known here"),
        ("roles", [], "at least one"),
        ("language", "fr", "choose from: zh-Hans, zh-Hant, en"),
        ("email", "ma.qiang", "name@example.com"),
        ("email", "a@b.example\nBcc: c@d.example", "name@example.com"),
        ("phone", "12", "start a foreign one with +"),
        ("name", " \t", "name used at work"),
        ("login", "ma qiang", "without spaces"),
        ("password", "short", "12"),
        ("active", False, "Unknown"),
    ],
)
def test_a_wrong_field_is_named_and_says_what_would_be_right(admin, wrong_fields, field, value, says):
    refused = admin.post("/v1/people", **NEW | {field: value})
    assert refused.status_code == 422
    [(pointer, detail)] = wrong_fields(refused).items()
    assert pointer == f"#/{field}" and says in detail


def test_every_wrong_field_is_named_at_once(admin, wrong_fields):
    refused = admin.post("/v1/people", **NEW | {"roles": ["x"], "departments": ["y"], "phone": "1"})
    assert set(wrong_fields(refused)) == {"#/roles", "#/departments", "#/phone"}


def test_departments_are_free_until_a_procedure_is_published(found):
    firm = found("qingquan", preset=None)
    assert firm.as_role("admin").post("/v1/people", **NEW | {"departments": ["anything"]}).status_code == 201


def test_a_login_is_unique_within_its_tenant(admin, other, wrong_fields):
    admin.post("/v1/people", **NEW)
    refused = admin.post("/v1/people", **NEW | {"login": "ENGINEER"})
    assert refused.status_code == 409 and "engineer" in wrong_fields(refused)["#/login"]
    assert other.as_role("admin").post("/v1/people", **NEW).status_code == 201


def test_a_change_leaves_the_rest_as_it_was(admin):
    made = admin.post("/v1/people", **NEW, **REACHED).get_json()
    changed = admin.patch(f"/v1/people/{made['id']}", roles=["supervisor", "supervisor"], email=None).get_json()
    assert changed == made | {"roles": ["supervisor"], "email": None}


def test_a_change_is_checked_like_a_new_person(admin, firm, wrong_fields):
    refused = admin.patch(f"/v1/people/{firm.admin_id}", departments=["securty"])
    assert refused.status_code == 422 and "did you mean security?" in wrong_fields(refused)["#/departments"]


def test_a_change_to_nobody_is_not_found(admin):
    assert admin.patch(f"/v1/people/{uuid4()}", name="X").status_code == 404


@pytest.mark.parametrize("change", [{"roles": ["manager"]}, {"active": False}])
def test_a_tenant_keeps_at_least_one_admin(admin, firm, change):
    assert admin.patch(f"/v1/people/{firm.admin_id}", **change).status_code == 409
    firm.hire("second", "admin")
    assert admin.patch(f"/v1/people/{firm.admin_id}", **change).status_code == 200


def test_colleagues_see_no_logins_and_addresses_but_admins_do(admin, clerk):
    made = admin.post("/v1/people", **NEW, **REACHED).get_json()
    assert admin.get("/v1/people").get_json()["items"][-1] == made
    seen = clerk.get("/v1/people").get_json()["items"][-1]
    assert set(seen) == {"id", "name", "roles", "departments", "skills", "active"}


def test_the_list_of_people_comes_in_pages(firm, clerk):
    hired = [firm.admin_id, *(firm.hire(f"p{number}", "front_line") for number in range(5))]
    first = clerk.get("/v1/people?limit=3").get_json()
    second = clerk.get(f"/v1/people?limit=3&cursor={first['next_cursor']}").get_json()
    assert [person["id"] for person in first["items"] + second["items"]] == [str(each) for each in hired]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=x"])
def test_a_page_that_cannot_be_is_refused(clerk, wrong_fields, query):
    refused = clerk.get(f"/v1/people?{query}")
    assert refused.status_code == 422 and list(wrong_fields(refused)) == [f"#/{query.split('=')[0]}"]


def test_notify_alone_learns_where_a_person_can_be_reached(firm, admin):
    made = admin.post("/v1/people", **NEW, **REACHED).get_json()
    path = f"/v1/people/{made['id']}/address"
    answer = notify(firm).get(path)
    assert answer.get_json() == {
        "email": "ma.qiang@linjiang.example",
        "phone": "+8613912345678",
        "language": "zh-Hans",
    }
    assert admin.get(path).status_code == 403
    assert firm.bearing("notify", scopes=["contact"]).get(path).status_code == 403


def test_who_has_left_is_not_reached(firm, admin):
    mei = firm.hire("mei", "front_line", email="mei@linjiang.example")
    admin.patch(f"/v1/people/{mei}", active=False)
    assert notify(firm).get(f"/v1/people/{mei}/address").status_code == 404


def notify(firm):
    return firm.bearing("notify", scopes=["staff_address"])


def test_what_a_person_knows_how_to_handle_is_kept_and_said(firm, admin):
    """DI-3."""
    added = admin.post("/v1/people", **NEW | {"skills": ["safety", "safety", "noise"]})
    assert added.json["skills"] == ["safety", "noise"]
    changed = admin.patch(f"/v1/people/{added.json['id']}", skills=["noise"])
    assert (changed.status_code, changed.json["skills"]) == (200, ["noise"])
    assert [said.skills for said in firm.said()[-2:]] == [("safety", "noise"), ("noise",)]


def test_a_skill_is_one_of_the_procedures_categories(admin, wrong_fields):
    refused = admin.post("/v1/people", **NEW | {"skills": ["saftey"]})
    assert refused.status_code == 422 and "did you mean safety?" in wrong_fields(refused)["#/skills"]
