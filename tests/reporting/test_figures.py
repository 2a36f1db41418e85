"""Each figure of RE-1 on a handful of complaints."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.reporting.domain.kpis import Line, Share, Times

A_MINUTE, AN_HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_quiet_period_has_no_rates_rather_than_rates_of_zero(firm):
    figures = firm.kpis()
    assert (figures.complaints, figures.open, figures.timely.rate) == (0, 0, None)
    assert figures.handling_minutes == figures.first_response_minutes == Times(None, None, 0)


@pytest.mark.parametrize(
    ("missed", "in_time"),
    [
        ([], 1),
        (["on_site"], 0),
        (["accepted"], 1),
        (["approved"], 1),
        (["surveyed"], 1),
        (["surveyed", "contacted"], 0),
        (["fire_brigade_called"], 0),
    ],
)
def test_a_complaint_was_handled_in_time_if_no_clock_that_faces_the_complainant_was_missed(firm, noon, missed, in_time):
    complaint = uuid4()
    clocks = [firm.started(complaint, noon, milestone) for milestone in ["verified", *missed]]
    firm.hear(firm.registered(complaint), *clocks, firm.met(clocks[0], in_time=True))
    firm.hear(*map(firm.breached, clocks[1:]), firm.closed(complaint))
    assert firm.kpis().timely == Share(in_time, 1)
    assert firm.kpis().breaches == len(missed)


def test_a_department_that_was_late_with_its_part_made_nobody_wait(firm, noon):
    """DI-5, RE-1: the promise to the complainant is the case's."""
    complaint = firm.registered()
    part = replace(firm.started(complaint.subject, noon, "carried_out"), part_id=uuid4())
    firm.hear(complaint, part, firm.breached(part), firm.closed(complaint.subject))
    assert (firm.kpis().timely, firm.kpis().breaches) == (Share(1, 1), 1)


def test_the_timely_rate_is_handled_in_time_out_of_all_handled(firm, noon):
    complaints = [firm.registered() for _ in range(5)]
    late, open_and_late = (firm.started(complaints[n].subject, noon) for n in (0, 4))
    firm.hear(*complaints, late, open_and_late, firm.breached(late), firm.breached(open_and_late))
    firm.hear(*(firm.closed(complaint.subject) for complaint in complaints[:4]))
    assert firm.kpis().timely == Share(3, 4)
    assert firm.kpis().timely.rate == 0.75


def test_satisfaction_is_the_satisfied_out_of_those_who_answered(firm):
    answers = [True, True, False, None, None]
    complaints = [firm.registered() for _ in answers]
    firm.hear(*complaints)
    firm.hear(*(firm.closed(c.subject, satisfied=said) for c, said in zip(complaints, answers, strict=True)))
    assert firm.kpis().satisfaction == Share(2, 3)


def test_handling_time_runs_from_receipt_to_closing(firm, noon):
    hours = [1, 2, 3, 4, 40]
    complaints = [firm.registered(at=noon) for _ in hours]
    firm.hear(*complaints)
    firm.hear(*(firm.closed(c.subject, noon + h * AN_HOUR) for c, h in zip(complaints, hours, strict=True)))
    times = firm.kpis().handling_minutes
    assert (times.median, times.p90) == (pytest.approx(180, rel=0.025), pytest.approx(2400, rel=0.025))
    assert times.count == 5


def test_the_first_response_is_the_earliest_of_accepted_contacted_and_on_site(firm, noon):
    complaint = firm.registered(at=noon)
    steps = [("routed", 1), ("on_site", 50), ("contacted", 20), ("accepted", 30), ("planned", 2)]
    firm.hear(complaint)
    firm.hear(*(firm.reached(complaint.subject, step, noon + after * A_MINUTE) for step, after in steps))
    assert firm.kpis().first_response_minutes == Times(pytest.approx(20, rel=0.025), pytest.approx(20, rel=0.025), 1)


def test_handling_time_counts_from_receipt_not_from_registration(firm, noon):
    complaint = firm.registered(at=noon, received_at=noon - AN_HOUR)
    firm.hear(complaint, firm.closed(complaint.subject, noon))
    assert firm.kpis().handling_minutes.median == pytest.approx(60, rel=0.025)


def test_open_is_what_is_not_closed_by_the_end_of_the_period(firm, noon):
    early, late, never = (firm.registered(at=noon) for _ in range(3))
    firm.hear(early, late, never, firm.registered(at=noon + 40 * A_DAY))
    firm.hear(firm.closed(early.subject, noon + A_DAY), firm.closed(late.subject, noon + 35 * A_DAY))
    by_the_end_of = {last: firm.kpis(last=last).open for last in (MARCH_3, MARCH_4, MARCH_5, MARCH_31, APRIL_30)}
    assert by_the_end_of == {MARCH_3: 0, MARCH_4: 3, MARCH_5: 2, MARCH_31: 2, APRIL_30: 2}


def test_open_counts_what_was_registered_before_the_period_too(firm, noon):
    firm.hear(firm.registered(at=noon - 60 * A_DAY))
    figures = firm.kpis()
    assert (figures.complaints, figures.open) == (0, 1)


def test_counts_are_by_channel_category_and_department(firm):
    complaints = [firm.registered(channel=channel) for channel in ("ota", "web", "web")]
    firm.hear(
        *complaints, *(firm.opened(complaint) for complaint in complaints[:2]), firm.closed(complaints[0].subject)
    )
    figures = firm.kpis()
    assert [(line.key, line.count) for line in figures.by_channel] == [("web", 2), ("ota", 1)]
    assert figures.by_category == (Line("facilities", 2, Share(1, 1)), Line("noise", 1, Share(0, 0)))
    assert figures.by_department == (Line("engineering", 2, Share(1, 1)), Line(None, 1, Share(0, 0)))


def test_the_series_has_every_day_and_adds_up_to_the_figures(firm, noon):
    complaint = firm.registered(at=noon)
    clock = firm.started(complaint.subject, noon + A_DAY)
    firm.hear(complaint, clock, firm.breached(clock), firm.closed(complaint.subject, noon + 2 * A_DAY))
    series = firm.kpis().series
    assert [day.day for day in series] == [date(2026, 3, n) for n in range(1, 32)]
    happened = {day.day.day: (day.registered, day.closed, day.breached) for day in series if any(vars(day).values())}
    assert {day: counts for day, counts in happened.items() if any(counts)} == {
        4: (1, 0, 0),
        5: (0, 0, 1),
        6: (0, 1, 0),
    }


def test_days_begin_and_end_in_the_tenants_zone(new_firm, noon):
    midnight_in_shanghai = noon.replace(day=28, month=2, hour=16)  # 1 March, 00:00
    for zone, in_march in (("Asia/Shanghai", [0, 1]), ("America/New_York", [0, 0])):
        firm = new_firm(zone)
        before, after = firm.registered(at=midnight_in_shanghai - A_MINUTE), firm.registered(at=midnight_in_shanghai)
        counted = []
        for complaint in (before, after):
            firm.hear(complaint)
            counted.append(firm.kpis().complaints - sum(counted))
        assert counted == in_march


def test_a_report_over_months_counts_the_same_as_its_days(firm, noon):
    for day in range(-40, 80, 7):
        complaint = firm.registered(at=noon + day * A_DAY)
        firm.hear(complaint, firm.closed(complaint.subject, noon + (day + day % 5) * A_DAY, satisfied=day % 2 == 0))
    whole = firm.kpis(date(2026, 1, 20), date(2026, 5, 10))
    days = [firm.kpis(date(2026, 1, 20) + n * A_DAY, date(2026, 1, 20) + n * A_DAY) for n in range(111)]
    assert whole.complaints == sum(day.complaints for day in days) > 10
    assert whole.satisfaction.numerator == sum(day.satisfaction.numerator for day in days) > 3
    assert whole.handling_minutes.count == sum(day.handling_minutes.count for day in days) > 10


def test_a_department_has_its_own_figures(firm):
    complaints = [firm.registered() for _ in range(3)]
    departments = ("engineering", "security", "security")
    firm.hear(*complaints)
    firm.hear(*(firm.opened(c, department=d) for c, d in zip(complaints, departments, strict=True)))
    firm.hear(*(firm.closed(complaint.subject) for complaint in complaints[:2]))
    figures = firm.kpis(departments=frozenset({"security"}))
    assert (figures.complaints, figures.closed, figures.open, figures.handling_minutes.count) == (2, 1, 1, 1)
    assert sum(day.registered for day in figures.series) == 2


MARCH_3, MARCH_4, MARCH_5 = (date(2026, 3, day) for day in (3, 4, 5))
MARCH_31, APRIL_30 = date(2026, 3, 31), date(2026, 4, 30)


@pytest.fixture
def noon(clock):
    return clock.now()
