"""Places: property › building › unit."""

from uuid import UUID, uuid4

import pytest

from libs.common.events.tenants import PlaceChanged


def test_a_units_label_is_its_full_name_from_the_top(firm, admin):
    place = nested(admin, "翠湖花园", "3号楼", "502")
    assert place["label"] == "翠湖花园 › 3号楼 › 502"
    said = firm.said()[-1]
    assert isinstance(said, PlaceChanged) and said.subject == said.place_id == UUID(place["id"])
    assert (said.kind, said.name, str(said.parent_id)) == ("unit", "502", place["parent_id"])
    assert said.label == place["label"]


def test_a_hotels_room_may_lie_in_the_house_itself(admin):
    house = admin.post("/v1/places", kind="property", name="澄湖酒店").get_json()
    assert admin.post("/v1/places", kind="unit", name="1208", parent_id=house["id"]).status_code == 201


def test_a_place_that_lies_wrong_is_refused(admin, wrong_fields):
    unit = nested(admin, "翠湖花园", "3号楼", "502")
    for kind, parent in (("building", None), ("unit", unit["id"]), ("property", unit["id"]), ("unit", str(uuid4()))):
        refused = admin.post("/v1/places", kind=kind, name="x", parent_id=parent)
        assert refused.status_code == 422 and list(wrong_fields(refused)) == ["#/parent_id"]


def test_another_tenants_place_is_no_parent(admin, other, wrong_fields):
    foreign = other.as_role("admin").post("/v1/places", kind="property", name="云溪").get_json()
    refused = admin.post("/v1/places", kind="building", name="1", parent_id=foreign["id"])
    assert refused.status_code == 422 and "no such place" in wrong_fields(refused)["#/parent_id"]


@pytest.mark.parametrize(("field", "value"), [("kind", "room"), ("name", " "), ("name", ""), ("parent_id", "x")])
def test_a_wrong_field_is_named(admin, wrong_fields, field, value):
    refused = admin.post("/v1/places", **{"kind": "property", "name": "翠湖花园"} | {field: value})
    assert refused.status_code == 422 and list(wrong_fields(refused)) == [f"#/{field}"]


def test_one_spot_has_one_place_of_a_name(admin, wrong_fields):
    place = nested(admin, "翠湖花园", "3号楼", "502")
    again = {"kind": "unit", "parent_id": place["parent_id"]}
    refused = admin.post("/v1/places", **again, name=" 502\n")
    assert refused.status_code == 409 and place["label"] in wrong_fields(refused)["#/name"]
    assert admin.post("/v1/places", **again, name="503").status_code == 201


def test_staff_see_the_places_in_order_and_in_pages(admin, clerk):
    nested(admin, "B", "2", "b")
    nested(admin, "A", "1", "a")
    first = clerk.get("/v1/places?limit=4").get_json()
    second = clerk.get(f"/v1/places?limit=4&cursor={first['next_cursor']}").get_json()
    labels = [place["label"] for place in first["items"] + second["items"]]
    assert labels == ["A", "A › 1", "A › 1 › a", "B", "B › 2", "B › 2 › b"] and second["next_cursor"] is None


def test_the_same_request_twice_adds_one_place(admin):
    first, again = (admin.post("/v1/places", key="k", kind="property", name="翠湖花园") for _ in range(2))
    assert first.get_json() == again.get_json() and again.status_code == 201
    assert len(admin.get("/v1/places").get_json()["items"]) == 1


def nested(admin, *names):
    place = {"id": None}
    for kind, name in zip(("property", "building", "unit"), names, strict=True):
        place = admin.post("/v1/places", kind=kind, name=name, parent_id=place["id"]).get_json()
    return place
