"""What all presets have in common, and P1 as it is written."""

from collections.abc import Iterator

import pytest

from libs.common.procedure import presets
from libs.common.procedure.document import Procedure
from libs.common.procedure.vocabulary import TRUE_ONCE_ACKNOWLEDGED
from tests.procedure.conftest import preset


def test_p1_counts_from_receipt_but_the_survey_from_what_was_carried_out(p1: Procedure) -> None:
    starts = {limit.id: limit.milestone_from for limit in p1.limits}
    assert starts.pop("survey") == "carried_out"
    assert set(starts.values()) == {"received"}


def test_p1_calls_in_the_department_head_first_and_the_manager_last(p1: Procedure) -> None:
    """SL-4."""
    for ladder in p1.ladders:
        assert [level.to for level in ladder.levels] == ["department_head", "coordinator", "manager"]
    assert {limit.ladder for limit in p1.limits} <= {ladder.id for ladder in p1.ladders}


def test_p1_warns_before_every_limit(p1: Procedure) -> None:
    """SL-3."""
    assert all(limit.warn is not None for limit in p1.limits)


def test_p1_takes_anonymous_complaints_and_answers_them_on_the_notice_board(p1: Procedure) -> None:
    """IN-5."""
    assert p1.intake.anonymous.allowed and "notice_board" in p1.intake.anonymous.answer_by


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_tells_the_complainant_and_the_staff_of_all_that_can_happen(name: str) -> None:
    """NO-1, NO-5, SL-5, DI-1, DI-8, DI-9, DI-12; where there are no time limits nobody is told of one."""
    told_on = {notice.on for notice in preset(name).notices}
    assert told_on - {"digest"} == set(occasions(preset(name)))  # a digest only gathers what was told on others


@pytest.mark.parametrize("name", presets.names())
def test_nothing_named_in_a_text_message_is_too_long_for_it(name: str) -> None:
    """NO-1: providers take variables of at most 35 characters."""
    named = [each.name for each in (*preset(name).limits, *preset(name).categories)]
    assert [text for names in named for text in names.values() if len(text) > 35] == []


def test_one_code_of_a_provider_is_one_text() -> None:
    texts: dict[str, set[str]] = {}
    for notice in (notice for name in presets.names() for notice in preset(name).notices):
        if message := notice.templates.get("sms"):
            texts.setdefault(str(message.code), set()).add(str(sorted(message.body.items())))
    assert {code for code, worded in texts.items() if len(worded) > 1} == set()


@pytest.mark.parametrize("name", presets.names())
def test_every_limit_warns_climbs_a_ladder_and_ends_at_what_somebody_can_report(name: str) -> None:
    """SL-3, SL-4."""
    reported = {step.milestone for step in preset(name).steps} | {"registered"}
    for limit in preset(name).limits:
        assert limit.warn and limit.ladder and limit.milestone_to in reported, limit.id


@pytest.mark.parametrize("name", presets.names())
def test_a_text_message_acknowledges_and_promises_a_time_only_where_a_limit_runs_from_the_start(name: str) -> None:
    """IN-3, NO-2: a message is sent whole, so without a limit it could never name one."""
    promised = [
        each
        for each in preset(name).limits
        if each.milestone_from == "received" and each.milestone_to not in TRUE_ONCE_ACKNOWLEDGED
    ]
    (acknowledgement,) = [each for each in preset(name).notices if each.on == "registered"]
    assert acknowledgement.channels == ("sms", "email")
    texts = acknowledgement.templates["sms"].body.values()
    assert {"{deadline}" in text for text in texts} == {bool(promised)}


@pytest.mark.parametrize("name", presets.names())
def test_what_is_begun_again_or_approved_is_a_step(name: str) -> None:
    """DI-12, DI-13."""
    procedure = preset(name)
    again = procedure.reopening.again if procedure.reopening else ()
    named = {*again, *(approval.before for approval in procedure.approvals)}
    assert named <= {step.milestone for step in procedure.steps}


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_keeps_closed_cases_for_a_year_and_ends_in_the_archive(name: str) -> None:
    """PR-3, DI-13."""
    assert preset(name).retention.days >= 366
    assert preset(name).steps[-1].milestone == "archived"


def test_there_is_a_preset_for_each_source_procedure_and_standard() -> None:
    assert presets.names() == (
        "cn-12345",
        "hotel-in-house",
        "iso-10002",
        "p1-accommodation",
        "p2-facilities",
        "p3-bar",
        "p4-front-desk",
        "p5-property-centre",
        "p6-service-provider",
        "p7-online-guests",
        "uk-housing-ombudsman-2024",
    )


def test_a_preset_that_is_not_there_is_said_so() -> None:
    with pytest.raises(presets.NoSuchPreset):
        presets.load("../presets/p1-accommodation")


@pytest.fixture(scope="module")
def p1() -> Procedure:
    return preset("p1-accommodation")


def occasions(procedure: Procedure) -> Iterator[str]:
    """What can happen to a case of this Procedure that somebody should be told of."""
    yield from ("registered", "assigned", "message", "result", "survey")
    if procedure.limits:
        yield from ("warned", "breached", "escalated")
    if any(limit.extension for limit in procedure.limits):
        yield "extended"
    if any("third_party" in limit.pause or limit.milestone_from == "third_party_named" for limit in procedure.limits):
        yield "waiting"
    if any(rule.alert for rule in procedure.routing.rules):
        yield "alerted"
    if procedure.lanes:
        yield "summoned"
    if procedure.reopening:
        yield "reopened"
