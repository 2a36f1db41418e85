"""R17: bad input is a 4xx. Every service is asked what its own description allows and what it forbids, the public form
is sent what no description foresees, and afterwards every promise of the platform still holds."""

import json
import re
from contextlib import nullcontext, suppress
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from schemathesis import Case, GenerationMode

from deploy.callers import Platform as Partner
from deploy.callers import Refused
from libs.common.auth import ROLES, Issuer, Principal
from tests.journeys.conftest import MONDAY, Journey
from tests.journeys.neighbours import Session, bearer
from tests.platforms.embedded import Embedded
from tests.platforms.firm import open_a_firm, operator_of

SERVICES = ("tenants", "intake", "dispatch", "sla", "notify", "reporting")
# The services' own threads draw random numbers meanwhile.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Do not use the `random` module:Warning"),
]

# The same requests each time, so that a failure is one of the code and not of the day.
SEEDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FEW, MANY = settings(SEEDED, max_examples=15), settings(SEEDED, max_examples=150)

NUL, HALF, BIDI, JOINED = "\x00", "\ud800", "\u202e\u2066", "👩‍👩‍👧‍👦\u200d\ufeff"
NASTY = st.sampled_from([NUL, HALF, BIDI, JOINED, "\x1b[31m", "' OR 1=1 --", "<script>", "{number}", "%s%n", "٣", "１"])
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.characters(codec=None), max_size=30),
    st.lists(st.one_of(NASTY, st.text(max_size=5)), max_size=6).map("".join),
    NASTY.map(lambda part: part * 300),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.just(10**400)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)
FIELDS = ("text", "asked_for", "category", "place_id", "where", "happened_at", "name", "phone", "email", "attachments")
FIELDS += ("impact", "identity_number", "language", "anonymous", "answer_by", "claimed_amount", "unheard_of")
DEEP = [b"[" * 100_000, b'{"a":' * 5_000, b'{"text": ' + b"[" * 40 + b"]" * 40 + b"}"]
RIGHT = {"text": "302室漏水", "name": "李建国", "phone": "13900003333", "where": "1号楼"}
MAILS = ["text/plain; charset=gb18030", "text/html; charset=x", "multipart/mixed; boundary=a", "message/rfc822", "x"]
GARBAGE = [b"", b"\xff\xfe", b"null", b"NaN", b'"', b'{"text":"a","text":"b"}', b'{"text": 1e999}', b"\x00" * 1000]
KINDS = ["application/json", "text/plain", "multipart/form-data", "x"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_description_of_a_service_is_valid(service, served):
    validate(served.app(service).test_client().get("/v1/openapi.json").json)


@pytest.mark.parametrize("service", SERVICES)
def test_patterns_mean_the_same_to_those_who_read_the_description(service, served):
    """ECMA 262, as JSON Schema has it: anchored by themselves, without what only Python knows."""
    text = served.app(service).test_client().get("/v1/openapi.json").text
    patterns = [json.loads(found) for found in re.findall(r'"pattern":("(?:[^"\\\\]|\\\\.)*")', text)]
    assert [each for each in patterns if re.search(r"\\[AZ]|\(\?[a-zA-Z]", each) or each[0] != "^"] == []


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.name)
@pytest.mark.parametrize("service", SERVICES)
def test_what_a_description_allows_and_forbids_is_answered(service, mode, served):
    app = served.app(service)
    for found in schemathesis.openapi.from_wsgi("/v1/openapi.json", app).get_all_operations():
        operation = found.ok()

        @FEW
        @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
        def ask(case: Case, known: bool) -> None:
            if known:
                case.path_parameters = {**(case.path_parameters or {}), **served.known_in(case)}
            response = case.call(headers=served.headers(app, case))
            answered_well(response.status_code, response.headers.get("content-type", [""])[0], response.content)

        with (
            suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else nullcontext()
        ):  # nothing is forbidden there
            ask()


@MANY
@given(body=st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4), otherwise_right=st.booleans())
def test_the_public_form_refuses_or_takes_whatever_is_sent(served, body, otherwise_right):
    sent = json.dumps(RIGHT | body if otherwise_right else body, allow_nan=True)
    assert served.complain(sent.encode()) in (201, 400, 422), sent


@MANY
@given(text=TEXTS, field=st.sampled_from(["text", "where", "name", "asked_for"]))
def test_the_public_form_takes_any_words_that_can_be_kept(served, text, field):
    said = f"漏水 {text}"
    taken = storable(said) and len(said) <= 100
    assert served.complain(json.dumps(RIGHT | {field: said}).encode()) == 201 or not taken


@MANY
@given(subject=TEXTS, sender=TEXTS, body=st.one_of(st.binary(max_size=300), TEXTS), kind=st.sampled_from(MAILS))
def test_a_mail_door_takes_or_refuses_any_mail(served, subject, sender, body, kind):
    head = f"From: {sender} <a@b.example>\r\nSubject: {subject}\r\nContent-Type: {kind}\r\n\r\n"
    assert served.send(f"/v1/doors/{served.mail.door}/mail", lossy(head) + lossy(body), "message/rfc822") in (202, 422)


@MANY
@given(body=VALUES, way=st.sampled_from(["ota/agoda", "booking"]))
def test_a_platform_door_takes_or_refuses_whatever_is_signed(served, body, way):
    sent = json.dumps({"data": {"reviews": body}} if way == "booking" else body).encode()
    try:
        served.ota.push(way, sent, served.journey.now())
    except Refused as refused:
        assert re.search(r" (400|422): ", str(refused)), refused


@pytest.mark.parametrize("body", GARBAGE + DEEP, ids=lambda body: f"{body[:12]!r}…{len(body)}")
def test_what_is_no_json_is_refused(served, body):
    assert served.complain(body) in (400, 422)


@MANY
@given(body=st.binary(max_size=200), kind=st.sampled_from(KINDS))
def test_bytes_are_refused_by_every_door(served, body, kind):
    for path in ("complaints", "attachments", "progress", "progress/messages", "progress/withdraw"):
        assert served.send(f"/v1/public/qinghe/{path}", body, kind) in (400, 404, 413, 415, 422), path


@MANY
@given(name=TEXTS, value=TEXTS)
def test_any_address_is_answered(served, name, value):
    asked, wanted = quote(lossy(name), safe=""), quote(lossy(value), safe="")
    address = f"/v1/public/{asked}/complaints?{asked}={wanted}"
    answer = served.app("intake").test_client().post(address, json={"text": "x"})
    assert answer.status_code in (308, 400, 404, 405, 422)


def test_a_body_too_large_is_refused(served):
    assert served.complain(json.dumps({"text": "长" * 400_000}, ensure_ascii=False).encode()) == 413


def test_afterwards_every_promise_holds(served):
    """Nothing half done was kept, and what was taken in went its whole way."""
    served.journey.rest()


def answered_well(status: int, kind: str, content: bytes) -> None:
    """An answer, or a problem that says what is wrong and, for a field, where."""
    assert status < 500, content[:500]
    if status >= 400:
        assert kind == "application/problem+json", (status, kind)
        problem = json.loads(content)
        assert problem["detail"], problem
        assert [error for error in problem.get("errors", ()) if not (error["detail"] and names_a_place(error))] == []


def names_a_place(error: dict[str, str]) -> bool:
    """A JSON pointer, or for a Procedure the path in the document, which is empty for all of it."""
    return error["pointer"].startswith("#") or not error["pointer"].startswith("/")


def lossy(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def storable(text: str) -> bool:
    """Without NUL and half characters; two halves that meet are one character."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return NUL not in text and whole == text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


class Served:
    """A firm at work, and what may be asked of it."""

    def __init__(self, platform: Embedded) -> None:
        self.platform = platform
        self.firm = open_a_firm(platform, "qinghe")
        self.journey = Journey(platform, self.firm)
        receipt = self.firm.guest().complain("302室水管爆管", name="李建国", phone="13900003333", where="1号楼")
        self.journey.rest()
        manager, about = self.firm.person("manager"), f"/complaints/{receipt['complaint_id']}"
        session = Session(self.firm, "manager")
        self.tenant_id, self.person_id = UUID(session.tenant["id"]), UUID(session.answer["person"]["id"])
        self.ids = {
            "complaint_id": receipt["complaint_id"],
            "clock_id": manager.get("sla", f"{about}/clocks")["items"][0]["clock_id"],
            "delivery_id": manager.get("notify", f"{about}/notices")["items"][0]["delivery_id"],
            "person_id": str(self.person_id),
            "slug": "qinghe",
        }

        admin = self.firm.person("admin")
        doors = {kind: admin.post("intake", "/channel-accounts", kind=kind) for kind in ("mail", "ota")}
        self.mail, self.ota = (Partner(platform.client, door["door"], door["secret"]) for door in doors.values())

    def app(self, service: str) -> Flask:
        return self.platform.platform.services[service].app

    def known_in(self, case: Case) -> dict[str, str]:
        return {name: self.ids[name] for name in case.path_parameters or {} if name in self.ids}

    def headers(self, app: Flask, case: Case) -> dict[str, str]:
        """The token of somebody who may use this route."""
        path = case.operation.path.replace("{", "<").replace("}", ">")
        rule = next(rule for rule in app.url_map.iter_rules() if re.sub(r"<\w+:", "<", rule.rule) == path)
        access = app.blueprints[rule.endpoint.rpartition(".")[0]].access
        if access.scope:
            return bearer(
                self._signed("notify", Principal(self.tenant_id, None, "notify", scopes=frozenset({access.scope})))
            )
        roles = {"operator"} if access.roles == {"operator"} else set(ROLES) - {"operator"}
        somebody = Principal(self.tenant_id, self.person_id, "x", frozenset(roles), frozenset({"engineering"}))
        return {} if access.public else bearer(self._signed("tenants", somebody))

    def complain(self, body: bytes) -> int:
        return self.send("/v1/public/qinghe/complaints", body, "application/json")

    def send(self, path: str, body: bytes, kind: str) -> int:
        answer = self.app("intake").test_client().post(path, data=body, content_type=kind)
        if answer.status_code != 201:
            answered_well(answer.status_code, answer.content_type, answer.data)
        return answer.status_code

    def _signed(self, issuer: str, principal: Principal) -> str:
        folder = self.platform.folder / "keys"
        return Issuer(issuer, folder).sign(principal, self.platform.clock.now(), timedelta(minutes=5))


@pytest.fixture(scope="module")
def served():
    platform = Embedded()
    platform.clock_file.parent.mkdir(parents=True, exist_ok=True)
    platform.clock.begin_at(MONDAY)
    platform.start()
    operator_of(platform)
    yield Served(platform)
    platform.stop()
