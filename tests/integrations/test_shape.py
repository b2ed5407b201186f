"""What answers are made of."""

from datetime import UTC, datetime

import pytest

from bot.integrations.answers import Answer
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


def test_a_number_that_is_no_moment_is_the_tools_surprise() -> None:
    """Nobody's fault here: the run says what was odd, and the next one goes on."""
    odd = pytest.raises(ProviderSurprised, match="a book of another shape")
    with odd, reading("shelf", "a book"):
        datetime.fromtimestamp(10**30, UTC)


def test_an_answer_from_the_end_of_time_tells_no_time() -> None:
    """A date that is none in our zone is as good as none."""
    dated = {"date": "Fri, 31 Dec 9999 23:59:59 -1200"}
    assert Answer(200, dated, b"").sent_at() is None
