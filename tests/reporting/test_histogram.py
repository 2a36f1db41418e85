"""Percentiles from logarithmic buckets."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.histogram import bucket_of, percentile, seconds_of

lengths = st.lists(st.floats(min_value=1, max_value=1e9), min_size=1)


@given(lengths, st.integers(min_value=1, max_value=100))
def test_a_percentile_is_within_two_and_a_half_percent_of_the_exact_one(values, percent):
    exact = sorted(values)[-(-len(values) * percent // 100) - 1]
    assert percentile(Counter(map(bucket_of, values)), percent) == pytest.approx(exact, rel=0.025)


@given(lengths, lengths)
def test_buckets_of_parts_add_up_to_the_buckets_of_the_whole(some, others):
    parts = Counter(map(bucket_of, some)) + Counter(map(bucket_of, others))
    assert parts == Counter(map(bucket_of, some + others))


@pytest.mark.parametrize("nothing", [{}, {bucket_of(60): 0}])
def test_nothing_has_no_percentile(nothing):
    assert percentile(nothing, 50) is None


@pytest.mark.parametrize("seconds", [0, 0.5, -300])
def test_less_than_a_second_or_a_clock_set_back_counts_as_no_time(seconds):
    assert seconds_of(bucket_of(seconds)) == 0


def test_a_bucket_that_was_emptied_again_has_no_say():
    assert percentile({bucket_of(60): 0, bucket_of(7200): 1}, 50) == pytest.approx(7200, rel=0.025)


def test_the_ninetieth_of_ten_is_the_ninth():
    values = [60 * minutes for minutes in range(1, 11)]
    assert percentile(Counter(map(bucket_of, values)), 90) == pytest.approx(540, rel=0.025)
