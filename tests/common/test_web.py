"""The HTTP edge: problems (RFC 9457), strict JSON, health and the description (R17, E12)."""

import json
import logging

import pytest
from flask import Flask
from openapi_spec_validator import validate

from libs.common import web
from libs.common.clock import SystemClock
from libs.common.web import AccessNotSaid
from libs.common.web.access import Blueprint


@pytest.mark.parametrize(
    ("status", "method", "path", "how"),
    [
        (400, "POST", "/v1/notes", {"data": "{", "content_type": "application/json"}),
        (403, "GET", "/v1/admin", {}),
        (404, "GET", "/v1/nowhere", {}),
        (404, "GET", "/v1/complaints/5b4b0a3e-7a51-4c58-9b3c-1f8f6a7f3c11", {}),
        (404, "GET", "/v1/complaints/7", {}),
        (405, "DELETE", "/v1/notes", {}),
        (413, "POST", "/v1/notes", {"json": {"text": "x" * 1_000_001}}),
        (415, "POST", "/v1/notes", {"data": "text=x", "content_type": "application/x-www-form-urlencoded"}),
        (415, "POST", "/v1/notes", {}),
        (422, "POST", "/v1/notes", {"json": {}}),
        (422, "POST", "/v1/notes", {"json": []}),
        (422, "POST", "/v1/notes", {"json": {"text": "unkind"}}),
        (422, "GET", "/v1/notes?limit=999", {}),
        (500, "GET", "/v1/broken/bug", {}),
        (503, "GET", "/v1/broken/away", {}),
    ],
)
def test_every_refusal_is_a_problem(client, signed_in, status, method, path, how):
    answer = client.open(path, method=method, headers=signed_in, **how)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json["status"] == status
    assert answer.json["title"] and answer.json["detail"] and answer.json["type"] == "about:blank"


def test_who_has_not_signed_in_is_asked_to(client):
    answer = client.get("/v1/notes")
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_method_is_told_the_right_ones(client, signed_in):
    allowed = client.delete("/v1/notes", headers=signed_in).headers["Allow"]
    assert {"GET", "POST"} <= set(allowed.split(", "))


def test_a_lost_database_says_when_to_ask_again(client, signed_in):
    assert client.get("/v1/broken/away", headers=signed_in).headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/text"),
        ({"text": ""}, "#/text"),
        ({"text": 7}, "#/text"),
        ({"text": "x", "places": [{"floor": 1}, {"floor": 900}]}, "#/places/1/floor"),
        ({"text": "x", "places": [{}]}, "#/places/0/floor"),
        ({"text": "x", "places": "third floor"}, "#/places"),
        ({"text": "x", "a/b~c": 1}, "#/a~1b~0c"),
        ({"text": "unkind"}, "#/text"),
        ([], "#"),
    ],
)
def test_a_wrong_field_is_named_by_its_pointer(client, signed_in, body, pointer):
    answer = client.post("/v1/notes", json=body, headers=signed_in)
    assert answer.status_code == 422
    assert [mistake["pointer"] for mistake in answer.json["errors"]] == [pointer]
    assert all(mistake["detail"] for mistake in answer.json["errors"])


def test_a_wrong_question_in_the_address_is_named_too(client, signed_in):
    answer = client.get("/v1/notes?limit=many", headers=signed_in)
    assert [mistake["pointer"] for mistake in answer.json["errors"]] == ["#/limit"]


def test_a_bug_is_logged_once_and_tells_nothing(client, signed_in, caplog):
    answer = client.get("/v1/broken/bug", headers=signed_in)
    assert "13812345678" not in answer.text
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 1


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("[" * 100_000, "deeper"),
        ('{"text":' * 40 + "1" + "}" * 40, "deeper"),
        ('{"text": NaN}', "NaN"),
        ('{"text": Infinity}', "Infinity"),
        ('{"text": -Infinity}', "Infinity"),
        ('{"text": 1e999}', "too large"),
        ('{"text": -1e999}', "too large"),
        ('{"text": "a", "text": "b"}', "twice"),
        ('{"places": [{"floor": 1, "floor": 2}]}', "twice"),
        (r'{"text": "\ud800"}', "surrogate"),
        (r'{"\ud800": 1}', "surrogate"),
        (r'{"text": "\u0000"}', "NUL"),
        (r'{"te\u0000xt": 1}', "NUL"),
        ('{"text": "' + "\x00" + '"}', "character"),
        ('{"text": 9223372036854775808}', "64 bits"),
        ('{"text": -9223372036854775809}', "64 bits"),
        ('{"text": ' + "9" * 5000 + "}", "64 bits"),
        ('{"text": [' + "1," * 20_000 + "1]}", "10000 values"),
        ('{"text": "x"}'.encode("utf-16"), "UTF-8"),
        (b'{"text": "\xff"}', "UTF-8"),
        (b"\xef\xbb\xbf{}", "character"),
        ("", "not JSON"),
        ('{"text": "x"} {}', "not JSON"),
        ("{'text': 1}", "not JSON"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_not_strict_json_is_refused_with_the_reason(client, signed_in, body, complaint):
    answer = client.post("/v1/notes", data=body, content_type="application/json", headers=signed_in)
    assert answer.status_code == 400
    assert complaint in answer.json["detail"]


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 0, -1])
def test_numbers_of_64_bits_are_json(number):
    assert web.body.read_json(json.dumps(number).encode()) == number


def test_a_pair_of_surrogates_is_one_character():
    assert web.body.read_json(rb'"\ud83d\uded7"') == "🛗"


def test_ordinary_words_of_every_script_are_taken(client, signed_in):
    answer = client.post("/v1/notes", json={"text": "漏水 ü 🛗 \u202e"}, headers=signed_in)
    assert (answer.status_code, answer.json["text"]) == (201, "漏水 ü 🛗 \u202e")


@pytest.mark.parametrize("path", ["/v1/notes?q=%00", "/v1/notes?%00=1", "/v1/broken/%00", "/v1/no%00where"])
def test_a_nul_in_the_address_is_refused(client, signed_in, path):
    assert client.get(path, headers=signed_in).status_code == 400


def test_the_description_is_valid_openapi(client):
    described = client.get("/v1/openapi.json")
    assert described.status_code == 200
    validate(described.json)
    assert described.json["openapi"].startswith("3.1")
    problems = described.json["components"]["responses"]["DEFAULT_ERROR"]["content"]
    assert list(problems) == ["application/problem+json"]


def test_health_needs_no_token(client):
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ready"}


def test_a_service_without_its_database_is_alive_and_not_ready(client, service, tmp_path):
    service.close()
    (tmp_path / "sample.db").unlink()
    (tmp_path / "sample.db").mkdir()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_metrics_count_by_route_and_never_by_what_was_asked_for(client, signed_in):
    client.get("/v1/complaints/5b4b0a3e-7a51-4c58-9b3c-1f8f6a7f3c11", headers=signed_in)
    for n in range(30):
        client.open("/v1/notes", method=f"METHOD{n}", headers=signed_in)
        client.get(f"/nowhere/{n}")
    text = client.get("/metrics").text
    assert '/v1/complaints/<uuid:complaint_id>",status="404"' in text
    assert "5b4b0a3e" not in text and "METHOD" not in text
    assert text.count("http_request_seconds_count{") < 10


def test_answers_are_kept_by_nobody_and_run_nothing(client):
    headers = client.get("/v1/public").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_a_blueprint_must_say_who_may_use_it():
    silent = Blueprint("silent", access=None)
    with pytest.raises(AccessNotSaid):
        web.create_app("x", [silent], keys=None, clock=SystemClock(), ready=lambda: True, errors={})


def test_a_route_outside_every_blueprint_is_open_to_nobody(app: Flask, client, signed_in):
    app.add_url_rule("/secret", view_func=lambda: "secret")
    assert client.get("/secret").status_code == 401
    assert client.get("/secret", headers=signed_in).status_code == 401
    assert not [rule for rule in app.url_map.iter_rules() if "filename" in rule.arguments]


@pytest.fixture
def database() -> str:
    """What is refused at the door never reaches a database."""
    return "sqlite"
