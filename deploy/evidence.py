"""Checking evidence chains from the databases alone, as any holder of a copy could (PR-4)."""

from collections.abc import Iterator
from uuid import UUID

from deploy.databases import Databases
from libs.common import tenancy
from libs.common.tenancy import TenantConnection
from services.dispatch.domain.chain import verify
from services.dispatch.store import Store


def broken_chains(databases: Databases, only: UUID | None = None) -> Iterator[tuple[UUID, int]]:
    """The complaints whose chain does not verify, of all or of `only`, with the first step that is wrong."""
    for tenant_id in databases.tenants():
        with databases.read("dispatch") as connection:
            tenancy.bind(connection, tenant_id)
            store = Store(TenantConnection(connection, tenant_id))
            for complaint_id in [only] if only else _cases(databases, tenant_id):
                case = store.cases.find(complaint_id)
                wrong = verify(store.evidence.of(complaint_id), case.head) if case else None
                if wrong is not None:
                    yield complaint_id, wrong


def _cases(databases: Databases, tenant_id: UUID) -> list[UUID]:
    statement = "SELECT complaint_id FROM cases WHERE tenant_id = :tenant"
    return [UUID(found) for found in databases.column("dispatch", statement, only=tenant_id)]
