"""The evidence chain: whatever is changed afterwards shows (PR-4)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.domain.chain import GENESIS, Head, Link, Step, canonical, details_of, link, verify

CASE = UUID(int=7)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)

facts = st.dictionaries(st.text(max_size=5), st.one_of(st.integers(), st.text(max_size=5), st.none()), max_size=3)
words = st.none() | st.text(min_size=1, max_size=8)
chains = st.lists(st.tuples(facts, words), min_size=1, max_size=8).map(lambda steps: chained(steps))


@given(chains)
def test_an_untouched_chain_verifies(links):
    assert verify(links, end_of(links)) is None


@given(chains, st.data())
def test_an_edited_step_is_found(links, data):
    at = data.draw(st.integers(0, len(links) - 1))
    step = links[at].step
    change = data.draw(
        st.sampled_from(
            [
                {"action": step.action + "!"},
                {"actor": "somebody"},
                {"at": step.at + timedelta(microseconds=1)},
                {"details": canonical({"other": True})},
                {"words": (step.words or "") + "!"},
                {"complaint_id": UUID(int=8)},
            ]
        )
    )
    links[at] = replace(links[at], step=replace(step, **change))
    assert verify(links, end_of(links)) == at + 1


@given(chains, st.data())
def test_a_deleted_step_is_found(links, data):
    head = end_of(links)
    at = data.draw(st.integers(0, len(links) - 1))
    del links[at]
    assert verify(links, head) == at + 1


@given(chains, st.data())
def test_swapped_steps_are_found(links, data):
    pairs = st.tuples(st.integers(0, len(links) - 1), st.integers(0, len(links) - 1))
    one, other = sorted(data.draw(pairs))
    if one != other:
        head = end_of(links)
        links[one], links[other] = links[other], links[one]
        assert verify(links, head) == one + 1


@given(chains, st.data())
def test_an_inserted_step_is_found_even_when_it_is_linked_well(links, data):
    head = end_of(links)
    at = data.draw(st.integers(0, len(links)))
    before = links[at - 1].hash if at else GENESIS
    links.insert(at, linked(before, at + 1, {"forged": True}, None))
    assert verify(links, head) == (at + 1 if at == len(links) - 1 else at + 2)


@given(chains)
def test_a_chain_written_anew_does_not_end_where_it_ended(links):
    forged = chained([({"forged": True}, None)] * len(links))
    assert verify(forged, end_of(links)) == len(links)


@given(chains)
def test_erased_words_leave_a_chain_that_verifies(links):
    erased = [replace(each, step=replace(each.step, words=None)) for each in links]
    assert verify(erased, end_of(links)) is None


def test_the_hash_covers_the_hash_before_it():
    step = linked(GENESIS, 1, {}, None).step
    assert link(GENESIS, step) != link(b"\x01" * 32, step)


def test_canonical_json_is_one_text_for_one_value():
    assert canonical({"b": START, "a": [UUID(int=1)]}) == canonical({"a": [UUID(int=1)], "b": START})
    assert canonical({"词": 1}) == '{"词":1}'
    with pytest.raises(TypeError):
        canonical({"a": object()})


def chained(steps) -> list[Link]:
    links: list[Link] = []
    for n, (details, said) in enumerate(steps, start=1):
        links.append(linked(links[-1].hash if links else GENESIS, n, details, said))
    return links


def linked(prev: bytes, n: int, details, said) -> Link:
    kept = canonical({"note": said}) if said else None
    step = Step(
        complaint_id=CASE,
        n=n,
        at=START + timedelta(minutes=n),
        actor="dispatch",
        action="accepted",
        details=details_of(details, kept),
        words=kept,
    )
    return Link(step, prev, link(prev, step))


def end_of(links: list[Link]) -> Head:
    return Head(len(links), links[-1].hash)
