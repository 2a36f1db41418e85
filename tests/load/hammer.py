"""A small closed-loop load generator: `connections` keep-alive connections, each one request after the other.

Runs in a process of its own, so that its work is not counted to the service. Prints one JSON object.
"""

import http.client
import json
import sys
import threading
import time
from uuid import uuid4

BODY = json.dumps(
    {
        "text": "三号楼走廊的灯坏了两个星期，晚上很黑，老人走路不安全，请尽快修理。",
        "name": "赵晓梅",
        "phone": "13900001111",
        "where": "三号楼二层走廊",
        "asked_for": "请修好走廊的灯",
    }
).encode()


def hammer(port: int, connections: int, seconds: float, path: str) -> dict[str, float]:
    """Requests a second and latencies in milliseconds; anything but 201 ends the run."""
    until = time.perf_counter() + seconds
    took: list[float] = []
    threads = [threading.Thread(target=_one, args=(port, path, until, took)) for _ in range(connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    took.sort()
    return {
        "per_second": len(took) / elapsed,
        "p50_ms": took[len(took) // 2] * 1000,
        "p99_ms": took[int(len(took) * 0.99)] * 1000,
    }


def _one(port: int, path: str, until: float, took: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.perf_counter() < until:
        started = time.perf_counter()
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
        connection.request("POST", path, BODY, headers)
        response = connection.getresponse()
        content = response.read()
        if response.status != 201:
            raise SystemExit(f"{response.status}: {content[:500]!r}")
        took.append(time.perf_counter() - started)


if __name__ == "__main__":
    port, connections, seconds, path = sys.argv[1:]
    print(json.dumps(hammer(int(port), int(connections), float(seconds), path)))
