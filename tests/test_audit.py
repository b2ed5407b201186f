"""`make audit`: a weakness is an error, and so is an answer that says nothing."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "audit.py"
FINE: dict[str, Any] = {"name": "starlette", "version": "1.0", "vulns": []}
WEAK: dict[str, Any] = FINE | {"vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
UNKNOWN: dict[str, Any] = {"name": "ours", "skip_reason": "not found"}

Answers = Callable[[str], ModuleType]


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Give the script, with pip-audit's answer."""
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(sys, "argv", ["audit.py"])

    def answer(said: str) -> ModuleType:
        done = subprocess.CompletedProcess([], 0, stdout=said, stderr="Traceback\nno network\n")
        monkeypatch.setattr(module.subprocess, "run", lambda *_, **__: done)
        return module

    return answer


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([FINE], 0, "1 packages, no known weakness"),
        ([FINE, WEAK], 1, "starlette 1.0: PYSEC-1, mended in 1.1"),
        ([WEAK, UNKNOWN], 1, "PYSEC-1"),
        ([FINE, UNKNOWN], 3, "AUDIT SKIPPED"),
    ],
)
def test_what_was_found_decides(
    answered: Answers,
    capsys: pytest.CaptureFixture[str],
    packages: list[dict[str, Any]],
    code: int,
    said: str,
) -> None:
    """A package that nobody knows is not taken for a sound one."""
    assert answered(json.dumps({"dependencies": packages})).main() == code
    assert said in capsys.readouterr().out


def test_nobody_to_ask_is_told_loudly(
    answered: Answers, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason; where that is allowed it is no error."""
    assert answered("").main() == 3
    assert "Reason: no network" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["audit.py", "--if-reachable"])
    assert answered("").main() == 0
