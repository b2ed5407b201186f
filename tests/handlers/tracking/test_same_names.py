"""Two sites of one tool whose projects are called alike: every choice says which is which (T1)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from handlers.asking import Lookup
from handlers.replies import Choices
from tests.builders import NOON
from tests.handlers.track_desk import Desk, elements
from tests.services.office import Office

TOLD = "Website (other board)"


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """Ana, who works on a Website of either site, with a task of the same key and title."""
    office = Office(sqlite_url)
    world = office.world
    site = world.integration(office.admin, site="other board")
    source = world.provider_project(site, "Website")
    twin = world.project("Website", "OW")
    world.link(source, twin)
    office.connect(office.ana, site)
    world.joins(office.ana, twin)
    world.task(site, source, "WEB-12", "Fix the header")
    yield Desk(office)
    office.world.close()


def hints(message: Any) -> list[str]:  # noqa: ANN401 - a message
    """What stands below each choice of the select."""
    (select,) = (one for one in elements(message) if one["type"] == "static_select")
    return [one["description"]["text"] for one in select["options"]]


@pytest.mark.parametrize("text", ["start WEB-12", "log 1h WEB-12", 'start "Website"'])
def test_a_question_names_the_site(desk: Desk, text: str) -> None:
    """As text and in the select: *Board, Website* twice is no choice."""
    question = desk.types(text)
    assert sorted(hints(question)) == [
        "Board, acme board, Website",
        "Board, other board, Website",
    ]
    assert "(Board, other board, Website)" in question.text


def test_so_does_what_is_marked_done_listed_and_searched(desk: Desk) -> None:
    """Wherever both can be chosen."""
    assert TOLD in hints(desk.types("done WEB-12"))
    listed = desk.types("tasks WEB-12")
    assert f"Fix the header*\\n{TOLD}" in json.dumps(listed.blocks)
    for action in ("track.find", "log.find"):
        ask = Lookup(who=desk.office.ana, now=NOON, request_id="", action=action, query="website")
        found: Any = desk.routes.lookups[action].handler(ask)
        assert isinstance(found, Choices)
        options = [*found.options, *(one for group in found.groups for one in group.options)]
        assert TOLD in [one.hint for one in options], action


def test_a_project_of_a_name_of_its_own_needs_no_site(desk: Desk) -> None:
    """Two tasks of one project are told by what they are called."""
    office = desk.office
    office.world.task(office.board, office.source, "WEB-50", "Logo of a partner")
    office.world.task(office.board, office.source, "WEB-51", "Logo of a customer")
    assert set(hints(desk.types("start logo"))) == {"Board, Website"}
