"""Every clause of intake, handling and time limits is proven by a test that quotes it.

A test quotes a clause by its id in the docstring of the test itself; the docstring of a module promises nothing.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CLAUSES = {f"{part}-{n}" for part, last in (("IN", 11), ("DI", 16), ("SL", 8)) for n in range(1, last + 1)}
QUOTED = re.compile(r"\b(?:IN|DI|SL)-\d+\b")
# What a Procedure says is not yet what the platform does.
ONLY_SAYING = TESTS / "procedure"


def test_every_clause_is_quoted_by_a_test():
    assert sorted(CLAUSES - quoted().keys()) == []


def test_only_clauses_that_exist_are_quoted():
    assert sorted(quoted().keys() - CLAUSES) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('def test_a():\n    """IN-3: a number."""', {"IN-3"}),
        ('def test_a():\n    """DI-4, SL-1."""', {"DI-4", "SL-1"}),
        ('"""IN-3."""\ndef test_a():\n    assert "DI-4"', set()),
        ('def made():\n    """IN-3."""', set()),
    ],
)
def test_a_clause_is_quoted_in_the_docstring_of_a_test(source, found):
    assert set(clauses_in(source)) == found


@cache
def quoted() -> dict[str, str]:
    """Each quoted id with one file that quotes it."""
    files = [path for path in sorted(TESTS.rglob("test_*.py")) if ONLY_SAYING not in path.parents]
    return {clause: path.relative_to(TESTS).as_posix() for path in files for clause in clauses_in(path.read_text())}


def clauses_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from QUOTED.findall(ast.get_docstring(node) or "")
