"""The other services as the portal sees them: stand-ins that answer with the published shapes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

CASE = "018f4e3a-5b7c-7d21-9a10-3c2b1a0f9e8d"
SECOND = "018f4e3a-5b7c-7d21-9a10-3c2b1a0f9e8e"
DRAFT = "018f4e3a-5b7c-7d21-9a10-0000000000d1"
FILE = "018f4e3a-5b7c-7d21-9a10-000000000f11"
KEPT = "018f4e3a-5b7c-7d21-9a10-000000000f12"
REFERENCE = "018f4e3a-5b7c-7d21-9a10-00000000e0e1"
DELIVERY = "018f4e3a-5b7c-7d21-9a10-00000000d002"
ABSENCE = "018f4e3a-5b7c-7d21-9a10-00000000ab01"
STANDING = "018f4e3a-5b7c-7d21-9a10-00000000f001"
EVENT = "018f4e3a-5b7c-7d21-9a10-00000000e001"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
NOW = datetime(2026, 11, 21, 12, 4, tzinfo=UTC)


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).isoformat().replace("+00:00", "Z")


def ahead(**span: float) -> str:
    return (NOW + timedelta(**span)).isoformat().replace("+00:00", "Z")


@dataclass
class StandIns:
    """Answers by service and `METHOD /path`; a value may be JSON, (status, JSON) or a function of the request.
    `asked` remembers every request; `down` names services that do not answer."""

    answers: dict[str, dict[str, Any]]
    asked: list[tuple[str, httpx.Request]] = field(default_factory=list)
    down: set[str] = field(default_factory=set)

    def transports(self) -> dict[str, httpx.BaseTransport]:
        return {name: httpx.MockTransport(self._answering(name)) for name in self.answers}

    def requests(self, service: str, path: str) -> list[httpx.Request]:
        return [sent for name, sent in self.asked if name == service and sent.url.path == path]

    def said(self, service: str, path: str) -> dict[str, Any]:
        """The JSON last posted to that path."""
        posted = [sent for sent in self.requests(service, path) if sent.method == "POST"]
        content: dict[str, Any] = json.loads(posted[-1].content)
        return content

    def _answering(self, name: str) -> Callable[[httpx.Request], httpx.Response]:
        def answer(request: httpx.Request) -> httpx.Response:
            self.asked.append((name, request))
            if name in self.down:
                raise httpx.ConnectTimeout("no answer", request=request)
            found = self.answers[name].get(f"{request.method} {request.url.path}", (404, {"title": "Not found"}))
            found = found(request) if callable(found) else found
            if isinstance(found, httpx.Response):
                return found
            status, content = found if isinstance(found, tuple) else (200, found)
            kind = "application/problem+json" if status >= 400 else "application/json"
            return httpx.Response(status, json=content, headers={"Content-Type": kind})

        return answer


def stand_ins() -> StandIns:
    return StandIns(
        {
            "tenants": tenants(),
            "intake": intake(),
            "dispatch": dispatch(),
            "sla": sla(),
            "notify": notify(),
            "reporting": reporting(),
            "traces": {"GET /v1/traces": spans_asked_for},
            "platform": {"GET /v1/clock": {"now": ago()}, "POST /v1/clock": {"now": ahead(hours=1)}},
        }
    )


def session(
    *roles: str, name: str = "周敏", language: str = "zh-Hans", lasts: timedelta = timedelta(hours=1)
) -> dict[str, Any]:
    return {
        "access_token": f"access-of-{'-'.join(roles)}",
        "expires_at": (NOW + lasts).isoformat().replace("+00:00", "Z"),
        "refresh_token": "refresh-1",
        "person": {
            "id": "p1",
            "name": name,
            "roles": list(roles),
            "departments": ["engineering"],
            "language": language,
        },
        "tenant": {
            "id": "t1",
            "slug": "linjiang",
            "name": "临江苑酒店",
            "kind": "hotel",
            "language": "zh-Hans",
            "time_zone": "Asia/Shanghai",
        },
    }


def problem(status: int, detail: str = "", **fields: str) -> tuple[int, dict[str, Any]]:
    errors = [{"detail": text, "pointer": f"#/{name}"} for name, text in fields.items()]
    return status, {"title": "Refused", "status": status, "detail": detail, "errors": errors}


def tenants() -> dict[str, Any]:
    return {
        "POST /v1/sessions": (201, session("supervisor", "coordinator")),
        "POST /v1/sessions/refresh": (201, session("supervisor", "coordinator")),
        "DELETE /v1/sessions/current": lambda _: httpx.Response(204),
        "GET /v1/public/tenants/linjiang/form": FORM,
        "GET /v1/people": {
            "items": [
                {
                    "id": "p1",
                    "name": "周敏",
                    "roles": ["supervisor"],
                    "departments": ["engineering"],
                    "active": True,
                },
                {
                    "id": "p2",
                    "name": "Tom Reid",
                    "roles": ["front_line"],
                    "departments": ["security"],
                    "active": True,
                },
                {"id": "p3", "name": "已离职", "roles": ["front_line"], "departments": [], "active": False},
            ]
        },
        "GET /v1/procedures": {
            "items": [
                {"version": 3, "active_from": ago(days=30), "published_at": ago(days=31), "published_by": "p1"},
                {"version": 2, "active_from": ago(days=90), "published_at": ago(days=91), "published_by": None},
            ]
        },
        "GET /v1/presets": {"items": [{"name": "p3-bar", "title": {"zh-Hans": "酒吧投诉", "en": "Bar complaints"}}]},
        "GET /v1/drafts": {"items": [{name: DRAFTED[name] for name in DRAFTED if name != "document"}]},
        "POST /v1/drafts": (201, DRAFTED),
        f"GET /v1/drafts/{DRAFT}": DRAFTED,
        f"GET /v1/drafts/{DRAFT}/yaml": {"yaml": "procedure: linjiang\nlimits: []\n"},
        f"GET /v1/drafts/{DRAFT}/changes": {"items": [{"section": "limits", "id": "on-site", "words": CHANGED}]},
        f"PUT /v1/drafts/{DRAFT}": DRAFTED,
        f"DELETE /v1/drafts/{DRAFT}": lambda _: httpx.Response(204),
        f"POST /v1/drafts/{DRAFT}/check": {"mistakes": [], "warnings": [{"path": "survey", "message": "not told"}]},
        f"POST /v1/drafts/{DRAFT}/publish": (201, {"version": 4, "active_from": ago(), "warnings": []}),
        "GET /v1/procedure": {"version": 3, "active_from": "2026-01-01T00:00:00Z", "document": PROCEDURE},
        **operations(parked=0),
    }


def intake() -> dict[str, Any]:
    filed = {
        "complaint_id": CASE,
        "number": "LJ-261121-0042",
        "tracking_secret": "K7QM-3F9T",
        "received_at": ago(),
        "registered_at": ago(),
    }
    return {
        "POST /v1/public/linjiang/complaints": (201, filed),
        "POST /v1/public/linjiang/attachments": (
            201,
            {
                "attachment_id": FILE,
                "sha256": "ab" * 32,
                "size": 3,
                "content_type": "image/jpeg",
                "name": "a.jpg",
            },
        ),
        "POST /v1/public/linjiang/progress": PROGRESS,
        "POST /v1/public/linjiang/progress/messages": (201, {}),
        "POST /v1/public/linjiang/progress/withdraw": {},
        "POST /v1/complaints": (201, filed),
        "GET /v1/complaints": {
            "items": [{"complaint_id": CASE, "number": "LJ-261121-0042"}],
            "next_cursor": None,
        },
        f"GET /v1/complaints/{CASE}": COMPLAINT,
        f"GET /v1/complaints/{CASE}/standing": {"recognisable": True, "items": [], "past": [], "may_set": True},
        f"POST /v1/complaints/{CASE}/standing": (201, {}),
        f"POST /v1/complaints/{CASE}/standing/{STANDING}/lift": {},
        f"POST /v1/complaints/{CASE}/full-view": COMPLAINT
        | {"contact": {"name": "陈立国", "phone": "13800138000", "email": "chen@example.com", "unit": "1203"}},
        f"POST /v1/complaints/{CASE}/attachments": (201, {"attachment_id": KEPT, "name": "a.jpg"}),
        f"POST /v1/complaints/{CASE}/references": (201, {"items": []}),
        f"PUT /v1/complaints/{CASE}/references/{REFERENCE}": {"items": []},
        f"POST /v1/complaints/{CASE}/references/{REFERENCE}/handed-back": {"items": []},
        f"GET /v1/complaints/{CASE}/attachments/{FILE}": lambda _: httpx.Response(
            200, content=b"<script>", headers={"Content-Type": "text/html", "Set-Cookie": "stolen=1"}
        ),
        **operations(parked=0),
    }


def dispatch() -> dict[str, Any]:
    steps = {f"POST /v1/cases/{CASE}/{step}": DETAILS for step in STEPS}
    return {
        "GET /v1/cases": {"items": ROWS, "next_cursor": "page-2"},
        f"GET /v1/cases/{CASE}": DETAILS,
        "GET /v1/compensation/checks": {"items": [LEDGER_CHECK]},
        "GET /v1/roster": {"entries": SHIFTS, "revision": 5},
        "GET /v1/roster/now": {"items": ON_DUTY},
        "GET /v1/roster/absences": {"items": [AWAY]},
        "PUT /v1/roster": {"entries": SHIFTS, "revision": 6},
        "POST /v1/roster/absences": (201, AWAY),
        f"DELETE /v1/roster/absences/{ABSENCE}": {"items": []},
        **steps,
        "POST /v1/procedures/try": BECAME,
        "POST /v1/procedures/preview": ROUTED,
        **operations(parked=1),
    }


def sla() -> dict[str, Any]:
    return {
        f"GET /v1/complaints/{CASE}/clocks": {"items": CLOCKS},
        "GET /v1/promises": {"items": CLOCKS[:2]},
        "POST /v1/deadlines/try": {"items": [ON_SITE_DUE]},
        "POST /v1/deadlines/preview": MOVED,
        **operations(parked=0),
    }


def notify() -> dict[str, Any]:
    return {
        f"GET /v1/complaints/{CASE}/notices": {"items": NOTICES},
        f"POST /v1/deliveries/{DELIVERY}/send-again": NOTICES[1] | {"state": "planned"},
        "POST /v1/public/surveys": SURVEY,
        "POST /v1/public/surveys/answers": SURVEY | {"score": 4},
        **operations(parked=0),
    }


def reporting() -> dict[str, Any]:
    return {
        "GET /v1/kpis": KPIS,
        "GET /v1/callbacks": {"items": [DRAW | {"called": 1, "satisfaction": ONE_OF_ONE}]},
        "GET /v1/reviews": {"items": [DRAW | {"every": "half-year", "reviewed": 1, "kept": ONE_OF_ONE}]},
        f"GET /v1/callbacks/{CASE}": drawn(reached=True, satisfied=True),
        f"GET /v1/reviews/{CASE}": drawn(kept=True),
        f"PUT /v1/callbacks/{CASE}/complaints/{CASE}": {},
        f"PUT /v1/reviews/{CASE}/complaints/{CASE}": {},
        "GET /v1/typical-cases": {"items": [TYPICAL], "changes": [TYPICAL]},
        f"PUT /v1/typical-cases/{CASE}": {},
        "GET /v1/disclosure/linjiang": DISCLOSURE,
        **operations(parked=0),
    }


def drawn(**outcome: Any) -> dict[str, Any]:
    """One that is done and one that is still to be done."""
    case = {"complaint_id": CASE, "number": "2611-0847-3391", "department": "engineering", "closed_at": ago(days=30)}
    done = case | {"by": "p1", "at": ago(days=2), "note": None} | outcome
    return DRAW | {"population": [CASE] * 9, "drawn": [done, case]}


def operations(parked: int) -> dict[str, Any]:
    event = {
        "event_id": EVENT,
        "source": "intake",
        "type": "complaint.registered.v1",
        "tenant_id": "t1",
        "subject": CASE,
        "sequence": 1,
        "attempts": 8,
        "error": "NoSuchDepartment: garden",
        "received_at": ago(hours=2),
    }
    line = {
        "at": ago(hours=2),
        "kind": "said",
        "source": "intake",
        "type": "complaint.registered.v1",
        "state": "sent",
        "attempts": 1,
        "trace": TRACE,
    }
    return {
        "GET /v1/ops/queues": {
            "outbox": {"waiting": 2, "oldest_seconds": 0.4},
            "inbox": {"due": 1, "oldest_seconds": 3.2, "parked": parked},
        },
        "GET /v1/ops/parked": {"items": [event] * parked},
        f"POST /v1/ops/parked/{EVENT}/replay": (202, {}),
        f"GET /v1/ops/timeline/{CASE}": {"items": [line]},
    }


STEPS = ("accept", "refuse", "milestones", "transfer", "reclassify", "assign", "result", "close")

FORM = {
    "tenant": {
        "slug": "linjiang",
        "name": "临江苑酒店",
        "kind": "hotel",
        "language": "zh-Hans",
        "time_zone": "Asia/Shanghai",
    },
    "categories": [
        {"id": "facilities", "name": {"zh-Hans": "设施维修", "en": "Facilities"}},
        {"id": "safety", "name": {"zh-Hans": "安全", "en": "Safety"}},
        {"id": "attitude", "name": {"zh-Hans": "服务态度", "en": "Staff attitude"}},
    ],
    "required": {"web": ["text", "name", "contact"], "phone": ["text", "name", "phone"]},
    "anonymous": {"allowed": True, "answer_ways": ["sms", "notice_board", "none"]},
    "places": [{"id": "pl1", "label": "主楼 1203"}, {"id": "pl2", "label": "主楼 大堂"}],
}

PROCEDURE = {
    "categories": [
        {
            "id": "facilities",
            "name": {"zh-Hans": "设施维修", "en": "Facilities"},
            "department": "engineering",
        },
        {"id": "safety", "name": {"zh-Hans": "安全", "en": "Safety"}, "department": "security"},
        {
            "id": "attitude",
            "name": {"zh-Hans": "服务态度", "en": "Staff attitude"},
            "department": "customer_service",
        },
    ],
    "urgencies": [
        {"id": "urgent", "name": {"zh-Hans": "紧急", "en": "Urgent"}},
        {"id": "general", "name": {"zh-Hans": "一般", "en": "General"}},
    ],
    "departments": [
        {"id": "engineering", "name": {"zh-Hans": "工程部", "en": "Engineering"}},
        {"id": "security", "name": {"zh-Hans": "安保部", "en": "Security"}},
        {"id": "customer_service", "name": {"zh-Hans": "客服部", "en": "Customer service"}},
    ],
    "steps": [{"milestone": "spare_part", "name": {"zh-Hans": "配件到货", "en": "Spare part arrived"}}],
    "intake": {"required": {"default": ["text", "name", "contact"], "phone": ["text", "name", "phone"]}},
}

DRAFTED = {
    "id": DRAFT,
    "name": "春季修订",
    "base_version": 3,
    "revision": 5,
    "updated_at": ago(hours=1),
    "updated_by": "p1",
    "document": PROCEDURE | {"limits": [{"id": "on-site", "name": {"zh-Hans": "到场", "en": "On site"}}]},
}
CHANGED = {"zh-Hans": "时限 *on-site*：期限由4h改为2h", "en": "Limit *on-site*: within 4h becomes 2h"}
BECAME = {
    "category": "facilities",
    "confidence": 0.8,
    "urgency": "urgent",
    "major": False,
    "department": "engineering",
    "alerts": ["department_head"],
    "joint": ["security"],
    "lanes": ["at-once"],
    "reasons": [{"rule": "leaks", "why": {"zh-Hans": "提到“漏水”", "en": "mentions “leak”"}}],
    "assignee": {"id": "p2", "name": "Tom Reid"},
    "assigned_as": {"zh-Hans": "当班人员", "en": "on duty"},
}
ON_SITE_DUE = {
    "limit_id": "on-site",
    "name": {"zh-Hans": "到场", "en": "On site"},
    "milestone_from": "received",
    "milestone_to": "on_site",
    "due_at": ahead(hours=2),
    "explanation": [{"zh-Hans": "两小时", "en": "two hours"}],
}
ROUTED = {
    "cases": 2,
    "cases_changed": 1,
    "more_cases": False,
    "next_cursor": None,
    "changes": {"department": 1, "urgency": 1, "rules": 1},
    "items": [
        {
            "complaint_id": CASE,
            "number": "LJ-261121-0042",
            "received_at": ago(hours=5),
            "procedure_version": 3,
            "changes": {
                "department": {"before": "security", "after": "engineering"},
                "urgency": {"before": "general", "after": "urgent"},
                "rules": {"before": [], "after": ["leaks"]},
            },
        }
    ],
}
MOVED = {
    "cases": 2,
    "cases_changed": 2,
    "more_cases": False,
    "next_cursor": None,
    "late_before": 0,
    "late_after": 1,
    "items": [
        {
            "complaint_id": each,
            "received_at": ago(hours=hours),
            "department": "security",
            "limit_id": "on-site",
            "due_before": None,
            "due_after": ago(hours=hours - 2),
            "late_before": None,
            "late_after": True,
        }
        for each, hours in ((CASE, 5), (SECOND, 4))
    ],
}

PROGRESS = {
    "complaint_id": CASE,
    "number": "LJ-261121-0042",
    "stage": "on_site",
    "registered_at": ago(hours=5),
    "closed_at": None,
    "text": "1203 房空调漏水，地毯全湿了，凌晨打了两次电话都没人来。",
    "timeline": [
        {"at": ago(hours=5), "milestone": "received"},
        {"at": ago(hours=5), "milestone": "registered"},
        {"at": ago(hours=4.9), "milestone": "routed"},
        {"at": ago(hours=4), "milestone": "accepted"},
        {"at": ago(hours=3), "milestone": "on_site"},
    ],
    "messages": [
        {"at": ago(hours=2), "author": "staff", "text": "师傅已经关闭水阀，正在更换排水管，地毯下午更换。"},
        {"at": ago(hours=1), "author": "complainant", "text": "好的，请在四点前完成，我要接待客人。"},
    ],
    "result": None,
    "prevention": None,
    "promised_by": ahead(hours=3),
    "waits_for": None,
    "permit": "permit-of-intake",
}

COMPLAINT = {
    "complaint_id": CASE,
    "number": "LJ-261121-0042",
    "channel": "web",
    "language": "zh-Hans",
    "received_at": ago(hours=5),
    "registered_at": ago(hours=5),
    "text": "1203 房空调漏水，地毯全湿了，凌晨打了两次电话都没人来。请联系 138****8000。",
    "happened_at": ago(hours=9),
    "impact": "孩子没法睡觉。",
    "asked_for": "马上修好，并更换地毯。",
    "contact": {"name": "陈**", "phone": "138****8000", "email": "c***@example.com", "unit": "12**"},
    "anonymous": False,
    "answer_by": ["sms"],
    "messages": [{"at": ago(hours=1), "author": "complainant", "channel": "web", "text": "请在四点前完成。"}],
    "attachments": [{"attachment_id": FILE, "name": "漏水照片.jpg", "size": 482113, "content_type": "image/jpeg"}],
    "case_files": [{"attachment_id": KEPT, "name": "付款凭证.jpg", "size": 9000, "content_type": "image/jpeg"}],
    "references": [],
}


def row(number: str, id: str = CASE, **facts: Any) -> dict[str, Any]:
    return {
        "complaint_id": id,
        "number": number,
        "channel": "web",
        "category": "facilities",
        "urgency": "urgent",
        "major": False,
        "vip": False,
        "department": "engineering",
        "assignee": {"id": "p1", "name": "周敏"},
        "state": "accepted",
        "summary": "1203 房空调漏水，地毯全湿了，凌晨打了两次电话都没人来。",
        "place_label": "主楼 1203",
        "received_at": ago(hours=5),
        "next_due_at": ahead(minutes=35),
        "next_due_limit": "on_site_2h",
        "near_limit": True,
        "breached": False,
    } | facts


ROWS = [
    row(
        "LJ-261121-0039",
        SECOND,
        next_due_at=ago(hours=1, minutes=20),
        near_limit=False,
        breached=True,
        category="safety",
        department="security",
        summary="消防通道被施工材料堵住，电梯口的烟感一直在响。",
        place_label="东区 2 号楼",
        major=True,
        next_due_limit="到场 2 小时",
    ),
    row("LJ-261121-0042", next_due_limit="初步措施 4 小时"),
    row(
        "LJ-261120-0031",
        SECOND,
        channel="phone",
        category="attitude",
        urgency="general",
        department="customer_service",
        vip=True,
        next_due_at=ahead(hours=19),
        near_limit=False,
        assignee=None,
        summary="The night receptionist hung up on me twice and refused to give a name.",
        next_due_limit="联系 24 小时",
    ),
    row(
        "LJ-261118-0012",
        SECOND,
        channel="ota",
        urgency="non_urgent",
        next_due_at=None,
        near_limit=False,
        state="closed",
        next_due_limit=None,
        summary="早餐品种太少，建议增加素食。",
    ),
]

DETAILS = ROWS[1] | {
    "reasons": [
        {
            "rule": "category-default",
            "why": {
                "zh-Hans": "类别为设施维修，默认由工程部负责",
                "en": "Facilities go to engineering by default",
            },
        },
        {
            "rule": "words-water",
            "why": {
                "zh-Hans": "文字中出现“漏水”，紧急程度定为紧急",
                "en": "The text mentions a leak, so it is urgent",
            },
        },
    ],
    "procedure_version": 3,
    "milestones": [
        {"milestone": "received", "at": ago(hours=5), "by": None, "note": None, "department": None},
        {"milestone": "registered", "at": ago(hours=5), "by": None, "note": None, "department": None},
        {"milestone": "routed", "at": ago(hours=4.9), "by": None, "note": None, "department": "engineering"},
        {
            "milestone": "accepted",
            "at": ago(hours=4),
            "by": {"id": "p1", "name": "周敏"},
            "note": None,
            "department": "engineering",
        },
        {
            "milestone": "on_site",
            "at": ago(hours=3),
            "by": {"id": "p1", "name": "周敏"},
            "note": "排水管堵塞，冷凝水倒流。",
            "department": "engineering",
        },
    ],
    "people": {
        "assignee": {"id": "p1", "name": "周敏"},
        "head": {"id": "p5", "name": "何工"},
        "coordinator": {"id": "p6", "name": "Lin Wei"},
    },
    "transfers": [
        {
            "at": ago(hours=4.5),
            "from_department": "customer_service",
            "to_department": "engineering",
            "by": {"id": "p6", "name": "Lin Wei"},
            "reason": "需要维修",
            "handover": "客人已换到 1205，贵重物品已移走，承诺今天修好。",
        }
    ],
    "results": [],
    "escalations": [
        {
            "at": ago(hours=2),
            "level": 1,
            "to_role": "department_head",
            "people": [{"id": "p5", "name": "何工"}],
            "limit_id": "first_measures_4h",
            "reason": None,
        }
    ],
    "next_steps": [
        {"action": "milestone", "milestone": "first_measures", "required": ["note"]},
        {"action": "milestone", "milestone": "cause_found", "required": ["note"]},
        {"action": "milestone", "milestone": "spare_part", "required": []},
        {"action": "transfer", "required": ["to_department", "reason", "handover"]},
        {"action": "reclassify", "required": ["reason"], "one_of": ["category", "urgency"]},
        {"action": "assign", "required": ["person_id", "reason"]},
        {"action": "result", "required": ["text", "prevention"]},
        {"action": "close", "required": ["outcome"], "outcomes": ["solved", "unfounded"]},
    ],
    "evidence_count": 14,
}

CLOCKS = [
    {
        "clock_id": "c1",
        "limit_id": "on_site_2h",
        "name": {"zh-Hans": "紧急投诉 2 小时到场", "en": "On site within 2 hours"},
        "milestone_from": "registered",
        "milestone_to": "on_site",
        "started_at": ago(hours=5),
        "due_at": ago(hours=3),
        "warn_at": ago(hours=3.4),
        "state": "met",
        "met_at": ago(hours=3.1),
        "provisional": False,
        "binding": False,
        "explanation": [],
    },
    {
        "clock_id": "c2",
        "limit_id": "first_measures_4h",
        "name": {"zh-Hans": "4 小时内采取初步措施", "en": "First measures within 4 hours"},
        "milestone_from": "registered",
        "milestone_to": "first_measures",
        "started_at": ago(hours=5),
        "due_at": ahead(minutes=35),
        "warn_at": ago(minutes=20),
        "state": "warned",
        "met_at": None,
        "provisional": False,
        "binding": True,
        "explanation": [
            {"zh-Hans": "从登记时起算", "en": "Counted from registration"},
            {
                "zh-Hans": "4 小时，不计暂停的 1 小时 35 分",
                "en": "4 hours, without the pause of 1 hour 35 minutes",
            },
        ],
    },
    {
        "clock_id": "c3",
        "limit_id": "survey_3wd",
        "name": {"zh-Hans": "3 个工作日内回访", "en": "Survey within 3 working days"},
        "milestone_from": "closed",
        "milestone_to": "surveyed",
        "started_at": ago(hours=5),
        "due_at": ahead(days=3),
        "warn_at": ahead(days=2),
        "state": "running",
        "met_at": None,
        "provisional": True,
        "binding": False,
        "explanation": [{"zh-Hans": "当日不计，第三个工作日结束", "en": "The day itself is not counted"}],
    },
]

NOTICES = [
    {
        "notice_id": "n1",
        "kind": "registered",
        "to": "complainant",
        "channel": "sms",
        "state": "delivered",
        "attempts": 1,
        "handed_at": ago(hours=4.95),
        "delivered_at": ago(hours=4.9),
        "error": None,
    },
    {
        "notice_id": "n2",
        "delivery_id": DELIVERY,
        "kind": "warned",
        "to": "head",
        "channel": "email",
        "state": "failed",
        "attempts": 3,
        "handed_at": ago(minutes=18),
        "delivered_at": None,
        "error": "550 mailbox full",
    },
]

SURVEY = {
    "tenant": "linjiang",
    "number": "LJ-261121-0042",
    "question": {"zh-Hans": "您对处理结果满意吗？", "en": "Are you satisfied with the result?"},
    "scale": 5,
    "score": None,
    "comment": None,
    "answered_at": None,
    "open": True,
}

KPIS = {
    "from": "2026-11-01",
    "to": "2026-11-21",
    "complaints": 128,
    "closed": 112,
    "open": 16,
    "breaches": 9,
    "timely": {"numerator": 104, "denominator": 112, "rate": 0.9286},
    "satisfaction": {"numerator": 71, "denominator": 80, "rate": 0.8875},
    "handling_minutes": {"median": 410, "p90": 2880, "count": 112},
    "first_response_minutes": {"median": 22, "p90": 95, "count": 128},
    "by_channel": [{"key": "web", "count": 61}, {"key": "phone", "count": 48}, {"key": "ota", "count": 19}],
    "by_category": [
        {"key": "facilities", "count": 70, "timely": {"numerator": 60, "denominator": 66, "rate": 0.909}},
        {"key": "attitude", "count": 40, "timely": {"numerator": 36, "denominator": 37, "rate": 0.973}},
        {"key": "safety", "count": 18, "timely": {"numerator": 8, "denominator": 9, "rate": 0.889}},
    ],
    "by_department": [
        {"key": "engineering", "count": 70},
        {"key": "customer_service", "count": 40},
        {"key": "security", "count": 18},
    ],
    "series": [
        {
            "day": f"2026-11-{day:02}",
            "registered": 4 + day * 7 % 6,
            "closed": 3 + day * 5 % 6,
            "breached": day % 4 == 0,
        }
        for day in range(1, 22)
    ],
}


def span(id: str, parent: str | None, service: str, name: str, starts_ms: float, ms: float) -> dict[str, Any]:
    return {
        "trace_id": TRACE,
        "span_id": id,
        "parent_id": parent,
        "service": service,
        "name": name,
        "started_at": (NOW - timedelta(minutes=5) + timedelta(milliseconds=starts_ms)).timestamp(),
        "duration_ms": ms,
        "attributes": {"complaint": CASE},
    }


def spans_asked_for(request: httpx.Request) -> tuple[int, dict[str, Any]]:
    """Of a trace or a complaint all spans, else the first of each trace."""
    if "recent" in request.url.params:
        return 200, {"items": SPANS[:1]}
    return 200, {"items": SPANS if request.url.params.get("trace", TRACE) == TRACE else []}


SPANS = [
    span("a1", None, "portal", "POST /t/<slug>", 0, 42.5),
    span("a2", "a1", "intake", "POST /v1/public/<slug>/complaints", 6, 31.0),
    span("a3", "a2", "intake", "relay complaint.registered.v1", 45, 8.0),
    span("a4", "a3", "dispatch", "open_case", 58, 19.5),
    span("a5", "a4", "sla", "start_clocks", 84, 12.0),
    span("a6", "a4", "notify", "plan_notice", 86, 9.0),
    span("a7", "a6", "notify", "send sms", 110, 120.0),
    span("a8", "a4", "reporting", "count_opened", 90, 4.0),
]


def shift(person: str, role: str, start: str, end: str) -> dict[str, str]:
    return {"person_id": person, "department": "engineering", "role": role, "starts_at": start, "ends_at": end}


SHIFTS = [
    shift("p1", "duty", "2026-11-16T00:00:00+00:00", "2026-11-16T12:00:00+00:00"),
    shift("p2", "duty", "2026-11-21T12:00:00+00:00", "2026-11-22T00:00:00+00:00"),
    shift("p1", "duty_manager", "2026-11-21T00:00:00+00:00", "2026-11-21T16:00:00+00:00"),
    shift("p1", "duty", "2026-11-23T00:00:00+00:00", "2026-11-23T12:00:00+00:00"),
]
ON_DUTY = [
    {
        "department": "engineering",
        "rostered": True,
        "on_duty": [{"id": "p1", "name": "周敏", "in_place_of": {"id": "p2", "name": "Tom Reid"}}],
        "duty_managers": [{"id": "p1", "name": "周敏"}],
    },
    {"department": "security", "rostered": False, "on_duty": [], "duty_managers": []},
]
AWAY = {
    "absence_id": ABSENCE,
    "person": {"id": "p2", "name": "Tom Reid"},
    "starts_at": ago(hours=5),
    "ends_at": ahead(days=2),
    "substitute": {"id": "p1", "name": "周敏"},
}

LEDGER_CHECK = {
    "check_id": CASE,
    "every": "half-year",
    "from": "2026-01-01",
    "to": "2026-06-30",
    "checked_at": ago(days=140),
    "entries": 2,
    "totals": [{"currency": "CNY", "state": "paid", "entries": 2, "amount": 12_050, "paid": 12_050}],
    "differences": [{"complaint_id": CASE, "number": "2611-0847-3391", "what": "paid", "ledger": "600", "case": "700"}],
}
ONE_OF_ONE = {"numerator": 1, "denominator": 1, "rate": 1.0}
DRAW = {
    "draw_id": CASE,
    "every": "month",
    "from": "2026-10-01",
    "to": "2026-10-31",
    "share_percent": 20,
    "drawn": 2,
    "drawn_at": ago(days=20),
}
TYPICAL = {
    "complaint_id": CASE,
    "number": "2611-0847-3391",
    "title": "LJ-2611",
    "text": "2611",
    "published": True,
    "by": "p1",
    "at": ago(days=2),
}


def disclosed(first: str, received: int, timely: float | None) -> dict[str, Any]:
    return {
        "from": first,
        "figures": [
            {"name": "received", "kind": "count", "value": received},
            {"name": "closed", "kind": "count", "value": received},
            {"name": "completion_rate", "kind": "rate", "value": 0.9},
            {"name": "timely_rate", "kind": "rate", "value": timely},
            {"name": "handling_time", "kind": "minutes", "value": 320.0},
        ],
    }


DISCLOSURE = {
    "every": "month",
    "periods": [disclosed("2026-10-01", 42, 0.952), disclosed("2026-09-01", 3, None)],
    "cases": [{"title": "2611", "text": "2611"}],
}
