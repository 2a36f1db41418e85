"""The ledger 台账 of compensation: list, totals, export, and the finance side's books (DI-10, P6)."""

import csv
import io
from collections import Counter
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.audit import money
from deploy.databases import Databases
from libs.common.events.dispatch import CompensationChanged
from libs.common.procedure import presets
from services.dispatch.domain.amounts import in_major
from services.dispatch.domain.ledger import harmless
from services.dispatch.domain.reconciling import Booked, compare
from services.dispatch.tables import compensations, milestones

RULES = {"currency": "CNY", "approval": [{"by": ["manager"]}], "advance_up_to": 50_000, "voucher": True}
HALF_YEAR = "from=2026-01-01&to=2026-06-30"


@pytest.fixture
def payer(empty_firm):
    return empty_firm.found(presets.load("p1-accommodation") | {"compensation": RULES})


def test_the_ledger_lists_every_promise_with_its_case_and_totals(payer):
    """DI-10."""
    complaint_id = payer.register()
    paid(payer, complaint_id, 12_050)
    propose(payer, complaint_id, 500)
    ledger = payer.get("sun", "/v1/compensation").json
    assert [(row["amount"], row["state"]) for row in ledger["items"]] == [(12_050, "paid"), (500, "proposed")]
    assert {row["number"] for row in ledger["items"]} == {payer.case(complaint_id)["number"]}
    assert ledger["totals"] == [
        {"currency": "CNY", "state": "paid", "entries": 1, "amount": 12_050, "paid": 12_050},
        {"currency": "CNY", "state": "proposed", "entries": 1, "amount": 500, "paid": 0},
    ]


def test_the_ledger_equals_a_recount_of_what_was_said(payer):
    """DI-10: the ledger reconciles with the cases."""
    first, second = payer.register(), payer.register("灯坏了")
    paid(payer, first, 7_000)
    withdraw(payer, first, propose(payer, first, 900))
    propose(payer, second, 300)
    last = {each.compensation_id: each for each in payer.said(CompensationChanged)}
    recount: Counter[tuple[str, str]] = Counter()
    for each in last.values():
        recount[each.currency, each.state] += each.amount
    totals = payer.get("zhao", "/v1/compensation").json["totals"]
    assert {(row["currency"], row["state"]): row["amount"] for row in totals} == dict(recount)


def test_the_export_is_the_list(payer):
    """DI-10: one row an entry, nothing more and nothing less."""
    complaint_id = payer.register()
    paid(payer, complaint_id, 12_050)
    withdraw(payer, complaint_id, propose(payer, complaint_id, 900))
    listed = payer.get("xu", "/v1/compensation").json["items"]
    rows = exported(payer, "xu")
    assert [(row["compensation_id"], row["number"], row["state"]) for row in rows] == [
        (entry["compensation_id"], entry["number"], entry["state"]) for entry in listed
    ]
    assert [row["amount"] for row in rows] == ["120.50", "9.00"]
    assert (rows[0]["decided_by"], rows[0]["vouchers"]) == ("zhao", listed[0]["payments"][0]["voucher_id"])
    assert rows[0]["proposed_at"] == "2026-03-02 10:00:00+08:00"


def test_pages_of_the_ledger_follow_each_other(payer):
    complaint_id = payer.register()
    for amount in (1, 2, 3, 4, 5):
        propose(payer, complaint_id, amount)
    seen, after = [], {}
    while after is not None:
        page = payer.get("zhao", "/v1/compensation", limit=2, **after).json
        seen += [row["amount"] for row in page["items"]]
        after = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
    assert seen == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ("state=paid", [700]),
        ("state=proposed&department=engineering", [100]),
        ("department=customer_service", [50]),
        ("from=2026-03-03", [50]),
        ("from=2026-03-02&to=2026-03-02", [700, 100]),
        ("to=2026-03-01", []),
    ],
)
def test_the_ledger_is_asked_by_state_department_and_days(payer, query, amounts):
    """Days are those of the tenant's zone: 23:30 UTC on the 2nd is the 3rd in Shanghai."""
    complaint_id = payer.register()
    paid(payer, complaint_id, 700)
    propose(payer, complaint_id, 100)
    payer.pass_time(hours=21, minutes=30)
    propose(payer, payer.register("前台态度差"), 50, "zhou")
    assert [row["amount"] for row in payer.get("zhao", f"/v1/compensation?{query}").json["items"]] == amounts


@pytest.mark.parametrize("query", ["from=2026-03-02&to=2026-03-01", "cursor=x", "state=lost", "from=1-1-1", "limit=0"])
def test_a_ledger_that_cannot_be_asked_for_is_refused(payer, query):
    assert payer.get("zhao", f"/v1/compensation?{query}").status_code == 422


@pytest.mark.parametrize(("name", "status"), [("li", 403), ("he", 403), ("lin", 403), ("zhao", 200), ("sun", 200)])
def test_who_sees_the_ledger(payer, name, status):
    """PR-2."""
    assert payer.get(name, "/v1/compensation").status_code == status
    assert payer.get(name, "/v1/compensation/export.csv").status_code == status


def test_the_ledger_of_another_firm_is_empty(payer, other_firm):
    """PR-2."""
    propose(payer, payer.register(), 100)
    assert other_firm.get("zhao", "/v1/compensation").json == {"items": [], "totals": [], "next_cursor": None}


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "  =1", "＝1"])
def test_no_cell_is_taken_for_a_formula(text):
    assert harmless(text) == f"'{text}"


def test_words_of_staff_reach_no_spreadsheet_as_a_formula(payer):
    propose(payer, payer.register(), 100, reason='=HYPERLINK("http://x","点")')
    assert exported(payer, "zhao")[0]["reason"].startswith("'=")


@pytest.mark.parametrize(("amount", "currency", "shown"), [(12_050, "CNY", "120.50"), (500, "JPY", "500")])
def test_amounts_are_shown_in_the_currency_s_own_decimals(amount, currency, shown):
    assert str(in_major(amount, currency)) == shown


def test_the_books_are_held_against_the_ledger(payer):
    """P6: half-yearly."""
    number = payer.case(complaint_id := payer.register())["number"]
    for amount in (10_000, 20_000):
        paid(payer, complaint_id, amount)
    books = (
        f"number,amount,paid_at,reference\n{number},100.00,2026-03-02,A1\n{number},210,2026-03-02,A2\nX,5,2026-03-02,\n"
    )
    answer = reconcile(payer, books).json
    assert [answer[name] for name in ("matched", "different", "missing_here", "missing_there")] == [1, 1, 1, 0]
    [pair] = answer["found"]["different"]
    assert (pair["here"]["amount"], pair["there"]["amount"], pair["there"]["reference"]) == ("200.00", "210", "A2")
    assert answer["found"]["missing_here"][0]["number"] == "X"


def test_of_a_reconciliation_only_the_counts_are_kept(payer):
    reconcile(payer, "number,amount,paid_at,reference\n")
    [kept] = payer.get("sun", "/v1/compensation/reconciliations").json["items"]
    assert (kept["by"]["name"], kept["from"], kept["to"], kept["matched"]) == ("sun", "2026-01-01", "2026-06-30", 0)


def test_books_from_a_chinese_spreadsheet_are_read(payer):
    books = "number,amount,paid_at,reference\n单号一,5,2026-03-02,转账\n".encode("gb18030")
    assert reconcile(payer, books).json["found"]["missing_here"][0]["reference"] == "转账"


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        (",5,2026-03-02,", "#/number"),
        ("X,1.234.5,2026-03-02,", "#/amount"),
        ("X,-5,2026-03-02,", "#/amount"),
        ("X,NaN,2026-03-02,", "#/amount"),
        ("X,5,2.3.2026,", "#/paid_at"),
        ("X,5,2026-07-01,", "#/paid_at"),
        ("X", "#/amount"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(payer, line, pointer):
    answer = reconcile(payer, f"number,amount,paid_at,reference\n{line}\n")
    assert answer.status_code == 422
    assert (answer.json["errors"][0]["pointer"], answer.json["errors"][0]["detail"][:7]) == (pointer, "line 2:")


@pytest.mark.parametrize("books", [b"", b"a,b\n1,2\n", b"\xff\xff\xff\x80", b'number,amount,paid_at,reference\n"\x00'])
def test_what_is_no_book_is_refused(payer, books):
    assert reconcile(payer, books).status_code == 422


def test_the_ledger_is_the_same_on_postgresql(firm_on_postgresql):
    """DI-10."""
    on_postgresql = firm_on_postgresql.found(presets.load("p1-accommodation") | {"compensation": RULES})
    complaint_id = on_postgresql.register()
    paid(on_postgresql, complaint_id, 12_050)
    propose(on_postgresql, complaint_id, 500)
    page = on_postgresql.get("sun", "/v1/compensation?limit=1&from=2026-03-02&state=paid").json
    assert [row["amount"] for row in page["items"]] == [12_050] and page["next_cursor"] is None
    first = on_postgresql.get("sun", "/v1/compensation?limit=1").json
    after = on_postgresql.get("sun", "/v1/compensation", cursor=first["next_cursor"]).json
    assert [row["amount"] for row in after["items"]] == [500]
    assert [(row["amount"], row["paid"]) for row in first["totals"]] == [(12_050, 12_050), (500, 0)]
    assert reconcile(on_postgresql, "number,amount,paid_at,reference\n").json["missing_there"] == 1


def test_a_ledger_in_order_breaks_no_promise(payer, tmp_path):
    """DI-10: `redress audit`."""
    paid(payer, payer.register(), 700)
    assert broken(payer, tmp_path) == []


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"paid": 701}, ["no more is paid than was approved", "the ledger equals its payments"]),
        ({"decided_at": None}, ["no more is paid than was approved"]),
        ({"decided_by_id": UUID(int=1)}, ["nobody decided about their own proposal"]),
        ({"paid": 600}, ["the ledger equals its payments"]),
    ],
)
def test_a_ledger_that_was_changed_is_noticed(payer, tmp_path, change, promise):
    """DI-10: `redress audit`."""
    paid(payer, payer.register(), 700)
    with payer.service.database.write() as connection:
        connection.execute(compensations.update().values(**change))
    assert broken(payer, tmp_path) == promise


def test_an_archived_case_that_owes_money_is_noticed(payer, tmp_path):
    """DI-10, DI-13: `redress audit`."""
    propose(payer, payer.register(), 700)
    with payer.service.database.write() as connection:
        connection.execute(milestones.update().values(milestone="archived").where(milestones.c.n == 2))
    assert broken(payer, tmp_path) == ["no archived case owes compensation"]


def test_what_is_owed_in_a_round_after_the_archive_is_no_mistake(payer, tmp_path):
    """DI-10, DI-12: `redress audit`."""
    propose(payer, payer.register(), 700)
    with payer.service.database.write() as connection:
        earlier = milestones.update().values(milestone="archived", counts=False)
        connection.execute(earlier.where(milestones.c.n == 2))
    assert broken(payer, tmp_path) == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("propose", "approve", "decline", "pay", "withdraw")),
        st.sampled_from(("li", "he", "zhao")),
        st.integers(0, 2),
        st.integers(1, 60),
    ),
    max_size=14,
)


@given(STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_no_more_is_paid_than_was_approved(payer, steps):
    """DI-10: and the totals equal a recount of every promise."""
    complaint_id = payer.register()
    for step, name, which, amount in steps:
        promises = payer.case(complaint_id)["compensations"]
        about = {"compensation_id": promises[which]["compensation_id"]} if which < len(promises) else {}
        body = {
            "propose": {"kind": "advance", "amount": amount, "reason": "漏水"},
            "approve": about,
            "pay": about | {"amount": amount, "voucher_id": payer.kept(complaint_id)},
        }.get(step, about | {"reason": "改变主意"})
        assert payer.act(name, complaint_id, f"compensation/{step}", **body).status_code in (200, 403, 409, 422)
    recount: dict[tuple[str, str], list[int]] = {}
    for entry in payer.get("zhao", "/v1/compensation?limit=200").json["items"]:
        assert sum(payment["amount"] for payment in entry["payments"]) == entry["paid"] <= entry["amount"]
        assert entry["paid"] == 0 or entry["decided_by"]["name"] == "zhao"
        sums = recount.setdefault((entry["currency"], entry["state"]), [0, 0, 0])
        recount[entry["currency"], entry["state"]] = [sums[0] + 1, sums[1] + entry["amount"], sums[2] + entry["paid"]]
    totals = payer.get("zhao", "/v1/compensation").json["totals"]
    assert {(row["currency"], row["state"]): [row["entries"], row["amount"], row["paid"]] for row in totals} == recount


LINES = st.lists(
    st.builds(Booked, st.sampled_from("AB"), st.integers(1, 3).map(Decimal), st.just(date(2026, 3, 2))), max_size=8
)


@given(LINES, LINES)
def test_every_payment_of_both_sides_is_accounted_for_once(here, there):
    """P6."""
    found = compare(here, there)
    pairs = found.matched + len(found.different)
    assert len(here) == pairs + len(found.missing_there)
    assert len(there) == pairs + len(found.missing_here)
    assert all(each.here.amount != each.there.amount for each in found.different)


def propose(firm, complaint_id, amount, name="li", reason="漏水损坏"):
    body = {"kind": "settlement", "amount": amount, "reason": reason}
    case = firm.did(name, complaint_id, "compensation/propose", **body)
    return next(each for each in case["compensations"][::-1] if each["amount"] == amount)["compensation_id"]


def withdraw(firm, complaint_id, promise):
    firm.did("li", complaint_id, "compensation/withdraw", compensation_id=promise, reason="不再需要")


def paid(firm, complaint_id, amount):
    """An advance where it fits the fund: nothing else need be done on the case first."""
    body = {"kind": "advance" if amount <= RULES["advance_up_to"] else "settlement", "amount": amount}
    promise = firm.did("li", complaint_id, "compensation/propose", reason="先行赔付", **body)["compensations"][-1]
    about = {"compensation_id": promise["compensation_id"]}
    firm.did("zhao", complaint_id, "compensation/approve", **about)
    firm.did("li", complaint_id, "compensation/pay", amount=amount, voucher_id=firm.kept(complaint_id), **about)


def broken(firm, folder):
    """The promises about money that the audit finds broken."""
    databases = Databases(f"sqlite:///{folder}/{{service}}.sqlite")
    databases.tenants = lambda: [firm.tenant_id]
    found = [promise for promise, examples in money(databases) if examples]
    databases.close()
    return found


def exported(firm, name):
    answer = firm.get(name, "/v1/compensation/export.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def reconcile(firm, books, name="sun"):
    return firm.service.app.test_client().post(
        f"/v1/compensation/reconcile?{HALF_YEAR}",
        data=books,
        headers=firm.headers(name, **{"Content-Type": "text/csv"}),
    )
