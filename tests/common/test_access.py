"""Who may do what, and which tokens count (RFC 8725)."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from libs.common.auth import ISSUERS, Issuer, NotAuthentic, Principal, PublicKeys, make_keys

STAFF = ("front_line", "supervisor", "coordinator", "manager", "auditor")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/public", {*STAFF, "admin", "operator", "nobody", "notify"}),
        ("/v1/staff", {*STAFF, "admin"}),
        ("/v1/admin", {"admin"}),
        ("/v1/operator", {"operator"}),
        ("/v1/contact", {"notify"}),
        ("/v1/managers", {"manager", "supervisor"}),
    ],
)
def test_each_part_is_open_to_those_it_names(client, token, path, allowed):
    tokens = {role: token(role) for role in (*STAFF, "admin", "operator")}
    tokens |= {"notify": token(issuer="notify", scopes=("contact",)), "nobody": ""}
    answered = {who: client.get(path, headers=bearer(tokens[who])).status_code for who in tokens}
    assert {who for who, status in answered.items() if status == 200} == allowed
    assert set(answered.values()) <= {200, 401, 403}


def test_a_scope_opens_its_own_door_only(client, token):
    other = token(issuer="notify", scopes=("address",))
    assert client.get("/v1/contact", headers=bearer(other)).status_code == 403


def test_a_service_is_no_operator_though_its_token_says_so(client, token):
    pretending = token("operator", "admin", issuer="notify", scopes=("contact",))
    assert client.get("/v1/operator", headers=bearer(pretending)).status_code == 403
    assert client.get("/v1/admin", headers=bearer(pretending)).status_code == 403


def test_a_token_opens_its_own_tenant_only(client, token, service, tenant):
    client.post("/v1/notes", json={"text": "mine"}, headers=bearer(token("front_line")))
    theirs = client.get("/v1/notes", headers=bearer(token("front_line", of=uuid4())))
    assert theirs.json["count"] == 0


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "bearer x", "Token a.b.c", "Bearer a.b.c.d"])
def test_what_is_no_token_is_not_authentic(client, header):
    assert client.get("/v1/staff", headers={"Authorization": header}).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": 0},
        {"exp": "tomorrow"},
        {"aud": None},
        {"aud": "elsewhere"},
        {"iss": None},
        {"iss": "notify"},
        {"tid": None},
        {"tid": "everybody"},
        {"sub": "nobody"},
        {"roles": None},
        {"roles": 7},
    ],
    ids=str,
)
def test_a_claim_that_is_missing_or_wrong_is_not_authentic(client, keys, claims):
    assert refused(client, keys.signed(claims=claims))


@pytest.mark.parametrize(
    "header",
    [
        {"kid": None},
        {"kid": "unknown"},
        {"kid": "../../etc/passwd"},
        {"kid": ["tenants"]},
        {"kid": {}},
        {"alg": "none"},
        {"alg": "EdDSA"},
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
    ],
    ids=str,
)
def test_a_header_that_is_missing_or_wrong_is_not_authentic(client, keys, header):
    assert refused(client, keys.with_header(header))


def test_a_good_token_made_the_same_way_is_authentic(client, keys):
    assert not refused(client, keys.signed())
    assert not refused(client, keys.with_header({}))


def test_an_unsigned_token_is_not_authentic(client, keys):
    head, body, signature = keys.signed().split(".")
    assert refused(client, f"{part({'alg': 'none', 'kid': keys.kid})}.{body}.")
    assert refused(client, f"{head}.{body}.")


def test_a_changed_token_is_not_authentic(client, keys):
    head, body, signature = keys.signed().split(".")
    assert refused(client, f"{head}.{part(keys.claims | {'roles': ['admin']})}.{signature}")


def test_the_public_key_is_no_shared_secret(client, keys):
    """HS256 signed with what everybody may know."""
    secret = OctKey.import_key(keys.public["x"])
    header = {"alg": "HS256", "kid": keys.kid}
    assert refused(client, jwt.encode(header, keys.claims, secret, algorithms=["HS256"]))


def test_another_key_under_a_known_name_is_not_authentic(client, keys):
    assert refused(client, keys.signed(key=OKPKey.generate_key("Ed25519")))


@pytest.mark.parametrize("place", ["jwk", "jku", "x5u"])
def test_a_token_brings_no_key_along(client, keys, place):
    own = OKPKey.generate_key("Ed25519")
    brought = {"jwk": own.as_dict(private=False), "jku": "https://keys.example/jwks", "x5u": "https://keys.example/x"}
    assert refused(client, keys.signed(key=own, header={place: brought[place]}))


def test_a_service_cannot_sign_for_the_people(client, keys, keys_folder):
    """`kid` of another issuer: the key is known, but it is not the one of `iss`."""
    notify = OKPKey.import_key(json.loads((keys_folder / "notify.private.json").read_text()))
    assert refused(client, keys.signed(key=notify, header={"kid": notify.kid}))


@pytest.mark.parametrize("head", [b"[]", b'"x"', b"7", b"null", b"\xff", b"{", b"[" * 3000, b'{"kid":' * 3000])
def test_a_header_that_is_no_object_is_not_authentic(client, head):
    garbage = urlsafe_b64encode(head).decode().rstrip("=")
    assert refused(client, f"{garbage}.e30.e30")


def test_a_token_ends_when_it_ends(client, token, service):
    signed = token("front_line")
    service.clock.advance(minutes=10)
    assert refused(client, signed)
    service.clock.advance(seconds=-1)
    assert not refused(client, signed)


def test_what_was_signed_is_what_is_read(keys_folder, service, tenant):
    person = Principal(tenant, uuid4(), "李", frozenset({"admin"}), frozenset({"desk"}), frozenset(), "s-1")
    now = service.clock.now()
    signed = Issuer("tenants", keys_folder).sign(person, now, timedelta(minutes=1))
    assert PublicKeys(keys_folder).verify(signed, now) == person


def test_making_keys_again_keeps_those_that_are_there(keys_folder):
    before = (keys_folder / "public.json").read_text()
    make_keys(keys_folder)
    assert (keys_folder / "public.json").read_text() == before
    assert '"d"' not in before
    private = [keys_folder / f"{name}.private.json" for name in ISSUERS]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in private)


def test_the_refusal_says_not_which_check_failed(keys_folder, service):
    keys = PublicKeys(keys_folder)
    for wrong in ("", "a.b.c", "x"):
        with pytest.raises(NotAuthentic) as refusal:
            keys.verify(wrong, service.clock.now())
        assert str(refusal.value) == ""


class Forge:
    """Tokens like those of the tenants service, with anything changed. None leaves a member out."""

    def __init__(self, folder, now, tenant) -> None:
        self.key = OKPKey.import_key(json.loads((folder / "tenants.private.json").read_text()))
        self.kid = self.key.kid
        self.public = self.key.as_dict(private=False)
        self.claims = {
            "iss": "tenants",
            "aud": "redress",
            "sub": str(uuid4()),
            "tid": str(tenant),
            "name": "Li",
            "roles": ["front_line"],
            "departments": [],
            "scopes": [],
            "exp": int(now.timestamp()) + 600,
        }

    def signed(self, *, claims=None, header=None, key=None) -> str:
        head = {"alg": "Ed25519", "kid": self.kid} | (header or {})
        body = {name: value for name, value in (self.claims | (claims or {})).items() if value is not None}
        registry = jwt.JWSRegistry(algorithms=["Ed25519"], strict_check_header=False)
        return jwt.encode(head, body, key or self.key, registry=registry)

    def with_header(self, changes: dict) -> str:
        """Signed by hand, so that the header may say anything."""
        head = {k: v for k, v in ({"alg": "Ed25519", "kid": self.kid} | changes).items() if v is not None}
        signed = f"{part(head)}.{part(self.claims)}"
        signature = self.key.private_key.sign(signed.encode())
        return f"{signed}.{urlsafe_b64encode(signature).decode().rstrip('=')}"


@pytest.fixture
def database() -> str:
    """What is refused at the door never reaches a database."""
    return "sqlite"


@pytest.fixture
def keys(keys_folder, service, tenant) -> Forge:
    return Forge(keys_folder, service.clock.now(), tenant)


def part(content: dict) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refused(client, token: str) -> bool:
    status = client.get("/v1/staff", headers=bearer(token)).status_code
    assert status in (200, 401)
    return status == 401
