"""All SQL of reporting, for one tenant at a time."""

from collections.abc import Callable
from functools import reduce
from uuid import UUID

from libs.common.kept_procedures import KeptProcedures
from libs.common.tenancy import TenantConnection
from services.reporting import tables
from services.reporting.domain.fact import Fact
from services.reporting.domain.rollups import Rollups
from services.reporting.store.behind import Behind
from services.reporting.store.draws import Draws
from services.reporting.store.facts import Facts
from services.reporting.store.known import Known
from services.reporting.store.marks import Marks
from services.reporting.store.rollups import RollupRows
from services.reporting.store.typical import TypicalCases

Change = Callable[[Fact], Fact]


class Store:
    """What reporting knows about one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self.known = Known(rows)
        self.facts = Facts(rows)
        self.rollups = RollupRows(rows)
        self.behind = Behind(rows)
        self.marks = Marks(rows)
        self.draws = Draws(rows)
        self.typical_cases = TypicalCases(rows)
        self.procedures = KeptProcedures(rows, tables.plumbing)
        self._changes: dict[UUID, list[Change]] = {}

    def change(self, complaint_id: UUID, change: Change) -> None:
        """Change a fact when `flush` comes. Raises NotYetKnown while the tenant has not been heard of."""
        self.known.zone()
        self._changes.setdefault(complaint_id, []).append(change)

    def flush(self) -> None:
        """Carry out the gathered changes, and move every rollup by what they make different.

        The facts are locked first, so that the difference is the one between what was counted and what is.
        """
        changes, self._changes = self._changes, {}
        if not changes:
            return
        zone, difference = self.known.zone(), Rollups()
        before = self.facts.lock(list(changes), zone)
        after = {
            complaint_id: reduce(lambda known, change: change(known), changes[complaint_id], fact)
            for complaint_id, fact in before.items()
        }
        for complaint_id, fact in before.items():
            difference.count(fact, zone, -1)
            difference.count(after[complaint_id], zone)
        self.facts.save(before, after, zone)
        self.rollups.add(difference)
