"""Settings of intake."""

from dataclasses import dataclass
from pathlib import Path

from libs.common.config import Secret, setting


@dataclass(frozen=True)
class Config:
    database_url: str = setting("DATABASE_URL", "where intake keeps its rows, as the role of web processes")
    worker_database_url: str = setting("WORKER_DATABASE_URL", "the same database, as the role of workers")
    keys_dir: Path = setting("KEYS_DIR", "folder with public.json, the keys that sign tokens, and with intake's own")
    platform_key: Secret = setting("PLATFORM_KEY", "32 bytes in hex; seals contact data")
    attachments_dir: Path = setting("ATTACHMENTS_DIR", "folder for evidence files")
    private_status_urls: bool = setting(
        "PRIVATE_STATUS_URLS", "whether statuses may be sent by http and into our own network, to try things out", False
    )
    clock_file: Path | None = setting("CLOCK_FILE", "offset of a movable clock, for demonstrations", None)
    pool_size: int = setting("POOL_SIZE", "database connections of this process", 8)
