"""The figures of a period (RE-1, RE-2), and what each of them was counted from."""

from typing import Any

from libs.common.auth import Principal
from libs.common.unit_of_work import UnitsOfWork
from libs.common.web.access import STAFF, Blueprint, principal
from libs.common.web.fields import PeriodWanted
from services.reporting import schemas
from services.reporting.domain.kpis import Kpis
from services.reporting.domain.period import Period
from services.reporting.handlers.figures import Page, complaints_behind, kpis_of
from services.reporting.store import Store
from services.reporting.store.behind import Wanted
from services.reporting.store.rollups import Departments

SEE_ALL = frozenset({"supervisor", "coordinator", "manager", "admin", "auditor"})


def blueprint(units: UnitsOfWork[Store]) -> Blueprint:
    api = Blueprint("kpis", access=STAFF, url_prefix="/v1/kpis")

    @api.route("")
    @api.arguments(PeriodWanted(), location="query")
    @api.response(200, schemas.KpisOut())
    def figures(wanted: dict[str, Any]) -> Kpis:
        """The figures of `from` to `to`: days of the tenant's zone, both counted, at most 5 years.

        Front-line staff get those of their own departments, everybody else those of the whole firm.
        """
        with units.read(principal().tenant_id) as store:
            return kpis_of(store, Period(wanted["first"], wanted["last"]), departments_of(principal()))

    @api.route("/complaints")
    @api.arguments(schemas.FactsWanted(), location="query")
    @api.response(200, schemas.FactList())
    def complaints(wanted: dict[str, Any]) -> Page:
        """The complaints behind a `figure` of the period; for `breaches` one item for each missed clock."""
        behind = Wanted(
            wanted["figure"],
            Period(wanted["first"], wanted["last"]),
            departments_of(principal()),
            wanted.get("channel"),
            wanted.get("category"),
            wanted.get("department"),
        )
        with units.read(principal().tenant_id) as store:
            return complaints_behind(store, behind, wanted["cursor"], wanted["limit"])

    return api


def departments_of(asker: Principal) -> Departments:
    """Whose figures the asker may see; None: the whole firm's, as does a key of the firm's own systems."""
    if asker.person_id is None or asker.roles & SEE_ALL:
        return None
    return asker.departments
