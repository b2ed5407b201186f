"""The tools' icons, as the demo shows them."""

from pathlib import Path

import pytest

import playground
from bot.integrations.registry import Registry

TABLE = (Path(playground.__file__).parent / "page/text/emoji.js").read_text("utf-8")


@pytest.mark.parametrize("found", Registry.load().descriptors(), ids=lambda found: found.slug)
def test_the_playground_draws_each_icon(found: object) -> None:
    """A name that it does not know stands as text on the first buttons that a newcomer sees."""
    icon = str(getattr(found, "icon", ""))
    assert f"{icon.strip(':')} " in TABLE
