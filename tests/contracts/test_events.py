"""The published language: committed schemas and examples, and changes that only add (design: events)."""

import json
import re
from copy import deepcopy
from uuid import uuid4

import pytest

from libs.common import events
from libs.common.events import NotUnderstood, catalogue, decode, encode
from libs.common.events.catalogue import BreaksReaders, asyncapi, event_types, page, schema_of, write_schemas
from libs.common.events.compatibility import breaks
from libs.common.events.dispatch import CaseClosed, CaseOpened
from libs.common.events.intake import ComplaintRegistered, ComplaintWithdrawn
from libs.common.events.invented import MOMENT, invent

EVERY_TYPE = pytest.mark.parametrize("event_class", event_types(), ids=lambda found: found.type)
CONTACT = {"phone", "email", "mobile", "complainant_name", "identity_number", "address"}


@EVERY_TYPE
def test_the_committed_schema_is_what_the_code_says(event_class):
    assert committed("schemas", event_class) == schema_of(event_class), "run `make events`"


@EVERY_TYPE
def test_a_change_of_the_code_only_adds_to_the_committed_schema(event_class):
    assert breaks(committed("schemas", event_class), schema_of(event_class)) == []


@EVERY_TYPE
def test_the_committed_example_is_read_and_written_as_it_is(event_class):
    example = committed("examples", event_class)
    assert json.loads(encode(read(event_class, example))) == example


@EVERY_TYPE
def test_the_committed_example_names_every_field(event_class):
    assert committed("examples", event_class).keys() == schema_of(event_class)["properties"].keys()


@EVERY_TYPE
def test_an_event_survives_the_way(event_class):
    said = invent(event_class)
    back = decode(said.type, encode(said), tenant_id=said.tenant_id, subject=said.subject, occurred_at=said.occurred_at)
    assert back == said


@EVERY_TYPE
def test_fields_of_a_newer_sender_are_ignored(event_class):
    example = committed("examples", event_class)
    newer = example | {"added_in_the_next_release": {"deep": [1, 2]}}
    assert read(event_class, newer) == read(event_class, example)


@EVERY_TYPE
def test_a_missing_field_is_not_understood(event_class):
    example = committed("examples", event_class)
    for name in schema_of(event_class)["required"]:
        with pytest.raises(NotUnderstood, match=name):
            read(event_class, {key: value for key, value in example.items() if key != name})


@EVERY_TYPE
def test_the_type_names_a_happening_and_its_version(event_class):
    assert VERSIONED.fullmatch(event_class.type)


@EVERY_TYPE
def test_an_event_says_what_it_means_and_carries_no_contact(event_class):
    assert (event_class.__doc__ or "").strip().endswith(".")
    assert not CONTACT & schema_of(event_class)["properties"].keys()


def test_nothing_is_committed_that_no_code_says():
    for kind in ("schemas", "examples"):
        names = {path.stem for path in (catalogue.FOLDER / kind).iterdir()}
        assert names == {event_class.type for event_class in event_types()}


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (lambda s: s["properties"].pop("reason"), "reason is gone"),
        (lambda s: s["properties"].update(mood={"type": "string"}), None),
        (lambda s: (s["properties"].update(mood={"type": "string"}), s["required"].append("mood")), "mood is new"),
        (lambda s: s["properties"].update(reason={"type": "string"}), "reason was"),
        (lambda s: s["properties"].update(number={"type": "integer"}), "number was"),
        (lambda s: s["required"].remove("number"), "number may be missing now"),
        (lambda s: s["required"].append("note"), "note must be there now"),
        (lambda s: s["properties"]["number"].update(format="uuid"), "number was"),
        (lambda s: s["$defs"]["Part"]["properties"].pop("name"), "Part.name is gone"),
        (lambda s: s["$defs"]["Part"]["properties"].update(more={"type": "string"}), None),
        (lambda s: s.update(additionalProperties=False), "the whole was"),
        (lambda s: s.update(description="other words", title="other"), None),
        (lambda s: s["properties"]["number"].update(description="other words"), None),
    ],
)
def test_a_schema_may_only_grow_by_optional_fields(change, mistake):
    new = deepcopy(OLD)
    change(new)
    found = breaks(OLD, new)
    assert (found == []) if mistake is None else found and mistake in found[0]


def test_a_schema_that_would_break_readers_is_not_written(tmp_path):
    write_schemas(tmp_path)
    path = tmp_path / "schemas" / "case.closed.v1.json"
    older = json.loads(path.read_text())
    older["properties"]["mood"] = {"type": "string"}
    path.write_text(json.dumps(older))
    with pytest.raises(BreaksReaders, match=r"case\.closed\.v1: mood is gone"):
        write_schemas(tmp_path)
    assert json.loads(path.read_text()) == older


def test_the_page_says_who_answers_what():
    text = page({"intake": [CaseClosed], "reporting": [CaseClosed, CaseOpened]})
    closed = text.split("### `case.closed.v1`")[1].split("###")[0]
    assert "Answered by: intake, reporting." in closed
    assert "The case ended." in closed
    assert "| `closed_at` | date-time |" in closed
    assert "Answered by: nobody." in text.split("### `complaint.withdrawn.v1`")[1]


def test_the_page_names_every_type():
    assert all(f"### `{event_class.type}`" in page({}) for event_class in event_types())


def test_every_reference_of_the_asyncapi_document_leads_somewhere():
    document = asyncapi({"intake": [CaseClosed], "reporting": event_types()})
    found = list(references(document))
    assert len(found) > len(event_types())
    for reference in found:
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_the_asyncapi_document_says_who_hears_what():
    document = asyncapi({"intake": {CaseClosed: print}, "reporting": [ComplaintRegistered]})
    heard = document["operations"]["intake.hears.dispatch"]
    assert heard["action"] == "receive"
    assert heard["messages"] == [{"$ref": "#/channels/dispatch/messages/case.closed.v1"}]
    assert "intake.hears.intake" not in document["operations"]
    assert document["asyncapi"] == "3.0.0"


def test_two_classes_cannot_claim_one_type():
    with pytest.raises(events.TypeTaken):
        events.event("case.closed.v1")(type("Again", (events.Event,), {"__module__": "libs.common.events.dispatch"}))


@pytest.mark.parametrize("data", [b"{", b"7", b"[]", b'"x"', b'{"reason": 7}', b"{}", b"\xff"])
def test_data_that_is_not_the_types_is_not_understood(data):
    with pytest.raises(NotUnderstood):
        decode(ComplaintWithdrawn.type, data, tenant_id=uuid4(), subject=uuid4(), occurred_at=MOMENT)


def test_a_type_nobody_knows_is_not_understood():
    with pytest.raises(NotUnderstood, match="no event type"):
        decode("case.sung.v1", b"{}", tenant_id=uuid4(), subject=uuid4(), occurred_at=MOMENT)


VERSIONED = re.compile(r"[a-z]+\.[a-z_]+\.v[1-9]")
TENANT, SUBJECT = uuid4(), uuid4()
OLD = {
    "title": "case.closed.v1",
    "type": "object",
    "properties": {
        "number": {"type": "string"},
        "reason": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "note": {"type": "string", "default": ""},
        "part": {"$ref": "#/$defs/Part"},
    },
    "required": ["number", "reason", "part"],
    "$defs": {"Part": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}},
}


def committed(kind: str, event_class) -> dict:
    return json.loads((catalogue.FOLDER / kind / f"{event_class.type}.json").read_text())


def read(event_class, data: dict):
    content = json.dumps(data).encode()
    return decode(event_class.type, content, tenant_id=TENANT, subject=SUBJECT, occurred_at=MOMENT)


def references(content):
    if isinstance(content, dict):
        for key, value in content.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(content, list):
        for item in content:
            yield from references(item)
