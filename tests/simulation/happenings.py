"""What happens in some stories beside single complaints: an outcry, holidays announced late, a house that closes."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from unittest.mock import patch
from uuid import UUID

from chinese_calendar import constants

from services.sla.domain import calendar, statutory
from services.tenants.handlers.procedures import propose, publish_procedure
from tests.simulation.everything import MANY
from tests.simulation.platform import IN_CHINA, Simulated, Tenant

THE_YEAR = 2026  # in which all stories begin
BEFORE_IT = range(2004, THE_YEAR)
DAY = timedelta(days=1)
OUTCRY, CLOSING = 0.08, 0.2
A_WHILE = timedelta(hours=13)  # longer than a process rests or the machine sleeps
# Work for the jobs that count again, as the tables show it.
COUNTED_BEFORE = """SELECT 1 FROM clocks JOIN tenants USING (tenant_id)
    WHERE met_at IS NULL AND stopped_at IS NULL AND counted_by < calendars_version LIMIT 1"""
UNANNOUNCED = f"""SELECT 1 FROM clocks WHERE met_at IS NULL AND stopped_at IS NULL AND state <> 'breached'
    AND explanation LIKE '%["provisional",{{"year":{THE_YEAR}}}]%' LIMIT 1"""  # noqa: S608 (our own number)


@contextmanager
def holidays_come_late(late: bool) -> Iterator[None]:
    """The year's public holidays are known from the beginning, or only once they are announced."""
    with patch.object(statutory, "_ANNOUNCED_YEARS", BEFORE_IT if late else statutory._ANNOUNCED_YEARS):
        _forget()
        yield
    _forget()


def is_announced() -> bool:
    return THE_YEAR in statutory._ANNOUNCED_YEARS


@dataclass
class Happenings:
    """`closed`: of each tenant the days on which no limit may end, and since when none may."""

    platform: Simulated
    chosen: random.Random
    tenants: Sequence[Tenant]
    tell: Callable[[str], None]
    plan: Callable[[datetime, Callable[[], None]], None]
    somebody_complains: Callable[[Tenant, str], None]
    closed: dict[UUID, dict[date, datetime]] = field(default_factory=dict)

    def begin(self, begins: datetime, weeks: int) -> None:
        """In some stories many complain about one thing, or the first house closes for some days."""

        def sometime() -> datetime:
            return begins + self.chosen.random() * (weeks * 7 * DAY)

        for tenant in self.tenants:
            self.closed[tenant.tenant_id] = {}
        for likely, happens in ((OUTCRY, self._many_complain), (CLOSING, self._close)):
            if self.chosen.random() < likely:
                self.plan(sometime(), happens)
        if is_announced():
            self._known_to_all(begins)
        else:
            self.plan(sometime(), self._announce)

    def _many_complain(self) -> None:
        tenant, now = self.tenants[0], self.platform.clock.now()
        category = self.chosen.choice(tenant.procedure.categories).id
        for _ in range(self.chosen.randint(MANY, MANY + 1)):
            at = now + timedelta(hours=self.chosen.uniform(0, 9))
            self.plan(at, lambda: self.somebody_complains(tenant, category))

    def _close(self) -> None:
        """A version that changes nothing but that the house is closed on some days."""
        tenant, now = self.tenants[0], self.platform.clock.now()
        first = now.astimezone(tenant.zone).date() + self.chosen.randint(1, 4) * DAY
        days = [first + n * DAY for n in range(self.chosen.randint(1, 3))]
        document = deepcopy(tenant.document)
        for hours in document["calendars"].values():
            hours["overrides"] = [{"date": day.isoformat(), "open": False} for day in days]
        with self.platform.services["tenants"].units.begin(tenant.tenant_id) as work:
            publish_procedure(work, propose(document), accept_warnings=True)
        self.tell(f"{tenant.slug} closes on {', '.join(map(str, days))}")
        self.plan(now + A_WHILE, lambda: self._known(tenant, days, now + A_WHILE))

    def _announce(self) -> None:
        """The list of the year comes out."""
        statutory._ANNOUNCED_YEARS = range(BEFORE_IT.start, THE_YEAR + 1)
        _forget()
        self.tell("the public holidays are announced")
        since = self.platform.clock.now() + A_WHILE
        self.plan(since, lambda: self._known_to_all(since))

    def _known_to_all(self, since: datetime) -> None:
        for tenant in self.tenants:
            if str(tenant.zone) == IN_CHINA[0]:
                self._known(tenant, constants.holidays, since)

    def _known(self, tenant: Tenant, days: Iterable[date], since: datetime) -> None:
        """By now everything was counted again."""
        self.closed[tenant.tenant_id].update(dict.fromkeys(days, since))


def _forget() -> None:
    """As the next process, which reads the list anew."""
    for remembered in (statutory.statutory_days, statutory.is_announced, calendar.working_calendar):
        remembered.cache_clear()
