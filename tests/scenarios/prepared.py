"""A board that is connected and linked, with people on it: where most scenarios begin."""

import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playground.driver import Person
from tests.scenarios.running import Installation, installed
from tests.scenarios.story import CHANNEL, SLOW
from tests.scenarios.tools import BoardTool
from tests.scenarios.waits import Look, eventually, no_report_is_owed, rows, said

__all__ = [
    "OTHER",
    "TASK",
    "Look",
    "Office",
    "eventually",
    "linked_board",
    "more_than_a_second",
    "rows",
    "said",
    "sent_bytes",
    "sent_file",
]

TASK = "TASK-12"
OTHER = "TASK-5"


class Office:
    """An installation with the demo board connected, announced, and *Acme Web* linked."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.slack = installation.slack.slack
        self.ana = self.person("ana")
        self.board = BoardTool(installation.boards)
        self._connects()

    def person(self, name: str) -> Person:
        """Somebody of the team."""
        return self.installation.slack.person(name)

    def _connects(self) -> None:
        ana, board = self.ana, self.board
        ana.types("/link connect board", channel=CHANNEL)
        for label, value in board.right.items():
            ana.fills(label, value)
        ana.submits()
        ana.sees("Connected:", timeout=SLOW)
        ana.closes()
        ana.sees(board.main, channel=CHANNEL, timeout=SLOW)

    def links(self) -> None:
        """Links *Acme Web*, and waits until its tasks are here."""
        self.ana.types(f'/link project "{self.board.main}" new', channel=CHANNEL)
        self.ana.sees("is linked to a new project", channel=CHANNEL)
        self.ana.sees("is in sync", channel="app", timeout=SLOW)
        no_report_is_owed(self.installation.environment["HOURLINK_DATABASE_URL"])

    def member(self, name: str) -> Person:
        """Somebody who connects the account that has their e-mail address."""
        person = self.person(name)
        person.types("/track connect", channel="general")
        person.clicks("Connect", channel="general")
        person.sees("Connected:", channel="general")
        return person

    def connected(self, name: str) -> Person:
        """The same, where another test may have connected them before."""
        person = self.person(name)
        person.types("/track connect", channel="general")
        if not person.messages("general")[-1].holds(": connected as "):
            person.clicks("Connect", channel="general")
            person.sees("Connected:", channel="general")
        return person

    def syncs(self) -> None:
        """Asks for a sync and waits for its report, whose last words may come after the first."""
        database_url = self.installation.environment["HOURLINK_DATABASE_URL"]
        no_report_is_owed(database_url)
        before = len(self.ana.messages("app"))
        self.ana.types("/link sync", channel=CHANNEL)
        eventually(
            lambda: any(
                one.holds("is in sync:") or one.holds("did not complete") or one.holds("stopped:")
                for one in self.ana.messages("app")[before:]
            ),
            "the report of a sync",
        )
        no_report_is_owed(database_url)


@contextmanager
def linked_board(
    database_url: str,
    folder: Path,
    *,
    sync_seconds: int = 600,
    at_noon: bool = True,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Office]:
    """Hourlink on this database with a linked board, on a Monday's noon; it syncs when asked.

    The board's files keep the machine's time. A sync that was not asked for, and reads only what
    has changed since the last one, finds that where it is not ``at_noon``.
    """
    with installed(
        database_url,
        folder,
        sync_seconds=sync_seconds,
        at_noon=at_noon,
        settings=settings,
    ) as installation:
        office = Office(installation)
        office.links()
        yield office


def sent_file(office: Office) -> str:
    """The text of the file that was sent last."""
    return sent_bytes(office.installation).decode("utf-8-sig")


def sent_bytes(installation: Installation, ending: str = "") -> bytes:
    """The file that was sent last, as Slack gives it out; waits for one whose name ends so."""

    def last() -> dict[str, str]:
        log = installation.slack.slack.log()  # the newest first
        sent = [one for one in log if one["what"] == "files.completeUploadExternal"]
        (file,) = sent[0]["response"]["files"]
        return {name: str(value) for name, value in file.items()}

    eventually(lambda: last()["title"].endswith(ending), f"a file {ending}")
    file = last()
    token = installation.slack.bot_token
    asked = urllib.request.Request(  # noqa: S310 - our own server
        file["url_private"], headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own server
        return bytes(answer.read())


def more_than_a_second() -> None:
    """What ran for less than a second is not kept."""
    time.sleep(1.1)
