"""A guest whom nobody has asked to connect: told whom to ask, instead of a button that refuses."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.people.people import Member
from bot.domain.states import AccountLinkState
from bot.services.tracking.home import Homes
from bot.views.tracking.home import Page, home
from handlers.replies import Ephemeral
from storage.people.account_links import AccountLinkRow
from tests.builders import NOON
from tests.handlers.track_desk import Desk
from tests.services.office import Office

WHOM = "Guests connect when an admin asks them by name. Ask Admin"


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Ana at her keyboard, on each kind of database."""
    office = Office(database_url)
    yield Desk(office)
    office.world.close()


@pytest.fixture
def gus(desk: Desk) -> Member:
    """A guest who is on the project."""
    made = desk.office.world.member("gus", guest=True)
    desk.office.world.joins(made, desk.office.website)
    return made


def shown(desk: Desk, who: Member) -> str:
    """Their Home tab."""
    mine = Homes(desk.office.world.uow).show(who=who, now=NOON)
    return str(home(Page(mine), {}))


def test_who_was_not_asked_is_told_whom_to_ask(desk: Desk, gus: Member) -> None:
    """In every answer, and in the Home tab."""
    for text in ("start web-12", "log 1h web-12", "tasks", "start"):
        refused = desk.types(text, gus)
        assert f"{WHOM}." in refused.text, text
        assert "people.connect" not in str(refused.blocks)
    tab = shown(desk, gus)
    assert WHOM in tab
    assert "people.connect" not in tab


def test_an_entry_offers_no_button_that_refuses(desk: Desk, gus: Member) -> None:
    """Time of when they were connected, which they open to change."""
    office = desk.office
    entry = office.world.entry(
        gus, office.website, office.web12, NOON - timedelta(hours=2), NOON - timedelta(hours=1)
    )
    refused = desk.clicks("entry.edit", str(entry), gus)
    assert isinstance(refused, Ephemeral)
    assert f"{WHOM}." in refused.message.text
    assert "people.connect" not in str(refused.message.blocks)


def test_who_was_asked_connects_as_everybody_does(desk: Desk, gus: Member) -> None:
    """The button is there as soon as it leads somewhere."""
    office = desk.office
    account = office.world.account(office.board, "gus")
    link = office.world.connected(gus, office.board, account)
    office.change(AccountLinkRow, link, state=AccountLinkState.INVITED)
    refused = desk.types("start web-12", gus)
    assert "people.connect" in str(refused.blocks)
    assert "people.connect" in shown(desk, gus)
    assert "Guests" not in refused.text
