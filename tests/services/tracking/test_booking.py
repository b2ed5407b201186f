"""Every change of an entry is written down, and owed, in one place."""

from pathlib import Path

SERVICES = Path(__file__).parents[3] / "bot"


def test_history_is_written_in_one_place() -> None:
    """Whoever records a change past ``booking`` changes an entry that no tool hears of."""
    found = {
        path.name
        for path in SERVICES.rglob("*.py")
        if "entry_history.record(" in path.read_text(encoding="utf-8")
    }
    assert found == {"booking.py"}


def test_worklogs_are_owed_in_one_place() -> None:
    """The same for what is owed to tools."""
    found = {
        path.name
        for path in SERVICES.rglob("*.py")
        if "worklogs.owe(" in path.read_text(encoding="utf-8")
    }
    assert found == {"booking.py"}
