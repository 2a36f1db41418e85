"""The three roles of a service on a PostgreSQL database, as a deployment has them."""

from dataclasses import dataclass

import psycopg
from sqlalchemy.engine import make_url


@dataclass(frozen=True)
class Urls:
    """One database through the eyes of its owner, the web processes and the workers; on SQLite all the same."""

    owner: str
    web: str
    worker: str


def give_roles(url: str, service: str) -> Urls:
    """Make the roles if the server lacks them, and hand the database at `url` (a superuser's) to the owner."""
    names = {kind: f"redress_{service}_{kind}" for kind in ("owner", "web", "worker")}
    address = make_url(url)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for name in names.values():
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone():
                connection.execute(f'CREATE ROLE "{name}" LOGIN NOSUPERUSER NOBYPASSRLS')
        connection.execute(f'ALTER DATABASE "{address.database}" OWNER TO "{names["owner"]}"')
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute(f'ALTER SCHEMA public OWNER TO "{names["owner"]}"')
    return Urls(**{kind: address.set(username=name).render_as_string() for kind, name in names.items()})
