"""Settings of the portal, read once at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from libs.common.config import Secret, from_env, setting


@dataclass(frozen=True, kw_only=True)
class Config:
    tenants_url: str = setting("TENANTS_URL", "where the tenants service answers; /v1 is appended")
    intake_url: str = setting("INTAKE_URL", "where the intake service answers; /v1 is appended")
    dispatch_url: str = setting("DISPATCH_URL", "where the dispatch service answers; /v1 is appended")
    sla_url: str = setting("SLA_URL", "where the sla service answers; /v1 is appended")
    notify_url: str = setting("NOTIFY_URL", "where the notify service answers; /v1 is appended")
    reporting_url: str = setting("REPORTING_URL", "where the reporting service answers; /v1 is appended")
    cookie_key: Secret = setting("COOKIE_KEY", "signs the session cookie; at least 32 characters")
    public_url: str = setting("PUBLIC_URL", "the portal's own address as guests type it")
    secure_cookies: bool = setting("SECURE_COOKIES", "cookies and HSTS for HTTPS only", True)
    traces_url: str | None = setting("TRACES_URL", "where recent spans are kept, when kept locally", None)
    jaeger_url: str | None = setting("JAEGER_URL", "the Jaeger screen operators are linked to", None)
    platform_url: str | None = setting("PLATFORM_URL", "where the movable clock of a trial answers", None)
    clock_file: Path | None = setting("CLOCK_FILE", "file with the movable clock's offset", None)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Raises SettingsWrong that names every missing or unreadable variable."""
        return from_env(cls, environ)
