"""The distributed mode as it is started: valid, complete, least privilege, one service to an image."""

import dataclasses
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHECKER = Path(sys.executable).parent / "check-jsonschema"
SERVICES = sorted(path.parent.name for path in ROOT.glob("services/*/__init__.py"))
WITH_DATABASE = [service for service in SERVICES if service != "portal"]
CONFIGURED = [service for service in SERVICES if (ROOT / "services" / service / "config.py").exists()]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
RUNNING = COMPOSE["services"]
OURS = [name for name, description in RUNNING.items() if "build" in description]
SECRET_NAMES = re.compile(r"PASSWORD|SECRET|_KEY$|_PASS$")


def test_the_compose_file_follows_the_specification(tmp_path):
    assert check(ROOT / "docker-compose.yml").returncode == 0
    misspelt = tmp_path / "docker-compose.yml"
    misspelt.write_text((ROOT / "docker-compose.yml").read_text().replace("environment:", "enviroment:"))
    assert check(misspelt).returncode != 0


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_every_service_has_its_processes(service):
    for kind in ("web", "worker", "migrate"):
        process = RUNNING[f"{service}-{kind}"]
        assert process["command"] == [service, kind]
        assert process["build"]["args"] == {"SERVICE": service}


def test_the_portal_is_only_a_web_process():
    assert [name for name in RUNNING if name.startswith("portal")] == ["portal-web"]


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_nothing_serves_before_its_database_is_migrated_and_the_keys_are_there(service):
    for kind in ("web", "worker"):
        waits = RUNNING[f"{service}-{kind}"]["depends_on"]
        for first in (f"{service}-migrate", "keys"):
            assert waits[first] == {"condition": "service_completed_successfully"}
    assert RUNNING[f"{service}-worker"]["depends_on"]["rabbitmq"] == {"condition": "service_healthy"}


@pytest.mark.parametrize("service", CONFIGURED)
def test_every_setting_that_a_service_needs_is_given(service):
    config = importlib.import_module(f"services.{service}.config").Config
    needed = {f.metadata["name"] for f in dataclasses.fields(config) if f.default is dataclasses.MISSING}
    for process in (f"{service}-web", f"{service}-worker"):
        given = {name.removesuffix("_FILE") for name in RUNNING.get(process, RUNNING[f"{service}-web"])["environment"]}
        assert needed <= given | {"MIGRATE_DATABASE_URL"}


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_only_the_migration_knows_the_owner_of_the_tables(service):
    knowing = [name for name, process in RUNNING.items() if f"redress_{service}_owner" in str(process)]
    assert knowing == [f"{service}-migrate"]


def test_no_secret_stands_in_the_compose_file():
    for name, value in all_settings():
        if SECRET_NAMES.search(name):
            assert re.fullmatch(r"\$\{[A-Z_]+:(\?|-)\}", value), name
        password = re.search(r"://[^:@/]*:([^@]+)@", value)
        assert password is None or password[1].startswith("${"), name


def test_make_makes_up_every_password_that_compose_asks_for():
    asked = set(re.findall(r"\$\{([A-Z_]+):\?\}", (ROOT / "docker-compose.yml").read_text()))
    told = subprocess.run(["make", "--dry-run", "--always-make", ".env"], cwd=ROOT, capture_output=True, text=True)
    made = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", told.stdout))
    assert asked <= made


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_change_nothing_but_their_volumes(name):
    process = RUNNING[name]
    assert process["read_only"] is True
    assert process["cap_drop"] == ["ALL"]
    assert process["security_opt"] == ["no-new-privileges:true"]


def test_private_keys_go_to_their_issuer_only():
    holders = {name: str(process.get("volumes")) for name, process in RUNNING.items() if name in OURS}
    assert [name for name, volumes in holders.items() if "keys-all" in volumes] == ["keys"]
    for issuer in ("tenants", "notify"):
        having = {name for name, volumes in holders.items() if f"keys-{issuer}" in volumes}
        assert having == {"keys", f"{issuer}-web", f"{issuer}-worker"}


def test_nothing_is_reachable_from_other_machines():
    ports = [port for process in RUNNING.values() for port in process.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_an_image_holds_one_service_and_the_common_library():
    copied = re.findall(r"^(?:COPY|ADD) (.+) \S+$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)
    assert [source for line in copied for source in line.split()] == [
        "requirements.lock",
        "libs/__init__.py",
        "libs/common",
        "services/__init__.py",
        "services/${SERVICE}",
        "deploy/__init__.py",
        "deploy/run.py",
        "deploy/gunicorn.py",
    ]


def test_an_image_runs_without_root_and_installs_only_what_is_locked():
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()
    assert re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE)[-1] == "redress"
    assert re.findall(r"pip install .*", dockerfile) == [
        "pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock"
    ]


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_the_database_server_is_told_of_every_service(service):
    assert f"\\set service {service}\n" in (ROOT / "deploy/postgres/init.sql").read_text()


def all_settings() -> Iterator[tuple[str, str]]:
    for process in RUNNING.values():
        yield from ((name, str(value)) for name, value in process.get("environment", {}).items())


def check(file: Path) -> subprocess.CompletedProcess[bytes]:
    command = [CHECKER, "--builtin-schema", "vendor.compose-spec", file]
    return subprocess.run(command, capture_output=True, check=False)
