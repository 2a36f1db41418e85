"""Who is called back is drawn by chance, and anybody can repeat the draw (RE-4)."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from libs.common import migrate
from libs.common.procedure.duration import Share
from libs.common.testing.roles import Urls, give_roles
from libs.common.testing.still_clock import StillClock
from services.reporting import main
from services.reporting.config import Config
from services.reporting.domain.draws import draw, hash_of, period_around
from tests.reporting.conftest import NOON, Firm

ON_BOTH_DATABASES = pytest.mark.parametrize("urls", ["sqlite", "postgresql"], indirect=True)
A_FIFTH = {"oversight": {"callbacks": {"share": "20%", "every": "month"}}}
TEN = [UUID(int=number) for number in range(1, 11)]


@ON_BOTH_DATABASES
def test_a_fifth_of_the_months_closed_cases_is_drawn_when_it_is_over(late):
    """RE-4: P6 calls back 20 %."""
    late.hear(late.published(**A_FIFTH), *closings(late, 6))
    assert drawn_after(late, days=20) == []
    (line,) = drawn_after(late, days=10)
    assert (line["from"], line["to"], line["share_percent"]) == ("2026-03-01", "2026-03-31", 20)
    assert (line["drawn"], line["called"]) == (2, 0)


@ON_BOTH_DATABASES
def test_anybody_can_repeat_a_draw_from_what_is_shown(late):
    """RE-4: seed, population and share, by the words of the description alone."""
    late.hear(late.published(**A_FIFTH), *closings(late, 11))
    shown = the_draw(late)
    ranked = sorted(shown["population"], key=lambda id: hashlib.sha256(f"{shown['seed']}:{id}".encode()).hexdigest())
    assert [call["complaint_id"] for call in shown["drawn"]] == ranked[:3]
    assert shown["population_sha256"] == hashlib.sha256("\n".join(shown["population"]).encode()).hexdigest()
    assert len(shown["population"]) == 11


def test_anonymous_complaints_and_those_closed_in_other_months_are_not_called(late):
    """RE-4, IN-5."""
    anonymous = late.registered(anonymous=True)
    other = late.registered(at=NOON - timedelta(days=9))
    late.hear(late.published(**A_FIFTH), *closings(late, 1))
    late.hear(anonymous, other, late.closed(anonymous.subject), late.closed(other.subject, NOON - timedelta(days=9)))
    assert len(the_draw(late)["population"]) == 1


def test_a_firm_that_wants_no_call_backs_draws_none(late):
    """RE-4."""
    late.hear(late.published(), *closings(late, 3))
    assert drawn_after(late, days=60) == []


def test_one_draw_follows_another(late):
    """RE-4."""
    late.hear(late.published(**A_FIFTH))
    drawn_after(late, days=28)
    assert [line["from"] for line in drawn_after(late, days=31)] == ["2026-04-01", "2026-03-01"]


def test_a_draw_that_is_no_longer_wanted_is_not_made(late):
    """RE-4."""
    late.hear(late.published(**A_FIFTH), *closings(late, 3))
    late.clock.advance(days=2)
    late.hear(late.published(2, oversight={"callbacks": {"share": "20%", "every": "quarter"}}))
    assert [(line["every"], line["to"]) for line in drawn_after(late, days=60)] == [("quarter", "2026-03-31")]


@ON_BOTH_DATABASES
def test_what_they_said_is_kept_and_counted(late):
    """RE-4."""
    late.hear(late.published(**A_FIFTH), *closings(late, 10))
    first, second = the_draw(late)["drawn"]
    assert said(late, first, reached=True, satisfied=True, note="很满意，请打 13900001111").status_code == 200
    assert said(late, second, reached=False).status_code == 200
    (line,) = late.get("/v1/callbacks").json["items"]
    assert (line["called"], line["reached"]) == (2, 1)
    assert line["satisfaction"] == {"numerator": 1, "denominator": 1, "rate": 1.0}
    kept = the_draw(late)["drawn"][0]
    assert (kept["satisfied"], kept["number"]) == (True, "2603-1234-5678") and "13900001111" not in kept["note"]


def test_the_last_word_about_a_call_counts(late):
    """RE-4."""
    late.hear(late.published(**A_FIFTH), *closings(late, 1))
    (call,) = the_draw(late)["drawn"]
    said(late, call, reached=False)
    assert said(late, call, reached=True, satisfied=False).json["satisfied"] is False


def test_who_was_not_reached_cannot_have_said_anything(late):
    """RE-4."""
    late.hear(late.published(**A_FIFTH), *closings(late, 1))
    refused = said(late, the_draw(late)["drawn"][0], reached=False, satisfied=True)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/satisfied")


def test_only_the_drawn_are_asked(late):
    """RE-4."""
    late.hear(late.published(**A_FIFTH), *closings(late, 1))
    the_draw(late)
    assert said(late, {"complaint_id": uuid4()}, reached=True).status_code == 404


@pytest.mark.parametrize(("role", "status"), [("front_line", 403), ("supervisor", 403), ("auditor", 200)])
def test_those_who_handle_cases_do_not_learn_who_is_called(late, role, status):
    """RE-4."""
    assert late.get("/v1/callbacks", role).status_code == status


def test_another_firm_does_not_see_the_draw(late, keys):
    """RE-4."""
    late.hear(late.published(**A_FIFTH), *closings(late, 1))
    draw_id = the_draw(late)["draw_id"]
    neighbour = Firm(late.service, late.clock, keys)
    neighbour.hear(neighbour.created)
    assert neighbour.get("/v1/callbacks").json["items"] == []
    assert neighbour.get(f"/v1/callbacks/{draw_id}").status_code == 404


A_TENTH = {"oversight": {"reviews": {"share": "10%", "every": "quarter", "by": ["auditor", "manager"]}}}


@ON_BOTH_DATABASES
def test_a_share_of_the_quarters_cases_is_reviewed_and_what_was_found_is_counted(late):
    """RE-4: P6 reviews a sample every quarter; anonymous complaints too."""
    late.hear(late.published(**A_TENTH), *closings(late, 10), *closings(late, 1, anonymous=True))
    (line,) = reviews_after(late, days=28)
    assert (line["every"], line["from"], line["to"]) == ("quarter", "2026-01-01", "2026-03-31")
    shown = late.get(f"/v1/reviews/{line['draw_id']}", "auditor").json
    assert (len(shown["population"]), len(shown["drawn"]), shown["roles"]) == (11, 2, ["auditor", "manager"])
    found(late, "auditor", kept=False, note="没有现场照片，请打 13900001111")
    (line,) = late.get("/v1/reviews", "manager").json["items"]
    assert (line["reviewed"], line["kept"]) == (1, {"numerator": 0, "denominator": 1, "rate": 0.0})
    (first, _) = late.get(f"/v1/reviews/{line['draw_id']}").json["drawn"]
    assert first["kept"] is False and "13900001111" not in first["note"]
    assert late.get("/v1/callbacks").json["items"] == []


@pytest.mark.parametrize(("role", "status"), [("front_line", 403), ("supervisor", 403), ("manager", 200)])
def test_a_case_is_reviewed_by_the_roles_that_the_procedure_names(late, role, status):
    """RE-4."""
    late.hear(late.published(**A_TENTH), *closings(late, 1))
    reviews_after(late, days=28)
    assert found(late, role, kept=True).status_code == status


def test_nobody_reviews_what_they_handled_themselves(late):
    """RE-4."""
    late.hear(late.published(**A_TENTH), *(told := closings(late, 1)))
    late.hear(late.transferred(told[0].subject, "front_desk"))
    reviews_after(late, days=28)
    assert found(late, "auditor", kept=True).status_code == 403


def test_a_call_is_no_review(late):
    """RE-4: the two draws are asked by their own names."""
    late.hear(late.published(**A_TENTH), *closings(late, 1))
    (line,) = reviews_after(late, days=28)
    assert late.get(f"/v1/callbacks/{line['draw_id']}").status_code == 404


def test_the_same_seed_draws_the_same_and_another_one_others():
    """RE-4."""
    assert draw("seed", TEN, Share(20)) == draw("seed", TEN, Share(20))
    drawn = {drawn for number in range(50) for drawn in draw(f"seed {number}", TEN, Share(20))}
    assert drawn == set(TEN)


@pytest.mark.parametrize(("size", "drawn"), [(0, 0), (1, 1), (5, 1), (6, 2), (10, 2)])
def test_a_share_is_rounded_up(size, drawn):
    """RE-4: at least a fifth."""
    assert len(draw("seed", TEN[:size], Share(20))) == drawn


def test_the_order_of_the_population_does_not_decide():
    """RE-4."""
    assert draw("seed", TEN[::-1], Share(50)) == draw("seed", TEN, Share(50))
    assert hash_of(TEN[::-1]) != hash_of(TEN)


@pytest.mark.parametrize(
    ("every", "first", "last"),
    [
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("half-year", date(2026, 7, 1), date(2026, 12, 31)),
    ],
)
def test_a_day_lies_in_its_month_quarter_and_half_year(every, first, last):
    period = period_around(date(2026, 11, 21), every)
    assert (period.first, period.last) == (first, last)


@pytest.fixture
def urls(request, tmp_path) -> Urls:
    """A fresh database: SQLite unless the test asks for PostgreSQL."""
    if getattr(request, "param", "sqlite") == "sqlite":
        url = f"sqlite:///{tmp_path}/reporting.db"
        return Urls(url, url, url)
    return give_roles(request.getfixturevalue("postgres_database"), "reporting")


@pytest.fixture
def late(urls, keys) -> Iterator[Firm]:
    """A firm with a service and a clock of its own, so that time can go by."""
    migrate.upgrade("reporting", urls.owner, main.METADATA)
    clock = StillClock(NOON)
    service = main.build(Config(database_url=urls.web, worker_database_url=urls.worker, keys_dir=keys), clock)
    firm = Firm(service, clock, keys)
    firm.hear(firm.created)
    yield firm
    service.units.database.close()
    service.database.close()


def closings(firm, number, **changes):
    complaints = [firm.registered(**changes) for _ in range(number)]
    return [*complaints, *(firm.closed(complaint.subject) for complaint in complaints)]


def drawn_after(firm, days):
    firm.clock.advance(days=days)
    firm.service.jobs[0].run()
    return firm.get("/v1/callbacks").json["items"]


def the_draw(firm):
    (line,) = drawn_after(firm, days=28)[-1:]
    return firm.get(f"/v1/callbacks/{line['draw_id']}").json


def said(firm, call, **content):
    draw_id = firm.get("/v1/callbacks").json["items"][-1]["draw_id"]
    path = f"/v1/callbacks/{draw_id}/complaints/{call['complaint_id']}"
    return firm.service.app.test_client().put(path, json=content, headers=firm.token("coordinator"))


def reviews_after(firm, days):
    firm.clock.advance(days=days)
    firm.service.jobs[0].run()
    return firm.get("/v1/reviews", "auditor").json["items"]


def found(firm, role, **content):
    (line,) = firm.get("/v1/reviews", "auditor").json["items"]
    first = firm.get(f"/v1/reviews/{line['draw_id']}", "auditor").json["drawn"][0]
    path = f"/v1/reviews/{line['draw_id']}/complaints/{first['complaint_id']}"
    return firm.service.app.test_client().put(path, json=content, headers=firm.token(role))
