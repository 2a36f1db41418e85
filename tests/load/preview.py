"""How long a Procedure takes to be previewed on ten thousand past cases (PO-4), in dispatch and in sla."""

import tempfile
import time
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, Integer

from libs.common import auth, migrate
from libs.common.clock import SystemClock
from libs.common.config import from_env
from libs.common.envelope import Envelope
from libs.common.events import encode
from libs.common.events.tenants import ProcedurePublished, TenantCreated
from libs.common.procedure import presets
from libs.common.service import Service
from services.dispatch import main as dispatch
from services.dispatch.tables import cases as dispatched
from services.sla import main as sla
from services.sla.tables import cases as timed

CASES = 10_000
FIRST = datetime(2026, 3, 2, 2, tzinfo=UTC)
TEXTS = (
    "302室卫生间水管漏水，地板已经泡了，半夜打电话也没人接，请尽快派人来修，谢谢。" * 2,
    "前台服务态度很差，问了三次房卡的问题都不理人，还说让我自己看墙上的通知。" * 2,
    "The air conditioning in our room has been broken since Sunday and nobody came to repair it. " * 3,
    "隔壁半夜两点还在唱歌，噪音太大，孩子完全睡不着，投诉过两次没有结果。" * 2,
)
P1 = presets.load("p1-accommodation")


def measure(say: Callable[..., None]) -> tuple[float, float]:
    """Seconds for one preview over all cases: in dispatch, in sla."""
    found = []
    for name, module, table, path in (
        ("dispatch", dispatch, dispatched, "/v1/procedures/preview"),
        ("sla", sla, timed, "/v1/deadlines/preview"),
    ):
        firm = _Firm(name, module)
        firm.fill(table)
        found.append(firm.seconds(path))
        say(f"{name}: {CASES:,} cases in {found[-1]:.2f} s")
    return found[0], found[1]


class _Firm:
    """One tenant with P1 on a SQLite file."""

    def __init__(self, name: str, module: Any) -> None:
        self.id, self.keys = uuid4(), Path(tempfile.mkdtemp(prefix="redress-"))
        auth.make_keys(self.keys)
        url = f"sqlite:///{self.keys}/{name}.sqlite"
        migrate.upgrade(name, url, module.METADATA)
        settings = {"DATABASE_URL": url, "WORKER_DATABASE_URL": url, "KEYS_DIR": str(self.keys)}
        self.service: Service = module.build(from_env(module.Config, settings))
        about = {"tenant_id": self.id, "subject": self.id, "occurred_at": FIRST}
        kind = {"slug": "load", "name": "load", "kind": "property", "language": "zh-Hans", "country": "CN"}
        told = (
            TenantCreated(**about, **kind, time_zone="Asia/Shanghai"),
            ProcedurePublished(**about, version=1, active_from=FIRST - timedelta(days=1), document=P1),
        )
        for n, event in enumerate(told, start=1):
            body = encode(event).decode()
            self.service.inbox.receive([Envelope(uuid4(), "tenants", event.type, FIRST, self.id, self.id, n, body)])

    def fill(self, table: Any) -> None:
        with self.service.database.write() as connection:
            connection.execute(table.insert(), [self._row(table, n) for n in range(CASES)])

    def _row(self, table: Any, n: int) -> dict[str, Any]:
        at = FIRST + timedelta(minutes=10 * n)
        numbers = (column for column in table.columns if isinstance(column.type, Boolean | Integer))
        empty = {column.name: column.type.python_type() for column in numbers if not column.nullable}
        known = empty | {
            "tenant_id": self.id,
            "complaint_id": UUID(int=n + 1),
            "number": f"{n:012}",
            "procedure_version": 1,
            "channel": "web",
            "category": ("facility_repair", "service_attitude")[n % 2],
            "urgency": ("urgent", "general", "non_urgent")[n % 3],
            "department": ("engineering", "customer_service")[n % 2],
            "language": "zh-Hans",
            "text": TEXTS[n % len(TEXTS)],
            "received_at": at,
            "registered_at": at,
            "queue_at": at,
            "state": "closed",
            "alerts": [],
            "reasons": [],
            "held_before": [],
            "round": 1,
            "evidence_hash": bytes(32),
            "reached": {
                "received": at.isoformat(),
                "registered": at.isoformat(),
                "on_site": (at + timedelta(hours=1)).isoformat(),
                "carried_out": (at + timedelta(hours=30)).isoformat(),
            },
        }
        return {name: value for name, value in known.items() if name in table.c}

    def seconds(self, path: str) -> float:
        asks = auth.Principal(self.id, uuid4(), "-", frozenset({"admin"}))
        token = auth.Issuer("tenants", self.keys).sign(asks, SystemClock().now(), timedelta(hours=1))
        span = {"from": FIRST.isoformat(), "to": (FIRST + timedelta(days=365)).isoformat()}
        body = span | {"document": _candidate(), "limit": CASES}
        client = self.service.app.test_client()
        started = time.perf_counter()
        answer = client.post(path, json=body, headers={"Authorization": f"Bearer {token}"})
        taken = time.perf_counter() - started
        assert answer.status_code == 200 and answer.json["cases"] == CASES, answer.json
        self.service.database.close()
        return taken


def _candidate() -> dict[str, Any]:
    document = deepcopy(P1)
    rule = {"id": "leaks", "when": {"words": ["漏水"]}, "department": "security", "major": True}
    document["routing"]["rules"].insert(0, rule)
    for limit in document["limits"]:
        limit["within"] = "2wd"
    return document
