"""By when a limit ends, when it warns, and what it says about itself (SL-1, SL-2, SL-3)."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.procedure.calendars import Calendar, DayOverride, Interval
from libs.common.procedure.document import Limit
from libs.common.procedure.duration import Share, Span, parse_span, parse_warning
from services.sla.domain.calendar import WorkingCalendar
from services.sla.domain.deadlines import Deadline, Step, deadline, span_after, span_before
from services.sla.domain.wording import SENTENCES, explain, explain_steps

SHANGHAI = ZoneInfo("Asia/Shanghai")
SPLIT_DAY = (Interval(9 * 60, 13 * 60), Interval(14 * 60, 18 * 60))
NAME = {"zh-Hans": "初步反馈", "en": "first answer"}


@pytest.mark.parametrize(
    ("within", "start", "due"),
    [
        ("24h", "2026-02-14 23:30", "2026-02-15 23:30"),  # into the Spring Festival
        ("30min", "2026-02-17 03:00", "2026-02-17 03:30"),
        ("4wh", "2026-02-13 16:00", "2026-02-14 11:00"),  # goes on in a make-up Saturday
        ("8wh", "2026-02-14 09:00", "2026-02-14 18:00"),
        ("3wd", "2026-02-13 10:00", "2026-02-26 00:00"),
        ("3wd end-of-day", "2026-02-13 10:00", "2026-02-25 18:00"),
        ("3d", "2026-02-12 10:00", "2026-02-25 00:00"),
        ("3d end-of-day", "2026-02-12 10:00", "2026-02-24 18:00"),
    ],
)
def test_a_limit_ends_as_its_unit_counts(within: str, start: str, due: str) -> None:
    assert due_of(within, start).due_at == local(due)


def test_all_times_are_utc() -> None:
    found = due_of("2h", "2026-03-02 10:00", "75%")
    assert found.warn_at is not None
    assert found.due_at.tzinfo is UTC and found.warn_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("within", "warn", "start", "warned"),
    [
        ("4h", "75%", "2026-03-02 20:00", "2026-03-02 23:00"),
        ("8wh", "50%", "2026-03-02 14:00", "2026-03-02 18:00"),
        ("3wd", "75%", "2026-03-02 09:00", "2026-03-04 18:00"),  # 24 of 32 opening hours
        ("4d", "50%", "2026-03-02 00:00", "2026-03-04 12:00"),  # of five days
        ("2h", "30min", "2026-03-02 10:00", "2026-03-02 11:30"),
        ("8wh", "1h", "2026-03-02 14:00", "2026-03-03 12:00"),
        ("3wd", "4wh", "2026-03-04 10:00", "2026-03-09 14:00"),
        ("3wd", "1wd", "2026-03-04 10:00", "2026-03-09 09:00"),
        ("3wd", "2wd", "2026-03-04 10:00", "2026-03-06 09:00"),
        ("3wd", "1wd end-of-day", "2026-03-04 10:00", "2026-03-06 18:00"),
        ("46h", "1wd", "2026-03-04 10:00", "2026-03-05 09:00"),  # ends before Friday's opening
        ("3wd end-of-day", "1d", "2026-03-04 10:00", "2026-03-08 18:00"),
        ("7d", "2d end-of-day", "2026-03-04 10:00", "2026-03-09 18:00"),
        ("7d", "3d end-of-day", "2026-03-04 10:00", "2026-03-06 18:00"),  # the 8th is a Sunday
    ],
)
def test_the_warning_is_measured_in_the_limits_own_time(within: str, warn: str, start: str, warned: str) -> None:
    """SL-3: a share of the span, or a span before its end."""
    assert due_of(within, start, warn).warn_at == local(warned)


def test_a_warning_longer_than_its_limit_comes_at_the_start() -> None:
    assert due_of("1h", "2026-03-02 10:00", "5h").warn_at == local("2026-03-02 10:00")


def test_a_warning_days_before_comes_at_the_same_time_of_day_though_the_clocks_change() -> None:
    hours = (SPLIT_DAY,) * 7
    london = WorkingCalendar(Calendar(time_zone="Europe/London", country="GB", hours=hours))
    end = datetime(2026, 3, 29, 23, tzinfo=UTC)  # midnight of a day of 23 hours
    assert span_before(Span(1, "d"), end, london) == datetime(2026, 3, 29, 0, tzinfo=UTC)


def test_without_a_warning_there_is_none() -> None:
    assert due_of("1h", "2026-03-02 10:00").warn_at is None


def test_a_span_of_nothing_ends_where_it_begins() -> None:
    moment = local("2026-03-07 10:00")
    for unit in ("min", "h", "wh", "wd", "d"):
        assert span_after(Span(0, unit), moment, chinese_office()) == moment
        assert span_before(Span(0, unit), moment, chinese_office()) == moment


def test_a_limit_into_a_year_that_is_not_announced_is_provisional() -> None:
    assert due_of("3wd", "2026-12-30 10:00").provisional
    assert due_of("3wd", "2026-12-30 10:00").due_at == local("2027-01-06 00:00")
    assert due_of("4wh", "2026-12-31 16:00").provisional
    assert due_of("3d", "2026-12-30 10:00").provisional


@pytest.mark.parametrize(
    ("within", "start"),
    [
        ("72h", "2026-12-31 10:00"),  # the calendar is not asked
        ("1wd", "2026-12-30 10:00"),  # ends with the last of 2026, the instant after which is in 2027
        ("1wd", "2026-02-13 10:00"),
    ],
)
def test_a_limit_that_asks_only_announced_years_is_not_provisional(within: str, start: str) -> None:
    assert not due_of(within, start).provisional


def test_the_explanation_tells_staff_which_days_were_skipped_and_counted() -> None:
    assert explain(due_of("3wd", "2026-02-13 10:05", "75%"), "zh-Hans") == [
        "时限：初步反馈，3 个工作日。",
        "起算时间：2026-02-13 10:05（Asia/Shanghai）。",
        "按日历“default”计工作日，起算当日不计入。",
        "最后一日至 24:00 届满。",
        "计入 2026-02-14：春节调休上班。",
        "不计入 2026-02-15 至 2026-02-23：春节放假。",
        "到期时间：2026-02-25 24:00（Asia/Shanghai）。",
        "用时达 75% 时预警：2026-02-25 09:16:15。",
    ]


def test_the_explanation_is_told_in_english() -> None:
    assert explain(due_of("3wd end-of-day", "2026-09-30 10:00", "1h"), "en") == [
        "Limit: first answer, 3 working days.",
        "Counted from 2026-09-30 10:00 (Asia/Shanghai).",
        "Working days of the calendar “default” count; the day it starts does not.",
        "The last day ends at close of business.",
        "Not counted: 2026-10-01 to 2026-10-07, National Day.",
        "Counted: 2026-10-10, a working day made up for National Day.",
        "Due by 2026-10-10 18:00 (Asia/Shanghai).",
        "Warning 1 hour before: 2026-10-10 17:00.",
    ]


def test_the_explanation_names_own_closures_and_openings_and_counts_weekends() -> None:
    calendar = chinese_office({date(2026, 3, 7): SPLIT_DAY, date(2026, 3, 9): ()})
    told = explain(deadline(limit("3wd"), local("2026-03-06 10:00"), calendar), "en")
    assert "Counted: 2026-03-07, open by own calendar." in told
    assert "Not counted: 2026-03-09, closed by own calendar." in told
    assert "Weekly days of rest not counted: 1." in told


def test_the_day_it_starts_is_neither_counted_nor_skipped() -> None:
    saturday = explain(due_of("1wd", "2026-03-07 10:00"), "en")
    assert "Weekly days of rest not counted: 1." in saturday


def test_calendar_days_explain_the_move_from_a_last_day_of_rest() -> None:
    told = explain(due_of("3d", "2026-02-12 10:00"), "zh-Hans")
    assert "最后一日 2026-02-15 为休息日，顺延至 2026-02-24。" in told
    assert "不计入 2026-02-15 至 2026-02-23：春节放假。" in told
    assert not any("为休息日，顺延至 2" in line for line in explain(due_of("3d", "2026-03-02 10:00"), "zh-Hans"))


def test_hours_explain_that_they_run_through_the_night() -> None:
    told = explain(due_of("24h", "2026-02-14 23:30"), "en")
    assert told[2:] == [
        "The time runs through nights, days of rest and holidays.",
        "Due by 2026-02-15 23:30 (Asia/Shanghai).",
    ]


def test_a_provisional_deadline_says_so() -> None:
    assert "2027 年放假安排尚未公布，到期时间暂定。" in explain(due_of("3wd", "2026-12-30 10:00"), "zh-Hans")


def test_a_kept_explanation_reads_as_the_first_time() -> None:
    found = due_of("3wd", "2026-02-13 10:05", "2h")
    kept = json.loads(json.dumps([asdict(step) for step in found.explanation]))
    assert explain_steps([Step(**step) for step in kept], "zh-Hant") == explain(found, "zh-Hant")


def test_a_language_without_its_own_words_reads_english() -> None:
    found = due_of("1wd", "2026-03-02 10:05")
    assert explain(found, "fr") == explain(found, "en")


def test_every_sentence_has_the_same_blanks_in_every_language() -> None:
    for code, sentence in SENTENCES.items():
        assert set(sentence) == {"zh-Hans", "zh-Hant", "en"}, code
        assert len({frozenset(blanks(text)) for text in sentence.values()}) == 1, code


SPANS = st.one_of(
    st.builds(Span, st.integers(1, 300), st.sampled_from(["min", "h", "wh"])),
    st.builds(Span, st.integers(1, 30), st.sampled_from(["wd", "d"]), st.booleans()),
)
STARTS = st.integers(0, 700 * 86_400).map(lambda n: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=n))


@settings(max_examples=200, deadline=None)
@given(SPANS, st.one_of(SPANS, st.builds(Share, st.integers(1, 99))), STARTS)
def test_a_warning_lies_between_start_and_end_and_every_step_can_be_told(
    within: Span, warn: Share | Span, start: datetime
) -> None:
    found = deadline(limit(str(within), str(warn)), start, CHINESE_OFFICE)
    assert found.warn_at is not None and start <= found.warn_at <= found.due_at
    for language in ("zh-Hans", "zh-Hant", "en"):
        assert all(explain(found, language))


@settings(max_examples=100, deadline=None)
@given(SPANS, STARTS, st.dates(date(2025, 1, 1), date(2026, 12, 31)))
def test_a_day_excluded_from_the_calendar_never_brings_a_deadline_forward(
    within: Span, start: datetime, closed: date
) -> None:
    usual = deadline(limit(str(within)), start, CHINESE_OFFICE)
    assert deadline(limit(str(within)), start, chinese_office({closed: ()})).due_at >= usual.due_at


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 200), STARTS)
def test_working_time_before_the_end_leads_back_to_the_start(hours: int, start: datetime) -> None:
    span = Span(hours, "wh")
    begin = CHINESE_OFFICE.add_working_time(start, 1)  # a moment inside opening hours
    end = span_after(span, begin, CHINESE_OFFICE)
    left = CHINESE_OFFICE.working_seconds_between(span_before(span, end, CHINESE_OFFICE), end)
    assert left == hours * 3600


def chinese_office(overrides: dict[date, tuple[Interval, ...]] | None = None) -> WorkingCalendar:
    own = tuple(DayOverride(day=day, hours=hours) for day, hours in (overrides or {}).items())
    hours = (SPLIT_DAY,) * 5 + ((), ())
    return WorkingCalendar(Calendar(time_zone="Asia/Shanghai", country="CN", hours=hours, overrides=own))


CHINESE_OFFICE = chinese_office()


def limit(within: str, warn: str | None = None) -> Limit:
    return Limit(
        id="answer",
        name=NAME,
        milestone_from="received",
        milestone_to="contacted",
        within=parse_span(within),
        warn=parse_warning(warn) if warn else None,
    )


def due_of(within: str, start: str, warn: str | None = None) -> Deadline:
    return deadline(limit(within, warn), local(start), CHINESE_OFFICE)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
