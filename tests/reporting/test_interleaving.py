"""The figures do not depend on when, how often or in which order anything is heard."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reporting.domain.fact import Fact

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2026, 2, 10), date(2026, 4, 20)
minutes = st.integers(min_value=-60_000, max_value=60_000)
departments = st.sampled_from(["engineering", "security", "front_office"])
few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@few
@given(data=st.data())
def test_any_order_and_any_repetition_end_in_figures_that_a_recount_confirms(data, new_firm):
    told = data.draw(stories())
    in_order, shuffled = new_firm(), new_firm()
    in_order.hear(*tell(in_order, told))
    envelopes = [shuffled.envelope(event) for event in tell(shuffled, told)]
    places = range(len(envelopes))
    again = data.draw(st.lists(st.sampled_from(places), max_size=6))
    mixed = [envelopes[place] for place in data.draw(st.permutations([*places, *again]))]
    cuts = sorted(data.draw(st.sets(st.integers(min_value=1, max_value=len(mixed)), max_size=5)))
    for start, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True):
        shuffled.service.inbox.receive(mixed[start:end])
    shuffled.hear_all([])
    assert shuffled.mismatches() == in_order.mismatches() == []
    assert shuffled.kpis(FIRST, LAST) == in_order.kpis(FIRST, LAST)
    assert plainly(shuffled.kpis(FIRST, LAST)) == counted_by_hand(shuffled)


@st.composite
def stories(draw):
    """For each complaint what happens to it: (what, minutes from noon, detail). Dispatch opens a case first."""
    of_clocks = st.one_of(
        st.tuples(st.just("met"), minutes, st.booleans()),
        st.tuples(st.just("breached"), minutes, st.sampled_from(["on_site", "accepted"])),
        st.tuples(st.just("breached_and_met"), minutes, st.booleans()),
    )
    of_the_case = st.one_of(
        of_clocks,
        st.tuples(st.just("reached"), minutes, st.sampled_from(["accepted", "contacted", "on_site", "planned"])),
        st.tuples(st.just("transferred"), minutes, departments),
        st.tuples(st.just("reclassified"), minutes, departments),
        st.tuples(st.just("closed"), minutes, st.sampled_from([True, False, None])),
    )
    unopened = st.tuples(minutes, st.none(), st.lists(of_clocks, max_size=3))
    opened = st.tuples(minutes, departments, st.lists(of_the_case, max_size=5))
    return draw(st.lists(unopened | opened, min_size=1, max_size=3))


def tell(firm, told: Iterable) -> list:
    events = []
    for after, department, happenings in told:
        complaint = firm.registered(uuid4(), at=firm.clock.now() + after * timedelta(minutes=1))
        events.append(complaint)
        if department:
            events.append(firm.opened(complaint, department=department))
        for what, then, detail in happenings:
            events += said_of(firm, complaint.subject, what, firm.clock.now() + then * timedelta(minutes=1), detail)
    return events


def said_of(firm, complaint: UUID, what: str, at: datetime, detail) -> list:
    if what == "reached":
        return [firm.reached(complaint, detail, at)]
    if what == "transferred":
        return [firm.transferred(complaint, detail)]
    if what == "reclassified":
        return [firm.reclassified(complaint, "safety", detail)]
    if what == "closed":
        return [firm.closed(complaint, at, satisfied=detail)]
    clock = firm.started(complaint, at, detail if what == "breached" else "on_site")
    met = [firm.met(clock, detail)] if what != "breached" else []
    return [clock, *([] if what == "met" else [firm.breached(clock)]), *met]


def plainly(figures) -> dict:
    return {
        "complaints": figures.complaints,
        "closed": figures.closed,
        "open": figures.open,
        "breaches": figures.breaches,
        "timely": figures.timely.numerator,
        "surveyed": figures.satisfaction.denominator,
        "satisfied": figures.satisfaction.numerator,
        "handled": figures.handling_minutes.count,
        "answered": figures.first_response_minutes.count,
        "security": sum(line.count for line in figures.by_department if line.key == "security"),
        "series": sum(day.registered + day.closed + day.breached for day in figures.series),
    }


def counted_by_hand(firm) -> dict:
    """The same figures by walking over all facts."""
    with firm.service.units.read(firm.id) as store:
        facts = list(store.facts.all())
    registered = [fact for fact in facts if within(fact.registered_at)]
    closed = [fact for fact in facts if fact.closed_at and FIRST <= closing_day(fact) <= LAST]
    missed = sum(within(clock.missed_at) for fact in facts for clock in fact.clocks.values())
    return {
        "complaints": len(registered),
        "closed": len(closed),
        "open": sum(day(fact.registered_at) <= LAST and closing_day(fact) > LAST for fact in facts),
        "breaches": missed,
        "timely": sum(not any(c.missed_at and c.milestone_to == "on_site" for c in f.clocks.values()) for f in closed),
        "surveyed": sum(fact.satisfied in (True, False) for fact in closed),
        "satisfied": sum(fact.satisfied is True for fact in closed),
        "handled": len(closed),
        "answered": sum(within(fact.first_response_at) for fact in facts),
        "security": sum(fact.department == "security" for fact in registered),
        "series": len(registered) + len(closed) + missed,
    }


def closing_day(fact: Fact) -> date:
    return max(day(fact.closed_at), day(fact.registered_at)) if fact.closed_at else date.max


def day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def within(at: datetime | None) -> bool:
    return at is not None and FIRST <= day(at) <= LAST


@pytest.fixture(autouse=True)
def noon_again(clock):
    """Waiting for lost words moves the clock."""
    before = clock.now()
    yield
    clock.set(before)
