"""The embedded mode in one process that may be killed, under gunicorn's master; its partners are safe in the test."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from deploy.databases import Databases
from libs.common.clock import MovableClock
from libs.common.testing.partners.mail import MailPartner
from libs.common.testing.partners.sms import SmsPartner
from libs.common.testing.servers.ports import free_port
from libs.common.testing.servers.processes import descendants, running_processes
from libs.common.testing.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
MORNING = datetime(2026, 9, 28, 9, tzinfo=ZoneInfo("Asia/Shanghai"))  # nobody's sleep delays a notice


@dataclass
class Bare:
    """The platform without demo tenants, on data of its own. The master starts again the process that serves."""

    folder: Path

    def __post_init__(self) -> None:
        self.port = free_port()
        self.mail, self.sms = MailPartner(), SmsPartner()
        self.clock = MovableClock(self.folder / "clock")
        self._master: subprocess.Popen[bytes] | None = None
        self._orphans: set[int] = set()

    def start(self) -> None:
        self.mail.start()
        self.sms.start()
        self.clock.begin_at(MORNING)
        self.boot()
        eventually(self.ready, within=120)

    def boot(self) -> None:
        program = [sys.executable, "-m", "tests.faults.serving", str(self.folder), str(self.port)]
        with self.log.open("ab") as log:
            self._master = subprocess.Popen(
                program, cwd=ROOT, env=self._environ(), stdout=log, stderr=log, start_new_session=True
            )

    def ready(self) -> bool:
        """Start the master again if it has ended; whether intake answers."""
        if self._master is None or self._master.poll() is not None:
            self.boot()
        try:
            address = f"http://127.0.0.1:{self.port}/api/intake/readyz"
            return httpx.get(address, timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def kill_the_serving_process(self) -> None:
        assert self._master is not None
        for process in descendants(self._master.pid) - {self._master.pid}:
            os.kill(process, signal.SIGKILL)

    def kill_the_master(self) -> None:
        """What it leaves behind notices after a while, and serves until then."""
        assert self._master is not None
        self._orphans = descendants(self._master.pid) - {self._master.pid}
        self._master.kill()
        self._master.wait()

    def alone(self) -> bool:
        """Nothing serves that has no master any more."""
        return not self._orphans & running_processes().keys()

    def kill_everything(self) -> None:
        if self._master is not None and self._master.poll() is None:
            os.killpg(self._master.pid, signal.SIGKILL)
            self._master.wait()

    def stop(self) -> None:
        self.kill_everything()
        self.mail.stop()
        self.sms.stop()

    def found(self, login: str, password: str) -> None:
        program = [sys.executable, "-m", "deploy.redress", "operator", login]
        environ = self._environ() | {"REDRESS_DATA": str(self.folder), "REDRESS_PASSWORD": password}
        subprocess.run(program, cwd=ROOT, env=environ, check=True, timeout=60)

    def client(self, name: str) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}/api/{name}/v1", timeout=30)

    def databases(self) -> Databases:
        return Databases(f"sqlite:///{self.folder}/{{service}}.sqlite")

    @property
    def log(self) -> Path:
        return self.folder / "serving.log"

    def _environ(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
        return own | {
            "SMTP_URL": f"smtp://127.0.0.1:{self.mail.port}?tls=none&sender=complaints@redress.example",
            "ALIYUN_ENDPOINT": self.sms.url,
            "PYTHONWARNINGS": "ignore",
        }
