"""Buttons and forms of the Projects section with values that nobody was shown."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest

from bot.domain.errors import HourlinkError
from bot.domain.input_errors import BadInput
from bot.domain.projects.project_lists import ListQuery, Shown
from bot.views.projects.place import Place, Room
from handlers.asking import Click, Fields, Submission
from tests.builders import NOON
from tests.handlers.projects_desk import Desk
from tests.services.office import Office

VALUES = ("", "1", "999999", "1:2:3", "9" * 30, "\x00")
PLACES = (
    "",
    "projects|",
    *(Place(ListQuery(Shown.IN_USE, selection=77)).at(room, 1, 1).metadata() for room in Room),
    Place(ListQuery(Shown.UNLINKED, page=10**9)).at(Room.PROJECT, 999).metadata(),
)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """The admin's."""
    office = Office(database_url)
    made = Desk(office)
    yield made
    made.close()
    office.world.close()


def refused_kindly(handler: Any, ask: Any) -> None:  # noqa: ANN401 - any route
    """An answer, or a refusal that is expected; anything else is a fault of ours."""
    with suppress(HourlinkError, BadInput):
        reply = handler(ask)
        if isinstance(reply, AsyncIterator):
            asyncio.run(_first(reply))


async def _first(replies: AsyncIterator[Any]) -> Any:  # noqa: ANN401
    return await anext(replies)


@pytest.mark.parametrize("admin", [True, False])
def test_forged_clicks_and_forms_get_words(desk: Desk, *, admin: bool) -> None:
    """By an admin and by a member: never a fault of ours, and nothing of others is touched."""
    who = desk.office.admin if admin else desk.office.ana
    for metadata in PLACES:
        for name, route in desk.routes.clicks.items():
            for value in VALUES:
                refused_kindly(
                    route.handler,
                    Click(
                        who=who,
                        now=NOON,
                        request_id="1",
                        action=name,
                        value=value,
                        view_id="V1",
                        metadata=metadata,
                    ),
                )
        for name, form in desk.routes.submissions.items():
            refused_kindly(
                form.handler,
                Submission(
                    who=who,
                    now=NOON,
                    request_id="1",
                    callback_id=name,
                    view_id="V1",
                    metadata=metadata,
                    fields=Fields({"ticks:1:x,5": {"a": {"selected_options": [{"value": "z"}]}}}),
                ),
            )
