"""What the others say and the complainant sees: steps, the promise, the result, the close (PO-1, NO-2)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from libs.common.events.dispatch import (
    CaseClosed,
    CaseLinked,
    CaseReopened,
    CaseUnlinked,
    MilestoneReached,
    ResultGiven,
)
from libs.common.events.sla import ClockMet, ClockMoved, ClockPaused, ClockStarted, ClockStopped
from libs.common.events.tenants import PlaceChanged
from libs.common.plumbing import DONE

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def test_the_steps_that_concern_the_complainant_are_shown(firm, clock):
    receipt = firm.registered()
    for milestone in ("accepted", "cause_found", "on_site"):
        clock.advance(hours=1)
        reach(firm, receipt, milestone)
    seen = firm.progress(receipt)
    assert seen["stage"] == "on_site"
    assert [step["milestone"] for step in seen["timeline"]] == ["received", "registered", "accepted", "on_site"]
    assert moment(seen["timeline"][-1]["at"]) == clock.now()


def test_a_milestone_counts_the_first_time(firm, clock):
    receipt, first = firm.registered(), clock.now()
    reach(firm, receipt, "contacted")
    clock.advance(hours=1)
    reach(firm, receipt, "contacted")
    [step] = firm.progress(receipt)["timeline"][2:]
    assert (step["milestone"], moment(step["at"])) == ("contacted", first)


def test_a_case_that_begins_again_is_open_again(firm, clock):
    """DI-12: what must be reached anew is ahead again, and the complainant may take it back."""
    receipt = firm.registered()
    for milestone in ("contacted", "planned"):
        reach(firm, receipt, milestone)
    about = firm.about(receipt["complaint_id"])
    firm.hear(CaseClosed(**about, outcome="solved", satisfied=False, closed_at=clock.now()))
    begun = {"round": 2, "again": ("planned",), "reason": "unsatisfied", "by": None, "department": "engineering"}
    firm.hear(CaseReopened(**about, **begun, reopened_at=clock.now()))
    seen = firm.progress(receipt)
    assert (seen["stage"], seen["closed_at"]) == ("reopened", None)
    assert [step["milestone"] for step in seen["timeline"]] == ["received", "registered", "contacted", "reopened"]
    reach(firm, receipt, "planned")
    assert firm.progress(receipt)["stage"] == "planned"


def test_whose_complaint_was_merged_sees_how_far_the_other_case_is(firm, clock):
    """IN-8: its stage, limit and result, with one's own number and words, and nothing that the other person wrote."""
    own, other = firm.registered(), firm.registered(text="隔壁 304 的水管也漏")
    reach(firm, own, "contacted")
    merge(firm, own, other)
    start(firm, other, hours=2)
    clock.advance(hours=1)
    reach(firm, other, "on_site")
    tell(firm, other, "水管已更换。")
    seen = firm.progress(own)
    assert (seen["number"], seen["stage"], seen["result"]) == (own["number"], "on_site", "水管已更换。")
    steps = [step["milestone"] for step in seen["timeline"]]
    assert steps == ["received", "registered", "contacted", "merged", "on_site"] and seen["promised_by"]
    assert "隔壁" not in str(seen) and other["number"] not in str(seen)


def test_a_merged_complaint_is_closed_when_the_other_one_is(firm, clock):
    """IN-8."""
    own, other = firm.registered(), firm.registered()
    merge(firm, own, other)
    assert firm.progress(own)["closed_at"] is None
    about = firm.about(other["complaint_id"])
    firm.hear(CaseClosed(**about, outcome="solved", satisfied=True, closed_at=clock.now()))
    assert (firm.progress(own)["stage"], moment(firm.progress(own)["closed_at"])) == ("closed", clock.now())


def test_a_complaint_that_was_merged_wrongly_goes_on_alone(firm):
    """IN-8."""
    own, other = firm.registered(), firm.registered()
    merge(firm, own, other)
    tell(firm, other, "水管已更换。")
    link = {"other_id": UUID(other["complaint_id"]), "relation": "merged_into"}
    firm.hear(CaseUnlinked(**firm.about(own["complaint_id"]), **link, by=uuid4(), reason="另一根水管"))
    assert firm.progress(own)["result"] is None


def test_the_promise_is_the_earliest_limit_that_runs(firm):
    receipt = firm.registered()
    assert firm.progress(receipt)["promised_by"] is None
    start(firm, receipt, hours=4)
    start(firm, receipt, hours=2)
    start(firm, receipt, hours=24)
    assert promised(firm, receipt) == timedelta(hours=2)


def test_what_a_department_has_for_its_part_is_promised_to_nobody(firm):
    """DI-5, NO-2."""
    receipt = firm.registered()
    start(firm, receipt, hours=4)
    start(firm, receipt, hours=2, part_id=uuid4())
    assert promised(firm, receipt) == timedelta(hours=4)


@pytest.mark.parametrize("milestone", ["routed", "accepted", "approved"])
def test_what_the_house_owes_itself_is_promised_to_nobody(firm, milestone):
    """NO-2, PO-1."""
    receipt = firm.registered()
    start(firm, receipt, hours=4)
    start(firm, receipt, hours=2, to=milestone)
    assert promised(firm, receipt) == timedelta(hours=4)


def test_a_kept_limit_hands_the_promise_on_to_the_next(firm, clock):
    receipt = firm.registered()
    first, second = start(firm, receipt, hours=2), start(firm, receipt, hours=4)
    about, now = firm.about(receipt["complaint_id"]), clock.now()
    firm.hear(ClockMet(**about, **first, met_at=now, due_at=now, in_time=True, elapsed_seconds=60))
    assert promised(firm, receipt) == timedelta(hours=4)
    firm.hear(ClockStopped(**about, **second, stopped_at=now, reason="closed"))
    assert firm.progress(receipt)["promised_by"] is None


def test_a_moved_limit_moves_the_promise(firm, clock):
    receipt = firm.registered()
    moved, _ = start(firm, receipt, hours=2), start(firm, receipt, hours=4)
    about, now = firm.about(receipt["complaint_id"]), clock.now()
    later = now + timedelta(hours=3)
    firm.hear(ClockMoved(**about, **moved, old_due_at=now, due_at=later, reason="reclassified"))
    assert promised(firm, receipt) == timedelta(hours=3)


def test_a_limit_that_waits_is_promised_again_when_the_wait_is_over(firm, clock):
    """SL-6, PO-1: extended meanwhile, it still waits."""
    receipt = firm.registered()
    first, _ = start(firm, receipt, hours=2), start(firm, receipt, hours=4)
    assert firm.progress(receipt)["waits_for"] is None
    about, now = firm.about(receipt["complaint_id"]), clock.now()
    firm.hear(ClockPaused(**about, **first, since=now, waits_for="third_party"))
    later = {"old_due_at": now, "due_at": now + timedelta(hours=3)}
    firm.hear(ClockMoved(**about, **first, **later, reason="extended"))
    assert (promised(firm, receipt), firm.progress(receipt)["waits_for"]) == (timedelta(hours=4), "third_party")
    firm.hear(ClockMoved(**about, **first, **later, reason="resumed"))
    assert (promised(firm, receipt), firm.progress(receipt)["waits_for"]) == (timedelta(hours=3), None)


def test_while_every_limit_waits_no_time_is_promised(firm, clock):
    """SL-6, PO-1."""
    receipt = firm.registered()
    only = start(firm, receipt, hours=2)
    firm.hear(ClockPaused(**firm.about(receipt["complaint_id"]), **only, since=clock.now(), waits_for="complainant"))
    seen = firm.progress(receipt)
    assert (seen["promised_by"], seen["waits_for"]) == (None, "complainant")


def test_a_promise_is_for_one_complaint(firm):
    receipt, other = firm.registered(), firm.registered()
    start(firm, receipt, hours=2)
    assert firm.progress(other)["promised_by"] is None


def test_the_newest_result_is_shown(firm):
    receipt = firm.registered()
    for text in ("已更换水管", "已更换水管并清洁"):
        about = firm.about(receipt["complaint_id"])
        firm.hear(ResultGiven(**about, text=text, written=True, spoken=False, by=uuid4()))
    assert firm.progress(receipt)["result"] == "已更换水管并清洁"


def test_how_it_will_not_happen_again_is_shown_as_last_said(firm):
    """DI-11: a newer result has its own prevention, or none."""
    receipt, seen = firm.registered(), []
    for prevention in ("每季检查", None):
        told = {"text": "已更换水管", "prevention": prevention, "written": True, "spoken": False}
        firm.hear(ResultGiven(**firm.about(receipt["complaint_id"]), **told, by=uuid4()))
        seen.append(firm.progress(receipt)["prevention"])
    assert seen == ["每季检查", None]


def test_the_close_is_shown_and_lasts(firm, clock):
    receipt = firm.registered()
    closed_at = clock.now() + timedelta(hours=5)
    about = firm.about(receipt["complaint_id"])
    firm.hear(CaseClosed(**about, outcome="solved", satisfied=True, closed_at=closed_at))
    reach(firm, receipt, "carried_out")
    seen = firm.progress(receipt)
    assert (seen["stage"], moment(seen["closed_at"])) == ("closed", closed_at)
    assert [moment(step["at"]) for step in seen["timeline"] if step["milestone"] == "closed"] == [closed_at]


def test_a_place_has_its_newest_name(firm):
    place_id = firm.add_place("3号楼")
    about = firm.about(place_id)
    named = {
        "place_id": about["subject"],
        "kind": "building",
        "parent_id": None,
        "name": "三号楼",
        "label": "临江苑 三号楼",
    }
    firm.hear(PlaceChanged(**about, **named))
    firm.registered(place_id=place_id)
    assert firm.said()[0].place_label == "临江苑 三号楼"


def test_what_is_heard_about_one_firm_stays_there(firm, other_firm):
    receipt = firm.registered()
    reach(other_firm, receipt, "on_site")
    assert firm.progress(receipt)["stage"] == "registered"


def test_nothing_heard_is_left_or_parked(firm):
    receipt = firm.registered()
    reach(firm, receipt, "accepted")
    start(firm, receipt, hours=1)
    assert [row["state"] for row in firm.rows("inbox")] == [DONE] * 4


def reach(firm, receipt, milestone):
    about = firm.about(receipt["complaint_id"])
    reached_at = firm.service.clock.now()
    firm.hear(MilestoneReached(**about, milestone=milestone, reached_at=reached_at, by=uuid4(), department="security"))


def start(firm, receipt, hours, part_id=None, to="on_site"):
    """A clock of a limit that ends so many hours from now; returns what names it."""
    about = firm.about(receipt["complaint_id"])
    now = firm.service.clock.now()
    named = {"clock_id": uuid4(), "limit_id": f"within-{hours}h"}
    span = {
        "milestone_from": "received",
        "milestone_to": to,
        "started_at": now,
        "due_at": now + timedelta(hours=hours),
        "part_id": part_id,
    }
    firm.hear(ClockStarted(**about, **named, **span, provisional=False, department="security"))
    return named


def promised(firm, receipt):
    """How far away the promise is."""
    return moment(firm.progress(receipt)["promised_by"]) - firm.service.clock.now()


def moment(text):
    return datetime.fromisoformat(text)


def merge(firm, own, other):
    """The case of the first ends, that of the other goes on for both."""
    about, into = firm.about(own["complaint_id"]), UUID(other["complaint_id"])
    firm.hear(CaseLinked(**about, other_id=into, relation="merged_into"))
    firm.hear(CaseClosed(**about, outcome="merged", satisfied=None, closed_at=firm.service.clock.now()))


def tell(firm, receipt, text):
    about = firm.about(receipt["complaint_id"])
    firm.hear(ResultGiven(**about, text=text, written=True, spoken=False, by=uuid4()))
