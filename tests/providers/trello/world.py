"""What is in a Trello stand-in: workspaces, people, boards and cards, and what happens to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.http_server import Seen
from tests.providers.stand_in import Refusal, Row, StandIn
from tests.providers.trello.words import published

KEY = "0471642aefef5fa1fa76530ce1ba4c85"
SECRET = "the OAuth secret beside the API key"
PLAIN = {"Content-Type": "text/plain"}
LISTS = ("To do", "Doing", "Done")
MOST_CARDS = 1000


def token_of(person_id: str) -> str:
    """Somebody's token."""
    return f"ATTA{person_id}right"


def identity(number: int, kind: str) -> str:
    """An id as Trello makes them: the moment first, so that they grow."""
    return f"{0x64A1_0000 + number:08x}{kind * 16}"


@dataclass
class Person:
    """A member."""

    id: str
    name: str
    email: str
    is_active: bool = True


@dataclass
class TrelloBoard:
    """A board as Trello keeps it."""

    id: str
    name: str
    workspace: str | None
    active: datetime
    level: str = "private"
    is_closed: bool = False
    members: list[str] = field(default_factory=list)
    lists: list[dict[str, Any]] = field(default_factory=list)
    counter: int = 0


class TrelloWorld(StandIn):
    """A Trello that nobody can ask anything yet."""

    def __init__(self) -> None:
        super().__init__(published())
        self.page_size = MOST_CARDS
        self.boards: dict[str, TrelloBoard] = {}
        self.people: dict[str, Person] = {}
        self.workspaces: dict[str, tuple[str, list[str]]] = {}
        """Names and people by id."""
        self.me = ""
        self.token: dict[str, Any] = {"dateExpires": None}
        self.permissions = [
            {"idModel": "*", "modelType": "board", "read": True, "write": True},
        ]
        self.most_cards_at_once = MOST_CARDS
        """More are refused by name, as from boards with very large cards."""
        self.hides_members = False
        """Nobody is shown who is in a workspace."""
        self._asking = ""

    # Filling

    @property
    def credentials(self) -> Mapping[str, str]:
        """What opens it."""
        return {"key": KEY, "token": token_of(self.me), "secret": SECRET}

    @property
    def pinned(self) -> Mapping[str, object]:
        """Trello has one address for everybody."""
        return {
            "bot.providers.trello.site.API": f"{self.url}/1",
            "bot.providers.trello.cards._LIMIT": self.page_size,
        }

    @property
    def project_id(self) -> str:
        """The first board."""
        return next(iter(self.boards))

    def person(self, name: str, *, is_active: bool = True) -> str:
        """One more member; the first one owns the token."""
        made = Person(
            identity(len(self.people), "a"),
            name,
            f"{name.split(maxsplit=1)[0].lower()}@acme.test",
            is_active,
        )
        self.people[made.id] = made
        self.me = self.me or made.id
        return made.id

    def workspace(self, name: str, *people: str) -> str:
        """One more workspace."""
        made = identity(len(self.workspaces), "e")
        self.workspaces[made] = (name, list(people))
        return made

    def board(self, name: str, workspace: str | None, *people: str, **more: Any) -> str:  # noqa: ANN401
        """One more board, with three lists."""
        number = len(self.boards)
        made = TrelloBoard(
            identity(number, "b"), name, workspace, self.clock(), members=list(people), **more
        )
        made.lists = [
            {"id": identity(number * 10 + place, "c"), "name": title, "closed": False}
            for place, title in enumerate(LISTS)
        ]
        self.boards[made.id] = made
        return made.id

    def add_project(self, name: str) -> str:
        """One more board of the first workspace."""
        return self.board(name, next(iter(self.workspaces)), self.me)

    def add_task(self, title: str, project_id: str | None = None) -> str:
        """One more card."""
        board = self.boards[project_id or self.project_id]
        board.counter += 1
        row = Row(identity(self._made, "d"), board.id, title, self.clock(), board.counter)
        self._made += 1
        row.more = {"idList": board.lists[0]["id"], "closed": False, "idMembers": [], "labels": []}
        self.tasks[row.id] = row
        board.active = self.clock()
        return row.id

    _made = 0

    def retitle(self, task_id: str, title: str) -> None:
        """Somebody renames a card, which their board remembers too."""
        super().retitle(task_id, title)
        self.boards[self.tasks[task_id].project].active = self.clock()

    def remove(self, task_id: str) -> None:
        """Somebody deletes a card."""
        self.boards[self.tasks[task_id].project].active = self.clock()
        super().remove(task_id)

    def change(self, task_id: str, **more: Any) -> None:  # noqa: ANN401
        """Somebody edits a card."""
        row = self.tasks[task_id]
        row.is_done = more.pop("dueComplete", row.is_done)
        row.more |= more
        row.updated = self.boards[row.project].active = self.clock()

    def move(self, task_id: str, board_id: str) -> None:
        """Somebody moves a card: the same id, another number."""
        row, board = self.tasks[task_id], self.boards[board_id]
        self.boards[row.project].active = board.active = row.updated = self.clock()
        board.counter += 1
        row.project, row.number = board_id, board.counter
        row.more["idList"] = board.lists[0]["id"]

    def lists_tasks(self, seen: Seen) -> bool:
        """A board's cards."""
        return seen.path.endswith("/cards/all")


def gone() -> Refusal:
    """What is not there."""
    return Refusal(404, "The requested resource was not found.", PLAIN)


def short(long_id: str) -> str:
    """A short link."""
    return f"S{long_id[:8]}"


def stamp(moment: datetime) -> str:
    """A moment as Trello writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
