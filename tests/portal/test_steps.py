"""Which forms the allowed steps become, and how money is written in them."""

import pytest

from services.portal.domain.money import in_major, in_minor
from services.portal.domain.steps import Step, forms, missing, offered


def test_milestones_that_need_the_same_share_one_form() -> None:
    steps = forms(
        [
            {"action": "milestone", "milestone": "on_site", "required": ["note"]},
            {"action": "accept"},
            {"action": "milestone", "milestone": "verified", "required": ["note"]},
            {"action": "milestone", "milestone": "planned", "required": []},
            {"action": "fly", "required": []},
        ]
    )
    assert [(step.action, step.milestones) for step in steps] == [
        ("milestone", ("on_site", "verified")),
        ("accept", ()),
        ("milestone", ("planned",)),
    ]
    assert len({step.id for step in steps}) == len(steps)


def test_a_step_about_each_of_several_things_has_a_form_for_each() -> None:
    steps = forms(
        [
            {"action": "extend", "limit_id": "on_site", "required": ["due_at"]},
            {"action": "extend", "limit_id": "answer", "required": ["due_at"]},
            {"action": "wait", "for": "third_party", "required": ["party", "reason"]},
            {"action": "wait", "for": "complainant", "required": ["reason"]},
        ]
    )
    assert [step.about for step in steps[:2]] == [{"limit_id": "on_site"}, {"limit_id": "answer"}]
    assert len({step.id for step in steps}) == 4
    assert [(step.word, step.fields) for step in steps[2:]] == [
        ("wait.third_party", ("party", "reason")),
        ("wait.complainant", ("reason",)),
    ]


def test_the_steps_on_a_part_say_whose_part_it_is() -> None:
    """DI-5."""
    part = {"part_id": "p1", "next_steps": [{"action": "accept_part", "required": []}]}
    [accept, of_part] = forms(offered({"next_steps": [{"action": "accept"}], "parts": [part]}))
    assert accept.about == {} and of_part.about == {"part_id": "p1"}


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("120.5", "CNY", 12050),
        ("1,234.50", "CNY", 123450),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
        ("12.345", "CNY", None),
        ("0.5", "JPY", None),
        ("0", "CNY", None),
        ("-5", "CNY", None),
        ("1,5", "CNY", None),
        ("1e9", "CNY", None),
        ("９", "CNY", None),
        ("NaN", "CNY", None),
    ],
)
def test_an_amount_is_read_in_the_units_of_its_currency(text: str, currency: str, minor: int | None) -> None:
    """DI-10: ISO 4217."""
    assert in_minor(text, currency) == minor


def test_an_amount_comes_back_as_it_was_typed() -> None:
    """DI-10."""
    assert str(in_major(12050, "CNY")) == "120.50" and str(in_major(500, "JPY")) == "500"


def test_false_is_an_answer_and_empty_text_is_none() -> None:
    step = Step("result", (), frozenset({"written", "text", "files", "reason"}))
    assert missing({"written": False, "text": "", "files": []}, step) == {"text", "files", "reason"}


def test_one_of_several_fields_is_enough() -> None:
    [step] = forms([{"action": "reclassify", "required": ["reason"], "one_of": ["category", "urgency"]}])
    assert missing({"reason": "x", "urgency": "urgent"}, step) == set()
    assert missing({"reason": "x"}, step) == {"category", "urgency"}


def test_a_case_is_closed_only_with_the_outcomes_that_are_open_to_it() -> None:
    [step] = forms([{"action": "close", "required": ["outcome"], "outcomes": ["unfounded"]}])
    assert step.outcomes == ("unfounded",)


def test_an_end_that_must_be_explained_has_a_form_of_its_own() -> None:
    """IN-9"""
    explained = {"action": "close", "required": ["outcome", "text"], "outcomes": ["unfounded"]}
    noted = {"action": "close", "required": ["outcome", "note"], "outcomes": ["withdrawn"]}
    first, second = forms([explained, noted])
    assert (first.id, second.id) == ("close-text", "close")
    assert "text" in first.fields and "text" not in second.fields
