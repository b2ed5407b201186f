"""Where somebody is in the list of people: it travels in the form's metadata."""

from bot.domain.ids import IntegrationId
from bot.domain.people.people_lists import LONGEST_SEARCH, BatchAction, PeopleQuery, Shown
from bot.domain.values import dataclass

_KIND = "people"
_PARTS = 9
"""Filter, five numbers, action, fingerprint, text."""
_NUMBER = 18
"""Digits that every database takes as an id."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the list, and what is being done to everybody who is ticked."""

    query: PeopleQuery
    on_top: bool = False
    """*Add users* lies below."""
    action: BatchAction | None = None
    fingerprint: str = ""
    """Of the preview that is shown."""

    def metadata(self) -> str:
        """For the form."""
        query = self.query
        numbers = (
            query.integration_id,
            query.page,
            query.selection or 0,
            query.turn,
            int(self.on_top),
        )
        action = self.action.value if self.action else ""
        words = (*(str(number) for number in numbers), action, self.fingerprint, query.words)
        return "|".join([_KIND, query.shown, *words])


def read(metadata: str) -> Place | None:
    """A form's metadata again; None for any other form's."""
    kind, *words = metadata.split("|", _PARTS)
    if kind != _KIND or len(words) != _PARTS:
        return None
    shown, *numbers, action, fingerprint, text = words
    if not all(one.isascii() and one.isdigit() and len(one) <= _NUMBER for one in numbers):
        return None
    if shown not in set(Shown) or (action and action not in set(BatchAction)):
        return None
    integration, page, selection, turn, on_top = (int(one) for one in numbers)
    query = PeopleQuery(
        IntegrationId(integration),
        Shown(shown),
        text[:LONGEST_SEARCH],
        page,
        selection or None,
        turn,
    )
    return Place(query, bool(on_top), BatchAction(action) if action else None, fingerprint)
