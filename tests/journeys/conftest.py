"""One firm under P1 on each mode, at nine in the morning of Monday, 28 September 2026, in Beijing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deploy.audit import audit
from deploy.callers import Person
from deploy.databases import Databases
from deploy.demo_tenants import QINGHE, Firm
from libs.common.testing.waiting import eventually
from tests.platforms.distributed import Distributed, tail
from tests.platforms.embedded import Embedded
from tests.platforms.firm import OpenFirm, open_a_firm

BEIJING = ZoneInfo("Asia/Shanghai")
A_MINUTE = 60.0
MONDAY = datetime(2026, 9, 28, 9, tzinfo=BEIJING)
SERVICES = ("tenants", "intake", "dispatch", "sla", "notify", "reporting")


@dataclass
class Journey:
    """A firm at work: people act, time is moved, queues come to rest."""

    platform: Any
    firm: OpenFirm
    signed_in: dict[str, Person] = field(default_factory=dict)

    def person(self, login: str) -> Person:
        """Signed in once; whose token has run out signs in again by themselves."""
        if login not in self.signed_in:
            self.signed_in[login] = self.firm.person(login)
        return self.signed_in[login]

    def now(self) -> datetime:
        return self.platform.clock.now().astimezone(BEIJING)

    def later(self, **span: float) -> None:
        """Move the platform's clock, then let what is due happen."""
        self.platform.clock.advance(timedelta(**span))
        self.rest()

    def until(self, moment: datetime) -> None:
        self.later(seconds=max(0.0, (moment - self.now()).total_seconds()))

    def rest(self) -> None:
        """Until every promise of `redress audit` holds: nothing is on its way, nothing was lost or doubled."""
        databases = self.platform.databases()
        try:
            eventually(lambda: self._rests(databases), within=60)
        except AssertionError:
            logs = tail(self.platform) if isinstance(self.platform, Distributed) else ""
            raise AssertionError("\n".join(map(str, audit(databases, self.platform.clock.now()))) + logs) from None
        finally:
            databases.close()

    def _rests(self, databases: Databases) -> bool:
        """Whether nothing was in hand or moved while one looked.

        In hand is looked at on both sides of what waits: what waited at first may be in somebody's hands since.
        """
        before = self._told(databases)
        if self._in_hand(databases) or audit(databases, self.platform.clock.now()) or self._in_hand(databases):
            return False
        return before == self._told(databases)

    def _told(self, databases: Databases) -> list[str]:
        """How much each service has heard and said: what passes from one to another while one looks is in neither.
        What is handed over is said in the same moment."""
        said, sent, heard = (
            f"(SELECT count(*) FROM {table} WHERE tenant_id = :tenant)" for table in ("outbox", "sent", "applied")
        )
        rows = (
            f"SELECT {said} + {sent} + {heard} + (SELECT count(*) FROM inbox WHERE tenant_id = :tenant AND state = 1)"
        )
        return [str(databases.column(service, rows)) for service in SERVICES]

    def _in_hand(self, databases: Databases) -> list[str]:
        """Deliveries that somebody is at: claimed for a minute, or being sent."""
        claimed = "(attempts > 0 AND due_at <= :soon) OR state = 'sending'"
        theirs = f"SELECT delivery_id FROM deliveries WHERE tenant_id = :tenant AND ({claimed})"  # noqa: S608 (constants)
        return databases.column("notify", theirs, soon=self.platform.clock.now() + timedelta(minutes=1))

    def slow_jobs(self) -> None:
        """What looks for work only once a minute of real time looks now (embedded mode)."""
        for service in self.platform.platform.services.values():
            for job in (each for each in service.jobs if each.every >= A_MINUTE):
                job.run()
        self.rest()

    def case(self, receipt: dict[str, Any], login: str = "coordinator") -> dict[str, Any]:
        found: dict[str, Any] = self.person(login).get("dispatch", f"/cases/{receipt['complaint_id']}")
        return found

    def act(self, login: str, receipt: dict[str, Any], action: str, **words: Any) -> dict[str, Any]:
        done: dict[str, Any] = self.person(login).post(
            "dispatch", f"/cases/{receipt['complaint_id']}/{action}", **words
        )
        self.rest()
        return done

    def keep(self, login: str, receipt: dict[str, Any], name: str, content: bytes) -> str:
        """The id of a file that this person keeps with the complaint, for the next step to name."""
        kept = self.person(login).keep(receipt["complaint_id"], name, content)
        self.rest()
        return kept

    def clocks(self, receipt: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """By limit id."""
        found = self.person("coordinator").get("sla", f"/complaints/{receipt['complaint_id']}/clocks")
        return {clock["limit_id"]: clock for clock in found["items"]}

    def notices(self, receipt: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.person("coordinator").get(
            "notify", f"/complaints/{receipt['complaint_id']}/notices"
        )["items"]
        return found

    def figures(self) -> dict[str, Any]:
        wanted = {"from": "2026-09-01", "to": "2026-10-31"}
        found: dict[str, Any] = self.person("manager").get("reporting", "/kpis", **wanted)
        return found


@contextmanager
def at_work(platform: Any, slug: str, like: Firm = QINGHE) -> Iterator[Journey]:
    """A firm like this one, alone on a platform that begins on that Monday."""
    try:
        platform.clock_file.parent.mkdir(parents=True, exist_ok=True)
        platform.clock.begin_at(MONDAY)
        platform.start()
        yield Journey(platform, open_a_firm(platform, slug, like))
    finally:
        platform.stop()


@pytest.fixture(
    scope="module",
    params=["embedded", "distributed"],
)
def journey(request: pytest.FixtureRequest) -> Iterator[Journey]:
    platform: Any = Embedded() if request.param == "embedded" else Distributed()
    with at_work(platform, "qinghe") as journey:
        yield journey
