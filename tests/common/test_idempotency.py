"""One key, one effect, one answer (R2), on both databases."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest


def test_the_same_key_gives_the_same_answer_and_no_second_effect(client, signed_in):
    first, second = (post(client, signed_in, key="k1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert count(client, signed_in) == 1


def test_without_a_key_each_request_counts(client, signed_in):
    for _ in range(2):
        post(client, signed_in)
    assert count(client, signed_in) == 2


def test_another_body_under_a_known_key_is_refused(client, signed_in):
    post(client, signed_in, key="k1")
    other = post(client, signed_in, key="k1", text="other")
    assert (other.status_code, count(client, signed_in)) == (422, 1)
    assert "new key" in other.json["detail"]


def test_a_key_is_each_routes_and_each_tenants_own(client, signed_in, token):
    post(client, signed_in, key="k1")
    elsewhere = post(client, signed_in, key="k1", path="/v1/other-notes")
    assert elsewhere.status_code == 200
    theirs = {"Authorization": f"Bearer {token('front_line', of=uuid4())}"}
    assert post(client, theirs, key="k1").json["count"] == 1
    assert count(client, signed_in) == 2


def test_a_key_in_quotes_is_the_same_key(client, signed_in):
    post(client, signed_in, key='"k1"')
    post(client, signed_in, key="k1")
    assert count(client, signed_in) == 1


@pytest.mark.parametrize("key", ["", " ", '""', "k" * 256, "k\xe9y", "k\ty"])
def test_a_key_that_cannot_be_kept_is_refused(client, signed_in, key):
    assert post(client, signed_in, key=key).status_code == 400
    assert count(client, signed_in) == 0


@pytest.mark.parametrize(("text", "status"), [("unkind", 422), ("breaks", 500)])
def test_what_failed_is_tried_anew_under_its_key(client, signed_in, text, status):
    for _ in range(2):
        answer = post(client, signed_in, key="k1", text=text)
        assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (status, False)
    assert count(client, signed_in) == 0
    assert post(client, signed_in, key="k1").status_code == 201


def test_fifty_at_once_on_one_key_have_one_effect_and_one_answer(app, signed_in):
    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(lambda _: post(app.test_client(), signed_in, key="k1"), range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert count(app.test_client(), signed_in) == 1


def test_fifty_at_once_with_their_own_keys_have_fifty_effects(app, signed_in):
    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(lambda n: post(app.test_client(), signed_in, key=f"k{n}"), range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert count(app.test_client(), signed_in) == 50


@pytest.mark.parametrize("database", ["postgresql"])
def test_who_waits_too_long_for_the_same_key_is_told_to_ask_again(client, signed_in, service, tenant):
    with service.units.transaction() as transaction:
        transaction.work_for(tenant)
        row = {"tenant_id": tenant, "route": "POST /v1/notes", "key": "k1", "body_sha256": bytes(32)}
        row |= {"status": 0, "response": "", "created_at": service.clock.now()}
        transaction.connection.execute(service.plumbing.idempotency.insert(), row)
        answer = post(client, signed_in, key="k1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "1")


def post(client, headers, *, key: str | None = None, text: str = "leak", path: str = "/v1/notes"):
    asked = headers if key is None else headers | {"Idempotency-Key": key}
    return client.post(path, json={"text": text}, headers=asked)


def count(client, headers) -> int:
    return client.get("/v1/notes", headers=headers).json["count"]
