"""What the documents point at is there: code, files, and the Procedure they show can be read."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from deploy.catalogue import write_openapi
from libs.common.broker.topology import HEARS
from libs.common.events import catalogue
from libs.common.procedure.reading import as_document, read, read_yaml
from libs.common.procedure.shapes import ProcedureShape
from libs.common.procedure.vocabulary import (
    ANSWER_WAYS,
    CALLED_IN,
    CHANNELS,
    INTAKE_FIELDS,
    MILESTONES,
    NOTICE_KINDS,
    NOTICE_RECIPIENTS,
    SLOTS,
    STAFF_ROLES,
    STEP_FIELDS,
)
from services.tenants.domain.staffing import Colleague, gaps
from services.tenants.domain.unreported import unreported

ROOT = Path(__file__).parents[2]
DOCS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
NAMED = re.compile(r"`([\w/.-]+\.py)::([\w.]+)`")
LINKED = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)")
PATHS = re.compile(r"`((?:libs|services|deploy|tests|docs)/[\w/.-]+)`")
SHOWN = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROCEDURES = (ROOT / "docs/procedures.md").read_text()

# Written by commands that a fresh checkout has not run.
WRITTEN_LATER = {"docs/performance.md", "docs/events.md"}


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_name_in_the_documents_is_in_the_code(document):
    named = NAMED.findall(document.read_text())
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_the_tour_names_code_at_every_step():
    steps = re.findall(r"^\| (\d+) \|.*\|(.*)\|$", (ROOT / "docs/tour.md").read_text(), re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1))
    assert [number for number, where in steps if not NAMED.search(where)] == []


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_link_and_path_leads_somewhere(document):
    text = document.read_text()
    linked = [document.parent / path for path in LINKED.findall(text)] + [ROOT / path for path in PATHS.findall(text)]
    lost = [path for path in linked if not path.exists() and shortened(path) not in WRITTEN_LATER]
    assert lost == []


def test_the_procedure_shown_is_a_whole_procedure():
    shown = read_yaml(worked_example())
    assert read(as_document(shown)) == shown
    assert shown.limits and shown.ladders and shown.notices and shown.routing.rules and shown.steps


def test_under_the_procedure_shown_everybody_is_there_and_told():
    shown = read_yaml(worked_example())
    everybody = Colleague(STAFF_ROLES, tuple(department.id for department in shown.departments))
    assert [*gaps(shown, [everybody]), *unreported(shown)] == []


def test_the_procedure_reference_describes_every_section():
    sections = {field.data_key or name for name, field in ProcedureShape().fields.items()}
    described = set(re.findall(r"^### `(\w+)`", PROCEDURES, re.MULTILINE))
    assert sections - {"procedure", "name", "languages"} == described


@pytest.mark.parametrize(
    "words",
    [ANSWER_WAYS, CALLED_IN, CHANNELS, INTAKE_FIELDS, MILESTONES, NOTICE_KINDS, NOTICE_RECIPIENTS, SLOTS, STEP_FIELDS],
)
def test_the_procedure_reference_names_every_fixed_word(words):
    assert [word for word in words if f"`{word}`" not in PROCEDURES and f"`{{{word}}}`" not in PROCEDURES] == []


def test_the_procedure_reference_names_every_field():
    assert [name for name in fields_of(ProcedureShape()) if not re.search(rf"`{name}\b", PROCEDURES)] == []


def test_the_descriptions_of_the_apis_are_what_the_services_answer(tmp_path):
    write_openapi(tmp_path)
    kept = {path.name: path.read_text() for path in (ROOT / "docs/openapi").iterdir()}
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == kept


def test_the_catalogue_of_events_is_what_the_code_says():
    """It is written by `make events`."""
    hearers = {name: module.SUBSCRIPTIONS for name, module in consumers().items()}
    written = ROOT / "docs/events.md"
    assert not written.exists() or written.read_text() == catalogue.page(hearers)


def consumers() -> dict:
    return {name: importlib.import_module(f"services.{name}.consumers") for name in HEARS}


def worked_example() -> str:
    """The longest YAML of the reference; shorter ones show a part."""
    return max(SHOWN.findall(PROCEDURES), key=len)


def fields_of(shape) -> set[str]:
    found = set()
    for name, field in shape.fields.items():
        found.add(field.data_key or name)
        inner = getattr(field, "inner", None) or getattr(field, "value_field", None) or field
        if hasattr(inner, "nested"):
            found |= fields_of(inner.schema)
    return found


@cache
def names_in(path: str) -> frozenset[str]:
    """Module-level names, and `Class.method`; none for a file that is not there."""
    if not (ROOT / path).exists():
        return frozenset()
    found: set[str] = set()
    for node in ast.parse((ROOT / path).read_text()).body:
        found |= defined(node)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{inner}" for part in node.body for inner in defined(part)}
    return frozenset(found)


def defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def shortened(path: Path) -> str:
    return str(path.resolve().relative_to(ROOT))
