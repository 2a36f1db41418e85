"""What is open to everybody: the public form and the keys (PO-1)."""

import json

import pytest

from libs.common.procedure.vocabulary import CHANNELS


def test_the_form_says_what_it_asks_for_and_offers(firm, admin, anybody):
    place = admin.post("/v1/places", kind="property", name="翠湖花园").get_json()
    form = anybody.get("/v1/public/tenants/linjiang/form").get_json()
    assert form["tenant"] == {
        "slug": "linjiang",
        "name": "linjiang 物业",
        "kind": "property",
        "language": "zh-Hans",
        "time_zone": "Asia/Shanghai",
    }
    assert form["categories"][0] == {
        "id": "facility_repair",
        "name": {"zh-Hans": "设施维修", "en": "Facilities and repair"},
    }
    assert form["places"] == [{"id": place["id"], "label": "翠湖花园"}]
    assert form["anonymous"] == {"allowed": True, "answer_ways": ["notice_board", "none"]}


def test_every_channel_has_its_required_fields(firm, anybody):
    required = anybody.get("/v1/public/tenants/linjiang/form").get_json()["required"]
    assert set(required) == set(CHANNELS)
    assert required["web"] == ["text", "name", "contact", "place"] and required["letter"] == ["text"]


def test_the_form_follows_the_procedure_in_force(firm, found, anybody):
    found("chenghu", preset="hotel-in-house", kind="hotel")
    form = anybody.get("/v1/public/tenants/chenghu/form").get_json()
    assert form["required"]["web"] == ["text", "contact"]


@pytest.mark.parametrize("slug", ["nowhere", "platform", "qingquan", "LINJIANG"])
def test_who_takes_no_complaints_has_no_form(firm, platform, found, anybody, slug):
    found("qingquan", preset=None)
    assert anybody.get(f"/v1/public/tenants/{slug}/form").status_code == 404


def test_the_form_shows_nobody(firm, anybody):
    firm.hire("mei", "front_line", email="mei@linjiang.example")
    assert "mei" not in anybody.get("/v1/public/tenants/linjiang/form").get_data(as_text=True).lower()


def test_the_keys_that_sign_tokens_are_public_and_only_those(firm, anybody):
    answer = anybody.get("/.well-known/jwks.json")
    keys = answer.get_json()["keys"]
    assert {key["kid"].split(".")[0] for key in keys} == {"tenants", "notify", "intake"}
    assert '"d"' not in json.dumps(keys) and "max-age" in answer.headers["Cache-Control"]
