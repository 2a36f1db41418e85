"""Checking evidence from the databases and files alone, as any holder of a copy could (PR-4)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from deploy.databases import Databases
from libs.common import tenancy
from libs.common.tenancy import TenantConnection
from services.dispatch.domain.chain import files_of, verify
from services.dispatch.store import Store
from services.intake.domain.attachments import NotAsKept
from services.intake.handlers.desk import Files


@dataclass(frozen=True)
class LostFile:
    """A file that a step of the complaint's chain names. `how`: missing or changed."""

    complaint_id: UUID
    n: int
    sha256: str
    how: str


def broken_chains(databases: Databases, only: UUID | None = None) -> Iterator[tuple[UUID, int]]:
    """The complaints whose chain does not verify, of all or of `only`, with the first step that is wrong."""
    for tenant_id in databases.tenants():
        with _store(databases, tenant_id) as store:
            for complaint_id in [only] if only else _cases(databases, tenant_id):
                case = store.cases.find(complaint_id)
                wrong = verify(store.evidence.of(complaint_id), case.head) if case else None
                if wrong is not None:
                    yield complaint_id, wrong


def lost_files(databases: Databases, files: Files, complaint_id: UUID) -> Iterator[LostFile]:
    """Of the files that the complaint's chain names, those that are not there as they were kept."""
    for tenant_id in databases.tenants():
        with _store(databases, tenant_id) as store:
            for n, sha256 in files_of(store.evidence.of(complaint_id)):
                try:
                    files.fetch(tenant_id, sha256)
                except NotAsKept as lost:
                    yield LostFile(complaint_id, n, sha256, lost.how)


@contextmanager
def _store(databases: Databases, tenant_id: UUID) -> Iterator[Store]:
    with databases.read("dispatch") as connection:
        tenancy.bind(connection, tenant_id)
        yield Store(TenantConnection(connection, tenant_id))


def _cases(databases: Databases, tenant_id: UUID) -> list[UUID]:
    statement = "SELECT complaint_id FROM cases WHERE tenant_id = :tenant"
    return [UUID(found) for found in databases.column("dispatch", statement, only=tenant_id)]
