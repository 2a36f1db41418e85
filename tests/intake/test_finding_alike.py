"""Complaints that belong together are found once they are cases, in both modes (IN-8)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from libs.common.events.dispatch import CaseReclassified, CaseUnlinked
from libs.common.events.intake import ComplaintGrouped, ComplaintLinked
from libs.common.plumbing import DONE
from services.intake.store.likeness import MOST_REPEATED

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

FILLED = {"happened_at": "2026-03-01T02:00:00Z", "asked_for": "请尽快处理"}
PHONES = [f"138 1234 {n:04}" for n in range(1, 30)]


@pytest.fixture
def firm(found):
    """P6: five people of one building and category within 24 hours are a group event."""
    return found("p6-service-provider")


@pytest.fixture
def tower(firm):
    """A building with two units."""
    building = firm.add_place("3号楼", "building", firm.add_place("翠园", "property"))
    return [building, *(firm.add_place(f"3号楼{room}", "unit", building) for room in ("501", "502"))]


def test_the_same_person_repeats_an_earlier_complaint(firm):
    """IN-8"""
    first = opened(firm, PHONES[0])
    opened(firm, PHONES[1])
    second = opened(firm, PHONES[0], category="attitude")
    [link] = said(firm, ComplaintLinked)
    assert (link.subject, link.other_id, link.same) == (second, first, "person")


def test_the_same_unit_repeats_the_same_category(firm, tower):
    """IN-8"""
    _, room, next_door = tower
    first = opened(firm, PHONES[0], place_id=room)
    second = opened(firm, PHONES[1], place_id=room)
    opened(firm, PHONES[2], place_id=next_door)
    opened(firm, PHONES[3], place_id=room, category="attitude")
    assert [(link.subject, link.other_id, link.same) for link in said(firm, ComplaintLinked)] == [
        (second, first, "place")
    ]


def test_an_anonymous_complaint_is_not_linked_to_the_person_who_left_the_same_phone(found):
    """IN-5, IN-8"""
    firm = found("p6-service-provider", anonymous={"allowed": True, "required": ["text"], "answer_by": ["sms"]})
    opened(firm, PHONES[0])
    opened(firm, PHONES[0], anonymous=True, answer_by=["sms"])
    assert said(firm, ComplaintLinked) == []


def test_of_very_many_only_the_nearest_are_linked(firm, clock):
    """IN-8"""
    ids = []
    for _ in range(MOST_REPEATED + 2):
        clock.advance(minutes=1)
        ids.append(opened(firm, PHONES[0]))
    last = [link.other_id for link in said(firm, ComplaintLinked) if link.subject == ids[-1]]
    assert set(last) == set(ids[1:-1])


def test_many_about_one_building_are_one_group(firm, tower, clock):
    """IN-8: told once of each of them, with how many, where and since when."""
    since = clock.now()
    ids = [opened(firm, phone, place_id=tower[n % 3]) for n, phone in enumerate(PHONES[:5])]
    clock.advance(hours=2)
    ids.append(opened(firm, PHONES[6], place_id=tower[0]))
    events = said(firm, ComplaintGrouped)
    assert [event.subject for event in events] == ids
    assert len({event.group_id for event in events}) == 1
    assert [(e.complaints, e.complainants) for e in events] == [(5, 5)] * 5 + [(6, 6)]
    assert {(e.place_label, e.category, e.since) for e in events} == {("3号楼", "safety_hazard", since)}


@pytest.mark.parametrize(
    "differs",
    [
        lambda firm, tower: {"category": "attitude", "place_id": tower[0]},
        lambda firm, tower: {"place_id": firm.add_place("4号楼", "building")},
        lambda firm, tower: {"place_id": None},
        lambda firm, tower: {"place_id": tower[0], "phone": PHONES[0]},
    ],
    ids=["another category", "another building", "nowhere", "the same person"],
)
def test_what_is_not_alike_makes_no_group(firm, tower, differs):
    """IN-8"""
    for phone in PHONES[:4]:
        opened(firm, phone, place_id=tower[0])
    facts = {"phone": PHONES[4], "category": "safety_hazard"} | differs(firm, tower)
    opened(firm, **facts)
    assert said(firm, ComplaintGrouped) == []


def test_what_joins_two_groups_makes_them_one(firm, tower, clock):
    """IN-8"""
    early = [opened(firm, phone, place_id=tower[0]) for phone in PHONES[:5]]
    clock.advance(hours=48)
    late = [opened(firm, phone, place_id=tower[0]) for phone in PHONES[5:10]]
    clock.advance(hours=-24)
    between = opened(firm, PHONES[10], place_id=tower[0])
    moved = said(firm, ComplaintGrouped)[10:]
    assert {event.group_id for event in moved} == {said(firm, ComplaintGrouped)[0].group_id}
    assert {event.subject for event in moved} == {between, *late}
    assert {row["group_id"] for row in firm.rows("matters")} == {moved[0].group_id}
    assert len(early) == 5


def test_complaints_that_come_at_the_same_moment_see_each_other(firm, tower):
    """IN-8: in processes of their own, none of them is missed."""
    ids = [UUID(register(firm, phone, place_id=tower[0])) for phone in PHONES[:10]]
    cases = [firm._envelope(firm.open_case(each, "safety_hazard")) for each in ids]
    with ThreadPoolExecutor(5) as workers:
        list(workers.map(lambda case: firm.service.inbox.receive([case]), cases))
    while firm.service.inbox.work_due():
        pass
    assert sorted(event.subject for event in said(firm, ComplaintGrouped)) == sorted(ids)


def test_what_a_person_took_out_of_a_group_is_not_found_again(firm, tower):
    """IN-8: the correction wins, also over the word of a later complaint."""
    ids = [opened(firm, phone, place_id=tower[0]) for phone in PHONES[:5]]
    reclassify(firm, ids[0], group=False)
    reclassify(firm, ids[0], category="attitude")
    reclassify(firm, ids[0])
    opened(firm, PHONES[6], place_id=tower[0])
    assert [event.subject for event in said(firm, ComplaintGrouped)].count(ids[0]) == 1
    assert [row["group_id"] for row in firm.rows("matters") if row["complaint_id"] == ids[0]] == [None]


def test_what_left_its_group_with_its_category_may_be_found_again(firm, tower):
    """IN-8: no person said that it is one of none."""
    ids = [opened(firm, phone, place_id=tower[0]) for phone in PHONES[:5]]
    reclassify(firm, ids[0], category="attitude", group=False, group_said=False)
    reclassify(firm, ids[0])
    assert [event.subject for event in said(firm, ComplaintGrouped)].count(ids[0]) == 2


def test_under_its_corrected_category_a_complaint_is_judged_anew(firm, tower):
    """IN-6, IN-8"""
    wrong = opened(firm, PHONES[0], place_id=tower[0], category="attitude")
    for phone in PHONES[1:5]:
        opened(firm, phone, place_id=tower[0])
    reclassify(firm, wrong)
    assert len(said(firm, ComplaintGrouped)) == 5


def test_a_link_that_a_person_dissolved_is_not_found_again(firm):
    """IN-8"""
    first, second = opened(firm, PHONES[0]), opened(firm, PHONES[0])
    about = firm.about(second)
    firm.hear(CaseUnlinked(**about, other_id=first, relation="repeats", by=uuid4(), reason="不同的事"))
    reclassify(firm, second, category="attitude")
    assert len(said(firm, ComplaintLinked)) == 1
    assert {row["state"] for row in firm.rows("inbox")} == {DONE}


def test_where_the_procedure_looks_for_nothing_nothing_is_found(found):
    """IN-8"""
    firm = found("p1-accommodation")
    for _ in range(6):
        firm.opened("facilities")
    assert said(firm, ComplaintLinked, ComplaintGrouped) == []
    assert len(firm.rows("matters")) == 6


def test_firms_know_nothing_of_each_other(firm, found):
    """PR-2, IN-8"""
    opened(firm, PHONES[0])
    opened(found("p6-service-provider"), PHONES[0])
    assert said(firm, ComplaintLinked) == []


def opened(firm, phone, category="safety_hazard", **fields):
    return firm.opened(category, phone=phone, **FILLED, **fields)


def register(firm, phone, **fields):
    return firm.registered(phone=phone, **FILLED, **fields)["complaint_id"]


def reclassify(firm, complaint_id, category="safety_hazard", group=None, group_said=True):
    found = {"category": category, "group": group, "group_said": group_said}
    about = {"old_category": "x", "old_urgency": "general", "urgency": "general", "department": "service"}
    by = {"by": uuid4(), "reason": "更正"}
    firm.hear(CaseReclassified(**firm.about(complaint_id), **about, **by, **found))


def said(firm, *classes):
    return [event for event in firm.said() if isinstance(event, classes)]
