"""PR-1: a complaint is seen in full by the people of its case and by who oversees all, by nobody else."""

from uuid import UUID, uuid4

import pytest

from libs.common.events.dispatch import CaseAlerted, CaseAssigned, CaseEscalated, CaseSummoned, GroupLed, PartChanged

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

HOLDER, HEAD, COORDINATOR, OTHER = (UUID(int=n) for n in range(1, 5))


def test_who_has_the_case_and_who_answers_for_it_may_look(firm):
    receipt = firm.registered()
    assign(firm, receipt)
    assert [look(firm, receipt, person_id=person) for person in (HOLDER, HEAD, COORDINATOR)] == [200] * 3


def test_who_has_nothing_to_do_with_the_case_may_not_and_is_told_who_may(firm):
    receipt = firm.registered()
    assign(firm, receipt)
    answer = ask(firm, receipt, departments=("security",))
    assert answer.status_code == 403
    assert "people of engineering" in answer.json["detail"] and "coordinator, manager, auditor" in answer.json["detail"]
    assert firm.rows("full_views") == []


@pytest.mark.parametrize(
    ("role", "status"), [("coordinator", 200), ("manager", 200), ("auditor", 200), ("admin", 403), ("supervisor", 403)]
)
def test_who_oversees_every_case_may_look_at_any(firm, role, status):
    assert look(firm, firm.registered(), roles=(role,)) == status


def test_people_of_the_department_that_has_the_case_may_look_until_it_leaves_them(firm):
    """DI-6: after a transfer it is the next department's."""
    receipt = firm.registered()
    assign(firm, receipt)
    assert look(firm, receipt, departments=("engineering",)) == 200
    assign(firm, receipt, department="security", assignee_id=OTHER)
    assert [look(firm, receipt, departments=(each,)) for each in ("engineering", "security")] == [403, 200]
    assert [look(firm, receipt, person_id=each) for each in (HOLDER, OTHER)] == [403, 200]


def test_people_of_a_departments_part_may_look_until_it_is_dropped(firm):
    """DI-5."""
    receipt, part_id = firm.registered(), uuid4()
    for state, expected in (("assigned", 200), ("carried_out", 200), ("dropped", 403)):
        tell(firm, receipt, PartChanged, **a_part(firm, part_id, state))
        assert look(firm, receipt, departments=("security",)) == expected
        assert look(firm, receipt, person_id=OTHER) == expected


def test_who_was_called_to_the_case_may_look(firm, clock):
    """DI-1, DI-8, SL-4."""
    receipt, alerted, called_in, summoned = firm.registered(), uuid4(), uuid4(), uuid4()
    tell(firm, receipt, CaseAlerted, people=(alerted,), rules=("fire",))
    late = {"level": 1, "to_role": "manager", "limit_id": "on-site", "due_at": clock.now()}
    for _ in range(2):
        tell(firm, receipt, CaseEscalated, people=(called_in,), **late)
    tell(firm, receipt, CaseSummoned, person_id=summoned, lane="now", turn=1, acknowledge_by=clock.now())
    assert [look(firm, receipt, person_id=person) for person in (alerted, called_in, summoned)] == [200] * 3
    assert look(firm, receipt, person_id=uuid4()) == 403


def test_who_leads_the_joint_group_may_look_until_another_does(firm):
    """DI-5."""
    receipt, first, second = firm.registered(), uuid4(), uuid4()
    for leader in (first, second):
        tell(firm, receipt, GroupLed, person_id=leader, by=HEAD)
        assert look(firm, receipt, person_id=leader) == 200
    assert look(firm, receipt, person_id=first) == 403


def test_the_people_of_one_case_are_not_those_of_another(firm, other_firm):
    """PR-2."""
    receipt, other, elsewhere = firm.registered(), firm.registered(), other_firm.registered()
    assign(firm, receipt)
    assert look(firm, other, person_id=HOLDER) == 403
    assert look(other_firm, elsewhere, person_id=HOLDER, departments=("engineering",)) == 403


def assign(firm, receipt, **changes):
    people = {"assignee_id": HOLDER, "head_id": HEAD, "coordinator_id": COORDINATOR}
    tell(firm, receipt, CaseAssigned, **{"department": "engineering", "reason": "assigned"} | people | changes)


def a_part(firm, part_id, state):
    about = {"part_id": part_id, "department": "security", "lead": False, "state": state}
    return about | {"at": firm.service.clock.now(), "assignee_id": OTHER, "head_id": None}


def tell(firm, receipt, event, **fields):
    firm.hear(event(**firm.about(receipt["complaint_id"]), **fields))


def look(firm, receipt, **who):
    return ask(firm, receipt, **who).status_code


def ask(firm, receipt, *, person_id=None, roles=("front_line",), departments=()):
    asking = firm.bearing(person_id=person_id or uuid4(), roles=roles, departments=departments)
    return asking.post(f"/v1/complaints/{receipt['complaint_id']}/full-view", reason="回电确认")
