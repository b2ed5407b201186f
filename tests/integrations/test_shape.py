"""What answers are made of."""

import pytest

from bot.integrations.errors import ProviderSurprised
from bot.integrations.shape import identity, reading


@pytest.mark.parametrize(("given", "known"), [("9001", "9001"), (12, "12"), (0, "0")])
def test_ids_are_text(given: object, known: str) -> None:
    """Numbers and texts alike."""
    assert identity(given) == known


@pytest.mark.parametrize("given", [None, "", True, [], {}, 1.5])
def test_nothing_is_no_id(given: object) -> None:
    """A row whose id is null would be kept under the word "None", and be everybody's."""
    with pytest.raises(ProviderSurprised), reading("shelf", "a book"):
        identity(given)
