"""The distributed mode on this machine: every service's web and worker as a process of its own, on a PostgreSQL
and a RabbitMQ that may be killed. The harness is the supervisor: it starts again what died."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from deploy.databases import Databases
from deploy.founding import add_operator
from libs.common.clock import MovableClock
from libs.common.testing.partners.mail import MailPartner
from libs.common.testing.partners.sms import SmsPartner
from libs.common.testing.servers import PostgresServer, RabbitServer
from libs.common.testing.servers.ports import free_port
from libs.common.testing.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("tenants", "intake", "dispatch", "sla", "notify", "reporting")


@dataclass
class Process:
    """One process kind, with the words that start it."""

    name: str
    words: list[str]
    environ: dict[str, str]
    log: Path
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "deploy.run", *self.words],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL to the process and all its children."""
        if self.running:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()

    def stop(self) -> None:
        if self.running and self.running.poll() is None:
            self.running.terminate()

    def ended(self) -> bool:
        return self.running is None or self.running.poll() is not None


@dataclass
class Distributed:
    """Everything, on addresses of its own. `start()` migrates and waits until every web process is ready."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="redress-")))
    fsync: bool = False
    portal: bool = True
    web_processes: int = 1
    real_time: bool = False
    poll_seconds: float | None = None

    def __post_init__(self) -> None:
        self.postgres = PostgresServer(fsync=self.fsync)
        self.rabbit = RabbitServer()
        self.mail = MailPartner()
        self.sms = SmsPartner()
        self.ports = {name: free_port() for name in (*SERVICES, "portal")}
        self.processes: dict[str, Process] = {}

    def start(self) -> None:
        for server in (self.postgres, self.rabbit, self.mail, self.sms):
            server.start()
        self._create_databases()
        self.environ = self._environ()
        _run("keys", self.environ)
        migrating = [self._process(name, "migrate") for name in SERVICES]
        for process in migrating:
            process.start()
        for process in migrating:
            assert process.running is not None
            assert process.running.wait(120) == 0, process.log.read_text()
        names = [(name, kind) for name in SERVICES for kind in ("web", "worker")]
        for name, kind in names + ([("portal", "web")] if self.portal else []):
            process = self._process(name, kind)
            self.processes[process.name] = process
            process.start()
        eventually(self.ready, within=120)

    def found(self, login: str, password: str) -> None:
        """Make the platform's operator."""
        add_operator(self._process("tenants", "web").environ, login, password)

    def ready(self) -> bool:
        self.mend()
        return all(self._answers(name) for name in SERVICES)

    def mend(self) -> list[str]:
        """Start again what died; returns the names."""
        dead = [process for process in self.processes.values() if process.ended()]
        for process in dead:
            process.start()
        return [process.name for process in dead]

    def stop(self) -> None:
        for process in self.processes.values():
            process.stop()
        for process in self.processes.values():
            if process.running:
                try:
                    process.running.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
        for server in (self.mail, self.sms, self.rabbit, self.postgres):
            server.stop()
        for server in (self.rabbit, self.postgres):
            server.discard()

    def client(self, name: str) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.ports[name]}/v1", timeout=30)

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock"

    @property
    def clock(self) -> MovableClock:
        return MovableClock(self.clock_file)

    def databases(self) -> Databases:
        """For `redress audit`, as each service's worker."""
        template = self.postgres.url.replace("//postgres", "//redress_{service}_worker")
        return Databases(template.removesuffix("/postgres") + "/redress_{service}")

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One of the operator's commands, as an operator gives it."""
        environ = self.environ | {"REDRESS_DATABASES": self.databases().template}  # opens nothing
        program = [sys.executable, "-m", "deploy.redress", *words]
        return subprocess.run(program, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)

    def _answers(self, name: str) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.ports[name]}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def _process(self, name: str, kind: str) -> Process:
        environ = self.environ | {
            "PORT": str(self.ports[name]),
            "DATABASE_URL": self._url(name, "web"),
            "WORKER_DATABASE_URL": self._url(name, "worker"),
            "MIGRATE_DATABASE_URL": self._url(name, "owner"),
        }
        return Process(f"{name}-{kind}", [name, kind], environ, self.folder / f"{name}-{kind}.log")

    def _url(self, name: str, role: str) -> str:
        if name == "portal":
            return ""
        server = self.postgres.url.replace("//postgres", f"//redress_{name}_{role}").removesuffix("/postgres")
        return f"{server}/redress_{name}"

    def _environ(self) -> dict[str, str]:
        poll = {"POLL_SECONDS": str(self.poll_seconds)} if self.poll_seconds else {}
        clock = {} if self.real_time else {"CLOCK_FILE": str(self.clock_file)}
        return {
            **os.environ,
            "KEYS_DIR": str(self.folder / "keys"),
            "ATTACHMENTS_DIR": str(self.folder / "attachments"),
            "PLATFORM_KEY": "5e" * 32,
            "COOKIE_KEY": "c0" * 32,
            "ALIYUN_CALLBACK_TOKEN": "ca" * 16,
            "ALIYUN_ENDPOINT": self.sms.url,
            "ALIYUN_KEY_ID": "demo-key",
            "ALIYUN_KEY_SECRET": "demo-secret",
            "SMTP_URL": f"smtp://127.0.0.1:{self.mail.port}?tls=none&sender=complaints@redress.example",
            "BROKER_URL": self.rabbit.url,
            "PUBLIC_URL": f"http://127.0.0.1:{self.ports['portal']}",
            "SECURE_COOKIES": "no",
            "WEB_PROCESSES": str(self.web_processes),
            "WEB_THREADS": "8",
            "PYTHONWARNINGS": "ignore",
            **clock,
            **poll,
            **{f"{name.upper()}_URL": f"http://127.0.0.1:{port}" for name, port in self.ports.items()},
        }

    def _create_databases(self) -> None:
        url = self.postgres.url.replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            for name in SERVICES:
                for role in ("owner", "web", "worker"):
                    connection.execute(f"CREATE ROLE redress_{name}_{role} LOGIN NOSUPERUSER NOBYPASSRLS")
                connection.execute(f"CREATE DATABASE redress_{name} OWNER redress_{name}_owner")
        for name in SERVICES:
            with psycopg.connect(url.removesuffix("/postgres") + f"/redress_{name}", autocommit=True) as connection:
                connection.execute("REVOKE ALL ON SCHEMA public FROM public")
                connection.execute(f"ALTER SCHEMA public OWNER TO redress_{name}_owner")


def _run(word: str, environ: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-m", "deploy.run", word], cwd=ROOT, env=environ, check=True)


def tail(platform: Distributed, lines: int = 20) -> str:
    """The end of every log, to be shown when a journey fails."""
    ends: dict[str, Any] = {
        log.name: log.read_text(errors="replace").splitlines()[-lines:] for log in sorted(platform.folder.glob("*.log"))
    }
    return json.dumps(ends, indent=1)
