"""The satisfaction survey (NO-5, SL-8, P1): asked once a round, reminded of, answered by link or by phone."""

from uuid import UUID, uuid4

import pytest

from libs.common.events.dispatch import CaseClosed, CaseReopened, MilestoneReached
from libs.common.events.notify import SurveyAnswered
from services.notify.domain.survey import hash_of, token_of

ON_BOTH_DATABASES = pytest.mark.parametrize("urls", ["sqlite", "postgresql"], indirect=True)
PUBLIC = "/v1/public/surveys"


@ON_BOTH_DATABASES
def test_the_complainant_is_asked_when_the_milestone_is_reached(desk):
    """NO-5: P1 asks after carrying out."""
    asked(desk)
    assert shown(desk) | {"question": None} == {
        "tenant": "yunqi",
        "number": "2611-4827-3065",
        "question": None,
        "scale": 5,
        "score": None,
        "comment": None,
        "answered_at": None,
        "open": True,
    }


def test_only_the_hash_of_a_link_is_kept(desk):
    """NO-5."""
    token = asked(desk)
    stored = desk.everything_stored()
    assert token not in stored and repr(hash_of(token)) in stored


def test_a_milestone_that_is_told_twice_is_one_survey(desk):
    """NO-5."""
    asked(desk)
    desk.hear(carried_out(desk))
    assert surveys_told(desk) == 1


@pytest.mark.parametrize("wish", [{"do_not_contact": True}, {"answer_by": ["none"]}])
def test_who_wants_no_contact_is_not_asked(desk, wish):
    """NO-3."""
    opened = survey_mail(desk)
    desk.reached_at(phone=None, **wish)
    desk.hear(opened, desk.started(), carried_out(desk))
    desk.send()
    assert desk.mail.received == []


def test_somebody_anonymous_is_never_asked(desk):
    """IN-5."""
    desk.hear(survey_mail(desk, anonymous=True), desk.started(), carried_out(desk))
    assert surveys_told(desk) == 0
    assert desk.get(f"/v1/complaints/{desk.complaint_id}/survey").status_code == 404


def test_a_survey_waits_for_the_morning(desk):
    """NO-3."""
    desk.clock.advance(hours=14)
    desk.hear(survey_mail(desk), desk.started(), carried_out(desk))
    desk.send()
    assert desk.mail.received == []
    desk.send_after(hours=8)
    assert len(links(desk)) == 1


@ON_BOTH_DATABASES
def test_they_are_reminded_every_two_days_as_often_as_the_procedure_says(desk):
    """NO-5."""
    asked(desk)
    assert [links_after(desk, days) for days in (1, 1, 2, 2, 2)] == [1, 2, 3, 3, 3]


@ON_BOTH_DATABASES
def test_who_has_answered_is_not_reminded(desk):
    """NO-5."""
    answer(desk, asked(desk), 5)
    assert links_after(desk, 3) == 1


@pytest.mark.parametrize("ended", ["surveyed", "withdrawn", "reopened"])
def test_nobody_is_reminded_once_there_is_nothing_to_ask(desk, ended):
    """NO-5, DI-12."""
    asked(desk)
    closed = desk.event(CaseClosed, outcome="withdrawn", satisfied=None, closed_at=desk.clock.now())
    desk.hear({"surveyed": milestone(desk, "surveyed"), "withdrawn": closed, "reopened": reopened(desk)}[ended])
    assert links_after(desk, 3) == 1


@ON_BOTH_DATABASES
@pytest.mark.parametrize(("score", "satisfied"), [(4, True), (3, False)])
def test_an_answer_is_said_with_whether_they_are_satisfied(desk, score, satisfied):
    """NO-5: P1 counts 4 of 5 as satisfied."""
    answered = answer(desk, asked(desk), score, comment="师傅很准时，电话 13900001111")
    assert (answered.status_code, answered.json["score"]) == (200, score)
    (said,) = answers(desk)
    assert (said.score, said.scale, said.satisfied, said.channel, said.by) == (score, 5, satisfied, "web", None)
    assert said.comment.startswith("师傅很准时") and "13900001111" not in said.comment


def test_the_same_answer_again_is_said_once_and_another_one_again(desk):
    """NO-5: the last answer counts."""
    token = asked(desk)
    for score in (2, 2, 5):
        answer(desk, token, score)
    assert [said.score for said in answers(desk)] == [2, 5]


def test_an_answer_may_be_changed_for_twelve_hours(desk):
    """NO-5."""
    token = asked(desk)
    answer(desk, token, 2)
    desk.clock.advance(hours=11, minutes=59)
    assert answer(desk, token, 3).status_code == 200
    desk.clock.advance(minutes=1)
    assert answer(desk, token, 4).status_code == 409
    assert not shown(desk)["open"]


def test_a_survey_ends_after_thirty_days(desk):
    """NO-5."""
    token = asked(desk)
    desk.clock.advance(days=30)
    assert answer(desk, token, 4).status_code == 410


@pytest.mark.parametrize("score", [0, 6, "4", None, 2.5])
def test_a_score_that_the_scale_does_not_have_is_refused_by_name(desk, score):
    """NO-5."""
    refused = answer(desk, asked(desk), score)
    assert refused.status_code == 422
    assert [mistake["pointer"] for mistake in refused.json["errors"]] == ["#/score"]


@pytest.mark.parametrize("token", ["x", "谢谢", "=" * 43, "A" * 43, token_of(UUID(int=7), b"0" * 16)])
def test_a_link_that_nobody_was_sent_leads_nowhere(desk, token):
    """NO-5."""
    asked(desk)
    assert answer(desk, token, 4).status_code == 404
    assert desk.post(PUBLIC, json={"token": token}).status_code == 404


@ON_BOTH_DATABASES
def test_an_answer_by_phone_replaces_an_older_one(desk):
    """NO-5."""
    answer(desk, asked(desk), 2)
    desk.clock.advance(days=3)
    heard = by_phone(desk, 5)
    assert (heard.status_code, heard.json["score"]) == (200, 5)
    assert [(said.channel, said.by is None) for said in answers(desk)] == [("web", True), ("phone", False)]


def test_an_auditor_does_not_answer_for_a_complainant(desk):
    """NO-5."""
    asked(desk)
    assert by_phone(desk, 5, role="auditor").status_code == 403


def test_another_firm_does_not_see_the_survey(desk):
    """NO-5."""
    asked(desk)
    assert desk.get(f"/v1/complaints/{desk.complaint_id}/survey", tenant_id=uuid4()).status_code == 404


@ON_BOTH_DATABASES
def test_a_new_round_makes_a_new_survey_and_the_old_answer_is_final(desk):
    """DI-12."""
    first = asked(desk)
    answer(desk, first, 1)
    desk.hear(reopened(desk), carried_out(desk))
    desk.send()
    second = links(desk)[-1]
    assert answer(desk, first, 5).status_code == 409
    assert answer(desk, second, 5).status_code == 200
    assert len({said.survey_id for said in answers(desk)}) == 2


def survey_mail(desk, **fields):
    return desk.opened_with_mail("survey", "complainant", "请评价投诉{number}的处理：{survey_link}", **fields)


def asked(desk):
    """The token in the link that the complainant was sent."""
    desk.hear(survey_mail(desk), desk.started(), carried_out(desk))
    desk.send()
    return links(desk)[-1]


def links(desk):
    return [mail.text.split("/t/yunqi/survey#")[1].strip() for mail in desk.mail.received if "/survey#" in mail.text]


def links_after(desk, days):
    desk.clock.advance(days=days)
    next(job for job in desk.service.jobs if job.name == "surveys").run()
    desk.send()
    return len(links(desk))


def shown(desk):
    return desk.post(PUBLIC, json={"token": links(desk)[-1]}).json


def answer(desk, token, score, comment=None):
    return desk.post(f"{PUBLIC}/answers", json={"token": token, "score": score, "comment": comment})


def by_phone(desk, score, role="front_line"):
    return desk.post(f"/v1/complaints/{desk.complaint_id}/survey", role, json={"score": score, "channel": "phone"})


def answers(desk):
    return [said for said in desk.said() if isinstance(said, SurveyAnswered)]


def surveys_told(desk):
    return sum(item["kind"] == "survey" for item in desk.notices())


def carried_out(desk):
    return milestone(desk, "carried_out")


def milestone(desk, name):
    about = {"reached_at": desk.clock.now(), "by": desk.assignee, "department": "engineering"}
    return desk.event(MilestoneReached, milestone=name, **about)


def reopened(desk):
    about = {"again": ("carried_out",), "reason": "unsatisfied", "by": None, "department": "engineering"}
    return desk.event(CaseReopened, round=2, reopened_at=desk.clock.now(), **about)
