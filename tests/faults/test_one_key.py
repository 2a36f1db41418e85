"""R2: one key, one complaint: whoever repeats himself, at once or later, hears the same answer again."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from uuid import UUID

import httpx
import pytest

from tests.faults.crowd import form_of
from tests.faults.intake_alone import SLUG, IntakeAlone

KEYS = 200
AT_ONCE = 50
CROWDED_KEYS = 4
AGAIN = (409, 503)


@dataclass(frozen=True)
class Request:
    key: str
    number: int


def test_repeats_of_a_request_register_one_complaint_and_hear_one_answer(intake, seed):
    chosen = random.Random(seed)
    keys = {UUID(int=chosen.getrandbits(128), version=4).hex: number for number in range(KEYS)}
    first = once_each_and_a_tenth_twice(keys, chosen)
    crowded = [Request(key, keys[key]) for key in list(keys)[:CROWDED_KEYS] for _ in range(AT_ONCE)]
    heard = ask_all(intake, crowded, at_once=AT_ONCE) + ask_all(intake, first, at_once=20)
    answers: dict[str, set[str]] = {key: set() for key in keys}
    for request, response in heard:
        assert response.status_code == httpx.codes.CREATED, response.text
        answers[request.key].add(response.text)
    assert {len(bodies) for bodies in answers.values()} == {1}, "0 different answers"
    assert_one_row_a_key(intake, keys)


def test_an_answer_lost_on_the_way_is_given_again(intake, seed):
    """The client hangs up before it can hear, and asks again."""
    chosen = random.Random(seed)
    keys = {UUID(int=chosen.getrandbits(128), version=4).hex: number for number in range(20)}
    for item in keys.items():
        ask_and_hang_up(intake, Request(*item))
    first = ask_all(intake, [Request(*item) for item in keys.items()], at_once=8)
    again = ask_all(intake, [Request(*item) for item in keys.items()], at_once=8)
    assert [response.json() for _, response in first] == [response.json() for _, response in again]
    assert {response.headers["Idempotency-Replayed"] for _, response in again} == {"true"}
    assert_one_row_a_key(intake, keys)


def test_another_body_under_a_used_key_is_refused_and_changes_nothing(intake):
    used = [Request(f"key-{number}", number) for number in range(20)]
    ask_all(intake, used, at_once=8)
    others = [Request(request.key, request.number + 1) for request in used]
    refused = ask_all(intake, others, at_once=8)
    assert {response.status_code for _, response in refused} == {422}
    assert_one_row_a_key(intake, {request.key: request.number for request in used})


def once_each_and_a_tenth_twice(keys: dict[str, int], chosen: random.Random) -> list[Request]:
    requests = [Request(*item) for item in keys.items()]
    requests += chosen.sample(requests, len(requests) // 10)
    chosen.shuffle(requests)
    return requests


def ask_all(intake: IntakeAlone, requests: list[Request], at_once: int) -> list[tuple[Request, httpx.Response]]:
    with httpx.Client(limits=httpx.Limits(max_connections=at_once)) as client, ThreadPoolExecutor(at_once) as guests:
        return list(zip(requests, guests.map(lambda request: insist(client, intake, request), requests), strict=True))


def insist(client: httpx.Client, intake: IntakeAlone, request: Request) -> httpx.Response:
    """Ask until the answer is an answer: while the first is carried out, a second may be told to come back."""
    while True:
        response = ask(client, intake, request)
        if response.status_code not in AGAIN:
            return response
        assert response.headers["Retry-After"]
        threading.Event().wait(0.2)


def ask(client: httpx.Client, intake: IntakeAlone, request: Request) -> httpx.Response:
    address, headers = f"{intake.url}/public/{SLUG}/complaints", {"Idempotency-Key": request.key}
    return client.post(address, json=form_of(request.number), headers=headers, timeout=20)


def ask_and_hang_up(intake: IntakeAlone, request: Request) -> None:
    body = httpx.Request("POST", intake.url, json=form_of(request.number)).content
    headers = {"Content-Type": "application/json", "Idempotency-Key": request.key}
    connection = HTTPConnection("127.0.0.1", intake.port, timeout=5)
    connection.request("POST", f"/v1/public/{SLUG}/complaints", body, headers)
    connection.close()


def assert_one_row_a_key(intake: IntakeAlone, keys: dict[str, int]) -> None:
    used = {row[0]: row[1] for row in intake.plumbing("SELECT key, response::json->>'complaint_id' FROM idempotency")}
    mine = {used[key] for key in keys}
    stored = [str(row[0]) for row in intake.rows("SELECT complaint_id FROM complaints")]
    assert len(mine) == len(keys)
    assert sorted(stored) == sorted(used.values())


@pytest.fixture
def intake(postgres_database, tmp_path) -> Iterator[IntakeAlone]:
    alone = IntakeAlone(postgres_database, tmp_path)
    try:
        alone.start()
        yield alone
    finally:
        alone.stop()
