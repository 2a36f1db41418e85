"""Evidence files on the local disk, one folder a tenant, named by digest: the same file twice is one file."""

import hashlib
import logging
import os
from pathlib import Path
from uuid import UUID, uuid4

from services.intake.domain.attachments import NotAsKept

log = logging.getLogger(__name__)


class LocalFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, tenant_id: UUID, sha256: str, content: bytes) -> None:
        """Durable on return; written whole or not at all, whoever else writes the same file now."""
        path = self._path(tenant_id, sha256)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{uuid4().hex}")
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        for folder in (path.parent, path.parent.parent, self._folder):
            _sync(folder)

    def fetch(self, tenant_id: UUID, sha256: str) -> bytes:
        """The content of this digest, and no other. Raises NotAsKept."""
        try:
            content = self._path(tenant_id, sha256).read_bytes()
        except FileNotFoundError as failure:
            raise _not_as_kept("missing", tenant_id, sha256) from failure
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _not_as_kept("changed", tenant_id, sha256)
        return content

    def _path(self, tenant_id: UUID, sha256: str) -> Path:
        return self._folder / str(tenant_id) / sha256[:2] / sha256


def _not_as_kept(how: str, tenant_id: UUID, sha256: str) -> NotAsKept:
    log.error("evidence file %s of tenant %s is %s", sha256, tenant_id, how)
    return NotAsKept(how)


def _sync(folder: Path) -> None:
    """A new name in a folder lasts only when the folder was synced, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
