"""Time: UTC, and for demonstrations moved forward by a file that every process reads."""

from datetime import UTC, timedelta

import pytest

from libs.common.clock import MovableClock, SystemClock, clock

MOMENT = timedelta(seconds=5)


def test_the_clock_says_utc(tmp_path):
    for ticking in (SystemClock(), MovableClock(tmp_path / "clock")):
        assert ticking.now().tzinfo is UTC


def test_without_a_file_it_is_the_systems_clock(tmp_path):
    assert isinstance(clock(None), SystemClock)
    assert isinstance(clock(tmp_path / "clock"), MovableClock)


def test_a_clock_that_was_never_moved_shows_the_present(tmp_path):
    assert abs(MovableClock(tmp_path / "clock").now() - SystemClock().now()) < MOMENT


def test_every_process_sees_the_moved_time(tmp_path):
    MovableClock(tmp_path / "clock").advance(timedelta(days=2))
    MovableClock(tmp_path / "clock").advance(timedelta(hours=1))
    moved = MovableClock(tmp_path / "clock").now() - SystemClock().now()
    assert abs(moved - timedelta(days=2, hours=1)) < MOMENT


def test_time_does_not_go_back(tmp_path):
    with pytest.raises(ValueError, match="forward"):
        MovableClock(tmp_path / "clock").advance(timedelta(seconds=-1))


def test_a_beginning_counts_once(tmp_path):
    begun = MovableClock(tmp_path / "clock")
    start = SystemClock().now() - timedelta(days=30)
    begun.begin_at(start)
    begun.begin_at(start - timedelta(days=30))
    assert abs(begun.now() - start) < MOMENT
