"""What clocks cost: adding working time, a tick that finds nothing, and hearing alarms by the thousand."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from libs.common import auth, migrate
from libs.common.clock import Clock
from libs.common.config import from_env
from libs.common.garbage import seldom_collected
from libs.common.procedure.calendars import Calendar, Interval
from libs.common.service import Service
from libs.common.testing.servers import PostgresServer
from services.sla import jobs
from services.sla import main as sla
from services.sla.domain.calendar import WorkingCalendar

FEW, ROUNDS, SUMS, SUM_ROUNDS = 100_000, 300, 2_000, 100
DUE, DUE_ONE_BY_ONE, TENANTS, A_CASE = 50_000, 500, 20, 5
START = datetime(2026, 3, 2, 2, tzinfo=UTC)
OFFICE = (Interval(540, 780), Interval(840, 1080))

CASES = """
INSERT INTO cases (tenant_id, complaint_id, procedure_version, channel, category, urgency, department, major, vip,
                   anonymous, complex, "group", round, received_at, reached, held_before)
SELECT {tenant}, {complaint}, 1, 'web', 'repair', 'urgent', 'engineering', false, false, false, false, false, 1,
       '{start}', '{{}}', '[]'
FROM generate_series(1, {cases}) n
"""
# The five clocks of a case each stand at one of the stages through which P1 takes a limit that is not kept.
STAGES = f"""(VALUES (1, 'running', 'warn', 0, NULL, timestamptz '{START + timedelta(minutes=30)}'),
                     (2, 'warned', 'breach', 0, NULL, timestamptz '{START}'),
                     (3, 'breached', 'escalate', 1, 'department_head', timestamptz '{START}'),
                     (4, 'breached', 'escalate', 2, 'coordinator', timestamptz '{START}'),
                     (5, 'breached', 'escalate', 3, 'manager', timestamptz '{START}'))
            AS stages(k, state, kind, level, to_role, due_at)"""
CLOCKS = """
INSERT INTO clocks (tenant_id, clock_id, complaint_id, round, limit_id, milestone_from, milestone_to, started_at,
                    due_at, state, provisional, counted_by, explanation)
SELECT {tenant}, md5('clock' || n || '-' || k)::uuid, {complaint}, 1, 'limit-' || k, 'received', 'on_site',
       '{start}', due_at, state, false, 1, '[]'
FROM generate_series(1, {cases}) n, {stages}
"""
ALARMS = """
INSERT INTO alarms (tenant_id, complaint_id, clock_id, kind, level, to_role, fire_at, due_at)
SELECT {tenant}, {complaint}, md5('clock' || n || '-' || k)::uuid, kind, level, to_role, '{start}', '{start}'
FROM generate_series(1, {cases}) n, {stages}
"""
OPEN = """
INSERT INTO alarms (tenant_id, complaint_id, clock_id, kind, level, to_role, fire_at, due_at)
SELECT ('00000000-0000-0000-0000-' || lpad((n % 50)::text, 12, '0'))::uuid, gen_random_uuid(), gen_random_uuid(),
       'breach', 0, NULL, now() + interval '1 day' + n * interval '1 second',
       now() + interval '1 day' + n * interval '1 second'
FROM generate_series({first}, {last}) n
"""
EMPTY = "TRUNCATE cases, clocks, alarms, breaches, outbox, streams"


@dataclass
class Standing:
    """A clock that stands at the moment the alarms are due."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def sums() -> tuple[float, float]:
    """Microseconds to add 8 hours and 30 days of working time to starts all over a year.

    The least of many rounds, in turns: nothing but the CPU is used, and what else runs on it only adds."""
    calendar = WorkingCalendar(Calendar(time_zone="Asia/Shanghai", country="CN", hours=(OFFICE,) * 5 + ((), ())))
    starts = [START + timedelta(minutes=17 * n) for n in range(SUMS)]
    calendar.add_working_time(starts[-1], 30 * 8 * 3600)
    rounds = [[_each(calendar, starts, hours * 3600) for hours in (8, 30 * 8)] for _ in range(SUM_ROUNDS)]
    day, month = (min(each) for each in zip(*rounds, strict=True))
    return day, month


def _each(calendar: WorkingCalendar, starts: list[datetime], seconds: int) -> float:
    began = time.perf_counter()
    for start in starts:
        calendar.add_working_time(start, seconds)
    return (time.perf_counter() - began) / len(starts) * 1e6


def idle(postgres: PostgresServer, many: int, say: Callable[..., None]) -> tuple[float, float]:
    """Microseconds a tick that finds nothing, median: with a hundred thousand open, and with `many`."""
    found = []
    with _sla(postgres, None) as service:
        alarms = next(job for job in service.jobs if job.name == "alarms-1")
        for first, last in ((1, FEW), (FEW + 1, many)):
            _run(postgres, OPEN.format(first=first, last=last))
            _run(postgres, "VACUUM ANALYZE alarms")
            found.append(statistics.median(_tick(alarms.run) for _ in range(ROUNDS)))
            say(f"{last:,} open: {found[-1]:.0f} us")
    _run(postgres, EMPTY)
    return found[0], found[1]


def firing(postgres: PostgresServer, say: Callable[..., None]) -> tuple[float, float]:
    """Due alarms a second, each with its event and, of a breach, who was responsible: in batches, and one by one."""
    with _sla(postgres, Standing(START + timedelta(minutes=1))) as service:
        rates = [_fire(postgres, service, DUE) for _ in range(3)]
        say("fired in batches:", ", ".join(f"{rate:,.0f}/s" for rate in rates))
        usual, jobs.OF_A_TENANT = jobs.OF_A_TENANT, 1
        single = _fire(postgres, service, DUE_ONE_BY_ONE)
        jobs.OF_A_TENANT = usual
        say(f"fired one by one: {single:,.0f}/s")
    return sorted(rates)[1], single


def _fire(postgres: PostgresServer, service: Service, due: int) -> float:
    _run(postgres, EMPTY)
    facts = {"cases": due // A_CASE, "stages": STAGES, "start": START.isoformat()}
    facts |= {"tenant": f"('00000000-0000-0000-0000-' || lpad((n % {TENANTS})::text, 12, '0'))::uuid"}
    facts |= {"complaint": "md5('complaint' || n)::uuid"}
    for statement in (CASES, CLOCKS, ALARMS):
        _run(postgres, statement.format(**facts))
    _run(postgres, "VACUUM ANALYZE cases, clocks, alarms")
    jobs = [job for job in service.jobs if job.name.startswith("alarms")]
    fired, started = 0, time.perf_counter()
    with ThreadPoolExecutor(len(jobs)) as hands:
        while fired < due:
            fired += sum(hands.map(lambda job: job.run(), jobs))
    return due / (time.perf_counter() - started)


@contextmanager
def _sla(postgres: PostgresServer, clock: Clock | None) -> Iterator[Service]:
    for role in ("owner", "web", "worker"):
        _run(postgres, f"DO $$ BEGIN CREATE ROLE redress_sla_{role} LOGIN; EXCEPTION WHEN duplicate_object THEN END $$")
    migrate.upgrade("sla", postgres.url, sla.METADATA)
    keys = Path(tempfile.mkdtemp(prefix="redress-"))
    auth.make_keys(keys)
    settings = {"DATABASE_URL": postgres.url, "WORKER_DATABASE_URL": postgres.url, "KEYS_DIR": str(keys)}
    service = sla.build(from_env(sla.Config, settings), clock)
    seldom_collected()
    try:
        yield service
    finally:
        service.database.close()
        service.units.database.close()


def _run(postgres: PostgresServer, statement: str) -> None:
    with psycopg.connect(postgres.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())


def _tick(run: Callable[[], int]) -> float:
    started = time.perf_counter()
    assert run() == 0
    return (time.perf_counter() - started) * 1e6
