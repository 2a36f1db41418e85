"""Guests who insist, each with a telephone of their own, and who remember every answer they got."""

import random
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from tests.platforms.load import TEXTS, Crowd

FOREVER = 1_000_000
TAKEN, REFUSED = (201,), (400, 404, 422)


@dataclass(frozen=True)
class Answer:
    """What a guest saw: `status` 0 is a connection that was refused or broke; `at` is monotonic."""

    at: float
    status: int
    retry_after: str | None = None


@dataclass
class Guests(Crowd):
    """`answers` holds every try. After `enough` is set, nobody new comes; who has begun still insists."""

    answers: list[Answer] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def failures(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.status not in TAKEN]

    def _insist(self, share: Iterable[int]) -> None:
        with httpx.Client(timeout=10) as client:
            for number in share:
                if self.enough.is_set():
                    return
                self._send(client, number, threading.Event())
                self.enough.wait(self.threads / self.per_second)

    def _send(self, client: httpx.Client, number: int, pause: threading.Event) -> None:
        key, form = uuid4().hex, form_of(number)
        while self._try(client, form, key).status not in TAKEN + REFUSED:
            pause.wait(random.uniform(0.1, 0.4))

    def _try(self, client: httpx.Client, form: dict[str, str], key: str) -> Answer:
        address = f"{self.url}/public/{self.slug}/complaints"
        try:
            response = client.post(address, json=form, headers={"Idempotency-Key": key})
        except httpx.HTTPError:
            answer = Answer(time.monotonic(), 0)
        else:
            answer = Answer(time.monotonic(), response.status_code, response.headers.get("Retry-After"))
            if answer.status in TAKEN:
                self.acknowledged[response.json()["complaint_id"]] = key
            elif answer.status in REFUSED:
                self.refused.append(f"{answer.status} {response.text[:200]}")
        self.answers.append(answer)
        return answer


def form_of(number: int) -> dict[str, str]:
    """A filled form; nobody shares a telephone, so nobody is spared a notice."""
    return {
        "text": f"{TEXTS[number % len(TEXTS)]} ({number})",
        "name": "孙丽华",
        "phone": f"139{number:08}",
        "where": "2号楼",
    }
