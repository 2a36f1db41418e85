"""The pure rules of the screens."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.domain.answers import NotAllowed, NotThere, RequestRefused, TooMuch, field_of, refusal
from services.portal.domain.charts import MOST_GROUPS, bar_chart, gathered, scale
from services.portal.domain.deadlines import by_urgency, clock_standing, moment, standing
from services.portal.domain.filing import owed, unanswered
from services.portal.domain.languages import choose, in_language, named, spoken, written_in
from services.portal.domain.periods import PERIODS, period
from services.portal.domain.story import STAGES, stage_of, story
from services.portal.domain.traces import traces, waterfall

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["errors", "detail", "pointer", "x"]), inside)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("item", "stands"),
    [
        ({"next_due_at": "2026-11-21T09:00:00Z"}, "on_time"),
        ({"next_due_at": "2026-11-21T09:00:00Z", "near_limit": True}, "near"),
        ({"next_due_at": "2026-11-21T09:00:00Z", "near_limit": True, "breached": True}, "breached"),
        ({"next_due_at": "2026-11-21T07:59:59Z"}, "breached"),
        ({"next_due_at": None}, "none"),
    ],
)
def test_how_a_due_time_stands(item: dict[str, Any], stands: str) -> None:
    assert standing(item, NOW) == stands


@pytest.mark.parametrize(
    ("clock", "stands"),
    [
        ({"state": "running", "due_at": "2026-11-22T08:00:00Z"}, "on_time"),
        ({"state": "running", "due_at": "2026-11-22T08:00:00Z", "warn_at": "2026-11-21T08:00:00Z"}, "near"),
        ({"state": "warned", "due_at": "2026-11-22T08:00:00Z"}, "near"),
        ({"state": "running", "due_at": "2026-11-21T07:00:00Z"}, "breached"),
        ({"state": "met_late", "due_at": "2026-11-21T07:00:00Z"}, "met_late"),
    ],
)
def test_how_a_clock_stands(clock: dict[str, Any], stands: str) -> None:
    assert clock_standing(clock, NOW) == stands


def test_the_earliest_running_clock_comes_first_and_ended_ones_last() -> None:
    clocks = [
        {"state": "met", "due_at": "1"},
        {"state": "running", "due_at": "3"},
        {"state": "breached", "due_at": "2"},
    ]
    assert [clock["due_at"] for clock in by_urgency(clocks)] == ["2", "3", "1"]


@given(st.text())
def test_a_time_that_cannot_be_read_is_no_time(text: str) -> None:
    read = moment(text)
    assert read is None or read.tzinfo


@pytest.mark.parametrize(
    ("status", "kind"), [(403, NotAllowed), (404, NotThere), (413, TooMuch), (429, TooMuch), (422, RequestRefused)]
)
def test_a_status_means_a_kind_of_refusal(status: int, kind: type[RequestRefused]) -> None:
    assert type(refusal(status, {})) is kind


def test_a_problem_names_its_fields_and_keeps_the_rest() -> None:
    refused = refusal(
        422,
        {
            "errors": [
                {"detail": "too short", "pointer": "#/text"},
                {"detail": "second", "pointer": "/text"},
                {"detail": "odd"},
            ]
        },
    )
    assert refused.fields == {"text": "too short"} and refused.general == ("odd",)


@given(st.integers(400, 499), JSON)
def test_any_answer_at_all_can_be_read_as_a_refusal(status: int, document: Any) -> None:
    assert refusal(status, document).status == status


@pytest.mark.parametrize(("pointer", "name"), [("#/answer_by/0", "answer_by"), ("/text", "text"), ("#", ""), ("", "")])
def test_a_pointer_names_the_field_it_is_in(pointer: str, name: str) -> None:
    assert field_of(pointer) == name


def test_contact_is_a_phone_number_or_an_email_address() -> None:
    """IN-2."""
    assert unanswered(["text", "contact"], {"text": "x", "email": "a@b.cn"}) == []
    assert unanswered(["contact", "place"], {}) == ["phone", "place_id"]


def test_an_anonymous_complaint_owes_no_contact() -> None:
    """IN-5."""
    assert owed(["text", "name", "contact", "place"], anonymous=True) == ["text", "place"]


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh-TW", "zh-Hans"), ("zh_HK", "zh-Hans"), ("yue", "zh-Hans"), ("EN-us", "en"), ("fr", None), (None, None)],
)
def test_the_nearest_screen_language(tag: str | None, language: str | None) -> None:
    assert spoken(tag) == language


def test_the_first_wish_that_can_be_met_wins() -> None:
    assert choose([None, "fr", "en-GB", "zh-CN"]) == "en"
    assert choose([]) == "zh-Hans"


@pytest.mark.parametrize(
    ("browser", "page", "written"),
    [
        (["zh-TW"], "zh-Hans", "zh-Hant"),
        (["zh-Hant-HK"], "zh-Hans", "zh-Hant"),
        (["zh-CN", "zh-TW"], "zh-Hans", "zh-Hans"),
        (["zh-Hans-HK"], "zh-Hans", "zh-Hans"),
        (["zh-TW"], "en", "en"),
        ([], "zh-Hans", "zh-Hans"),
    ],
)
def test_the_language_a_guest_is_answered_in(browser: list[str], page: str, written: str) -> None:
    assert written_in(browser, page) == written


def test_a_text_falls_back_to_a_language_it_has() -> None:
    assert in_language({"zh-Hant": "電梯"}, "en") == "電梯"
    assert (in_language("lift", "zh-Hans"), in_language(None, "en"), in_language({}, "en")) == ("lift", "", "")


def test_names_are_read_from_a_list_or_a_mapping() -> None:
    assert named([{"id": "a", "name": {"en": "Lift"}}, {"id": "b"}], "en") == {"a": "Lift", "b": "b"}
    assert named({"a": {"name": "Lift"}, "b": "Pool"}, "en") == {"a": "Lift", "b": "Pool"}
    assert named(None, "en") == {}


def test_a_clock_that_waits_is_neither_near_nor_late() -> None:
    """SL-6."""
    assert clock_standing({"state": "paused", "due_at": "2026-01-01T00:00:00Z"}, NOW) == "paused"


def test_the_story_is_in_order_and_what_has_no_time_stands_last() -> None:
    case = {
        "milestones": [{"milestone": "closed", "at": "2026-11-21T08:00:00Z"}, {"milestone": "received", "at": None}],
        "transfers": [{"at": "2026-11-20T08:00:00Z"}],
    }
    lines = story(case, [{"at": "2026-11-21T07:00:00Z"}], [{"handed_at": "2026-11-21T06:00:00Z"}])
    assert [line.kind for line in lines] == ["transfer", "notice", "message", "milestone", "milestone"]


@pytest.mark.parametrize(
    ("reached", "stage"),
    [
        (["received", "registered"], "received"),
        (["routed"], "handed_over"),
        (["on_site", "routed"], "being_solved"),
        (["result_written"], "answered"),
        (["spare_part"], "received"),
    ],
)
def test_the_furthest_milestone_says_the_stage(reached: list[str], stage: str) -> None:
    assert STAGES[stage_of(reached, closed=False)] == stage


def test_a_closed_complaint_is_at_the_end_whatever_it_reached() -> None:
    assert STAGES[stage_of([], closed=True)] == "closed"


@given(st.integers(0, 10**7))
def test_a_scale_is_round_even_and_just_large_enough(most: int) -> None:
    top = scale(most)
    assert top >= max(most, 2) and top % 2 == 0 and (top <= 2 or top < most * 2.5 + 1)


@given(st.lists(st.integers(0, 50), max_size=400))
def test_gathering_days_loses_nothing(counts: list[int]) -> None:
    groups = gathered([{"day": "2026-01-01", "registered": count} for count in counts], ["registered"])
    assert sum(group["registered"] for group in groups) == sum(counts)
    assert len(groups) <= MOST_GROUPS


@given(st.lists(st.integers(0, 500), max_size=100))
def test_every_bar_stands_within_the_drawing(counts: list[int]) -> None:
    chart = bar_chart([{"day": "2026-01-01", "closed": count} for count in counts], ["closed", "breached"])
    assert all(bar.x >= 0 and bar.x + bar.width <= chart.width for bar in chart.bars)
    assert all(bar.y >= 0 and bar.y + bar.height <= chart.height for bar in chart.bars)


SPAN_IDS = st.sampled_from(["a", "b", "c", "d"])
SPANS = st.lists(
    st.fixed_dictionaries(
        {"span_id": SPAN_IDS, "parent_id": SPAN_IDS | st.none() | st.just("gone"), "ms": st.integers(0, 10_000)}
    ),
    unique_by=lambda span: span["span_id"],
)


@given(SPANS)
def test_a_waterfall_shows_each_span_once_within_the_width(spans: list[dict[str, Any]]) -> None:
    timed = [
        span | {"started_at": (NOW + timedelta(milliseconds=span["ms"])).timestamp(), "duration_ms": 5}
        for span in spans
    ]
    bars = waterfall(timed)
    assert len({bar.span["span_id"] for bar in bars}) == len(bars) == len(spans)
    assert all(0 <= bar.x <= 100 and bar.width <= 100 for bar in bars)


@given(st.sampled_from(PERIODS), st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_period_never_ends_before_it_begins_nor_after_today(name: str, today: date) -> None:
    chosen = period(name, today)
    assert chosen.first <= chosen.last <= today


def test_last_month_is_whole() -> None:
    chosen = period("last_month", date(2026, 3, 5))
    assert (chosen.first, chosen.last) == (date(2026, 2, 1), date(2026, 2, 28))


def test_traces_are_listed_the_latest_first_with_their_whole_length() -> None:
    spans = [
        {"trace_id": "old", "name": "a", "service": "intake", "started_at": 100.0, "duration_ms": 10},
        {"trace_id": "old", "name": "b", "service": "sla", "started_at": 100.1, "duration_ms": 50},
        {"trace_id": "new", "name": "c", "service": "portal", "started_at": 200.0, "duration_ms": 5},
    ]
    newest, oldest = traces(spans)
    assert newest.name == "c" and oldest.services == ("intake", "sla")
    assert oldest.duration_ms == pytest.approx(150)
