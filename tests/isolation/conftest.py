"""What the tests beside Slack's requests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.jobs.embedded import EmbeddedRunner
from tests.isolation.site import Site


async def _idle(self: EmbeddedRunner) -> None:
    """What is due by the clock is not what a request does."""
    del self


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Give both."""
    monkeypatch.setattr(EmbeddedRunner, "start", _idle)
    made = Site(sqlite_url, tmp_path)
    yield made
    made.world.close()
