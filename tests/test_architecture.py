import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "handlers", "storage")
TOP_LEVEL = {
    *("bot", "handlers", "storage", "tests", "manifest.yml", "pyproject.toml", "README.md"),
    *("playground", "benchmarks", "docs", "requirements", "Makefile", "Dockerfile", "compose.yml"),
}
MADE_HERE = {"data", "demo-data", "dist", "__pycache__"}
"""What running the project leaves at the top level; git ignores it."""


def test_imports_point_down_only(capsys: pytest.CaptureFixture[str]) -> None:
    """The contracts of pyproject.toml hold: a shortcut through the layers fails here."""
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_every_module_of_bot_has_its_layer() -> None:
    """A new file in bot/ that no layer names could import from anywhere, unseen."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one["type"] == "layers")
    named = {
        name.strip().split(".")[1] for layer in layers for name in layer.split("|") if "." in name
    }
    found = {path.stem for path in (ROOT / "bot").iterdir() if path.suffix in {"", ".py"}}
    assert found - {"__init__", "__pycache__"} == named


def test_top_level_stays_as_it_is() -> None:
    """A new top-level name is a decision, not an accident."""
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - MADE_HERE <= TOP_LEVEL


def test_no_file_outgrows_its_subject() -> None:
    """A file over 400 lines has found a second subject."""
    long = {
        str(path.relative_to(ROOT)): lines
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "versions" not in path.parts  # a migration is written by Alembic, once
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
