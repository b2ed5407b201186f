"""What an admin chooses for a tool, and what it then does by itself (L5, L8, L9)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.prepared import Look, Office, eventually, linked_board, said
from tests.scenarios.story import SLOW


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A linked board with three more projects, two of them announced."""
    with linked_board(database_url, tmp_path) as made:
        yield made


def test_rules_hold_for_what_comes_by_itself(office: Office, database_url: str) -> None:
    """L8: the form counts while it is typed in; what is left out is not announced, nor linked."""
    ana, board, look = office.ana, office.board, Look(database_url)
    ana.types("/link", channel="ops")
    ana.clicks("Settings", channel="ops")
    ana.sees("4 of 4 projects")
    ana.fills("Leave out projects named", "sand*\nOperations")
    ana.sees("3 of 4 projects")
    ana.sees("Left out: Operations")
    ana.submits()
    ana.sees("saved.", timeout=SLOW)
    ana.closes()
    board.add_project("sand", "Sandbox 7", "SAN")
    board.add_project("win", "Winter campaign", "WIN")
    office.syncs()
    ana.sees("Winter campaign", channel="ops", timeout=SLOW)
    assert not any(one.holds("Sandbox 7") for one in ana.messages("ops"))
    assert "left out by your rules" in said(ana, "/link", channel="ops")
    ana.types("/link all", channel="ops")
    ana.sees("left out by the rules of the tool: 2")
    ana.submits()
    eventually(lambda: look.count("project_link WHERE state = 'active'") == 4, "four links")
    ana.types('/link project "Sandbox 7" new', channel="ops")
    ana.sees("Sandbox 7 is linked to a new project", channel="ops", timeout=SLOW)
    look.close()


def test_auto_links_what_is_new_and_offers_the_rest(office: Office, database_url: str) -> None:
    """L8: from then on nobody is asked; what was announced before is one button away."""
    ana, board, look = office.ana, office.board, Look(database_url)
    before = len(ana.messages("ops"))
    ana.types("/link policy auto", channel="ops")
    ana.sees("3 projects of before are not linked", channel="ops", timeout=SLOW)
    board.add_project("win", "Winter campaign", "WIN")
    office.syncs()
    eventually(lambda: look.count("project WHERE name = 'Winter campaign'") == 1, "a project")
    assert not any(one.holds("not linked yet") for one in ana.messages("ops")[before:])
    ana.clicks("Link them...", channel="ops")
    ana.sees("3 projects will be linked")
    ana.submits()
    eventually(lambda: look.count("project_link WHERE state = 'active'") == 5, "five links")
    look.close()


def test_everyone_connected_can_be_added_now(office: Office, database_url: str) -> None:
    """L5: a wider members policy is offered for what is linked already."""
    office.member("bo")
    ana, look = office.ana, Look(database_url)
    assert "Nobody is taken off" in said(ana, "/link policy members off", channel="ops")
    ana.types('/link project "Board meeting" new', channel="ops")
    ana.sees("Board meeting is linked", channel="ops", timeout=SLOW)
    office.syncs()
    project = "project_member JOIN project ON project.id = project_id WHERE name = 'Board meeting'"
    assert look.count(project) == 0
    ana.types("/link policy members everyone", channel="ops")
    ana.sees("1 connected person is not on 1 linked project", channel="ops", timeout=SLOW)
    ana.clicks("Add them now", channel="ops")
    ana.sees("1 person of Acme board joined", channel="ops", timeout=SLOW)
    assert look.count(project) == 1
    look.close()


def test_the_channel_moves(office: Office) -> None:
    """L9: new projects are announced in the new channel; one without Hourlink is refused."""
    ana = office.ana
    assert "New projects are announced in" in said(ana, "/link channel #general", channel="ops")
    office.board.add_project("win", "Winter campaign", "WIN")
    office.syncs()
    ana.sees("Winter campaign", channel="general", timeout=SLOW)
    refused = said(ana, "/link channel #leads", channel="ops")
    assert "which is private" in refused
    assert "/invite @Hourlink" in refused
