"""Whatever happens to a case in whatever order, what is finished stays, and one story has the same ends (SL-7)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.sla import tables
from tests.sla.conftest import TEN, Firm, waiting_limit

HOUR = timedelta(hours=1)
STEPS = st.one_of(
    st.tuples(st.just("reclassify"), st.sampled_from(["urgent", "general"])),
    st.tuples(st.just("transfer"), st.sampled_from(["engineering", "security"])),
    st.tuples(st.just("reach"), st.sampled_from(["on_site", "first_measures", "carried_out"])),
    st.tuples(st.just("extend"), st.sampled_from(["10h", "3wd"])),
    st.tuples(st.sampled_from(["pause", "resume", "close", "reopen", "sweep"]), st.just("")),
)
STORIES = st.lists(st.tuples(st.integers(0, 30), STEPS), min_size=3, max_size=9)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STORIES)
def test_what_is_finished_never_changes_and_nothing_more_is_said_of_it(
    new_firm: Callable[[], Firm], story: list[tuple[int, tuple[str, str]]]
) -> None:
    """SL-7."""
    told = Story(new_firm())
    for hours, (step, what) in story:
        finished, said = told.finished(), len(told.firm.said())
        told.go_on(hours, step, what)
        assert {clock_id: told.rows()[clock_id] for clock_id in finished} == finished, step
        assert not {each.clock_id for each in told.firm.said()[said:] if hasattr(each, "clock_id")} & set(finished), (
            step
        )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STORIES)
def test_the_same_story_told_again_has_the_same_ends(
    new_firm: Callable[[], Firm], story: list[tuple[int, tuple[str, str]]]
) -> None:
    """Also for a platform that heard of everything but never looked at an alarm."""
    looked_at, left_alone = Story(new_firm()), Story(new_firm())
    for hours, (step, what) in story:
        looked_at.go_on(hours, step, what)
    for hours, (step, what) in story:
        left_alone.go_on(hours, "" if step == "sweep" else step, what)
    assert looked_at.ends() == left_alone.ends()


class Story:
    """One case of a firm whose limits wait for others, from Monday on."""

    def __init__(self, firm: Firm) -> None:
        self.firm, self.at = firm, TEN
        self.firm.clock.at = self.at
        limits = tuple(map(waiting_limit, ("10h", "8wh", "3wd", "7d")))
        redo = limits[0] | {"id": "redo", "from": "reopened", "within": "24h"}
        firm.hear(firm.created(), firm.published(extra_limits=(*limits, redo)))
        self.complaint = firm.open()
        self.waits: list[UUID] = []
        self.round = 1

    def go_on(self, hours: int, step: str, what: str) -> None:
        self.at += hours * HOUR
        self.firm.clock.at = self.at
        match step:
            case "reclassify" | "transfer" | "reach":
                getattr(self.firm, step)(self.complaint, what)
            case "extend":
                self.firm.extend(self.complaint, what, self.at + 48 * HOUR, told=True)
            case "pause":
                self.waits.append(self.firm.pause(self.complaint))
            case "resume" if self.waits:
                self.firm.resume(self.complaint, self.waits.pop())
            case "close":
                self.firm.close(self.complaint)
            case "reopen":
                self.round += 1
                self.firm.reopen(self.complaint, self.round)
            case "sweep":
                self.firm.sweep()

    def rows(self) -> dict[UUID, dict[str, Any]]:
        return {row["clock_id"]: dict(row) for row in self.firm.rows(tables.clocks)}

    def finished(self) -> dict[UUID, dict[str, Any]]:
        return {clock_id: row for clock_id, row in self.rows().items() if row["met_at"] or row["stopped_at"]}

    def ends(self) -> list[tuple[Any, ...]]:
        known = ("limit_id", "round", "started_at", "due_at", "met_at", "stopped_at")
        return sorted(tuple(str(row[name]) for name in known) for row in self.rows().values())
