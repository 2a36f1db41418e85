"""R15: another tenant's anything is not there. People of one firm ask every route of every service with the ids of
another that has the same people, places and partners. A route without a sample in `routes.py` fails here."""

import json
import re
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

import pytest
from werkzeug.routing import Rule

from deploy.callers import Platform as Partner
from deploy.callers import Refused
from deploy.demo_tenants import PASSWORD
from tests.journeys.neighbours import letter, move_in
from tests.journeys.routes import PERIOD, SAMPLES, samples_of

# What is for people of the platform is no firm's business: nobody of a firm gets so far as a 404.
FOR_OPERATORS = re.compile(r" (/v1/ops|/operator|/v1/tenants)")
AN_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
NEW_EACH_TIME = re.compile(r'name="(?:csrf_token|key)"[^>]*value="[^"]*"')


@pytest.mark.parametrize("service", sorted(SAMPLES))
def test_every_route_has_a_sample(service, both):
    routes = {f"{method} {rule.rule}" for rule in both.app(service).url_map.iter_rules() for method in asked_by(rule)}
    assert routes == {name.split("?")[0] for name in samples_of(service)}


@pytest.mark.parametrize("service", sorted(set(SAMPLES) - {"portal"}))
def test_a_foreign_id_is_answered_like_an_unknown_one(service, both, tokens):
    for name in with_ids(service):
        answers = [foreign_and_unknown(both, service, name, headers) for headers in tokens.values()]
        for foreign, unknown in answers:
            assert foreign == unknown, name
            assert foreign[0] in (403, 404), name
        assert FOR_OPERATORS.search(name) or any(foreign[0] == 404 for foreign, _ in answers), name


@pytest.mark.parametrize("service", sorted(set(SAMPLES) - {"portal"}))
def test_no_answer_holds_a_word_of_another_firm(service, both, tokens):
    for name, body in samples_of(service).items():
        for headers in [*tokens.values(), {}]:
            answer = ask(both, service, name, body, headers, both.asking.ids)
            assert told(both.asked, answer) == [], name


@pytest.mark.parametrize("login", ["admin", "desk", "manager"])
def test_the_screens_show_a_foreign_id_like_an_unknown_one(login, both):
    client = signed_in(both, login)
    for name in with_ids("portal"):
        foreign, unknown = (
            ask_in(client, both, "portal", name, SAMPLES["portal"][name], {}, ids)
            for ids in (both.asked.ids, nobodys())
        )
        assert foreign.status_code == unknown.status_code in (403, 404), name
        assert plain(foreign) == plain(unknown), name


@pytest.mark.parametrize("login", ["admin", "desk", "manager"])
def test_no_screen_holds_a_word_of_another_firm(login, both):
    for name, body in samples_of("portal").items():
        answer = ask_in(signed_in(both, login), both, "portal", name, body, {}, both.asking.ids)
        assert told(both.asked, answer) == [], name


@pytest.mark.parametrize("service", sorted(SAMPLES))
def test_the_same_questions_are_answered_to_the_firm_itself(service, both):
    """Else silence would prove nothing."""
    seen = 0
    for name, body in samples_of(service).items():
        if name.startswith("GET") and not FOR_OPERATORS.search(name):
            client = both.app(service).test_client()
            headers = person_of(both.asked, "manager", client, portal=service == "portal")
            answer = ask_in(client, both, service, name, body, headers, both.asked.ids)
            seen += bool(told(both.asked, answer))
    assert seen


def test_a_file_of_another_firm_is_not_behind_a_complaint_of_ones_own(both, tokens):
    mixed = both.asking.ids | {"attachment_id": both.asked.ids["attachment_id"]}
    name = "GET /v1/complaints/<uuid:complaint_id>/attachments/<uuid:attachment_id>"
    assert ask(both, "intake", name, None, tokens["manager"], both.asking.ids).status_code == 200
    assert ask(both, "intake", name, None, tokens["manager"], mixed).status_code == 404


@pytest.mark.parametrize(
    ("service", "name", "login", "body", "field"),
    [
        ("intake", "POST /v1/public/<slug>/complaints", None, {}, "place_id"),
        ("intake", "POST /v1/public/<slug>/complaints", None, {}, "attachments"),
        ("intake", "POST /v1/complaints", "desk", {}, "place_id"),
        ("intake", "POST /v1/complaints", "desk", {}, "attachments"),
        ("intake", "POST /v1/channel-accounts", "admin", {}, "place_id"),
        ("tenants", "POST /v1/places", "admin", {"kind": "building"}, "parent_id"),
        ("dispatch", "POST /v1/cases/<uuid:complaint_id>/assign", "manager", {}, "person_id"),
        (
            "dispatch",
            "POST /v1/cases/<uuid:complaint_id>/transfer",
            "manager",
            {"to_department": "security"},
            "to_person_id",
        ),
    ],
)
def test_an_id_of_another_firm_inside_a_body_is_refused(both, tokens, fresh, service, name, login, body, field):
    known = both.asked.ids | {"parent_id": both.asked.ids["place_id"], "to_person_id": both.asked.ids["person_id"]}
    foreign = [known["attachment_id"]] if field == "attachments" else known[field]
    given = samples_of(service)[name] | body | {field: foreign}
    answer = ask(both, service, name, given, tokens[login] if login else {}, fresh)
    assert answer.status_code == 422, answer.json
    assert f"#/{field}" in [error["pointer"] for error in answer.json["errors"]]


def test_a_roster_takes_no_person_of_another_firm(both, tokens):
    entry = {"person_id": both.asked.ids["person_id"], "role": "duty_manager"}
    entry |= {"starts_at": "2026-09-28T00:00:00Z", "ends_at": "2026-09-29T00:00:00Z"}
    name = "PUT /v1/roster?department=security"
    answer = ask(both, "dispatch", name, {"entries": [entry]}, tokens["manager"], {})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "#/entries/0/person_id")


@pytest.mark.parametrize("way", ["", "/messages", "/withdraw"])
def test_number_and_secret_open_nothing_at_another_firm(both, way):
    name, more = f"POST /v1/public/<slug>/progress{way}", {"text": "x"} if way == "/messages" else {}
    known = {"number": both.asked.receipt["number"], "secret": both.asked.receipt["tracking_secret"]} | more
    unknown = {"number": "2609-0000-0000", "secret": "0000-0000-0000"} | more
    answers = [without_instance(ask(both, "intake", name, body, {}, {})) for body in (known, unknown)]
    assert answers[0] == answers[1] and answers[0][0] == 404


def test_a_number_of_another_firm_finds_nothing(both, tokens):
    name = f"GET /v1/complaints?number={both.asked.receipt['number']}"
    assert ask(both, "intake", name, None, tokens["manager"], {}).json == {"items": []}


def test_neither_login_nor_key_of_another_firm_opens_this_one(both):
    slug = both.asking.firm.slug
    with both.platform.client("tenants") as tenants:
        key = tenants.post("/tokens", json={"tenant": slug, "api_key": both.asked.api_key})
        login = tenants.post("/sessions", json={"tenant": slug, "login": "only-south", "password": PASSWORD})
    assert (key.status_code, login.status_code) == (401, 401)


def test_a_page_begun_at_another_firm_shows_nothing_of_it(both, tokens):
    """Cursors of one firm, used by another, only say where to go on in one's own list."""
    lists = {
        "dispatch": ("/cases", {"view": "all", "state": "all"}),
        "reporting": ("/kpis/complaints", dict(parse_qsl(PERIOD))),
    }
    for service, (path, wanted) in lists.items():
        cursor = both.asked.firm.person("manager").get(service, path, **wanted, limit=1)["next_cursor"]
        query = urlencode(wanted | {"cursor": cursor, "limit": 200})
        answer = ask(both, service, f"GET /v1{path}?{query}", None, tokens["manager"], {})
        assert answer.status_code == 200 and told(both.asked, answer) == []


def test_one_idempotency_key_at_two_firms_is_two_complaints(both):
    body, headers = {"text": "同样的话", "anonymous": True, "answer_by": ["none"]}, {"Idempotency-Key": "the same"}
    with both.platform.client("intake") as intake:
        numbers = {
            intake.post(f"/public/{each.firm.slug}/complaints", json=body, headers=headers).json()["number"]
            for each in (both.asked, both.asking)
        }
    assert len(numbers) == 2


def test_partners_ids_known_at_one_firm_are_new_at_another(both):
    """Both firms took the same review and the same mail; each has two complaints of its own from them."""
    for each in (both.asked, both.asking):
        cases = each.firm.person("manager").get("dispatch", "/cases", view="all", state="all", limit=200)["items"]
        assert {"ota", "email"} <= {case["channel"] for case in cases}


def test_a_mail_at_another_firms_door_joins_no_complaint(both):
    number = both.asked.receipt["number"]
    before = view(both.asked)
    both.asking.doors["mail"].mail(letter("再说一句", subject=f"Re: {number}", message_id="2"))
    assert view(both.asked) == before


def test_a_platform_cannot_sign_for_another_firm(both):
    mixed = Partner(both.platform.client, both.asked.doors["ota"].door, both.asking.doors["ota"].secret)
    with pytest.raises(Refused, match="401"):
        mixed.push("ota/agoda", b"{}", both.asked.journey.now())


def test_nothing_of_the_first_firm_changed(both, tokens):
    before = view(both.asked)
    for service in sorted(set(SAMPLES) - {"portal"}):
        for name in with_ids(service):
            for headers in tokens.values():
                ask(both, service, name, samples_of(service)[name], headers, both.asked.ids)
    both.asked.journey.rest()
    assert view(both.asked) == before


@pytest.fixture(scope="module")
def both():
    neighbours = move_in()
    yield neighbours
    neighbours.platform.stop()


@pytest.fixture(scope="module")
def tokens(both):
    return both.tokens()


@pytest.fixture(scope="module")
def fresh(both):
    """A case of the asking firm that nobody has touched."""
    about = both.asking.firm.guest().complain("302室漏水", anonymous=True, answer_by=["none"])
    both.asking.journey.rest()
    return {"complaint_id": about["complaint_id"]}


def asked_by(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def with_ids(service: str) -> list[str]:
    return [name for name in samples_of(service) if "<uuid:" in name]


def nobodys() -> dict[str, str]:
    return {}


def ask(both, service, name, body, headers, ids):
    return ask_in(both.app(service).test_client(), both, service, name, body, headers, ids)


def ask_in(client, both, service, name, body, headers, ids):
    """`ids` for the path by name; what is not among them is an id of nothing."""
    method, path = name.split(" ", 1)
    values = {"slug": both.asking.firm.slug, "action": "accept", "service": "intake"}
    address = re.sub(
        r"<(?:(uuid|slug):)?(\w+)>",
        lambda found: ids.get(found[2], str(uuid4())) if found[1] == "uuid" else values.get(found[2], "none"),
        re.sub(r"<int:\w+>", "1", path),
    )
    sent = {"data": body} if service == "portal" else {"json": body}
    return client.open(address, method=method, headers=headers, **(sent if body is not None else {}))


def foreign_and_unknown(both, service, name, headers):
    body = samples_of(service)[name]
    return [without_instance(ask(both, service, name, body, headers, ids)) for ids in (both.asked.ids, nobodys())]


def without_instance(answer):
    """All of a problem but its trace."""
    return answer.status_code, {key: value for key, value in (answer.json or {}).items() if key != "instance"}


def plain(page) -> str:
    return AN_ID.sub("…", NEW_EACH_TIME.sub("…", page.text))


def told(neighbour, answer) -> list[str]:
    """The firm's words in the answer, as they are or as JSON may write them."""
    text, written = answer.get_data().decode(errors="replace"), json.dumps(neighbour.word)[1:-1]
    return [word for word in [*neighbour.canaries(), written] if word in text]


def person_of(neighbour, login, client=None, portal=False):
    """Headers of a signed-in person; at the portal the client keeps the sign-in."""
    if portal:
        client.post("/sign-in", data={"tenant": neighbour.firm.slug, "login": login, "password": PASSWORD})
        return {}
    return {"Authorization": f"Bearer {neighbour.firm.person(login).token}"}


def signed_in(both, login):
    client = both.app("portal").test_client()
    person_of(both.asking, login, client, portal=True)
    return client


def view(neighbour) -> str:
    """What the firm itself sees of its things."""
    admin, about = neighbour.firm.person("admin"), neighbour.ids["complaint_id"]
    asked = [
        ("dispatch", f"/cases/{about}"),
        ("intake", f"/complaints/{about}"),
        ("sla", f"/complaints/{about}/clocks"),
        ("notify", f"/complaints/{about}/notices"),
        ("tenants", "/people"),
        ("tenants", "/api-keys"),
    ]
    return json.dumps([admin.get(service, path) for service, path in asked], ensure_ascii=False)
