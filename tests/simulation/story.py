"""A story: some weeks at some tenants, told by a seed, with everything that goes wrong, and a quiet end."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from uuid import UUID

from libs.common.db import DatabaseAway
from libs.common.inbox import replay_parked
from libs.common.service import Service
from libs.common.worker import forget_answered
from tests.simulation.answers import Answers, Calls
from tests.simulation.chance import determined
from tests.simulation.faults import FATE, Killed
from tests.simulation.happenings import Happenings, holidays_come_late, is_announced
from tests.simulation.jobs import ASKED, PLAYED, Process, played
from tests.simulation.length import ORDINARY, Length
from tests.simulation.partners import BrokerAway
from tests.simulation.people import People
from tests.simulation.platform import FOUNDED, Simulated, Tenant
from tests.simulation.reviewing import review

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SOON = ((MINUTE, 60), (HOUR, 8), (DAY, 3))
OUTAGE, SLEEP = 0.004, 0.004
A_MILLISECOND = timedelta(milliseconds=1)
QUIET = 30 * DAY
FAVOUR = (3, 1, 1)  # the first tenant's Procedure has something of everything
DAYS_BETWEEN_TIDYING = 3
PATIENCE = 30
LATE_HOLIDAYS, REVIEWS = 0.3, 0.3
STEPS_AT_MOST = 10_000
LOOKS_IN_VAIN = 400
DEAD_OVER_IT = "last_error = 'the process died while handling this'"


class NeverRests(AssertionError):
    """The platform is still at work after more steps than any story needs."""


class WaitsInVain(AssertionError):
    """A service holds events back for one that will never come."""


@dataclass(order=True)
class Plan:
    """Something that somebody will do."""

    at: datetime
    turn: int
    do: Callable[[], None] = field(compare=False)


@dataclass
class Story:
    """`outages` are the spans in which the alarms of sla could not be heard, for whatever reason; at `rested_at`
    nothing was on its way any more."""

    platform: Simulated
    seed: int
    tell: Callable[[str], None] = lambda _: None
    length: Length = ORDINARY
    tenants: list[Tenant] = field(default_factory=list)
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    agenda: list[Plan] = field(default_factory=list)
    known: dict[str, dict[Process, datetime | None]] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    in_vain: Counter[str] = field(default_factory=Counter)
    rested_at: datetime = FOUNDED
    planned: int = 0
    steps: int = 0

    def play(self) -> None:
        """Tell it to the end: afterwards nothing is on its way, and nothing is due for a month."""
        self.platform.set_back()
        late = random.Random(self.seed).random() < LATE_HOLIDAYS
        with determined(self.seed, self.platform.clock) as self.chosen, holidays_come_late(late):
            self._begin()
            FATE.at_work = True
            try:
                self._go_on()
            finally:
                FATE.at_work = False
            self._calm_down()

    def _begin(self) -> None:
        platform, chosen = self.platform, self.chosen
        FATE.chosen, FATE.deaths = chosen, 0
        platform.broker.chosen, platform.broker.calm = chosen, False
        platform.broker.queues = {name: [] for name in platform.broker.queues}
        platform.booking.chosen, platform.booking.calm, platform.booking.told = chosen, False, []
        for gateway in platform.gateways.values():
            gateway.chosen, gateway.calm = chosen, False
            gateway.taken, gateway.unread = [], []
        self.people = People(
            platform, chosen, lambda line: self.tell(f"{platform.clock.now():%a %d %b %H:%M:%S}  {line}")
        )
        self.answers = Answers(self.people, chosen, lambda do: self._plan(self._soon(), do), self._work_again)
        self.calls = Calls(self.people, chosen, self._plan)
        self.processes = [process for service in platform.services.values() for process in self._loops(service)]
        begins = FOUNDED + chosen.randint(1, 300) * DAY + chosen.randrange(24) * HOUR
        platform.clock.set(begins)
        self.tenants = [platform.tenants[0], *chosen.sample(platform.tenants[1:], 2)]
        weeks = chosen.randint(*self.length.weeks)
        for moment in self.length.moments(chosen, weeks):
            [tenant] = chosen.choices(self.tenants, FAVOUR)
            self._plan(begins + moment, lambda tenant=tenant: self._somebody_complains(tenant))
        for tenant in chosen.choices(self.tenants, k=max(2, weeks // 2)):
            self._plan(begins + chosen.random() * (weeks * 7 * DAY), lambda tenant=tenant: self.people.be_away(tenant))
        self.happenings = Happenings(
            self.platform, chosen, self.tenants, self.people.tell, self._plan, self._somebody_complains
        )
        self.happenings.begin(begins, weeks)
        for day in range(0, weeks * 7, DAYS_BETWEEN_TIDYING):
            self._plan(begins + day * DAY, self._tidy)

    def _somebody_complains(self, tenant: Tenant, category: str | None = None) -> None:
        by_review = tenant is self.tenants[0] and not category and self.chosen.random() < REVIEWS
        complaint_id = review(self.people, tenant) if by_review else self.people.complain(tenant, category)
        self._plan(self._soon(), lambda: self._somebody_works(tenant, complaint_id))
        drawn = 1.0 if by_review else self.chosen.random()  # who has no secret asks nothing
        if drawn < 0.2:
            self._plan(self._soon(), lambda: self.people.write_again(tenant, complaint_id))
        elif drawn < 0.27:
            self._plan(self._soon(), lambda: self.people.withdraw(tenant, complaint_id))

    def _somebody_works(self, tenant: Tenant, complaint_id: UUID, patience: int = PATIENCE) -> None:
        """Until the case has ended or nobody can bear it any more; one in forty times it is forgotten."""
        if self.people.work_on(tenant, complaint_id) and patience and self.chosen.random() > 0.025:
            self._plan(self._soon(), lambda: self._somebody_works(tenant, complaint_id, patience - 1))

    def _work_again(self, complaint_id: UUID) -> None:
        tenant = self.people.whose[complaint_id]
        self._plan(self._soon(), lambda: self._somebody_works(tenant, complaint_id))

    def _soon(self) -> datetime:
        """In minutes, hours or days."""
        [(unit, most)] = self.chosen.choices(SOON, [5, 6, 2])
        return self.platform.clock.now() + self.chosen.uniform(0.3, most) * unit

    def _plan(self, at: datetime, do: Callable[[], None]) -> None:
        self.planned += 1
        heappush(self.agenda, Plan(at, self.planned, do))

    def _tidy(self) -> None:
        """What every worker does beside: forgetting answered requests and handled events."""
        now = self.platform.clock.now()
        for service in self.platform.services.values():
            forget = partial(forget_answered, service, now - 3 * DAY, now - 14 * DAY)
            self._alive(Process("tidy", service.name, lambda: None, forget))

    def _loops(self, service: Service) -> list[Process]:
        """The loops of a service's worker, as `libs.common.worker` has them."""
        name, broker = service.name, self.platform.broker
        relay = self.platform.relay(service)
        loops = [
            Process(
                "relay",
                name,
                lambda: self._at_once_if(name, "SELECT 1 FROM outbox LIMIT 1"),
                lambda: relay.publish_waiting(self.platform.clock.now),
            ),
            Process("inbox", name, lambda: self._first_due(name, "inbox"), service.inbox.work_due),
        ]
        if name in broker.queues:
            hear = lambda: broker.deliver(name, service.inbox)  # noqa: E731
            loops.append(Process("listener", name, lambda: broker.next_arrival(name), hear))
        loops += [
            Process(job.name, name, lambda job=job.name: self._work_for(job, name), job.run) for job in played(service)
        ]
        return loops

    def _due(self, process: Process) -> datetime | None:
        """Asked again only after something was done in that service; the broker's queues are always looked at."""
        if process.name == "listener":
            return process.due()
        if process not in self.known.setdefault(process.service, {}):
            self.known[process.service][process] = process.due()
        return self.known[process.service][process]

    def _work_for(self, job: str, service: str) -> datetime | None:
        """Only once the holidays are announced is anything to be counted again for them."""
        if job in PLAYED:
            return self._first_due(service, PLAYED[job])
        return self._at_once_if(service, ASKED[job]) if job != "announced" or is_announced() else None

    def _at_once_if(self, service: str, question: str) -> datetime | None:
        return FOUNDED if self.platform.look(service, question) else None

    def _first_due(self, service: str, table: str) -> datetime | None:
        found = self.platform.look(service, f"SELECT min(due_at) FROM {table} WHERE due_at IS NOT NULL")
        return datetime.fromisoformat(found).replace(tzinfo=UTC) if found else None

    def _go_on(self, until: datetime | None = None) -> None:
        """Step by step, until nobody plans anything more and what is left waits beyond `until`."""
        while True:
            self.steps += 1
            if self.steps > STEPS_AT_MOST * max(self.length.complaints) // 2:
                raise NeverRests(f"{self.steps} steps")
            now = self.platform.clock.now()
            dues = [(max(due, each.up_at), each) for each in self.processes if (due := self._due(each))]
            able = [each for at, each in dues if at <= now]
            if self.agenda and self.agenda[0].at <= now and (not able or self.chosen.random() < 0.3):
                self._keep(heappop(self.agenda))
                self.known.clear()
            elif able:
                self._run(self.chosen.choice(able))
            else:
                following = min([*(at for at, _ in dues), *(plan.at for plan in self.agenda[:1])], default=None)
                if following is None or (not self.agenda and (until is None or following > until)):
                    return
                self._move_on(following)

    def _keep(self, plan: Plan) -> None:
        """People insist by themselves; an operator's command that died is given again."""
        try:
            plan.do()
        except (Killed, DatabaseAway):
            self._plan(self.platform.clock.now() + MINUTE, plan.do)

    def _run(self, process: Process) -> None:
        self.known.pop(process.service, None)
        alive = self._alive(process)
        if process.name == "inbox":
            self._see_progress(process.service)
        if process.service == "dispatch":
            self.calls.look()
        if process.service == "notify":
            self.answers.look()
        if not alive or (FATE.at_work and self.chosen.random() < OUTAGE):
            rest = timedelta(seconds=self.chosen.uniform(0.2, 3)) if not alive else self.chosen.uniform(1, 240) * MINUTE
            now = self.platform.clock.now()
            process.up_at = now + rest
            if process.name == "alarms-1":
                self.outages.append((now, process.up_at))

    def _see_progress(self, service: str) -> None:
        """Raises WaitsInVain. What a service died over is replayed by the operator within minutes."""
        waiting = self.platform.look(service, "SELECT count(*) FROM inbox WHERE state = 0")
        vain = waiting == self.waiting.get(service) and not self._carriers_rest()
        self.in_vain[service] = self.in_vain[service] + 1 if vain else 0
        self.waiting[service] = waiting
        if self.in_vain[service] > LOOKS_IN_VAIN:
            raise WaitsInVain(f"{service} holds back {waiting} events for one that does not come")
        if self.platform.look(service, f"SELECT 1 FROM inbox WHERE state = 2 AND {DEAD_OVER_IT}"):
            self._plan(self.platform.clock.now() + 5 * MINUTE, lambda: self._replay(service))

    def _carriers_rest(self) -> bool:
        """Whether somebody who could bring what is waited for is away just now."""
        now = self.platform.clock.now()
        return any(each.up_at > now for each in self.processes if each.name in ("relay", "listener"))

    def _replay(self, name: str) -> None:
        service = self.platform.services[name]
        self.tell(f"    the operator replays what {name} died over")
        replay_parked(service.database, service.plumbing, None, self.platform.clock.now())

    def _alive(self, process: Process) -> bool:
        """Take one step; False when the loop failed or its process died."""
        try:
            process.step()
        except Killed:
            self.platform.forget(process.service)
            self.tell(f"    {process.service} {process.name} dies")
            return False
        except (DatabaseAway, BrokerAway) as failure:
            self.tell(f"    {process.service} {process.name}: {type(failure).__name__}")
            return False
        return True

    def _move_on(self, following: datetime) -> None:
        """To the next moment at which anything happens; now and then the whole machine sleeps beyond it."""
        if FATE.at_work and self.chosen.random() < SLEEP:
            asleep = self.chosen.uniform(1, 300) * MINUTE
            self.outages.append((self.platform.clock.now(), following + asleep))
            self.tell(f"    the machine sleeps {asleep}")
            following += asleep
        self.platform.clock.set(following + A_MILLISECOND)

    def _calm_down(self) -> None:
        """Nothing fails any more; a month goes by, then the years for which closed cases are kept."""
        platform = self.platform
        platform.broker.calm = True
        for partner in (platform.booking, *platform.gateways.values()):
            partner.calm = True
        self.known.clear()
        for process in self.processes:
            process.up_at = platform.clock.now()
        self._go_on(platform.clock.now() + QUIET)
        self.rested_at = platform.clock.now()
        # In those years nobody complains, so that there is nothing to look back at.
        self.processes = [each for each in self.processes if each.name != "draws"]
        if kept_until := platform.look("sla", "SELECT max(due_at) FROM retentions"):
            self._go_on(datetime.fromisoformat(kept_until).replace(tzinfo=UTC) + DAY)
