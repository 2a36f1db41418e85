"""All SQL of notify, for one tenant at a time."""

from libs.common.kept_procedures import KeptProcedures
from libs.common.tenancy import TenantConnection
from services.notify import tables
from services.notify.store.cases import Cases
from services.notify.store.deliveries import Deliveries
from services.notify.store.notices import Notices
from services.notify.store.reports import EarlyReports
from services.notify.store.surveys import Surveys
from services.notify.store.tenant import Known


class Store:
    """What notify knows about one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self.known = Known(rows)
        self.cases = Cases(rows)
        self.notices = Notices(rows)
        self.deliveries = Deliveries(rows)
        self.surveys = Surveys(rows)
        self.early_reports = EarlyReports(rows)
        self.procedures = KeptProcedures(rows, tables.plumbing)
