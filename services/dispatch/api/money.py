"""Compensation: the steps on a case, the ledger of all of them, and the books of the finance side (DI-10)."""

from typing import Any
from uuid import UUID

from flask import Response, abort, request

from libs.common.unit_of_work import UnitsOfWork, Work
from libs.common.web.access import STAFF, Access, Blueprint, principal
from libs.common.web.idempotency import once
from services.dispatch import schemas
from services.dispatch.api.taking import taking
from services.dispatch.domain import compensation as rules
from services.dispatch.handlers import ledger, ledger_checks
from services.dispatch.handlers.actions import compensating
from services.dispatch.schemas import money
from services.dispatch.store import Store

LEDGER = Access(roles=frozenset({"manager", "auditor", "admin"}))


def steps(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("compensation", access=STAFF, url_prefix="/v1/cases/<uuid:complaint_id>/compensation")
    take = taking(units)

    @api.route("/propose", methods=["POST"])
    @api.arguments(money.ProposeForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def propose(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Propose a settlement, or an advance before the result."""
        return take(complaint_id, rules.PROPOSE, given, compensating.propose)

    @api.route("/approve", methods=["POST"])
    @api.arguments(money.ApproveForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def approve(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Promise it: by a role that the Procedure names for the amount, never by who proposed it."""
        return take(complaint_id, rules.APPROVE, given, compensating.approve)

    @api.route("/decline", methods=["POST"])
    @api.arguments(money.EndForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def decline(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Turn the proposal down."""
        return take(complaint_id, rules.DECLINE, given, compensating.decline)

    @api.route("/pay", methods=["POST"])
    @api.arguments(money.PayForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def pay(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Record a payment with its voucher."""
        return take(complaint_id, rules.PAY, given, compensating.pay)

    @api.route("/withdraw", methods=["POST"])
    @api.arguments(money.EndForm())
    @api.alt_response(200, schema=schemas.CaseOut())
    def withdraw(given: dict[str, Any], complaint_id: UUID) -> Response:
        """Say that no more will be paid of it."""
        return take(complaint_id, rules.WITHDRAW, given, compensating.withdraw)

    return api


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("ledger", access=LEDGER, url_prefix="/v1/compensation")

    @api.route("")
    @api.arguments(money.LedgerWanted(), location="query")
    @api.response(200, money.LedgerOut())
    def listed(wanted: dict[str, Any]) -> dict[str, Any]:
        """The ledger in the order of proposal, with its totals; `from` and `to` are days of the tenant's zone."""
        after = wanted.pop("cursor")
        with units.read(principal().tenant_id) as store:
            return ledger.ledger_page(store, after=after, **wanted)

    @api.route("/export.csv")
    @api.arguments(money.EntriesWanted(), location="query")
    @api.alt_response(200, content_type="text/csv", schema={"type": "string"})
    def export(wanted: dict[str, Any]) -> Response:
        """The same entries as CSV; amounts in major units."""
        with units.read(principal().tenant_id) as store:
            content = ledger.ledger_csv(store, **wanted)
        answer = Response(content, content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = "attachment; filename=compensation.csv"
        return answer

    @api.route("/reconcile", methods=["POST"])
    @api.arguments(money.PeriodWanted(), location="query")
    @api.alt_response(200, schema=money.ReconciledOut())
    def reconcile(period: dict[str, Any]) -> Response:
        """Hold a period's payments against the finance side's: a CSV body with number, amount, paid_at, reference."""
        person_id, books = principal().person_id, request.get_data(cache=True)
        if person_id is None:
            abort(403, description="A person answers for a reconciliation, not a program.")

        def run(work: Work[Store]) -> dict[str, Any]:
            return ledger.reconcile(work, person_id, period["first"], period["last"], books)

        return once(units, principal().tenant_id, run, money.ReconciledOut())

    @api.route("/reconciliations")
    @api.response(200, money.ReconciliationList())
    def reconciliations() -> dict[str, Any]:
        """Who reconciled when, and how it came out."""
        with units.read(principal().tenant_id) as store:
            return ledger.reconciliations(store)

    @api.route("/checks")
    @api.response(200, money.LedgerCheckList())
    def checks() -> dict[str, Any]:
        """How the ledger was held against the cases at the end of each period, and every difference found."""
        with units.read(principal().tenant_id) as store:
            return ledger_checks.checks(store)

    return api
