"""Where the tests of linking begin, and Slack and a provider that say yes."""

import pytest

from tests.handlers.linking.connect_form import Outside
from tests.handlers.linking.settings_form import Door
from tests.linking_fixtures import ana, board, world

__all__ = ["ana", "board", "door", "outside", "world"]


@pytest.fixture
def door() -> Door:
    """A private channel that Hourlink is in."""
    return Door()


@pytest.fixture
def outside() -> Outside:
    """A provider that says yes, a private channel that Hourlink is in."""
    return Outside()
