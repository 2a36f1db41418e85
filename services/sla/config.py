"""Settings of sla."""

from dataclasses import dataclass
from pathlib import Path

from libs.common.config import setting


@dataclass(frozen=True)
class Config:
    database_url: str = setting("DATABASE_URL", "where sla keeps its rows, as the role of web processes")
    worker_database_url: str = setting("WORKER_DATABASE_URL", "the same database, as the role of workers")
    keys_dir: Path = setting("KEYS_DIR", "folder with public.json, the keys that sign tokens")
    clock_file: Path | None = setting("CLOCK_FILE", "offset of a movable clock, for demonstrations", None)
    pool_size: int = setting("POOL_SIZE", "database connections of this process", 8)
