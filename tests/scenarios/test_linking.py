"""Linking as an admin sees it, beside the main story: many at once, and what gets in the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.prepared import (
    Look,
    Office,
    eventually,
    linked_board,
    more_than_a_second,
    said,
)
from tests.scenarios.story import SLOW


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A linked board with three more projects."""
    with linked_board(database_url, tmp_path) as made:
        yield made


def test_connect_all_shows_what_it_will_do(office: Office, database_url: str) -> None:
    """L3, L4: created, matched by name, left alone and why; then it is done, in one message."""
    ana, look = office.ana, Look(database_url)
    said(ana, '/link new "Operations"', channel="ops")
    ana.clicks("Ignore", on="Board meeting", channel="ops")
    ana.sees("Board meeting (BM) ignored by Ana Ruiz", channel="ops", timeout=SLOW)
    ana.types("/link all", channel="ops")
    for words in (
        "2 projects will be linked. Nothing has been changed yet.",
        "New projects: 1",
        "Linked to a project of the same name: 1",
        "Left alone, ignored: 1",
        "Left alone, archived in the tool: 1",
    ):
        ana.sees(words)
    before = len(ana.messages("app"))
    ana.submits()
    ana.sees("Linked 2 projects: 1 to a new project, 1 to a project of the same name", timeout=SLOW)
    ana.sees("is in sync", channel="app", timeout=SLOW)
    eventually(lambda: look.count("sync_wish WHERE answered_at IS NULL") == 0, "the report")
    more_than_a_second()
    told = [one for one in ana.messages("app")[before:] if one.holds("Acme board")]
    assert len(told) == 1, told
    assert told[0].holds("in sync")
    ana.sees("Acme Shop (SHOP) linked to Acme Shop by Ana Ruiz", channel="ops", timeout=SLOW)
    look.close()


def test_what_happens_in_the_tool_while_somebody_decides(office: Office) -> None:
    """L9: archived while the form is open: a sentence. Rows in the channel lose their buttons."""
    ana, board = office.ana, office.board
    ana.clicks("Link to...", on="Acme Shop", channel="ops")
    ana.sees("Link to a project")
    ana.chooses("Project", "Acme Web", typing="acme")
    board.change("projects.csv", "id", "shop", archived="yes")
    board.remove("projects.csv", "id", "ops")
    board.remove("tasks.csv", "project", "ops")
    board.remove("access.csv", "project", "ops")
    office.syncs()
    ana.sees("Acme Shop (SHOP) is archived", channel="ops", timeout=SLOW)
    ana.submits()
    ana.sees("Acme Shop is archived in its tool. Bring it back there, then link it.")
    ana.closes(everything=True)
    ana.sees("Operations (OPS) is no longer there", channel="ops", timeout=SLOW)
    board.change("projects.csv", "id", "shop", archived="no")
    office.syncs()
    ana.clicks("Create & link", on="Acme Shop", channel="ops")
    ana.sees("Acme Shop (SHOP) linked to Acme Shop by Ana Ruiz", channel="ops", timeout=SLOW)


def test_a_message_of_which_nobody_knows(database_url: str, tmp_path: Path) -> None:
    """L9, L10: the answer to a post was lost. A click on the message that did arrive settles it."""
    with linked_board(database_url, tmp_path, sync_seconds=2) as office:
        ana, look = office.ana, Look(database_url)
        owed = "outbox WHERE state IN ('pending', 'sending')"
        eventually(lambda: look.count(owed) == 0, "everything to be told")
        eventually(lambda: look.count("sync_run WHERE state = 'running'") == 0, "a quiet moment")
        more_than_a_second()
        office.slack.spoils_line(api_cut="after", times=1)
        office.board.add_project("win", "Winter campaign", "WIN")
        ana.sees("Winter campaign", channel="ops", timeout=SLOW)
        eventually(lambda: look.count("announcement WHERE state = 'unknown'") == 1, "doubt")
        assert "may not have arrived" in said(ana, "/link", channel="ops")
        ana.clicks("Ignore", on="Winter campaign", channel="ops")
        ana.sees("Winter campaign (WIN) ignored by Ana Ruiz", channel="ops", timeout=SLOW)
        assert "may not have arrived" not in said(ana, "/link", channel="ops")
        announced = [one for one in ana.messages("ops") if one.holds("Winter campaign (WIN)")]
        assert len(announced) == 1
        look.close()
