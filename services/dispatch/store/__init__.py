"""All SQL of dispatch, for one tenant at a time."""

from libs.common.kept_procedures import KeptProcedures
from libs.common.tenancy import TenantConnection
from services.dispatch import tables
from services.dispatch.store.absences import Absences
from services.dispatch.store.cases import Cases
from services.dispatch.store.clocks import Clocks
from services.dispatch.store.evidence import Evidence
from services.dispatch.store.ledger_checks import LedgerChecks
from services.dispatch.store.lists import Lists
from services.dispatch.store.money import Ledger
from services.dispatch.store.parts import Parts
from services.dispatch.store.records import Records
from services.dispatch.store.roster import Roster
from services.dispatch.store.staff import StaffRows
from services.dispatch.store.steps import Steps
from services.dispatch.store.summons import Calls


class Store:
    """What dispatch knows about one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self.cases = Cases(rows)
        self.lists = Lists(rows)
        self.records = Records(rows)
        self.steps = Steps(rows)
        self.clocks = Clocks(rows)
        self.evidence = Evidence(rows)
        self.money = Ledger(rows)
        self.ledger_checks = LedgerChecks(rows)
        self.staff = StaffRows(rows)
        self.roster = Roster(rows)
        self.absences = Absences(rows)
        self.parts = Parts(rows)
        self.calls = Calls(rows)
        self.procedures = KeptProcedures(rows, tables.plumbing)
