"""The operator's commands: `python -m deploy.redress <command>`, or `make <command>`.

audit                     count every promise over the databases; exit 1 when one is broken
trace NUMBER|ID           one complaint's story through all services
parked                    events that failed for good
replay --id EVENT|--all   try parked events again
replay --since TIME       publish again everything sent since then (the broker was lost)
verify NUMBER|ID          check a complaint's evidence: its chain, and every file that the chain names
operator LOGIN            make the platform's first operator (password: REDRESS_PASSWORD, else asked for)
tenant SLUG NAME          make a tenant: --kind, --preset, --admin, --language, --time-zone, --country
events                    write schemas, examples, docs/events.md, docs/asyncapi.json and docs/openapi
migration SERVICE NAME    write a migration from the difference between tables.py and an upgraded database

Where the databases are: REDRESS_DATABASES (with {service} in it), else the files in REDRESS_DATA (./data); where the
evidence files are: ATTACHMENTS_DIR, else attachments there.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from uuid import UUID

from sqlalchemy import MetaData

from deploy.audit import SERVICES, audit
from deploy.databases import Databases, plain
from deploy.evidence import broken_chains, lost_files
from deploy.founding import add_operator, add_tenant, settings
from libs.common.clock import Clock, clock
from libs.common.inbox import replay_parked
from libs.common.outbox import replay
from libs.common.plumbing import make_plumbing
from libs.common.procedure import presets
from libs.common.web.operations import parked_events, timeline_of
from services.intake.main import evidence_files
from services.tenants.domain.mistakes import AlreadyTaken, NotAcceptable
from services.tenants.domain.tenant import NewTenant

PLUMBING = make_plumbing(MetaData())


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="redress", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("audit")
    commands.add_parser("parked")
    for name in ("trace", "verify"):
        commands.add_parser(name).add_argument("complaint", help="its number or id")
    again = commands.add_parser("replay").add_mutually_exclusive_group(required=True)
    again.add_argument("--id", type=UUID)
    again.add_argument("--all", action="store_true")
    again.add_argument("--since", type=_time, help="ISO 8601; without a zone it is UTC")
    commands.add_parser("operator").add_argument("login")
    _describe_tenant(commands.add_parser("tenant"))
    commands.add_parser("events")
    migration = commands.add_parser("migration")
    migration.add_argument("service")
    migration.add_argument("name")
    given = parser.parse_args(words)
    databases = Databases.from_env()
    try:
        return _carry_out(given, databases)
    except (AlreadyTaken, NotAcceptable) as refusal:
        sys.exit("; ".join(f"{each['pointer']}: {each['detail']}" for each in refusal.errors))
    finally:
        databases.close()


def _carry_out(given: argparse.Namespace, databases: Databases) -> int:
    match given.command:
        case "audit":
            return _audit(databases)
        case "parked":
            return _parked(databases)
        case "trace":
            return _trace(databases, _complaint_id(databases, given.complaint))
        case "verify":
            return _verify(databases, _complaint_id(databases, given.complaint))
        case "replay":
            return _replay(databases, given)
        case "operator":
            add_operator(settings(), given.login, _password())
        case "tenant":
            named = ("slug", "name", "kind", "language", "time_zone", "country")
            new = NewTenant(**{field: getattr(given, field) for field in named})
            add_tenant(settings(), new, given.preset, given.admin, _password())
        case "events":
            from deploy.catalogue import write_catalogue

            write_catalogue()
        case "migration":
            from deploy.migration import write_migration

            print(write_migration(given.service, given.name))
    return 0


def _describe_tenant(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("slug", help="its public name in addresses")
    parser.add_argument("name")
    parser.add_argument("--kind", choices=("property", "hotel"), default="property")
    parser.add_argument("--preset", choices=presets.names(), help="its first Procedure")
    parser.add_argument("--admin", default="admin", help="sign-in name of its first admin")
    parser.add_argument("--language", default="zh-Hans")
    parser.add_argument("--time-zone", default="Asia/Shanghai")
    parser.add_argument("--country", default="CN")


def _password() -> str:
    return os.environ.get("REDRESS_PASSWORD") or getpass("password: ")


def _audit(databases: Databases) -> int:
    breaches = audit(databases, _clock().now())
    for breach in breaches:
        print("BROKEN ", breach)
    print(f"{len(breaches)} promises broken" if breaches else "every promise holds")
    return 1 if breaches else 0


def _parked(databases: Databases) -> int:
    for name in SERVICES:
        for event in parked_events(databases.of(name), PLUMBING):
            print(f"{name:10} {event['event_id']} {event['type']} of {event['subject']}: {event['error']}")
    return 0


def _replay(databases: Databases, given: argparse.Namespace) -> int:
    now = _clock().now()
    for name in SERVICES:
        if given.since:
            count = replay(databases.of(name), PLUMBING, given.since)
        else:
            count = replay_parked(databases.of(name), PLUMBING, given.id, now)
        if count:
            print(f"{name:10} {count} events again")
    return 0


def _trace(databases: Databases, complaint_id: UUID) -> int:
    steps = []
    for name in SERVICES:
        steps += [(step, name) for step in timeline_of(name, databases.of(name), PLUMBING, complaint_id)]
    for step, name in sorted(steps, key=lambda pair: pair[0]["at"]):
        verb = "says " if step["kind"] == "said" else f"hears {step['source']}:"
        print(
            f"{step['at']:%Y-%m-%d %H:%M:%S.%f} {name:10} {verb} {step['type']} #{step['sequence']} ({step['state']})"
        )
    return 0


def _verify(databases: Databases, complaint_id: UUID) -> int:
    broken = list(broken_chains(databases, complaint_id))
    print(f"broken at step {broken[0][1]}" if broken else "the evidence chain is whole")
    lost = list(lost_files(databases, evidence_files(_attachments()), complaint_id))
    for each in lost:
        print(f"file {each.sha256} of step {each.n} is {each.how}")
    return 1 if broken or lost else 0


def _attachments() -> Path:
    return Path(os.environ.get("ATTACHMENTS_DIR") or Path(os.environ.get("REDRESS_DATA", "data")) / "attachments")


def _complaint_id(databases: Databases, given: str) -> UUID:
    """From a number or an id; exits with a word when there is no such complaint."""
    try:
        return UUID(given)
    except ValueError:
        wanted = "SELECT complaint_id FROM complaints WHERE tenant_id = :tenant AND number = :number"
        for (found,) in databases.rows("intake", wanted, number=given):
            return UUID(plain(found))
    sys.exit(f"no complaint {given}")


def _clock() -> Clock:
    """The system's, or the movable one beside the embedded mode's data."""
    given = os.environ.get("CLOCK_FILE")
    beside = Path(os.environ.get("REDRESS_DATA", "data")).resolve() / "clock"
    return clock(Path(given) if given else beside if "REDRESS_DATABASES" not in os.environ else None)


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
