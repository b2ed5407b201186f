"""The same people twice: over plain HTTP, and at a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from playground.browser import BrowserPeople, browser_people
from playground.people import Somebody
from tests.playground.bench import Bench

People = Callable[[str], Somebody]


@pytest.fixture
def browsers(bench: Bench, chromium: str, tmp_path: Path) -> Iterator[BrowserPeople]:
    """Everybody at a browser."""
    with browser_people(bench.play, chromium, tmp_path) as people:
        yield people


@pytest.fixture(params=["http", pytest.param("browser", marks=pytest.mark.browser)])
def people(request: pytest.FixtureRequest, bench: Bench) -> People:
    """Give a person by name: one run over HTTP, one at browsers."""
    if request.param == "http":
        return bench.person
    browsers: BrowserPeople = request.getfixturevalue("browsers")
    return browsers.person
