"""The tables of tenants. Of passwords, keys and refresh tokens only what cannot be used to sign in is kept."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from libs.common.db import UtcDateTime, new_metadata
from libs.common.plumbing import make_plumbing

metadata = new_metadata()
plumbing = make_plumbing(metadata)

doors = Table(
    "doors",
    metadata,
    Column("slug", String(40), nullable=False),  # all that sign-in and the public form know of a tenant
    Column("tenant_id", Uuid, nullable=False),
    PrimaryKeyConstraint("slug"),
)
tenants = Table(
    "tenants",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("slug", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("language", String(12), nullable=False),
    Column("time_zone", String(60), nullable=False),
    Column("country", String(2), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id"),
)
places = Table(
    "places",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("place_id", Uuid, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(80), nullable=False),
    Column("parent_id", Uuid),
    Column("label", String(300), nullable=False),  # the full name from the top
    PrimaryKeyConstraint("tenant_id", "place_id"),
    UniqueConstraint("tenant_id", "label"),
)
people = Table(
    "people",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("login", String(100), nullable=False),  # as `domain.person.plain_login` writes it
    Column("name", String(100), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("departments", JSON, nullable=False),
    Column("skills", JSON, nullable=False),  # ids of categories
    Column("language", String(12), nullable=False),
    Column("email", String(254)),
    Column("phone", String(20)),  # E.164
    Column("active", Boolean, nullable=False),
    Column("password_hash", String(200)),  # argon2id; without one nobody signs in
    PrimaryKeyConstraint("tenant_id", "person_id"),
    UniqueConstraint("tenant_id", "login"),
)
attempts = Table(
    "attempts",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("login_digest", LargeBinary, nullable=False),  # people also type passwords into the login field
    Column("failures", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id", "login_digest"),
    Index(None, "tenant_id", "since"),
)
sessions = Table(
    "sessions",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("session_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id", "session_id"),
    Index(None, "tenant_id", "person_id"),
)
refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("session_id", Uuid, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    PrimaryKeyConstraint("tenant_id", "digest"),
    Index(None, "tenant_id", "expires_at"),
)
api_keys = Table(
    "api_keys",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("name", String(100), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    PrimaryKeyConstraint("tenant_id", "key_id"),
    UniqueConstraint("tenant_id", "digest"),
)
publications = Table(
    "publications",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("published_by", Uuid),  # None: came with the tenant
    PrimaryKeyConstraint("tenant_id", "version"),
)
drafts = Table(
    "drafts",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("draft_id", Uuid, nullable=False),
    Column("name", String(100), nullable=False),
    Column("base_version", Integer),  # the published version it was begun from; None: from none
    Column("document", Text, nullable=False),  # JSON, perhaps with mistakes
    Column("revision", Integer, nullable=False),  # 1, and one more with every edit
    Column("updated_at", UtcDateTime, nullable=False),
    Column("updated_by", Uuid),  # None: a program
    PrimaryKeyConstraint("tenant_id", "draft_id"),
    UniqueConstraint("tenant_id", "name"),
)
