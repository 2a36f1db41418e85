"""What is promised in one file and kept in another: routes and who may use them, senders and hearers, queues and
workers, settings and their description."""

import ast
import dataclasses
import importlib
import re
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from flask import Flask

from deploy import embedded
from libs.common import auth
from libs.common.broker.topology import HEARS, hearers, queue_of
from libs.common.config import from_env
from libs.common.events import REGISTRY

ROOT = Path(__file__).parents[2]
SERVICES = sorted(embedded.MODULES)
FOLDERS = sorted(path.parent.name for path in ROOT.glob("services/*/__init__.py"))
CONTAINERS = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

EVERYWHERE = {"GET /healthz", "GET /readyz", "GET /metrics"}
DESCRIBED = {"GET /v1/openapi.json"}

# Open to everybody. A new public route is put here by hand, after a thought about who will use it.
PUBLIC = {
    "tenants": {
        "GET /.well-known/jwks.json",
        "GET /v1/public/tenants/<slug>/form",
        "POST /v1/sessions",
        "POST /v1/sessions/refresh",
        "POST /v1/tokens",
    },
    "intake": {
        "POST /v1/doors/<token>/booking",
        "POST /v1/doors/<token>/mail",
        "POST /v1/doors/<token>/ota/<platform>",
        "POST /v1/public/<slug>/attachments",
        "POST /v1/public/<slug>/complaints",
        "POST /v1/public/<slug>/progress",
        "POST /v1/public/<slug>/progress/messages",
        "POST /v1/public/<slug>/progress/withdraw",
    },
    "notify": {
        "POST /v1/callbacks/aliyun/<given>",
        "POST /v1/public/surveys",
        "POST /v1/public/surveys/answers",
    },
    "reporting": {"GET /v1/disclosure/<slug>"},
    "portal": {
        "GET /",
        "GET /sign-in",
        "POST /sign-in",
        "POST /sign-out",
        "GET /static/<name>",
        "GET /static/vendor/<name>",
        "GET /t/<slug:slug>",
        "POST /t/<slug:slug>",
        "GET /t/<slug:slug>/done",
        "GET /t/<slug:slug>/figures",
        "POST /t/<slug:slug>/leave",
        "GET /t/<slug:slug>/progress",
        "POST /t/<slug:slug>/progress",
        "POST /t/<slug:slug>/progress/messages",
        "POST /t/<slug:slug>/progress/withdraw",
        "GET /t/<slug:slug>/survey",
        "POST /t/<slug:slug>/survey",
        "POST /t/<slug:slug>/survey/open",
    },
}

# Said for those who will want to know; nobody acts on them yet.
NOBODY_ACTS_ON = {
    "case.refused.v1",
    "case.summons_answered.v1",
    "compensation.changed.v1",
    "notice.failed.v1",
    "retention.ended.v1",
}
# A sender that is heard, though nothing it says is acted on.
HEARD_IN_SILENCE: set[tuple[str, str]] = set()

# Settings of the embedded mode, or with a value that suits every container.
NOT_FOR_CONTAINERS = {"CLOCK_FILE", "PRIVATE_STATUS_URLS", "TRACES_URL", "PLATFORM_URL", "POOL_SIZE", "SENDING_EVERY"}


@pytest.mark.parametrize("service", FOLDERS)
def test_only_what_is_listed_is_open_to_everybody(service, apps):
    rules = {
        f"{method} {rule.rule}": rule for rule in apps[service].url_map.iter_rules() for method in methods_of(rule)
    }
    answers = {name: unsigned(apps[service], rule, name.split()[0]) for name, rule in rules.items()}
    open_to_all = PUBLIC.get(service, set()) | EVERYWHERE | (DESCRIBED if service != "portal" else set())
    refused = {name for name, answer in answers.items() if answer == "refused"}
    assert set(rules) - refused == open_to_all


@pytest.mark.parametrize("service", SERVICES)
def test_every_blueprint_says_who_may_use_it(service, apps):
    silent = [name for name, found in apps[service].blueprints.items() if getattr(found, "access", None) is None]
    assert silent == ["api-docs"]


@pytest.mark.parametrize("service", FOLDERS)
def test_a_service_hears_exactly_the_senders_it_acts_on(service):
    acted_on = {event.source for event in subscriptions(service)}
    silent = {sender for hearer, sender in HEARD_IN_SILENCE if hearer == service}
    assert set(HEARS.get(service, ())) == acted_on | silent
    assert not acted_on & silent


@pytest.mark.parametrize("service", sorted(HEARS))
def test_every_queue_has_a_worker(service):
    worker = CONTAINERS[f"{service}-worker"]
    assert worker["command"] == [service, "worker"]
    assert worker["environment"]["BROKER_URL"]
    assert queue_of(service) == f"redress.{service}"


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_event_is_said_by_its_sender_and_by_nobody_else(name):
    event = REGISTRY[name]
    saying = [service for service in FOLDERS if event.__name__ in made_in(service)]
    assert saying == [event.source]


def test_every_event_is_acted_on_or_listed():
    acted_on = {event.type for service in FOLDERS for event in subscriptions(service)}
    assert set(REGISTRY) - acted_on == NOBODY_ACTS_ON
    assert all(hearers(REGISTRY[name].source) for name in REGISTRY)


@pytest.mark.parametrize("service", FOLDERS)
def test_a_service_tells_truly_whom_it_hears(service):
    told = paragraph(service, "Hears")
    named = {word for word in re.findall(r"\w+", re.sub(r"\(.*?\)", "", told)) if word in FOLDERS}
    assert named == set(HEARS.get(service, ()))
    assert named or re.match(r"(nobody|nothing)\b", told)


@pytest.mark.parametrize("service", FOLDERS)
def test_a_service_tells_truly_what_it_says(service):
    told = paragraph(service, "Says")
    said = {name.removesuffix(".v1") for name, event in REGISTRY.items() if event.source == service}
    assert set(re.findall(r"\w+\.\w+", told)) == said
    assert said or told.startswith("nothing")


@pytest.mark.parametrize("service", FOLDERS)
def test_every_setting_is_described_for_those_who_run_it(service):
    assert settings(service) - described() == set()


def test_settings_of_the_processes_themselves_are_described():
    code = "".join((ROOT / "deploy" / name).read_text() for name in ("run.py", "gunicorn.py"))
    read = set(re.findall(r"environ(?:\.get\(|\[)[\"'](\w+)", code))
    assert read > {"BROKER_URL", "WEB_PROCESSES"}
    assert read - described() == set()


@pytest.mark.parametrize("service", FOLDERS)
def test_containers_are_given_every_setting_and_none_that_nobody_reads(service):
    given = {name.removesuffix("_FILE") for name in CONTAINERS[f"{service}-web"]["environment"]}
    assert settings(service) - given <= NOT_FOR_CONTAINERS
    assert given - settings(service) <= {"BROKER_URL", "OTLP_ENDPOINT", "TRACE_SHARE"}


@pytest.mark.parametrize("service", FOLDERS)
def test_a_container_gives_settings_that_its_service_can_be_built_with(service, tmp_path):
    auth.make_keys(tmp_path)
    given = {name: filled(str(value)) for name, value in CONTAINERS[f"{service}-web"]["environment"].items()}
    main = importlib.import_module(f"services.{service}.main")
    config = importlib.import_module(f"services.{service}.config").Config
    here = {"KEYS_DIR": str(tmp_path), "ATTACHMENTS_DIR": str(tmp_path)}
    built = main.build(from_env(config, given | here))
    assert built.name == service


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    """Every service's app and the portal's, without databases: who may ask is decided before one is needed."""
    environ = embedded.environment(tmp_path_factory.mktemp("platform"))
    auth.make_keys(Path(environ["KEYS_DIR"]))
    platform = embedded.assemble(environ)
    platform.portal.config["WTF_CSRF_ENABLED"] = False
    yield {name: service.app for name, service in platform.services.items()} | {"portal": platform.portal}
    platform.stop()


def methods_of(rule) -> set[str]:
    return rule.methods - {"HEAD", "OPTIONS"}


def unsigned(app: Flask, rule, method: str) -> str:
    """What becomes of somebody who is not signed in: `refused` or `heard`."""
    fitting = {"uuid": uuid4(), "int": 1}
    values = {
        name: next((value for kind, value in fitting.items() if f"{kind}:{name}" in rule.rule), "some")
        for name in rule.arguments
    }
    with app.test_request_context():
        address = app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
    answer = app.test_client().open(address, method=method)
    to_sign_in = answer.headers.get("Location", "").startswith("/sign-in") and rule.rule != "/sign-out"
    return "refused" if answer.status_code == 401 or to_sign_in else "heard"


def filled(value: str) -> str:
    """The value with every `${NAME:-default}` and `${NAME:?}` put in, as compose does it."""
    return re.sub(r"\$\{\w+:(?:-([^}]*)|\?)\}", lambda found: "5e" * 32 if found[1] is None else found[1], value)


def subscriptions(service: str) -> set:
    if service not in SERVICES:
        return set()
    return set(importlib.import_module(f"services.{service}.consumers").SUBSCRIPTIONS)


@cache
def made_in(service: str) -> set[str]:
    """Every class that the service's code calls, or hands over to be called."""
    trees = [ast.parse(path.read_text()) for path in (ROOT / "services" / service).rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    asking = [call for call in calls if getattr(call.func, "id", "") == "isinstance"]
    handed = [part for call in calls if call not in asking for part in (call.func, *call.args)]
    return {part.id for part in handed if isinstance(part, ast.Name)}


def paragraph(service: str, word: str) -> str:
    """What the service's docstring says after `word:`, up to its next such word."""
    text = " ".join((importlib.import_module(f"services.{service}").__doc__ or "").split())
    found = re.search(rf"\b{word}: (.*?)(?= (?:Owns|Hears|Says|Answers)\b|$)", text)
    assert found, f"services/{service}/__init__.py has no `{word}:`"
    return found[1]


def settings(service: str) -> set[str]:
    config = importlib.import_module(f"services.{service}.config").Config
    return {field.metadata["name"] for field in dataclasses.fields(config)}


def described() -> set[str]:
    """The settings in the table of docs/running.md; `<SERVICE>_URL` stands for the URL of each."""
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/running.md").read_text(), re.MULTILINE)
    names = set(re.findall(r"\b[A-Z][A-Z_]+\b", " ".join(rows)))
    return names | {f"{service.upper()}_URL" for service in SERVICES if "<SERVICE>_URL" in " ".join(rows)}
