"""What JSON columns keep is read as it was written."""

import json
from datetime import UTC, datetime

import pytest

from storage.json_text import as_json, from_json


@pytest.mark.parametrize(
    "value",
    [
        {
            "note": "Zoë \N{WAVING HAND SIGN}",
            "seconds": 60,
            "ended_at": None,
            "more": [1, {"a": "b"}],
        },
        {"note": "half \ud83d"},
    ],
)
def test_an_object_comes_back_as_it_was(value: object) -> None:
    """Half a character too, as somebody's cut-off emoji leaves it."""
    assert from_json(as_json(value)) == json.loads(as_json(value)) == value


@pytest.mark.parametrize(
    "value", [[], ["7"], ['ä "b"\n\\', "\x00"], ["a", 1], [True], None, "text"]
)
def test_all_else_is_written_as_python_writes_it(value: object) -> None:
    """A list of texts has a shorter way, and what comes of it is the same."""
    assert as_json(value) == json.dumps(value)
    assert from_json(as_json(value)) == value


def test_a_label_stands_in_a_list_as_it_is_written_alone() -> None:
    """A report looks for it in the text."""
    label = 'Über "alles"'
    assert as_json(label)[1:-1] in as_json([label, "bug"])


def test_a_moment_is_written_by_nobody_else() -> None:
    """Whoever keeps one says how."""
    with pytest.raises(TypeError):
        as_json({"at": datetime(2026, 11, 2, tzinfo=UTC)})
