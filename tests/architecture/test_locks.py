"""The lock files say exactly what is installed, where it may come from is left to the machine."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
INDEX_SETTINGS = r"^\s*(--index-url|--extra-index-url|--find-links|--trusted-host|-i|-f)\b"
OUR_FILES = [
    path
    for name in ("pyproject.toml", "Makefile", "docker-compose.yml", "deploy/Dockerfile", ".ci/run", *LOCKS)
    if (path := ROOT / name).exists()
]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock):
    assert [name for name, pin in pins(lock).items() if "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("path", OUR_FILES, ids=lambda path: path.name)
def test_no_file_names_a_package_index(path):
    text = path.read_text()
    assert not re.search(INDEX_SETTINGS, text, re.MULTILINE)
    if path.name in LOCKS:
        assert "://" not in text


def test_development_has_the_very_versions_that_run():
    runtime, development = versions("requirements.lock"), versions("requirements-dev.lock")
    assert {name: development.get(name) for name in runtime} == runtime


def test_what_runs_is_locked_as_the_project_asks():
    assert unmet(PROJECT["dependencies"], "requirements.lock") == []


def test_what_develops_is_locked_as_the_project_asks():
    asked = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    assert unmet(asked, "requirements-dev.lock") == []


@pytest.mark.parametrize("asked", ["not-there>=1", "flask<3"])
def test_a_lock_that_lags_behind_is_noticed(asked):
    assert unmet([asked], "requirements.lock") == [asked]


def pins(lock: str) -> dict[str, str]:
    """Package → its pin with everything up to the next one."""
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / lock).read_text(), flags=re.MULTILINE)
    return {canonicalize_name(re.split(r"[=\s]", entry)[0]): entry for entry in entries if entry.strip()}


def versions(lock: str) -> dict[str, Version]:
    found = {name: re.search(r"==([^\s;\\]+)", pin) for name, pin in pins(lock).items()}
    return {name: Version(match[1]) for name, match in found.items() if match}


def unmet(asked: list[str], lock: str) -> list[str]:
    locked = versions(lock)
    missing = []
    for line in asked:
        requirement = Requirement(line)
        version = locked.get(canonicalize_name(requirement.name))
        if version is None or version not in requirement.specifier:
            missing.append(line)
    return missing


def test_every_imported_package_is_asked_for_by_name():
    """What is only there because another package wants it goes away with that package."""
    runtime = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
    providers = packages_distributions()
    unasked = {
        name: sorted(str(path.relative_to(ROOT)) for path in files)
        for name, files in imported_packages().items()
        if not runtime & {canonicalize_name(each) for each in providers.get(name, [])}
    }
    assert unasked == {}


def imported_packages() -> dict[str, set[Path]]:
    """Top-level package → our files that import it, standard library, ourselves and test support left out."""
    found: dict[str, set[Path]] = {}
    for path in (each for folder in ("libs", "services", "deploy") for each in (ROOT / folder).rglob("*.py")):
        if "testing" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in (each.partition(".")[0] for each in names):
                if name not in sys.stdlib_module_names | {"libs", "services", "deploy", "tests"}:
                    found.setdefault(name, set()).add(path)
    return found
