"""Registering through the real service against the ceiling: same gunicorn, same load, same PostgreSQL, in turns."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from libs.common.testing.servers.ports import free_port
from libs.common.testing.waiting import eventually
from tests.load.ceiling import make_tables
from tests.platforms.distributed import ROOT, Distributed
from tests.platforms.firm import open_a_firm

CONNECTIONS, SECONDS = 8, 4

Run = dict[str, float]


def compare(rounds: int, say: Callable[..., None]) -> tuple[list[Run], list[Run]]:
    """Rounds of ours and of the bare one, interleaved."""
    platform = Distributed(fsync=True, portal=False, web_processes=2, real_time=True)
    ours: list[Run] = []
    bare: list[Run] = []
    try:
        platform.start()
        open_a_firm(platform, "bench")
        quiet(platform)
        port = free_port()
        ceiling = start_ceiling(platform, port)
        for turn in range(rounds + 1):
            runs = [hammer(platform.ports["intake"]), hammer(port)]
            say(f"round {turn}: ours {runs[0]['per_second']:.0f}/s, bare {runs[1]['per_second']:.0f}/s")
            if turn:  # the first warms both up
                ours.append(runs[0])
                bare.append(runs[1])
        ceiling.terminate()
        ceiling.wait()
    finally:
        platform.stop()
    return ours, bare


def quiet(platform: Distributed) -> None:
    """Stop everything but intake's web: the comparison is of registering, not of the work that follows."""
    for process in list(platform.processes.values()):
        if process.name != "intake-web":
            process.kill()


def hammer(port: int, path: str = "/v1/public/bench/complaints") -> Run:
    program = [sys.executable, "-m", "tests.load.hammer", str(port), str(CONNECTIONS), str(SECONDS), path]
    finished = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    if finished.returncode:
        raise RuntimeError(finished.stderr[-2000:])
    measured: Run = json.loads(finished.stdout)
    return measured


def start_ceiling(platform: Distributed, port: int) -> subprocess.Popen[bytes]:
    url = platform.postgres.url.replace("+psycopg", "")
    make_tables(url)
    config = str(Path(ROOT) / "deploy" / "gunicorn.py")
    environ = os.environ | {"PORT": str(port), "DATABASE_URL": url, "WEB_PROCESSES": "2", "WEB_THREADS": "8"}
    program = [sys.executable, "-m", "gunicorn", "-c", config, "tests.load.ceiling:create_app()"]
    process = subprocess.Popen(program, cwd=ROOT, env=environ)
    eventually(lambda: _answers(port), within=30)
    return process


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=1).status_code == 200
    except httpx.HTTPError:
        return False
