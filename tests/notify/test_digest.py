"""A digest instead of a flood: what waits for whom and how long, and that nothing is lost or told twice (SL-3)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from libs.common.events.dispatch import CaseClosed, CaseEscalated
from libs.common.events.notify import NoticeDelivered
from libs.common.events.sla import ClockWarned
from libs.common.procedure.reading import ProcedureRefused, read
from services.notify.domain.digest import Alerted, waits_until

NOW = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
ON_BOTH_DATABASES = pytest.mark.parametrize("urls", ["sqlite", "postgresql"], indirect=True)
MAIL = {"subject": "{count}条", "body": "{alerts}"}
OF_ONE_CASE = {"subject": "x", "body": "{number}"}
DIGEST = {
    "id": "the-digest",
    "on": "digest",
    "to": ["assignee", "head", "coordinator"],
    "channels": ["email"],
    "templates": {"email": {"zh-Hans": MAIL, "en": MAIL}},
}


def ago(kind="warned", **span):
    return Alerted(kind, NOW - timedelta(**span))


@pytest.mark.parametrize(
    ("kind", "lately", "until"),
    [
        ("warned", [], None),
        ("warned", [ago(minutes=11)], None),
        ("warned", [ago("breached", minutes=1)], None),
        ("warned", [ago(minutes=4)], NOW + timedelta(minutes=6)),
        ("warned", [ago(minutes=30), ago(minutes=9)], NOW + timedelta(minutes=1)),
        ("warned", [ago(minutes=9), Alerted("warned", NOW + timedelta(minutes=1))], NOW + timedelta(minutes=1)),
        ("escalated", [ago("escalated", minutes=1)], None),
        ("summoned", [ago("summoned", minutes=1)], None),
    ],
)
def test_the_first_of_a_kind_goes_at_once_and_the_next_wait_for_the_end_of_the_window(kind, lately, until):
    """SL-3"""
    assert waits_until(kind, lately, NOW) == until


@ON_BOTH_DATABASES
def test_a_flood_of_warnings_becomes_one_mail_and_a_list(desk):
    """SL-3: the first goes at once, the rest together when the window ends, in their order."""
    flood(desk, 4)
    assert subjects(desk) == ["临近时限"]
    desk.send_after(minutes=10)
    assert subjects(desk) == ["临近时限", "3条"]
    lines = desk.mail.received[-1].text.strip().splitlines()
    assert [line.split(" · ")[:2] for line in lines] == [[f"2611-0000-000{n}", "临近时限"] for n in (1, 2, 3)]
    assert all(len(line.split(" · ")) == 4 for line in lines)
    desk.send_after(hours=1)
    assert len(subjects(desk)) == 2


@ON_BOTH_DATABASES
def test_each_case_shows_that_its_alert_went_with_others(desk):
    """NO-4"""
    flood(desk, 3)
    desk.send_after(minutes=10)
    shown = [notices_of(desk, case) for case in desk.cases]
    assert [(each["state"], each["in_digest"]) for [each] in shown] == [
        ("handed", False),
        ("handed", True),
        ("handed", True),
    ]
    told = [event.subject for event in desk.said() if isinstance(event, NoticeDelivered)]
    assert len(told) == 3


def test_an_urgent_case_and_an_escalation_never_wait(desk):
    """SL-4"""
    flood(desk, 2, urgency="urgent")
    assert subjects(desk) == ["临近时限"] * 2
    called = {"level": 1, "to_role": "department_head", "people": (desk.head,)}
    escalated = called | {"limit_id": "engineering-on-site", "due_at": desk.clock.now()}
    desk.hear(*(desk.event(CaseEscalated, subject=case, **escalated) for case in desk.cases))
    desk.send()
    assert len(subjects(desk)) == 4


def test_what_was_closed_meanwhile_is_left_out_and_an_empty_digest_is_not_sent(desk):
    flood(desk, 3)
    close(desk, desk.cases[1])
    desk.send_after(minutes=10)
    assert subjects(desk)[-1] == "1条"
    assert notices_of(desk, desk.cases[1])[0]["error"] == "the case is closed"
    flood(desk, 1)
    for case in desk.cases:
        close(desk, case)
    desk.send_after(minutes=10)
    assert len(subjects(desk)) == 2


@ON_BOTH_DATABASES
def test_what_comes_after_a_digest_was_sealed_goes_with_the_next(desk):
    flood(desk, 2)
    desk.send_after(minutes=10)
    flood(desk, 2)
    assert len(subjects(desk)) == 2
    desk.send_after(minutes=10)
    assert subjects(desk)[1:] == ["1条", "2条"]


def test_a_digest_that_cannot_be_sent_leaves_every_alert_to_a_person(desk):
    """NO-4: nothing is lost."""
    flood(desk, 3)
    desk.tenants.answers.clear()
    desk.send_after(minutes=10)
    shown = [notices_of(desk, case)[0] for case in desk.cases[1:]]
    assert [(each["state"], each["needs_person"]) for each in shown] == [("failed", True)] * 2


def test_a_limit_that_begins_to_run_does_not_send_a_digest_early(desk):
    flood(desk, 2)
    desk.hear(desk.started(subject=desk.cases[1]))
    desk.send()
    assert subjects(desk) == ["临近时限"]


def test_the_same_warning_heard_again_is_gathered_once(desk):
    flood(desk, 2)
    desk.service.inbox.receive(desk.heard)
    desk.send_after(minutes=10)
    assert subjects(desk)[-1] == "1条"


def test_without_a_digest_in_the_procedure_every_alert_goes_alone(desk):
    flood(desk, 3, digest=False)
    assert len(subjects(desk)) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": ["complainant"]}, "for staff"),
        ({"templates": {"email": {"zh-Hans": OF_ONE_CASE, "en": OF_ONE_CASE}}}, "of one case"),
    ],
)
def test_a_digest_is_for_staff_and_names_no_single_case(desk, change, words):
    document = desk.procedure()
    document["notices"].append(DIGEST | change)
    with pytest.raises(ProcedureRefused) as refused:
        read(document)
    assert words in str(refused.value.mistakes)


def flood(desk, count, urgency="general", digest=True) -> None:
    """So many cases of one assignee, each of whose limits is near, are heard of and sent."""
    if not hasattr(desk, "cases"):
        document = desk.procedure()
        others = [notice for notice in document["notices"] if notice["on"] in ("escalated",)]
        warning = {"id": "the-warning", "on": "warned", "to": ["assignee"], "channels": ["email"]}
        mail = {"subject": "临近时限", "body": "{number} {step} {deadline}"}
        warning["templates"] = {"email": {"zh-Hans": mail, "en": mail}}
        document["notices"] = [*others, warning, *([DIGEST] if digest else [])]
        desk.hear(desk.published(2, document))
        desk.cases = []
    begun = len(desk.cases)
    new = [uuid4() for _ in range(count)]
    for n, case in enumerate(new, begun):
        opened = desk.opened(subject=case, procedure_version=2, urgency=urgency, number=f"2611-0000-000{n}")
        desk.hear(opened, desk.assigned(subject=case))
    desk.cases += new
    due_at = desk.clock.now() + timedelta(hours=1)
    warned = {"limit_id": "engineering-on-site", "due_at": due_at}
    desk.heard = []
    for case in new:
        desk.heard += desk.hear(desk.event(ClockWarned, subject=case, **fields_of_warned(), **warned))
    desk.send()


def fields_of_warned() -> dict:
    return {"clock_id": uuid4(), "department": "engineering"}


def close(desk, case) -> None:
    desk.hear(desk.event(CaseClosed, subject=case, outcome="solved", satisfied=None, closed_at=desk.clock.now()))


def subjects(desk) -> list[str]:
    return [one.subject for one in desk.mail.received]


def notices_of(desk, case) -> list[dict]:
    items = desk.get(f"/v1/complaints/{case}/notices").json["items"]
    return [each for each in items if each["kind"] == "warned"]
