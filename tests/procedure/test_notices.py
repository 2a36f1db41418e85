"""What a notice may say is checked before the Procedure is published (NO-2)."""

import pytest

from libs.common.procedure import presets
from libs.common.procedure.document import in_language
from libs.common.procedure.reading import Mistake, ProcedureRefused, read


@pytest.mark.parametrize(
    "text",
    [
        "编号{number}，我们会尽快处理",
        "编号{number}，24小时内联系您",
        "{number}: we will call you within a day",
        "{number}: repaired in 3 days",
        "{number}: you will hear from us SHORTLY",
        "{number}: we will do our best",
    ],
)
def test_a_template_that_promises_a_time_must_carry_one(text: str) -> None:
    (mistake,) = mistakes_in_sms(text, on="assigned", to="assignee")
    assert mistake.path == "notices[0].templates.sms.en" and mistake.suggestion == "{deadline}"
    assert not mistakes_in_sms(text + " {deadline}", on="assigned", to="assignee")


@pytest.mark.parametrize(
    "text", ["{text}", "{number.__class__}", "{number!r}", "{number:>99999999}", "{0}", "{}", "{number", "}"]
)
def test_only_known_slots_stand_in_a_template(text: str) -> None:
    assert len(mistakes_in_sms(text, on="assigned", to="assignee")) == 1


@pytest.mark.parametrize("slot", ["text", "asked_for", "name"])
def test_an_acknowledgement_never_repeats_what_the_complainant_wrote(slot: str) -> None:
    (mistake,) = mistakes_in_sms(f"{{number}} {{deadline}} {{{slot}}}", on="registered", to="complainant")
    assert "complainant" in mistake.message


@pytest.mark.parametrize(("text", "missing"), [("{number}", "{deadline}"), ("{deadline}", "{number}")])
def test_an_acknowledgement_names_the_number_and_a_time(text: str, missing: str) -> None:
    (mistake,) = mistakes_in_sms(text, on="registered", to="complainant")
    assert mistake.suggestion == missing


@pytest.mark.parametrize(
    ("limits", "owed"),
    [
        ([("received", "contacted")], True),
        ([("registered", "carried_out")], True),
        ([("received", "acknowledged"), ("acknowledged", "carried_out")], False),
        ([], False),
    ],
)
def test_an_acknowledgement_owes_a_time_only_where_a_limit_runs_from_the_start(
    limits: list[tuple[str, str]], owed: bool
) -> None:
    """IN-3, NO-2: what the acknowledgement itself makes true is no promise."""
    document = presets.load("uk-housing-ombudsman-2024")
    document["notices"] = document["notices"][:1]
    document["limits"] = [
        {"id": f"limit-{at}", "name": {"zh-Hans": "时限", "en": "limit"}, "from": start, "to": end, "within": "3wd"}
        for at, (start, end) in enumerate(limits)
    ]
    document["steps"].append({"milestone": "contacted"})
    paths = [
        f"notices[0].templates.{text}" for text in ("email.en.body", "email.zh-Hans.body", "sms.en", "sms.zh-Hans")
    ]
    assert [mistake.path for mistake in refused(document)] == (paths if owed else [])


def test_the_link_into_a_complaint_is_not_sent_to_staff() -> None:
    assert mistakes_in_sms("{number} {tracking_link}", on="result", to="assignee")
    assert not mistakes_in_sms("{number} {tracking_link}", on="result", to="complainant")


def test_the_result_is_known_only_when_there_is_one() -> None:
    assert mistakes_in_sms("{result}", on="warned", to="complainant")


@pytest.mark.parametrize(
    ("slot", "on", "known"),
    [
        ("party", "waiting", True),
        ("party", "extended", False),
        ("reason", "waiting", True),
        ("reason", "extended", True),
        ("reason", "reopened", False),
        ("new_deadline", "waiting", False),
        ("survey_link", "survey", True),
        ("survey_link", "reopened", False),
    ],
)
def test_a_slot_is_offered_only_where_it_is_known(slot: str, on: str, known: bool) -> None:
    """NO-2."""
    owed = "{number} {new_deadline}" if on == "extended" else "{number}"
    wrong = [mistake.message for mistake in mistakes_in_sms(f"{owed} {{{slot}}}", on=on, to="complainant")]
    assert (wrong == []) == known
    assert known or f"{{{slot}}} is known only" in wrong[0]


@pytest.mark.parametrize(("text", "missing"), [("{number}", "{new_deadline}"), ("{new_deadline}", "{number}")])
def test_an_extension_names_the_number_and_the_new_time(text: str, missing: str) -> None:
    """SL-5."""
    (mistake,) = mistakes_in_sms(text, on="extended", to="complainant")
    assert mistake.suggestion == missing


def test_a_new_time_is_a_time() -> None:
    """NO-2: a text that promises a time carries one."""
    assert not mistakes_in_sms("{number} will be done soon, by {new_deadline}", on="extended", to="complainant")


def test_the_link_to_a_survey_is_not_sent_to_staff() -> None:
    """NO-5: it answers for the complainant."""
    assert mistakes_in_sms("{survey_link}", on="survey", to="assignee")


def test_a_channel_without_a_template_is_refused() -> None:
    document = presets.load("hotel-in-house")
    document["notices"][0]["templates"].pop("email")
    assert [mistake.path for mistake in refused(document)] == ["notices[0].templates.email"]


def test_a_mail_has_a_subject_of_one_line_and_a_body_in_every_language() -> None:
    document = presets.load("hotel-in-house")
    mail = document["notices"][0]["templates"]["email"]
    mail["en"]["subject"] = "{number}\nBcc: all@hotel.example"
    del mail["zh-Hans"]["body"]
    spot = "notices[0].templates.email"
    assert [mistake.path for mistake in refused(document)] == [f"{spot}.en.subject", f"{spot}.zh-Hans.body"]


@pytest.mark.parametrize(
    ("language", "text"), [("zh-Hans", "您好"), ("zh-Hant", "您好"), ("en", "Hello"), ("ja", "Hello")]
)
def test_a_text_is_read_in_the_nearest_language(language: str, text: str) -> None:
    assert in_language({"zh-Hans": "您好", "en": "Hello"}, language) == text


def mistakes_in_sms(text: str, *, on: str, to: str) -> tuple[Mistake, ...]:
    """Of a notice with this English text, in a Procedure that is otherwise right."""
    document = presets.load("hotel-in-house") | {"languages": ["en"]}
    notice = {"id": "n", "on": on, "to": to, "channels": ["sms"], "templates": {"sms": {"en": text}}}
    document["notices"] = [notice]
    return refused(document)


def refused(document: dict[str, object]) -> tuple[Mistake, ...]:
    try:
        read(document)
    except ProcedureRefused as refusal:
        return refusal.mistakes
    return ()
