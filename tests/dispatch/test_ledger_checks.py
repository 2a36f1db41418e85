"""When a period is over the ledger is held against the cases, and what was found is kept (DI-10, P6)."""

import pytest

from libs.common.procedure import presets
from services.dispatch.tables import compensations, payments
from tests.dispatch.test_ledger import RULES, paid, propose

HALF_YEARLY = {"compensation": RULES, "oversight": {"ledger": {"every": "half-year"}}}


@pytest.fixture
def payer(empty_firm):
    return empty_firm.found(presets.load("p1-accommodation") | HALF_YEARLY)


def test_a_ledger_in_order_is_recorded_as_such(payer):
    """DI-10: that nothing was found is kept too."""
    complaint_id = payer.register()
    paid(payer, complaint_id, 12_050)
    propose(payer, complaint_id, 500)
    assert checked(payer, days=100) == []
    (check,) = checked(payer, days=30)
    assert (check["every"], check["from"], check["to"]) == ("half-year", "2026-01-01", "2026-06-30")
    assert (check["entries"], check["differences"]) == (2, [])
    assert [(row["state"], row["amount"], row["paid"]) for row in check["totals"]] == [
        ("paid", 12_050, 12_050),
        ("proposed", 500, 0),
    ]


def test_a_half_year_without_money_is_recorded_too_and_one_follows_another(payer):
    """DI-10: never silently skipped."""
    checked(payer, days=130)
    assert [(check["to"], check["entries"]) for check in checked(payer, days=190)] == [
        ("2026-12-31", 0),
        ("2026-06-30", 0),
    ]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"amount": 900}, [("amount", "900", "700")]),
        ({"paid": 600}, [("paid", "600", "700"), ("payments", "700", "600")]),
        ({"state": "approved"}, [("state", "approved", "paid")]),
    ],
)
def test_what_the_ledger_says_otherwise_than_the_case_is_named(payer, change, found):
    """DI-10."""
    number = payer.case(complaint_id := payer.register())["number"]
    paid(payer, complaint_id, 700)
    tamper(payer, compensations.update().values(**change))
    (check,) = checked(payer, days=130)
    assert [(each["what"], each["ledger"], each["case"]) for each in check["differences"]] == found
    assert {each["number"] for each in check["differences"]} == {number}


def test_a_promise_that_only_the_case_knows_is_named(payer):
    """DI-10."""
    paid(payer, payer.register(), 700)
    for table in (compensations, payments):
        tamper(payer, table.delete())
    (check,) = checked(payer, days=130)
    (missing,) = check["differences"]
    assert (missing["what"], missing["ledger"], missing["case"]) == ("missing", None, "paid")


def test_a_payment_that_was_taken_out_is_named(payer):
    """DI-10."""
    paid(payer, payer.register(), 700)
    tamper(payer, payments.delete())
    (check,) = checked(payer, days=130)
    assert [each["what"] for each in check["differences"]] == ["payments"]


def test_a_firm_that_wants_no_check_has_none(empty_firm):
    """DI-10."""
    payer = empty_firm.found(presets.load("p1-accommodation") | {"compensation": RULES})
    assert checked(payer, days=400) == []


def test_the_ledger_is_checked_on_postgresql(firm_on_postgresql):
    """DI-10."""
    payer = firm_on_postgresql.found(presets.load("p1-accommodation") | HALF_YEARLY)
    paid(payer, payer.register(), 700)
    (check,) = checked(payer, days=130)
    assert (check["entries"], check["differences"]) == (1, [])


@pytest.mark.parametrize(("name", "status"), [("li", 403), ("zhao", 200), ("xu", 200)])
def test_who_sees_what_was_found(payer, name, status):
    """DI-10: those who see the ledger."""
    assert payer.get(name, "/v1/compensation/checks").status_code == status


def checked(firm, days):
    firm.pass_time(days=days)
    [job] = [each for each in firm.service.jobs if each.name == "ledger"]
    job.run()
    return firm.get("zhao", "/v1/compensation/checks").json["items"]


def tamper(firm, statement):
    with firm.service.database.write() as connection:
        connection.execute(statement)
