"""Guests and staff at the doors of the platform: what they say, who acts, and that they insist."""

import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from libs.common.auth import Principal
from tests.simulation.faults import Killed
from tests.simulation.partners import Partner
from tests.simulation.platform import Simulated, Staff, Tenant
from tests.simulation.steps import WEIGHTS, Offer, filled, holders, path_of

TEXTS = (
    "302室空调漏水，地板都湿了",
    "The pipe in my bathroom is leaking and there is no hot water",
    "昨晚有陌生人进入楼道，很不安全",
    "前台服务态度很差，不理人",
    "Loud music from the neighbours every night",
    "着火了，走廊冒烟，快来人",
    "建议增加自行车停放处",
    "保洁没有来，房间很脏",
)
CHANNELS = ("phone", "counter", "letter", "suggestion_box")
INSISTS = 6
LINK = re.compile(r"/survey#([\w-]+)")
SCORES, CONTENT = ((1, 2, 4, 5), (1, 1, 5, 8)), 4
BEGINS_AGAIN = 0.25
PROVING_NOTHING = "sha256 NOT IN (SELECT voucher_sha256 FROM payments WHERE voucher_sha256 IS NOT NULL)"


class Surprise(AssertionError):
    """The platform answered somebody otherwise than it must."""


@dataclass
class People:
    """Guests and staff at the doors of the platform. `tell` gets a line for everything they do.

    `paid` is what staff were told was booked, by compensation; `whose` the tenant of each complaint; `said` the
    score that each complainant gave last.
    """

    platform: Simulated
    chosen: random.Random
    tell: Callable[[str], None]
    receipts: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    whose: dict[UUID, Tenant] = field(default_factory=dict)
    paid: Counter[str] = field(default_factory=Counter)
    said: dict[UUID, int] = field(default_factory=dict)
    keys: int = 0

    def complain(self, tenant: Tenant, category: str | None = None) -> UUID:
        """Somebody complains, on the web or to a member of staff; returns the complaint's id.

        With a `category`: one of many about the same thing in the same building.
        """
        number = self.chosen.randrange(10**8)
        form: dict[str, Any] = {
            "text": f"{self.chosen.choice(TEXTS)} ({number})",
            "name": "孙丽华",
            "phone": f"+86139{number:08}",
            "where": "2号楼",
            "asked_for": "请尽快处理",
            "category": category or self.chosen.choice(tenant.procedure.categories).id,
            **({"place_id": str(tenant.building_id)} if category else {}),
            "happened_at": self.platform.clock.now().isoformat(),
        }
        form |= {"email": f"guest{number}@mail.example"} if self.chosen.random() < 0.5 else {}
        if self.chosen.random() < 0.3:
            earlier = self.platform.clock.now() - timedelta(minutes=self.chosen.randrange(180))
            form |= {"channel": self.chosen.choice(CHANNELS), "received_at": earlier.isoformat()}
            receipt = self._insist("intake", "/v1/complaints", form, tenant, self.chosen.choice(tenant.staff))
        else:
            receipt = self._insist("intake", f"/v1/public/{tenant.slug}/complaints", form)
        complaint_id = UUID(receipt["complaint_id"])
        self.receipts[complaint_id], self.whose[complaint_id] = receipt, tenant
        self.tell(f"{tenant.slug}: {receipt['number']} is registered, by {form.get('channel', 'web')}")
        return complaint_id

    def write_again(self, tenant: Tenant, complaint_id: UUID) -> None:
        self._tracked(tenant, complaint_id, "messages", text="请问进展如何？")

    def withdraw(self, tenant: Tenant, complaint_id: UUID) -> None:
        self._tracked(tenant, complaint_id, "withdraw", reason="已自行解决")

    def be_away(self, tenant: Tenant) -> None:
        """Somebody is away for some days; now and then a colleague stands in."""
        person, substitute = self.chosen.sample(tenant.staff, 2)
        begins = self.platform.clock.now() + timedelta(hours=self.chosen.uniform(0, 48))
        ends = begins + timedelta(days=self.chosen.uniform(0.5, 10))
        absence = {
            "person_id": str(person.person_id),
            "starts_at": begins.isoformat(),
            "ends_at": ends.isoformat(),
            **({"substitute_id": str(substitute.person_id)} if self.chosen.random() < 0.5 else {}),
        }
        manager = next(each for each in tenant.staff if "manager" in each.roles)
        self._insist("dispatch", "/v1/roster/absences", absence, tenant, manager, fine=(422,))  # away already
        self.tell(f"{tenant.slug}: {'/'.join(person.roles)} is away until {ends:%d %b}")

    def answer_call(self, complaint_id: UUID) -> None:
        """Somebody of the lane acknowledges the case, if that is not done and it has not ended."""
        tenant = self.whose[complaint_id]
        manager = next(each for each in tenant.staff if "manager" in each.roles)
        self._insist("dispatch", f"/v1/cases/{complaint_id}/acknowledge", {}, tenant, manager, fine=(409,))
        self.tell(f"{tenant.slug}: {self.receipts[complaint_id]['number']} the lane's call is answered")

    def links_that_came(self) -> list[str]:
        """The tokens of the surveys in the mail that nobody has read yet."""
        mail = self.platform.gateways["email"]
        assert isinstance(mail, Partner)
        texts, mail.unread = [message.text for message in mail.unread], []
        return [found[1] for text in texts if (found := LINK.search(text))]

    def answer(self, token: str) -> UUID | None:
        """By the link of a survey; which complaint it was, None when the answer was not taken any more."""
        given = {"token": token, "score": self._score()}
        shown = self._insist("notify", "/v1/public/surveys/answers", given, fine=(409, 410))
        return self._has_answered(shown, given["score"])

    def answer_by_phone(self, complaint_id: UUID) -> UUID | None:
        """To a member of staff who asks."""
        tenant = self.whose[complaint_id]
        given, path = {"score": self._score(), "channel": "phone"}, f"/v1/complaints/{complaint_id}/survey"
        shown = self._insist("notify", path, given, tenant, self.chosen.choice(tenant.staff), fine=(404, 409, 410))
        return self._has_answered(shown, given["score"])

    def _score(self) -> int:
        scores, weights = SCORES
        return self.chosen.choices(scores, weights)[0]

    def _has_answered(self, shown: Mapping[str, Any], score: int) -> UUID | None:
        if "number" not in shown:
            return None
        complaint_id = next(each for each, receipt in self.receipts.items() if receipt["number"] == shown["number"])
        self.said[complaint_id] = score
        self.tell(f"{self.whose[complaint_id].slug}: {shown['number']} the complainant is satisfied: {score} of 5")
        return complaint_id

    def work_on(self, tenant: Tenant, complaint_id: UUID) -> bool:
        """Whoever has to do with the case looks at it and perhaps takes a step; False once it has ended."""
        person = self._somebody_on(tenant, complaint_id)
        case = self._page(tenant, complaint_id, person)
        if case is None:
            return True  # not opened yet, or passed on to another department just now
        offers = self._offers(case)
        if not offers:
            return case["closed_at"] is None
        [step] = self.chosen.choices([each for each, _ in offers], [weight for _, weight in offers])
        self._take(step, case, tenant, person)
        return True

    def _offers(self, case: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], float]]:
        """The steps on the case and on its parts; a closed one begins again only now and then."""
        of_parts = [{**step, "part_id": part["part_id"]} for part in case["parts"] for step in part["next_steps"]]
        known = [step for step in (*case["next_steps"], *of_parts) if step["action"] in WEIGHTS]
        if case["closed_at"] and self.chosen.random() >= BEGINS_AGAIN:
            known = [step for step in known if step["action"] != "reopen"]
        return [(step, self._weight(step)) for step in known]

    def _somebody_on(self, tenant: Tenant, complaint_id: UUID) -> Staff:
        """Mostly who has the case or its department's head, sometimes somebody of a joint part or somebody above."""
        drawn = self.chosen.random()
        involved = holders(tenant, self._ids("assignee_id FROM cases", complaint_id))
        if drawn >= 0.55:
            involved = holders(tenant, self._ids("head_id FROM cases", complaint_id))
        if drawn >= 0.65 and (at_work := self._ids("department FROM parts", complaint_id, "AND NOT lead")):
            involved = [each for each in tenant.staff if set(at_work) & set(each.departments)]
        above = [each for each in tenant.staff if not {"front_line", "supervisor"} & set(each.roles)]
        return self.chosen.choice(involved if involved and drawn < 0.8 else above)

    def _ids(self, what: str, complaint_id: UUID, further: str = "") -> list[str]:
        rows = self.platform.look_at_all(
            "dispatch", f"SELECT {what} WHERE complaint_id = '{complaint_id.hex}' {further} ORDER BY 1"
        )
        return [each for each in rows if each is not None]

    def _take(self, step: Mapping[str, Any], case: Mapping[str, Any], tenant: Tenant, person: Staff) -> None:
        complaint_id = UUID(case["complaint_id"])
        others = [
            self.receipts[each]["number"]
            for each, whose in self.whose.items()
            if whose is tenant and each != complaint_id and self._is_open(each)
        ]
        now, ends = self.platform.clock.now(), lambda limit_id: self._end_of(complaint_id, limit_id)
        vouchers = [
            str(UUID(each)) for each in self._ids("attachment_id FROM files", complaint_id, f"AND {PROVING_NOTHING}")
        ]
        given = filled(Offer(step, case, tenant, now, self.chosen, ends, others, vouchers))
        if step["action"] == "pay_compensation" and not vouchers:
            self._keep_voucher(complaint_id, tenant, person)
        if given is None:
            return
        fine = (422,) if step["action"] == "merge" else ()  # not everybody may see the other case
        self._insist("dispatch", f"/v1/cases/{complaint_id}/{path_of(step)}", given, tenant, person, fine=fine)
        if step["action"] == "pay_compensation":
            self.paid[given["compensation_id"]] += given["amount"]
        what = step.get("milestone") or given.get("outcome") or step.get("limit_id") or given.get("decision") or ""
        self.tell(f"{tenant.slug}: {case['number']} {step['action']} {what} by {'/'.join(person.roles)}")

    def _keep_voucher(self, complaint_id: UUID, tenant: Tenant, person: Staff) -> None:
        """Paid against it is another time, when it is known to dispatch. Who is new to the case may not yet."""
        path, voucher = f"/v1/complaints/{complaint_id}/attachments", f"%PDF-1.7 {self.keys}"
        self._insist("intake", path, {"file": voucher}, tenant, person, fine=(404,))
        self.tell(f"{tenant.slug}: {self.receipts[complaint_id]['number']} a voucher is kept")

    def _is_open(self, complaint_id: UUID) -> bool:
        return bool(self._ids("1 FROM cases", complaint_id, "AND closed_at IS NULL"))

    def _end_of(self, complaint_id: UUID, limit_id: str) -> datetime:
        """When the limit ends, as dispatch knows it: of several departments' clocks the one that ends first."""
        running = self._ids("due_at FROM clocks", complaint_id, f"AND limit_id = '{limit_id}' AND state <> 'breached'")
        return datetime.fromisoformat(running[0]).replace(tzinfo=UTC)

    def _weight(self, step: Mapping[str, Any]) -> float:
        """Cases end early only now and then."""
        early = step["action"] == "close" and "solved" not in step["outcomes"]
        return 1.5 if early else WEIGHTS[step["action"]]

    def _page(self, tenant: Tenant, complaint_id: UUID, person: Staff) -> dict[str, Any] | None:
        answer = self._ask("dispatch", "GET", f"/v1/cases/{complaint_id}", tenant=tenant, person=person)
        if answer.status_code not in (200, 404):
            raise Surprise(f"the case page answers {answer.status_code}: {answer.text}")
        return answer.json if answer.status_code == 200 else None

    def _tracked(self, tenant: Tenant, complaint_id: UUID, what: str, **words: str) -> None:
        receipt = self.receipts[complaint_id]
        known = {"number": receipt["number"], "secret": receipt["tracking_secret"]}
        path = f"/v1/public/{tenant.slug}/progress/{what}"
        self._insist("intake", path, known | words, fine=(409,))  # it has ended
        self.tell(f"{tenant.slug}: {receipt['number']} the complainant: {what}")

    def _insist(
        self,
        service: str,
        path: str,
        body: Mapping[str, Any],
        tenant: Tenant | None = None,
        person: Staff | None = None,
        *,
        fine: Collection[int] = (),
    ) -> dict[str, Any]:
        """Send it until it is answered, each time under the same key. Raises Surprise for a refusal not in `fine`."""
        self.keys += 1
        asked = (service, "POST", path, body, tenant, person, f"key-{self.keys}")
        return self.until_answered(service, lambda: self._ask(*asked), f"{path} with {body}", fine)

    def until_answered(
        self, service: str, send: Callable[[], TestResponse], what: str, fine: Collection[int] = ()
    ) -> dict[str, Any]:
        """Raises Surprise for a refusal not in `fine`."""
        for _ in range(INSISTS):
            try:
                answer = send()
            except Killed:
                self.platform.forget(service)
                continue
            if answer.status_code == 503:
                continue
            if answer.status_code // 100 == 2 or answer.status_code in fine:
                return dict(answer.json)
            raise Surprise(f"{what}: {answer.status_code} {answer.text}")
        raise Surprise(f"{what}: nothing was answered in {INSISTS} attempts")

    def _ask(
        self,
        service: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        tenant: Tenant | None = None,
        person: Staff | None = None,
        key: str | None = None,
    ) -> TestResponse:
        headers = {"Idempotency-Key": key} if key else {}
        if tenant and person:
            headers["Authorization"] = f"Bearer {self._token(tenant, person)}"
        client = self.platform.services[service].app.test_client()
        if body and "file" in body:
            file = FileStorage(BytesIO(body["file"].encode()), "凭证.pdf")
            boundary, data = encode_multipart({"file": file}, boundary="of-the-simulation")
            kind = f"multipart/form-data; boundary={boundary}"
            return client.open(path, method=method, data=data, content_type=kind, headers=headers)
        return client.open(path, method=method, json=body, headers=headers)

    def _token(self, tenant: Tenant, person: Staff) -> str:
        who = Principal(
            tenant.tenant_id, person.person_id, "somebody", frozenset(person.roles), frozenset(person.departments)
        )
        return self.platform.issuer.sign(who, self.platform.clock.now(), timedelta(minutes=10))
