"""Where somebody is in the Projects section: it travels in the form's metadata."""

from dataclasses import field, replace
from enum import StrEnum

from bot.domain.ids import IntegrationId
from bot.domain.projects.project_lists import LONGEST_SEARCH, ListQuery, Shown
from bot.domain.values import dataclass

_KIND = "projects"
_PARTS = 9
"""Room, filter, six numbers, text."""
_NUMBER = 18
"""Digits that every database takes as an id."""


class Room(StrEnum):
    """What is on the screen."""

    LIST = "list"
    CHOSEN = "chosen"
    """What can be done with everything that is ticked."""
    PROJECT = "project"
    SOURCE = "source"
    """An unlinked or ignored provider project."""
    LINK = "link"
    """One provider project that is to be unlinked; the project is the page, where one is below."""


@dataclass(frozen=True, slots=True)
class Place:
    """A room, and the list that *Back* leads to."""

    query: ListQuery = field(default_factory=ListQuery)
    room: Room = Room.LIST
    id: int = 0
    """Of what the room shows."""
    page: int = 0
    """Of the room, where that has pages."""

    def at(self, room: Room, id_: int = 0, page: int = 0) -> "Place":
        """Another room with the same way back."""
        return replace(self, room=room, id=id_, page=page)

    def metadata(self) -> str:
        """For the form."""
        query = self.query
        numbers = (
            self.id,
            self.page,
            query.integration_id or 0,
            query.page,
            query.selection or 0,
            query.turn,
        )
        return "|".join(
            [_KIND, self.room, query.shown, *(str(number) for number in numbers), query.text]
        )


def read(metadata: str) -> Place | None:
    """A form's metadata again; None for any other form's."""
    kind, *words = metadata.split("|", _PARTS)
    if kind != _KIND or len(words) != _PARTS:
        return None
    at, which, *numbers, text = words
    if not all(one.isascii() and one.isdigit() and len(one) <= _NUMBER for one in numbers):
        return None
    if at not in set(Room) or which not in set(Shown):
        return None
    id_, page, integration, list_page, selection, turn = (int(one) for one in numbers)
    query = ListQuery(
        shown=Shown(which),
        integration_id=IntegrationId(integration) if integration else None,
        text=text[:LONGEST_SEARCH],
        page=list_page,
        selection=selection or None,
        turn=turn,
    )
    return Place(query, Room(at), id_, page)
