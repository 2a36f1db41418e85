"""Who may do what: the whole matrix, role by action, for a case of one's own, one's department, and another's."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from libs.common.procedure.vocabulary import STAFF_ROLES
from services.dispatch.domain.case import ASSIGNED, Case
from services.dispatch.domain.permissions import FLAG, MATRIX, SEE, STEPS, Actor, allowed, may_plan, sight

ME, SOMEBODY = UUID(int=1), UUID(int=2)

# o: a case the person has; d: one of the person's department; a: any other; -: not allowed
TABLE = """
              see accept refuse milestone result transfer reclassify assign wait resume revise note
front_line    od- od-    o--    od-       od-    od-      od-        ---    od-  od-    od-    od-
supervisor    od- od-    o--    od-       od-    od-      od-        od-    od-  od-    od-    od-
coordinator   oda oda    o--    oda       oda    oda      oda        oda    oda  oda    oda    oda
manager       oda oda    o--    oda       oda    oda      oda        oda    oda  oda    oda    oda
admin         oda ---    ---    ---       ---    ---      ---        ---    ---  ---    ---    ---
auditor       oda ---    ---    ---       ---    ---      ---        ---    ---  ---    ---    ---
operator      --- ---    ---    ---       ---    ---      ---        ---    ---  ---    ---    ---
"""
FURTHER = """
              see extend decide_extension ask_approval approve return reopen merge unlink close flag
front_line    od- od-    od-              od-          od-     od-    od-    od-   ---    od-   ---
supervisor    od- od-    od-              od-          od-     od-    od-    od-   od-    od-   od-
coordinator   oda oda    oda              oda          oda     oda    oda    oda   oda    oda   oda
manager       oda oda    oda              oda          oda     oda    oda    oda   oda    oda   oda
admin         oda ---    ---              ---          ---     ---    ---    ---   ---    ---   ---
auditor       oda ---    ---              ---          ---     ---    ---    ---   ---    ---   ---
operator      --- ---    ---              ---          ---     ---    ---    ---   ---    ---   ---
"""
HALVES = [[line.split() for line in table.strip().splitlines()] for table in (TABLE, FURTHER)]
HEADINGS = {action for headings, *_ in HALVES for action in headings}
ROWS = HALVES[0][1:]
CELLS = [
    (row[0], action, cell, whose)
    for headings, *rows in HALVES
    for row in rows
    for action, cell in zip(headings, row[1:], strict=True)
    for whose in "oda"
]


@pytest.mark.parametrize(("role", "action", "cell", "whose"), CELLS)
def test_the_matrix_is_as_the_table_says(role, action, cell, whose):
    assert (allowed(action, someone(role), case(whose)) is None) is (whose in cell)


def test_the_table_has_every_role_and_every_action():
    assert {row[0] for row in ROWS} == {*STAFF_ROLES, "operator"}
    assert {SEE, *STEPS, FLAG} == HEADINGS
    assert set(MATRIX) == set(STAFF_ROLES)


def test_with_several_roles_the_widest_reach_counts():
    both = Actor(ME, frozenset({"front_line", "coordinator"}), frozenset({"engineering"}))
    assert allowed("assign", both, case("a")) is None


def test_a_program_may_look_but_takes_no_step():
    program = Actor(None, frozenset({"manager"}), frozenset())
    assert allowed(SEE, program, case("a")) is None
    assert "person" in (allowed("close", program, case("a")) or "")


@pytest.mark.parametrize("role", [row[0] for row in ROWS])
@pytest.mark.parametrize("whose", "oda")
def test_lists_show_exactly_the_cases_that_may_be_seen(role, whose):
    here, seen = case(whose), sight(someone(role))
    listed = seen.everything or here.department in seen.departments
    listed = listed or (seen.person_id is not None and here.assignee_id == seen.person_id)
    assert listed is (allowed(SEE, someone(role), here) is None)


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [
        ("front_line", False, False),
        ("supervisor", True, False),
        ("coordinator", True, True),
        ("manager", True, True),
        ("admin", True, True),
        ("auditor", False, False),
    ],
)
def test_who_plans_the_duty_roster(role, own, other):
    assert (may_plan(someone(role), "engineering") is None) is own
    assert (may_plan(someone(role), "security") is None) is other


def someone(role: str) -> Actor:
    return Actor(ME, frozenset({role}), frozenset({"engineering"}))


def case(whose: str) -> Case:
    return Case(
        complaint_id=UUID(int=9),
        procedure_version=1,
        channel="web",
        category="facility_repair",
        urgency="general",
        major=False,
        vip=False,
        claimed_amount=None,
        place_label=None,
        text="",
        received_at=datetime(2026, 3, 2, tzinfo=UTC),
        department="engineering" if whose == "d" else "security",
        assignee_id=ME if whose == "o" else SOMEBODY,
        head_id=None,
        coordinator_id=None,
        state=ASSIGNED,
    )
