"""The judge: what must be true once a story has come to rest, asked of the databases and of the partners."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from deploy.audit import audit
from deploy.databases import Databases, plain
from libs.common import tenancy
from libs.common.tenancy import TenantConnection
from services.reporting.domain.period import Period
from services.reporting.handlers.figures import kpis_of
from services.reporting.store import Store as Reporting
from tests.simulation.asking import asked_wrongly, forgotten_answers
from tests.simulation.calling import drawn_wrongly
from tests.simulation.grouping import not_one_event
from tests.simulation.keeping import kept_wrongly
from tests.simulation.partners import Partner
from tests.simulation.platform import Tenant
from tests.simulation.recount import recount, told
from tests.simulation.reviewing import told_wrongly
from tests.simulation.story import Story
from tests.simulation.timekeeping import (
    ends_on_a_closed_day,
    extended_untold,
    never_heard,
    off_the_wall_clock,
    stirred_after_their_end,
    wrong_clocks,
)

# A look each half second, a rest of up to three after a failure, and the moment an alarm may be put off.
TICK = timedelta(seconds=6)
# What was added to a merged case stands on the one that goes on, too: there it names the other.
RECORDED = """SELECT action FROM evidence WHERE tenant_id = :tenant
    AND NOT (action = 'message_added' AND details LIKE '%"case":%')"""
HEARD = "SELECT clock_id, kind, level, fire_at, fired_at FROM alarms WHERE tenant_id = :tenant AND fired_at IS NOT NULL"
REACHED = "SELECT complaint_id, milestone, at FROM milestones WHERE tenant_id = :tenant"
ON_RECORD = {
    "complaint.message_added.v1": "message_added",
    "clock.breached.v1": "limit_passed",
    "clock.escalation_due.v1": "escalated",
}
MET = """SELECT coalesce(part_id, complaint_id), milestone_to, met_at
    FROM clocks WHERE tenant_id = :tenant AND met_at IS NOT NULL"""
BOOKED = "SELECT compensation_id, sum(amount) FROM payments WHERE tenant_id = :tenant GROUP BY compensation_id"
REOPENED = "SELECT complaint_id, reopened FROM facts WHERE tenant_id = :tenant"
A_DAY = timedelta(days=1)
ALWAYS = (date(2026, 1, 1), date(2028, 12, 31))


def verdict(story: Story) -> list[str]:
    """Every promise that does not hold, in words; empty when the story ended well."""
    databases = story.platform.databases()
    try:
        found = [str(breach) for breach in audit(databases, story.platform.clock.now())]
        for promise, check in PROMISES.items():
            found += [f"{promise}: {broken}" for broken in check(story, databases)]
    finally:
        databases.close()
    return found


def _days_end_when_the_house_is_open(story: Story, databases: Databases) -> Iterator[str]:
    for tenant in story.tenants:
        yield from ends_on_a_closed_day(databases, tenant, story.happenings.closed[tenant.tenant_id])


def _of_each(
    check: Callable[[Databases, Tenant], Iterator[str]],
) -> Callable[[Story, Databases], Iterator[str]]:
    return lambda story, databases: (broken for tenant in story.tenants for broken in check(databases, tenant))


def _what_passed_was_heard(story: Story, databases: Databases) -> Iterator[str]:
    for tenant in story.tenants:
        yield from never_heard(databases, tenant, lambda due: _latest(due, story.outages), story.platform.clock.now())


def _payments_are_booked_once(story: Story, databases: Databases) -> Iterator[str]:
    """DI-10: what staff were told was paid is what the ledger says was paid, and what its events say."""
    for tenant in story.tenants:
        booked = {plain(row[0]): int(str(row[1])) for row in databases.rows("dispatch", BOOKED, only=tenant.tenant_id)}
        said = {
            UUID(each["compensation_id"]).hex: each["paid"]
            for kind, each, _ in _said(databases, "dispatch", tenant)
            if kind == "compensation.changed.v1"
        }
        for entry, paid in said.items():
            expected = story.people.paid[str(UUID(entry))]
            if not expected == paid == booked.get(entry, 0):
                yield f"{entry}: {expected} were paid, {booked.get(entry, 0)} are booked, {paid} were said"


def _breaches_are_heard_at_once(story: Story, databases: Databases) -> Iterator[str]:
    """SL-4: within a tick of the limit's end, or of the moment sla knew of it or could work again."""
    for tenant in story.tenants:
        known = _known_since(databases, tenant)
        rows = databases.rows("sla", HEARD, only=tenant.tenant_id)
        for clock_id, kind, level, fire_at, fired_at in rows:
            due = max(_time(fire_at), known[plain(clock_id)])
            if _time(fired_at) > _latest(due, story.outages):
                yield f"{kind} {level} of clock {clock_id} was due at {due} and heard at {fired_at}"


def _latest(due: datetime, outages: list[tuple[datetime, datetime]]) -> datetime:
    """The last moment at which what is due then counts as heard at once."""
    latest = due + TICK
    for since, until in outages:
        if since <= latest < until + TICK:
            latest = until + TICK
    return latest


def _known_since(databases: Databases, tenant: Tenant) -> dict[str, datetime]:
    """When sla last set each clock's end."""
    known: dict[str, datetime] = {}
    for kind, said, at in _said(databases, "sla", tenant):
        if kind in ("clock.started.v1", "clock.moved.v1"):
            known[UUID(said["clock_id"]).hex] = at
    return known


def _clocks_are_met_when_it_happened(story: Story, databases: Databases) -> Iterator[str]:
    """SL-1: a clock is met at the time its milestone was reached, whenever that was heard of."""
    for tenant in story.tenants:
        reached: dict[tuple[str, str], set[datetime]] = {}
        for row in databases.rows("dispatch", REACHED, only=tenant.tenant_id):
            reached.setdefault((plain(row[0]), str(row[1])), set()).add(_time(row[2]))
        for kind, said, _ in _said(databases, "dispatch", tenant):
            if kind == "case.part_changed.v1":
                at = datetime.fromisoformat(said["at"]).astimezone(UTC)
                reached.setdefault((UUID(said["part_id"]).hex, said["state"]), set()).add(at)
        for complaint, milestone, met_at in databases.rows("sla", MET, only=tenant.tenant_id):
            moments = reached.get((plain(complaint), str(milestone)))
            if moments and _time(met_at) not in moments:
                yield f"{complaint} reached {milestone} at {sorted(moments)[0]}, its clock says {met_at}"


def _nothing_is_said_twice(story: Story, databases: Databases) -> Iterator[str]:
    """R3: a limit is passed once, and each level of its ladder is called in once."""
    for tenant in story.tenants:
        said = Counter(
            (kind, each["clock_id"], each.get("level"))
            for kind, each, _ in _said(databases, "sla", tenant)
            if kind in ("clock.breached.v1", "clock.escalation_due.v1")
        )
        yield from (f"{each} {times} times" for each, times in said.items() if times > 1)


def _nothing_is_on_record_twice(story: Story, databases: Databases) -> Iterator[str]:
    """R3: what other services say once stands in the evidence once."""
    for tenant in story.tenants:
        said = Counter(kind for service in ("intake", "sla") for kind, _, _ in _said(databases, service, tenant))
        recorded = Counter(databases.column("dispatch", RECORDED, only=tenant.tenant_id))
        for kind, action in ON_RECORD.items():
            if recorded[action] > said[kind]:
                yield f"{tenant.slug}: {said[kind]} {kind} were said, {recorded[action]} {action} are on record"


def _nobody_is_told_twice(story: Story, databases: Databases) -> Iterator[str]:
    """NO-4: at most one SMS of each notice arrived; a mail may be repeated under the same Message-ID."""
    [sms] = [each for each in story.platform.gateways.values() if isinstance(each, Partner) and not each.repeatable]
    yield from (f"SMS {key} {times} times" for key, times in Counter(sms.taken).items() if times > 1)
    answered = "SELECT delivery_id FROM deliveries WHERE tenant_id = :tenant AND channel = 'sms' AND state = 'handed'"
    taken = {UUID(key).hex for key in sms.taken}
    yield from (f"SMS {each} was never taken" for each in databases.column("notify", answered) if each not in taken)


def _whoever_passed_it_on_is_told(story: Story, databases: Databases) -> Iterator[str]:
    yield from told_wrongly(databases, story.tenants[0], story.platform.booking.told)


def _surveys_ask_in_time(story: Story, databases: Databases) -> Iterator[str]:
    for tenant in story.tenants:
        yield from asked_wrongly(databases, tenant, story.platform.clock.now())


def _answers_are_known(story: Story, databases: Databases) -> Iterator[str]:
    for tenant in story.tenants:
        given = {each: score for each, score in story.people.said.items() if story.people.whose[each] is tenant}
        yield from forgotten_answers(databases, tenant, given)


def _cases_are_kept(story: Story, databases: Databases) -> Iterator[str]:
    for tenant in story.tenants:
        yield from kept_wrongly(databases, tenant, TICK)


def _draws_can_be_repeated(story: Story, databases: Databases) -> Iterator[str]:
    for tenant in story.tenants:
        yield from drawn_wrongly(databases, tenant, story.rested_at)


def _figures_are_true(story: Story, databases: Databases) -> Iterator[str]:
    """RE-1: the KPIs are those that the raw events give, also up to the day on which a complaint was last closed."""
    for tenant in story.tenants:
        complaints = told(databases, tenant.tenant_id)
        counted = {subject: each for subject, each in complaints.items() if each.registered_at is not None}
        if not counted:
            continue
        closings = [each.closed_at.astimezone(tenant.zone).date() for each in counted.values() if each.closed_at]
        for period in (ALWAYS, (ALWAYS[0], max(closings, default=ALWAYS[1]) - A_DAY)):
            with databases.read("reporting") as connection:
                tenancy.bind(connection, tenant.tenant_id)
                shown = kpis_of(Reporting(TenantConnection(connection, tenant.tenant_id)), Period(*period), None)
            for name, value in recount(counted, *period, tenant.zone).items():
                if (kept := _kept(shown, name)) != value:
                    yield f"{tenant.slug} {name} until {period[1]}: {kept} shown, {value} counted"


def _kept(shown: Any, name: str) -> Any:
    match name:
        case "timely" | "satisfaction":
            share = getattr(shown, name)
            return share.numerator, share.denominator
        case "handled":
            return shown.handling_minutes.count
        case "answered":
            return shown.first_response_minutes.count
        case "by_channel" | "by_category" | "by_department":
            return Counter({line.key or "": line.count for line in getattr(shown, name) if line.count})
        case _:
            return getattr(shown, name)


def _figures_know_each_reopening(story: Story, databases: Databases) -> Iterator[str]:
    """RE-1: a case was reopened as often as dispatch said so."""
    for tenant in story.tenants:
        begun = Counter(subject for subject, kind in _subjects(databases, tenant) if kind == "case.reopened.v1")
        for complaint, reopened in databases.rows("reporting", REOPENED, only=tenant.tenant_id):
            if reopened != begun[plain(complaint)]:
                yield f"{complaint} began again {begun[plain(complaint)]} times, and counts {reopened}"


PROMISES: dict[str, Callable[[Story, Databases], Iterator[str]]] = {
    "every case has its clocks": _of_each(wrong_clocks),
    "what is finished stays": _of_each(stirred_after_their_end),
    "days end by the house's wall clock": _of_each(off_the_wall_clock),
    "days end when the house is open": _days_end_when_the_house_is_open,
    "many about one thing are one event": _of_each(not_one_event),
    "what passed was heard": _what_passed_was_heard,
    "an extension holds when it was told": _of_each(extended_untold),
    "every alarm is heard at once": _breaches_are_heard_at_once,
    "clocks are met when it happened": _clocks_are_met_when_it_happened,
    "nothing is said twice": _nothing_is_said_twice,
    "nothing is on record twice": _nothing_is_on_record_twice,
    "nobody is told twice": _nobody_is_told_twice,
    "whoever passed it on is told each status": _whoever_passed_it_on_is_told,
    "surveys ask in time, and not too often": _surveys_ask_in_time,
    "the last answer counts": _answers_are_known,
    "closed cases are kept as long as they must": _cases_are_kept,
    "whom a draw finds anybody can repeat": _draws_can_be_repeated,
    "the figures are those of the events": _figures_are_true,
    "reopened as often as was said": _figures_know_each_reopening,
    "a payment is booked once": _payments_are_booked_once,
}


def _ids(databases: Databases, service: str, table: str, tenant: Tenant) -> list[UUID]:
    statement = f"SELECT complaint_id FROM {table} WHERE tenant_id = :tenant"  # noqa: S608 (our own names)
    return [UUID(each) for each in databases.column(service, statement, only=tenant.tenant_id)]


def _said(databases: Databases, service: str, tenant: Tenant) -> Iterator[tuple[str, dict[str, Any], datetime]]:
    statement = "SELECT type, body, occurred_at FROM sent WHERE tenant_id = :tenant ORDER BY event_id"
    for kind, body, at in databases.rows(service, statement, only=tenant.tenant_id):
        yield str(kind), json.loads(str(body)), _time(at)


def _subjects(databases: Databases, tenant: Tenant) -> Iterator[tuple[str, str]]:
    statement = "SELECT subject, type FROM sent WHERE tenant_id = :tenant"
    for subject, kind in databases.rows("dispatch", statement, only=tenant.tenant_id):
        yield plain(subject), str(kind)


def _time(value: object) -> datetime:
    """As SQLite keeps it: text without a zone, in UTC."""
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
