"""The guide for authors of adapters, followed to the letter."""

import os
import re
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from bot.integrations.api import Capability
from bot.integrations.registry import GROUP, Registry

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "write-a-provider.md"
BLOCK = re.compile(r"^```python\n# (?P<file>\w+\.py)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
LET_IN = re.compile(r'^shelf = "(?P<target>[\w.:]+)"$', re.MULTILINE)


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """Write the guide's blocks into the files they name, one after another."""
    text = GUIDE.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("```python\n"), "a block does not name its file"
    for name, code in blocks:
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write(code if code.startswith('"""') else f"\n{code}")
    return tmp_path


def test_guide_builds_an_adapter_that_keeps_the_contract(followed: Path) -> None:
    """Whoever copies it block by block has an adapter that passes the suite."""
    options = ["-q", "-p", "no:cacheprovider", "-c", os.devnull, "-o", "asyncio_mode=auto"]
    done = subprocess.run(  # noqa: S603 - the guide's own code
        [sys.executable, "-m", "pytest", *options, "--rootdir", str(followed), str(followed)],
        cwd=followed,
        env={**os.environ, "PYTHONPATH": f"{followed}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 15


def test_guides_entry_point_lets_it_in(followed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line it tells to write is one that the registry follows."""
    target = LET_IN.search(GUIDE.read_text(encoding="utf-8"))
    assert target is not None
    monkeypatch.syspath_prepend(followed)
    registry = Registry.load([EntryPoint("shelf", target["target"], GROUP)])
    assert (registry.skipped, registry.descriptor("shelf").name) == ((), "Shelf")


def test_guide_names_every_capability() -> None:
    """One that is missing from its table is one that no stranger's adapter declares."""
    told = re.findall(r"^\| `([A-Z_]+)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(one.name for one in Capability)
