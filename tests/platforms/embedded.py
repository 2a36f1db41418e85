"""The embedded mode inside the test process: the same services, SQLite files, the in-process broker."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy import embedded
from deploy.databases import Databases
from libs.common.clock import MovableClock
from libs.common.testing.partners.mail import MailPartner
from libs.common.testing.partners.sms import SmsPartner
from libs.common.traces import LocalSpans
from services.tenants.handlers.founding import found_platform


@dataclass
class Embedded:
    """`start()` prepares and starts everything; `client(name)` speaks to one service without a network.

    `spans` are shown to operators, if there are any.
    """

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="redress-")))
    spans: LocalSpans | None = None

    def start(self) -> None:
        self.mail, self.sms = MailPartner(), SmsPartner()
        self.mail.start()
        self.sms.start()
        environ = embedded.environment(
            self.folder,
            SMTP_URL=f"smtp://127.0.0.1:{self.mail.port}?tls=none&sender=complaints@redress.example",
            ALIYUN_ENDPOINT=self.sms.url,
            PRIVATE_STATUS_URLS="yes",
        )
        environ |= embedded.with_a_movable_clock(environ)
        embedded.prepare(environ)
        self.platform = embedded.assemble(environ, self.spans)
        self.platform.start()

    def found(self, login: str, password: str) -> None:
        """Make the platform's operator."""
        found_platform(self.platform.services["tenants"].units, login=login, password=password)

    def stop(self) -> None:
        self.platform.stop()
        self.mail.stop()
        self.sms.stop()

    def client(self, name: str) -> httpx.Client:
        if name == "portal":
            return httpx.Client(transport=httpx.WSGITransport(app=self.platform.wsgi), base_url="http://localhost")
        return self.platform.client(name)

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock"

    @property
    def clock(self) -> MovableClock:
        return MovableClock(self.clock_file)

    def databases(self) -> Databases:
        return Databases(f"sqlite:///{self.folder}/{{service}}.sqlite")
