"""PO-4: a Procedure is written as a draft, compared with what is in force, checked, and published from there."""

from copy import deepcopy
from uuid import uuid4

import pytest

from libs.common import migrate
from libs.common.procedure import presets
from libs.common.procedure.reading import mapping_from_yaml
from libs.common.testing.roles import give_roles
from services.tenants.config import Config
from services.tenants.domain.person import NewPerson
from services.tenants.domain.tenant import NewTenant
from services.tenants.handlers.founding import create_tenant
from services.tenants.main import METADATA, build
from tests.tenants.conftest import Firm

P1 = presets.load("p1-accommodation")


@pytest.mark.parametrize(
    ("given", "document", "base"),
    [
        ({"preset": "hotel-in-house"}, presets.load("hotel-in-house"), 1),
        ({"version": 1}, P1, 1),
        ({"yaml": "name: unfinished # a thought"}, {"name": "unfinished"}, 1),
        ({"document": {"steps": 7}}, {"steps": 7}, 1),
    ],
)
def test_a_draft_begins_from_a_preset_a_version_yaml_or_json_mistakes_and_all(admin, given, document, base):
    begun = admin.post("/v1/drafts", name="spring", **given)
    assert begun.status_code == 201
    draft = admin.get(f"/v1/drafts/{begun.get_json()['id']}")
    assert (draft.get_json()["document"], draft.get_json()["base_version"]) == (document, base)
    assert draft.headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "#/document"),
        ({"preset": "p1-accommodation", "version": 1}, "#/document"),
        ({"preset": "p1-acommodation"}, "#/preset"),
        ({"version": 9}, "#/version"),
        ({"yaml": "a: ["}, "#"),
        ({"yaml": 'a: "\\ud800"'}, "a"),
        ({"document": {"a": 0.5}}, "a"),
    ],
)
def test_a_draft_that_cannot_be_kept_is_refused_with_the_field(admin, wrong_fields, given, field):
    refused = admin.post("/v1/drafts", name="spring", **given)
    assert refused.status_code == 422 and list(wrong_fields(refused)) == [field]
    assert admin.get("/v1/drafts").get_json()["items"] == []


def test_two_drafts_have_two_names(admin, wrong_fields):
    first, other = begin(admin), begin(admin, "autumn")
    assert list(wrong_fields(admin.post("/v1/drafts", name="spring", version=1))) == ["#/name"]
    renamed = admin.call("PUT", f"/v1/drafts/{other}", name="spring", document=P1)
    assert renamed.status_code == 409
    listed = admin.get("/v1/drafts").get_json()["items"]
    assert [(draft["id"], draft["name"]) for draft in listed] == [(first, "spring"), (other, "autumn")]


def test_who_edits_an_older_reading_is_told_and_changes_nothing(admin):
    draft = begin(admin)
    admin.headers["If-Match"] = '"1"'
    edited = admin.call("PUT", f"/v1/drafts/{draft}", document=P1 | {"procedure": "mine"})
    assert (edited.status_code, edited.headers["ETag"]) == (200, '"2"')
    for late in (
        admin.call("PUT", f"/v1/drafts/{draft}", document=P1 | {"procedure": "yours"}),
        admin.post(f"/v1/drafts/{draft}/publish", accept_warnings=True),
        admin.delete(f"/v1/drafts/{draft}"),
    ):
        assert late.status_code == 412
    assert admin.get(f"/v1/drafts/{draft}").get_json()["document"]["procedure"] == "mine"


def test_an_edit_says_who_and_when(firm, admin, clock):
    draft = begin(admin)
    clock.advance(minutes=5)
    edited = admin.call("PUT", f"/v1/drafts/{draft}", document=P1).get_json()
    assert edited["updated_by"] == str(firm.admin_id) and edited["revision"] == 2
    assert edited["updated_at"] == clock.now().isoformat().replace("+00:00", "Z")


def test_a_draft_is_checked_and_its_mistakes_listed(admin):
    document = deepcopy(P1)
    document["limits"][0]["within"] = "soon"
    found = admin.post(f"/v1/drafts/{begin(admin, document=document)}/check").get_json()
    assert [mistake["path"] for mistake in found["mistakes"]] == ["limits[0].within"]
    assert admin.post(f"/v1/drafts/{begin(admin, 'whole')}/check").get_json()["mistakes"] == []


def test_a_draft_says_what_it_changes_of_its_base(admin):
    document = deepcopy(P1)
    document["retention"]["days"] += 1
    [change] = admin.get(f"/v1/drafts/{begin(admin, document=document)}/changes").get_json()["items"]
    assert change["words"]["en"].startswith("Retention: days ")


def test_a_draft_with_mistakes_is_not_published_and_stays(admin, wrong_fields):
    draft = begin(admin, document={"procedure": "x"})
    refused = admin.post(f"/v1/drafts/{draft}/publish", accept_warnings=True)
    assert refused.status_code == 422 and "survey" in wrong_fields(refused)
    assert admin.get(f"/v1/drafts/{draft}").status_code == 200


def test_a_published_draft_is_a_version_and_no_draft_any_more(firm, admin):
    draft = begin(admin, preset="hotel-in-house")
    first = admin.post(f"/v1/drafts/{draft}/publish", key="k", accept_warnings=True)
    again = admin.post(f"/v1/drafts/{draft}/publish", key="k", accept_warnings=True)
    assert first.status_code == 201 and first.get_json() == again.get_json()
    assert firm.said()[-1].document == presets.load("hotel-in-house")
    assert admin.get(f"/v1/drafts/{draft}").status_code == 404
    assert len(admin.get("/v1/procedures").get_json()["items"]) == 2


def test_a_draft_is_not_published_into_the_past(admin, wrong_fields):
    draft = begin(admin)
    refused = admin.post(f"/v1/drafts/{draft}/publish", active_from="2026-03-01T00:00:00Z", accept_warnings=True)
    assert refused.status_code == 422 and list(wrong_fields(refused)) == ["#/active_from"]
    assert admin.get(f"/v1/drafts/{draft}").status_code == 200


def test_a_draft_overtaken_by_another_publication_is_warned_about(admin, wrong_fields):
    draft = begin(admin)
    admin.post("/v1/procedures", document=P1, accept_warnings=True)
    refused = admin.post(f"/v1/drafts/{draft}/publish", accept_warnings=False)
    assert refused.status_code == 409 and "version 2 was published since" in wrong_fields(refused)["#"]


def test_a_draft_is_exported_and_comes_back_the_same(admin):
    text = admin.get(f"/v1/drafts/{begin(admin)}/yaml").get_json()["yaml"]
    assert mapping_from_yaml(text) == P1


def test_a_dropped_draft_is_gone(admin):
    draft = begin(admin)
    assert admin.delete(f"/v1/drafts/{draft}").status_code == 204
    assert admin.delete(f"/v1/drafts/{draft}").status_code == 404


def test_drafts_of_another_tenant_are_not_there(admin, other):
    draft, foreign = begin(admin), other.as_role("admin")
    unknown = uuid4()
    for method, way in [("GET", ""), ("GET", "/yaml"), ("GET", "/changes"), ("POST", "/check"), ("DELETE", "")]:
        assert foreign.call(method, f"/v1/drafts/{draft}{way}").status_code == 404, way
    assert foreign.call("PUT", f"/v1/drafts/{draft}", document=P1).status_code == 404
    for each in (draft, unknown):
        assert foreign.post(f"/v1/drafts/{each}/publish", accept_warnings=True).status_code == 404
    assert foreign.get("/v1/drafts").get_json()["items"] == []


def test_drafts_are_kept_by_postgresql_as_well(on_postgresql):
    draft, admin = begin(on_postgresql), on_postgresql
    assert admin.post("/v1/drafts", name="spring", version=1).status_code == 409
    assert admin.call("PUT", f"/v1/drafts/{draft}", document=P1).headers["ETag"] == '"2"'
    assert admin.post(f"/v1/drafts/{draft}/publish", accept_warnings=True).get_json()["version"] == 2
    assert admin.get("/v1/procedures/99999999999").status_code == 404


@pytest.fixture
def on_postgresql(postgres_database, prepared, clock):
    """An admin of a firm on a PostgreSQL of its own."""
    urls = give_roles(postgres_database, "tenants")
    migrate.upgrade("tenants", urls.owner, METADATA)
    service = build(Config(database_url=urls.web, worker_database_url=urls.worker, keys_dir=prepared.keys), clock)
    firm = Firm(service, prepared.keys, uuid4(), "linjiang")
    about = {"slug": "linjiang", "name": "临江", "kind": "property", "language": "zh-Hans"}
    new = NewTenant(**about, time_zone="Asia/Shanghai", country="CN")
    person = NewPerson(name="沈岩", login="admin", roles=["admin"])
    firm.work(lambda work: create_tenant(work, new, person, "p1-accommodation"))
    yield firm.as_role("admin")
    service.database.close()
    service.units.database.close()


def begin(admin, name="spring", **given):
    """The id of a new draft; of the version in force unless told otherwise."""
    return admin.post("/v1/drafts", name=name, **given or {"version": 1}).get_json()["id"]
