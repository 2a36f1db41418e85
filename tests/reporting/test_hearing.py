"""What is learned, in whatever order it comes."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.reporting.domain.kpis import Share

AN_HOUR = timedelta(hours=1)


def test_what_is_not_registered_yet_is_not_counted_yet(firm):
    firm.hear(firm.closed(uuid4(), satisfied=True))
    figures = firm.kpis()
    assert (figures.complaints, figures.closed, figures.open) == (0, 0, 0)


def test_a_case_heard_of_as_closed_before_it_was_registered_ends_in_the_same_figures(firm, another_firm):
    for told_to, first in ((firm, "dispatch"), (another_firm, "intake")):
        complaint = told_to.registered()
        clock = told_to.started(complaint.subject, told_to.clock.now())
        later = [
            told_to.opened(complaint),
            told_to.reached(complaint.subject, "contacted", told_to.clock.now() + AN_HOUR),
        ]
        later += [told_to.closed(complaint.subject, told_to.clock.now() + 2 * AN_HOUR, satisfied=True)]
        told = [[complaint], [clock, told_to.breached(clock)], later]
        for part in told if first == "intake" else reversed(told):
            told_to.hear(*part)
    assert firm.kpis() == another_firm.kpis()
    assert (firm.kpis().complaints, firm.kpis().closed, firm.kpis().breaches) == (1, 1, 1)


def test_dispatch_decides_the_category_even_when_intake_is_heard_later(firm):
    complaint = firm.registered(category="noise")
    firm.hear(firm.opened(complaint, category="safety"))
    firm.hear(complaint)
    assert [line.key for line in firm.kpis().by_category] == ["safety"]


def test_intake_decides_the_channel_even_when_dispatch_is_heard_later(firm):
    complaint = firm.registered(channel="ota")
    firm.hear(complaint)
    firm.hear(firm.opened(complaint, channel="web"))
    assert [line.key for line in firm.kpis().by_channel] == ["ota"]


def test_a_transfer_takes_everything_along_to_the_other_department(firm):
    complaint = firm.registered()
    clock = firm.started(complaint.subject)
    firm.hear(complaint, firm.opened(complaint), clock, firm.breached(clock))
    firm.hear(firm.transferred(complaint.subject, "security"), firm.closed(complaint.subject))
    assert firm.kpis(departments=frozenset({"engineering"})) == firm.kpis(departments=frozenset())
    assert [(line.key, line.count) for line in firm.kpis().by_department] == [("security", 1)]
    assert firm.kpis(departments=frozenset({"security"})) == firm.kpis()


def test_a_reclassified_case_counts_under_its_new_category_alone(firm):
    complaint = firm.registered()
    firm.hear(complaint, firm.opened(complaint), firm.reclassified(complaint.subject, "safety", "security"))
    assert [(line.key, line.count) for line in firm.kpis().by_category] == [("safety", 1)]


def test_a_milestone_reported_after_the_breach_may_still_have_been_in_time(firm):
    complaint = firm.registered()
    clock = firm.started(complaint.subject)
    firm.hear(complaint, firm.closed(complaint.subject), clock, firm.breached(clock))
    assert firm.kpis().timely == Share(0, 1)
    firm.hear(firm.met(clock, in_time=True))
    assert (firm.kpis().timely, firm.kpis().breaches) == (Share(1, 1), 0)


def test_a_clock_met_late_is_one_breach_whether_or_not_its_breach_was_heard(firm):
    complaint = firm.registered()
    heard, unheard = firm.started(complaint.subject), firm.started(complaint.subject)
    firm.hear(complaint, heard, unheard, firm.breached(heard))
    firm.hear(firm.met(heard, in_time=False), firm.met(unheard, in_time=False))
    assert firm.kpis().breaches == 2


def test_a_case_closed_again_counts_on_its_last_closing_day_with_its_last_answer(firm):
    complaint = firm.registered()
    firm.hear(complaint, firm.closed(complaint.subject, satisfied=False), firm.reopened(complaint.subject))
    firm.hear(firm.closed(complaint.subject, firm.clock.now() + timedelta(days=9), satisfied=True))
    figures = firm.kpis()
    assert (figures.closed, figures.satisfaction) == (1, Share(1, 1))
    assert [day.day for day in figures.series if day.closed] == [date(2026, 3, 13)]
    assert firm.get("/v1/kpis/complaints").json["items"][0]["reopened"] == 1


def test_a_case_that_begins_again_is_open_until_it_is_closed_anew(firm):
    """RE-1: the reopen rate is of those closed in the period."""
    one, other = firm.registered(), firm.registered()
    firm.hear(one, other, firm.closed(one.subject), firm.closed(other.subject), firm.reopened(one.subject))
    assert (firm.kpis().open, firm.kpis().reopened) == (1, Share(0, 1))
    firm.hear(firm.closed(one.subject))
    assert (firm.kpis().open, firm.kpis().reopened, firm.mismatches()) == (0, Share(1, 2), [])
    assert [item["complaint_id"] for item in behind(firm, "reopened")] == [str(one.subject)]


def test_a_complaint_that_takes_up_an_earlier_one_is_a_second_complaint(firm):
    """RE-1: 二次投诉率."""
    first, third = firm.registered(), firm.registered()
    second = firm.registered(follows=first.subject)
    firm.hear(first, second, third)
    assert firm.kpis().repeated == Share(1, 3)
    firm.hear(firm.opened(third), firm.linked(third.subject, "follows"), firm.linked(first.subject, "merged_into"))
    assert (firm.kpis().repeated, firm.mismatches()) == (Share(2, 3), [])
    assert len(behind(firm, "repeated")) == 2


def test_a_found_repeat_counts_until_a_person_says_that_it_is_none(firm):
    """IN-8, RE-1: 二次投诉率."""
    first, second = firm.registered(), firm.registered()
    repeated = firm.linked(second.subject, "repeats")
    firm.hear(first, second, firm.opened(second), repeated, firm.linked(second.subject, "repeats"))
    assert firm.kpis().repeated == Share(1, 2)
    firm.hear(firm.unlinked(second.subject, follows=repeated.other_id))
    assert firm.kpis().repeated == Share(1, 2)
    firm.hear(firm.unlinked(second.subject, follows=None))
    assert (firm.kpis().repeated, firm.mismatches()) == (Share(0, 2), [])


def test_a_case_of_a_group_counts_where_its_rules_put_it(firm):
    """IN-8, RE-2"""
    complaint = firm.registered()
    firm.hear(complaint, firm.opened(complaint), firm.grouped(complaint.subject))
    assert firm.kpis(departments=frozenset({"security"})).complaints == 1
    assert firm.mismatches() == []


def test_the_last_answer_to_the_survey_counts(firm):
    """RE-1: 满意度 = satisfied ÷ surveyed."""
    complaint = firm.registered()
    firm.hear(complaint, firm.closed(complaint.subject), firm.answered(complaint.subject, satisfied=True))
    assert firm.kpis().satisfaction == Share(1, 1)
    firm.hear(firm.answered(complaint.subject, satisfied=False))
    assert (firm.kpis().satisfaction, firm.mismatches()) == (Share(0, 1), [])


@pytest.mark.parametrize("closed_first", [True, False])
def test_a_closing_that_knows_of_no_answer_leaves_the_survey_as_it_is(firm, closed_first):
    """RE-1: what different services say comes in any order."""
    complaint = firm.registered()
    told = [firm.closed(complaint.subject), firm.answered(complaint.subject, satisfied=True)]
    firm.hear(complaint, *(told if closed_first else reversed(told)))
    assert firm.kpis().satisfaction == Share(1, 1)


@pytest.mark.parametrize("closed_first", [True, False])
def test_an_answer_older_than_the_closing_that_took_it_over_changes_nothing(firm, closed_first):
    """RE-1."""
    complaint = firm.registered()
    later = firm.clock.now() + timedelta(hours=1)
    told = [firm.closed(complaint.subject, later, satisfied=False), firm.answered(complaint.subject, satisfied=True)]
    firm.hear(complaint, *(told if closed_first else reversed(told)))
    assert firm.kpis().satisfaction == Share(0, 1)


def behind(firm, figure):
    return firm.get("/v1/kpis/complaints", figure=figure).json["items"]


def test_a_closing_stamped_before_the_registration_counts_on_the_day_of_registration(firm):
    complaint = firm.registered()
    firm.hear(complaint, firm.closed(complaint.subject, firm.clock.now() - timedelta(days=1)))
    assert [(day.day.day, day.closed) for day in firm.kpis().series if day.closed] == [(4, 1)]
    assert firm.kpis(last=date(2026, 3, 3)).open == 0


def test_the_same_word_twice_is_counted_once(firm):
    complaint = firm.registered()
    told = [
        firm.envelope(complaint),
        firm.envelope(firm.opened(complaint)),
        firm.envelope(firm.closed(complaint.subject)),
    ]
    for seen_before in (False, False, True):
        firm.service.inbox.receive(told, seen_before)
    firm.service.inbox.work_due()
    assert (firm.kpis().complaints, firm.kpis().closed, firm.mismatches()) == (1, 1, [])


def test_a_complaint_waits_until_its_tenant_is_heard_of(unknown_firm):
    firm = unknown_firm
    firm.service.inbox.receive([firm.envelope(firm.registered())])
    firm.service.inbox.work_due()
    assert firm.waiting() == 1
    firm.hear_all([firm.envelope(firm.created)])
    assert firm.kpis().complaints == 1


def test_another_tenants_complaints_are_in_nobody_elses_figures(firm, another_firm):
    complaint = another_firm.registered()
    another_firm.hear(complaint, another_firm.opened(complaint), another_firm.closed(complaint.subject))
    assert firm.kpis() == firm.kpis(departments=frozenset())
    assert firm.get("/v1/kpis/complaints").json["items"] == []
    assert another_firm.kpis().complaints == 1


def test_a_recount_notices_a_rollup_that_is_not_true(firm):
    complaint = firm.registered()
    firm.hear(complaint, firm.opened(complaint))
    assert firm.mismatches() == []
    firm.tamper("UPDATE daily SET registered = 5 WHERE category = 'facilities' AND tenant_id = :tenant")
    assert firm.mismatches() == ["daily 2026-03-04/engineering/facilities/web/registered: 5 kept, 1 counted"]
