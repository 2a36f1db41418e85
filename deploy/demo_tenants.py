"""The demo's two tenants: a property firm under P1 and a hotel under its own house rules.

They are made through the same APIs that operators and admins use. Their passwords are public; `--bare` leaves
them out.
"""

import atexit
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from deploy import embedded
from deploy.callers import Person
from libs.common.clock import MovableClock
from libs.common.testing.waiting import eventually
from services.tenants.handlers.founding import found_platform

PASSWORD = "demo-only-password"  # noqa: S105 (public on purpose)
BEGINS = datetime(2026, 9, 28, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
VIEW_PORT = 8027

Say = Callable[..., None]


@dataclass(frozen=True)
class Staff:
    login: str
    name: str
    roles: tuple[str, ...]
    departments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Firm:
    slug: str
    name: str
    kind: str
    preset: str
    places: tuple[tuple[str, ...], ...]
    staff: tuple[Staff, ...]


QINGHE = Firm(
    slug="qinghe",
    name="青禾公寓物业 Qinghe Residences",
    kind="property",
    preset="p1-accommodation",
    places=(("青禾公寓", "1号楼", "101室"), ("青禾公寓", "1号楼", "302室"), ("青禾公寓", "2号楼", "508室")),
    staff=(
        Staff("desk", "周敏 Zhou Min", ("front_line",), ("customer_service",)),
        Staff("service-head", "何岚 He Lan", ("supervisor",), ("customer_service",)),
        Staff("engineer", "马强 Ma Qiang", ("front_line",), ("engineering",)),
        Staff("engineer-2", "石磊 Shi Lei", ("front_line",), ("engineering",)),
        Staff("engineering-head", "陆涛 Lu Tao", ("supervisor",), ("engineering",)),
        Staff("guard", "罗刚 Luo Gang", ("front_line",), ("security",)),
        Staff("security-head", "郑武 Zheng Wu", ("supervisor",), ("security",)),
        Staff("coordinator", "林静 Lin Jing", ("coordinator",)),
        Staff("manager", "高远 Gao Yuan", ("manager",)),
    ),
)
LAKESIDE = Firm(
    slug="lakeside",
    name="澄湖酒店 Lakeside Hotel",
    kind="hotel",
    preset="hotel-in-house",
    places=(("澄湖酒店", "主楼", "1208房"), ("澄湖酒店", "餐厅")),
    staff=(
        Staff("frontdesk", "Anna Keller", ("front_line",), ("front_office",)),
        Staff("housekeeper", "苏梅 Su Mei", ("front_line",), ("housekeeping",)),
        Staff("technician", "Paul Weber", ("front_line",), ("engineering",)),
        Staff("waiter", "方圆 Fang Yuan", ("front_line",), ("food_beverage",)),
        Staff("duty", "Grace Tan", ("supervisor",), ("duty_manager", "front_office", "housekeeping", "engineering")),
        Staff("coordinator", "于洋 Yu Yang", ("coordinator",)),
        Staff("manager", "Marc Dubois", ("manager",)),
    ),
)
FIRMS = (QINGHE, LAKESIDE)


def seed(environ: dict[str, str], say: Say) -> None:
    """Make the platform's operator and the demo tenants, once per data folder."""
    data = Path(environ["KEYS_DIR"]).parent
    done = data / "demo-tenants"
    if done.exists():
        return
    MovableClock(data / "clock").begin_at(BEGINS)
    platform = embedded.assemble(environ)
    platform.start()
    try:
        make(platform.client, platform.services["tenants"], say)
    finally:
        platform.stop()
    done.write_text("made\n")


def make(connect: Any, tenants: Any, say: Say) -> None:
    """Operator first, then each firm with places, people and a check that its door is open."""
    found_platform(tenants.units, login="operator", password=PASSWORD)
    operator = Person(connect, "platform", "operator", PASSWORD).sign_in()
    for firm in FIRMS:
        say("making the demo tenant", firm.name)
        make_firm(operator, firm)
        eventually(partial(_door_is_open, connect, firm.slug), within=30)


def make_firm(operator: Person, firm: Firm) -> None:
    operator.post(
        "tenants",
        "/tenants",
        slug=firm.slug,
        name=firm.name,
        kind=firm.kind,
        language="zh-Hans",
        time_zone="Asia/Shanghai",
        country="CN",
        preset=firm.preset,
        admin={"name": "管理员 Admin", "login": "admin", "email": f"admin@{firm.slug}.example", "password": PASSWORD},
    )
    admin = Person(operator.connect, firm.slug, "admin", PASSWORD).sign_in()
    _add_places(admin, firm)
    for person in firm.staff:
        admin.post(
            "tenants",
            "/people",
            name=person.name,
            login=person.login,
            email=f"{person.login}@{firm.slug}.example",
            password=PASSWORD,
            roles=list(person.roles),
            departments=list(person.departments),
            language="zh-Hans",
        )


def _add_places(admin: Person, firm: Firm) -> None:
    known: dict[tuple[str, ...], str] = {}
    for path in firm.places:
        for depth, kind in enumerate(("property", "building", "unit")[: len(path)], 1):
            here = path[:depth]
            if here not in known:
                parent = {"parent_id": known[here[:-1]]} if depth > 1 else {}
                made = admin.post("tenants", "/places", kind=kind, name=here[-1], **parent)
                known[here] = made["id"]


def _door_is_open(connect: Any, slug: str) -> bool:
    """Intake knows the tenant and its Procedure: an empty complaint is refused field by field."""
    with connect("intake") as intake:
        return bool(intake.post(f"/public/{slug}/complaints", json={"text": " "}).status_code == 422)


def start_partners() -> None:
    """Stand-ins for the mail server and the SMS provider, with a page that lists what they were given."""
    ports = [
        "--sms-port",
        str(embedded.SMS_PORT),
        "--smtp-port",
        str(embedded.SMTP_PORT),
        "--view-port",
        str(VIEW_PORT),
    ]
    partners = subprocess.Popen(
        [sys.executable, "-m", "libs.common.testing.partners", *ports], stdout=subprocess.DEVNULL
    )
    atexit.register(partners.terminate)


def print_sign_ins(port: int) -> None:
    lines = [
        "",
        f"  guests      http://localhost:{port}/t/{QINGHE.slug}    http://localhost:{port}/t/{LAKESIDE.slug}",
        f"  staff       http://localhost:{port}/sign-in",
        f"              tenant {QINGHE.slug}: " + ", ".join(person.login for person in QINGHE.staff) + ", admin",
        f"              tenant {LAKESIDE.slug}: " + ", ".join(person.login for person in LAKESIDE.staff) + ", admin",
        "              tenant platform: operator",
        f"              password of all: {PASSWORD}",
        f"  SMS, mail   http://localhost:{VIEW_PORT}/ (what the stand-in providers were given)",
        f"  time        begins on {BEGINS:%d %B %Y, %H:%M} in Beijing; `make demo` moves it forward",
        "",
    ]
    print("\n".join(lines), file=sys.stderr, flush=True)
