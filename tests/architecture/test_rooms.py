"""Who may import whom, which clock is read, what may be caught: the rules hold, and each notices a breach."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
ROOMS = ["main", "config", "api", "consumers", "jobs", "schemas", "handlers", "store", "gateways", "tables"]
ROOMS += ["domain", "migrations/__init__", "migrations/versions/__init__"]

# What is appended to a copy of the code. The services `north` and `south` exist only there.
VIOLATIONS = [
    ("No service imports another service", "services/north/handlers.py", "import services.south.domain"),
    ("deploy uses services, services use libs", "services/north/handlers.py", "import deploy"),
    (
        "Every service has the same rooms in the same order",
        "services/north/schemas.py",
        "import services.north.api",
    ),
    ("Every service has the same rooms in the same order", "services/north/utils.py", ""),
    ("Domain rules do no I/O and know no framework", "services/north/domain.py", "import sqlalchemy"),
    ("Domain rules do no I/O and know no framework", "services/north/domain.py", "import libs.common.clock"),
    ("SQL only in store, tables and migrations", "services/north/handlers.py", "import sqlalchemy"),
    ("HTTP is answered only at the edge", "services/north/store.py", "import flask"),
    ("Event definitions depend on nothing of ours", "libs/common/events/loud.py", "import kombu"),
    (
        "Broker adapters are chosen in one place",
        "services/north/main.py",
        "import libs.common.broker.rabbitmq",
    ),
    ("Only main reads config", "deploy/nosy.py", "import services.north.config"),
    ("Only main chooses a gateway", "services/north/handlers.py", "import services.north.gateways"),
    (
        "Migration scripts import nothing that can change",
        "services/north/migrations/versions/v0001_first.py",
        "import libs.common.db",
    ),
    ("The common library is layered", "libs/common/clock.py", "import libs.common.events"),
    ("The common library is layered", "libs/common/utils.py", ""),
]


def test_the_repository_keeps_every_contract():
    verdicts = lint_imports(ROOT)
    assert broken(verdicts) == []
    assert list(verdicts) == contracts()


def test_two_more_services_in_the_same_shape_break_nothing(tree, already_broken):
    assert broken(lint_imports(tree)) == already_broken


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS, ids=lambda value: str(value)[:40])
def test_a_breach_turns_exactly_its_contract_red(contract, file, line, tree, already_broken):
    append(tree / file, line)
    newly_broken = [name for name in broken(lint_imports(tree)) if name not in already_broken]
    assert newly_broken == [contract]


def test_no_contract_is_without_a_breach():
    assert {contract for contract, *_ in VIOLATIONS} == set(contracts())


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("TID251", "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)"),
        ("TID251", "from datetime import datetime as when\n\nNOW = when.utcnow()"),
        ("TID251", "import time\n\nNOW = time.time()"),
        ("TID251", "import time\n\ntime.sleep(1)"),
        ("BLE001", "try:\n    import json\nexcept Exception:\n    json = None"),
        ("T201", "print('seen')"),
    ],
)
def test_a_rule_on_clocks_or_errors_notices_its_breach(rule, line):
    assert rule in ruff("services/north/handlers.py", line)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("libs/common/clock.py", "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)"),
        ("libs/common/worker.py", "try:\n    import json\nexcept Exception:\n    json = None"),
    ],
)
def test_the_named_edges_may_do_what_others_may_not(file, line):
    assert not {"TID251", "BLE001"} & ruff(file, line)


@pytest.mark.parametrize("service", sorted(path.parent.name for path in ROOT.glob("services/*/__init__.py")))
def test_every_service_has_a_composition_root(service):
    assert (ROOT / "services" / service / "main.py").exists()


@pytest.fixture(scope="module")
def already_broken() -> list[str]:
    return broken(lint_imports(ROOT))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the repository's code with two more services that have every room and break nothing."""
    forgotten = shutil.ignore_patterns("__pycache__", "static", "templates", "translations", "*.sqlite")
    for package in ("libs", "services", "deploy"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=forgotten)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for service in ("north", "south"):
        for room in ["__init__", *ROOMS]:
            append(tmp_path / "services" / service / f"{room}.py", "")
    return tmp_path


def contracts() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


def append(file: Path, line: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as text:
        text.write(line + "\n")


def lint_imports(tree: Path) -> dict[str, str]:
    """Contract → KEPT or BROKEN."""
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1"}
    command = [PROGRAMS / "lint-imports", "--no-cache"]
    run = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    verdicts = dict(re.findall(r"^(.+) (KEPT|BROKEN)\b", run.stdout, re.MULTILINE))
    assert verdicts, run.stdout + run.stderr
    return verdicts


def broken(verdicts: dict[str, str]) -> list[str]:
    return [contract for contract, verdict in verdicts.items() if verdict == "BROKEN"]


def ruff(file: str, text: str) -> set[str]:
    """The rules that `text` breaks when it stands in `file`."""
    command = [
        PROGRAMS / "ruff",
        "check",
        "--output-format=concise",
        "--no-cache",
        "--stdin-filename",
        file,
        "-",
    ]
    run = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    return set(re.findall(r"^\S+: ([A-Z]+\d+) ", run.stdout, re.MULTILINE))
