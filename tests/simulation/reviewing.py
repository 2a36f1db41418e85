"""Guests who complain on a booking platform, and the judge on what the platform is told of it (IN-1, DI-16)."""

import json
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from werkzeug.test import TestResponse

from deploy.databases import Databases, plain
from libs.common.testing.partners.ota import ToldStatus
from services.intake.domain import webhooks
from tests.simulation.people import TEXTS, People
from tests.simulation.platform import Tenant

SAID = "SELECT subject, type FROM sent WHERE tenant_id = :tenant"
HANDED = """SELECT handback_id, complaint_id, status, state FROM handbacks
    WHERE tenant_id = :tenant ORDER BY handback_id"""
HEARD_AS = {"case.closed.v1": "closed", "case.reopened.v1": "reopened"}


def review(people: People, tenant: Tenant) -> UUID:
    """A guest of the first tenant is displeased, and the platform passes it on; returns the complaint's id."""
    platform, number = people.platform, people.chosen.randrange(10**8)
    written = {
        "id": f"r{number}",
        "kind": "review",
        "created_at": platform.clock.now().isoformat(),
        "text": f"{people.chosen.choice(TEXTS)} ({number})",
        "guest_name": "孙丽华",
        "score": 2,
    }
    taken = people.until_answered("intake", lambda: _push(people, json.dumps(written).encode()), f"review {number}")
    complaint_id = UUID(taken["complaint_id"])
    known = f"SELECT number FROM complaints WHERE complaint_id = '{complaint_id.hex}'"  # noqa: S608 (our own id)
    people.receipts[complaint_id] = {"number": platform.look("intake", known)}
    people.whose[complaint_id] = tenant
    people.tell(f"{tenant.slug}: {people.receipts[complaint_id]['number']} is registered, by a booking platform")
    return complaint_id


def _push(people: People, body: bytes) -> TestResponse:
    door, stamp = people.platform.door, int(people.platform.clock.now().timestamp())
    headers = {
        "webhook-id": "push",
        "webhook-timestamp": str(stamp),
        "webhook-signature": webhooks.sign(door.secret, "push", stamp, body),
    }
    client = people.platform.services["intake"].app.test_client()
    address = f"/v1/doors/{door.token}/ota/booking"
    return client.post(address, data=body, content_type="application/json", headers=headers)


def told_wrongly(databases: Databases, tenant: Tenant, told: list[ToldStatus]) -> Iterator[str]:
    """Each status arrived, in the order in which it came to it, and each end and new beginning once."""
    rows = [(plain(row[0]), plain(row[1]), *row[2:]) for row in databases.rows("intake", HANDED, only=tenant.tenant_id)]
    yield from (f"{status} of {complaint} is {state}" for _, complaint, status, state in rows if state != "handed")
    arrived = list(dict.fromkeys(UUID(each.message_id).hex for each in told))
    said = Counter(
        (plain(subject), HEARD_AS[str(kind)])
        for subject, kind in databases.rows("dispatch", SAID, only=tenant.tenant_id)
        if kind in HEARD_AS
    )
    for complaint in {row[1] for row in rows}:
        owed = [row[0] for row in rows if row[1] == complaint]
        if owed != [each for each in arrived if each in owed]:
            yield f"of {complaint} were owed {owed}, and arrived {arrived}"
        kinds = Counter(str(row[2]) for row in rows if row[1] == complaint)
        for status in HEARD_AS.values():
            if kinds[status] != said[complaint, status]:
                yield f"{complaint} was {status} {said[complaint, status]} times, and heard {kinds[status]} times"
