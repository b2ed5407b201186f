"""Every requirement is told as a story at a running Hourlink, on both databases."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

HERE = Path(__file__).parent
BOTH = {"database_url", "shared_database_url"}
"""Fixtures that make a test run once on each kind of database."""

TRACKING = [f"T{number}" for number in range(1, 16)]
LINKING = [
    *(f"L{number}" for number in range(1, 12)),
    *(f"U{number}" for number in range(1, 9)),
    *(f"A{number}" for number in range(1, 6)),
]


def functions(path: Path) -> list[ast.FunctionDef]:
    """Those of a file, outside of its classes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


def needs(function: ast.FunctionDef, fixtures: Mapping[str, ast.FunctionDef]) -> Iterator[str]:
    """The fixtures that a function asks for, and what those ask for."""
    for argument in function.args.args:
        yield argument.arg
        if argument.arg in fixtures:
            yield from needs(fixtures[argument.arg], fixtures)


def told() -> dict[str, list[str]]:
    """Every requirement that a test names, in its name or docstring, with those tests."""
    found: dict[str, list[str]] = {}
    for path in sorted(HERE.glob("test_*.py")):
        here = {function.name: function for function in functions(path)}
        for name, function in here.items():
            if name.startswith("test_") and not BOTH.isdisjoint(needs(function, here)):
                words = f"{name.upper()} {ast.get_docstring(function)}"
                for number in set(re.findall(r"(?<![A-Z0-9])[A-Z][0-9]{1,2}(?![0-9])", words)):
                    found.setdefault(number, []).append(f"{path.name}::{name}")
    return found


@pytest.mark.parametrize("number", [*TRACKING, *LINKING])
def test_a_requirement_has_a_story_on_both_databases(number: str) -> None:
    """One of its own, named after it."""
    assert told().get(number)
