"""All SQL of intake, for one tenant at a time."""

from libs.common.kept_procedures import KeptProcedures
from libs.common.tenancy import TenantConnection
from services.intake import tables
from services.intake.store.accounts import Accounts
from services.intake.store.circle import Circles
from services.intake.store.complaints import Complaints
from services.intake.store.conversation import Conversation
from services.intake.store.handbacks import Handbacks
from services.intake.store.likeness import Likeness
from services.intake.store.progress import Progress
from services.intake.store.standing import Standings
from services.intake.store.tenant import Known


class Store:
    """What intake knows about one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self.complaints = Complaints(rows)
        self.conversation = Conversation(rows)
        self.circles = Circles(rows)
        self.likeness = Likeness(rows)
        self.progress = Progress(rows)
        self.handbacks = Handbacks(rows)
        self.standings = Standings(rows)
        self.known = Known(rows)
        self.accounts = Accounts(rows)
        self.procedures = KeptProcedures(rows, tables.plumbing)

    def flush(self) -> None:
        """Write what was gathered."""
        self.circles.flush()
