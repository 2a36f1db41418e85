"""Guests who insist: they send a complaint again under the same key until it is acknowledged."""

import random
import threading
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

TEXTS = (
    "三号楼电梯又坏了，按钮没有反应，老人上不了楼。",
    "楼上半夜装修，噪音很大，孩子睡不着。",
    "前台态度粗鲁，问两句就不耐烦。",
    "希望增加自行车停放处，建议考虑。",
    "There is a smell of gas on the second floor.",
    "The cleaning was not done for three days.",
)


@dataclass
class Crowd:
    """`threads` guests share `count` complaints, at most `per_second` begun each second."""

    url: str
    slug: str
    count: int
    threads: int = 8
    per_second: float = 60.0
    acknowledged: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Blocks until every complaint is acknowledged."""
        shares = [range(start, self.count, self.threads) for start in range(self.threads)]
        crowd = [threading.Thread(target=self._insist, args=(share,)) for share in shares]
        for guest in crowd:
            guest.start()
        for guest in crowd:
            guest.join()

    def start(self) -> threading.Thread:
        running = threading.Thread(target=self.run, daemon=True)
        running.start()
        return running

    def _insist(self, share: range) -> None:
        pause = threading.Event()
        with httpx.Client(timeout=10) as client:
            for number in share:
                self._send(client, number, pause)
                pause.wait(self.threads / self.per_second)

    def _send(self, client: httpx.Client, number: int, pause: threading.Event) -> None:
        key = uuid4().hex
        form = {
            "text": f"{TEXTS[number % len(TEXTS)]} ({number})",
            "name": "孙丽华",
            "phone": f"139{number:08}",
            "where": "2号楼",
        }
        while True:
            try:
                answer = client.post(
                    f"{self.url}/public/{self.slug}/complaints", json=form, headers={"Idempotency-Key": key}
                )
                if answer.status_code == 201:
                    self.acknowledged[answer.json()["complaint_id"]] = key
                    return
                if answer.status_code not in (409, 429, 500, 502, 503):
                    self.refused.append(f"{answer.status_code} {answer.text[:200]}")
                    return
            except httpx.HTTPError:
                pass
            pause.wait(random.uniform(0.1, 0.5))
