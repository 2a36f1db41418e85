"""All SQL of sla, for one tenant at a time."""

from libs.common.tenancy import TenantConnection
from services.sla.store.alarms import Alarms
from services.sla.store.breaches import Breaches
from services.sla.store.cases import Cases
from services.sla.store.clocks import Clocks
from services.sla.store.history import Histories
from services.sla.store.parts import Parts
from services.sla.store.retentions import Retentions
from services.sla.store.rules import Rules, Seen


class Store:
    """What sla knows about one tenant."""

    def __init__(self, seen: Seen, rows: TenantConnection) -> None:
        self.rules = Rules(rows, seen)
        self.cases = Cases(rows)
        self.clocks = Clocks(rows, self.rules.newest)
        self.alarms = Alarms(rows)
        self.parts = Parts(rows)
        self.histories = Histories(rows)
        self.breaches = Breaches(rows)
        self.retentions = Retentions(rows)

    def flush(self) -> None:
        """Write what was gathered; called before the transaction ends."""
        self.cases.flush()
