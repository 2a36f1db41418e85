"""Settings of notify."""

from dataclasses import dataclass
from pathlib import Path

from libs.common.config import Secret, setting


@dataclass(frozen=True)
class Config:
    database_url: str = setting("DATABASE_URL", "where notify keeps its rows, as the role of web processes")
    worker_database_url: str = setting("WORKER_DATABASE_URL", "the same database, as the role of workers")
    keys_dir: Path = setting("KEYS_DIR", "folder with public.json and notify's own signing key")
    intake_url: str = setting("INTAKE_URL", "base URL of intake, which knows where complainants are reached")
    tenants_url: str = setting("TENANTS_URL", "base URL of tenants, which knows where staff are reached")
    public_url: str = setting("PUBLIC_URL", "how the outside world reaches the portal; links in notices begin so")
    smtp_url: Secret = setting("SMTP_URL", "smtp://user:password@host:port?tls=none|starttls|tls&sender=address")
    aliyun_key_id: str | None = setting("ALIYUN_KEY_ID", "access key of the SMS account; none: no SMS", None)
    aliyun_key_secret: Secret | None = setting("ALIYUN_KEY_SECRET", "secret of that access key", None)
    aliyun_endpoint: str = setting("ALIYUN_ENDPOINT", "the SMS provider's address", "https://dysmsapi.aliyuncs.com")
    aliyun_sign_name: str | None = setting(
        "ALIYUN_SIGN_NAME", "registered SMS signature; none: each tenant's own name", None
    )
    aliyun_callback_token: Secret | None = setting(
        "ALIYUN_CALLBACK_TOKEN", "last part of the address for delivery reports; none: no reports are taken", None
    )
    clock_file: Path | None = setting("CLOCK_FILE", "offset of a movable clock, for demonstrations", None)
    sending_every: float = setting("SENDING_EVERY", "seconds between looks for what is due, without a ring", 1.0)
    pool_size: int = setting("POOL_SIZE", "database connections of this process", 8)
