"""``hourlink doctor`` as it is typed: how it ends, and what it prints."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands import app


def test_the_command_ends_with_1_and_speaks_json(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A deployment can wait for it; nothing of a secret is printed."""
    monkeypatch.setenv("HOURLINK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HOURLINK_SECRET_KEYS", "no key at all")
    answer = CliRunner().invoke(app, ["doctor", "--json"])
    assert answer.exit_code == 1
    rows = json.loads(answer.output)
    assert {"subject": "Settings", "verdict": "wrong"}.items() <= rows[0].items()
    assert "no key at all" not in answer.output
    shown = CliRunner().invoke(app, ["doctor"])
    assert "hourlink keys new" in shown.output


def test_a_misspelled_setting_is_pointed_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It does nothing, and nothing else would ever say so."""
    monkeypatch.setenv("HOURLINK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HOURLINK_RETENTION_DAY", "30")
    answer = CliRunner().invoke(app, ["doctor", "--json"])
    [slip] = [one for one in json.loads(answer.output) if "HOURLINK_RETENTION_DAY " in one["says"]]
    assert slip["verdict"] == "warning"
    assert slip["mend"] == "Is HOURLINK_RETENTION_DAYS meant?"
    assert "HOURLINK_DATA_DIR is no setting" not in answer.output
