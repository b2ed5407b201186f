"""A stand-in for Trello: boards, cards and people as one token sees them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from bot.providers.trello.adapter import Trello
from tests.http_server import Seen
from tests.providers.stand_in import NOON, Refusal, Row, route
from tests.providers.trello.hooks import Hooks
from tests.providers.trello.words import credentials_in
from tests.providers.trello.work import Comments
from tests.providers.trello.world import (
    KEY,
    PLAIN,
    Person,
    TrelloBoard,
    TrelloWorld,
    gone,
    identity,
    short,
    stamp,
    token_of,
)

HEX = 16


class TrelloStandIn(TrelloWorld):
    """One Trello."""

    factory = Trello
    enumerated: ClassVar[tuple[str, ...]] = ("cardRole",)

    def __init__(self) -> None:
        super().__init__()
        self.comments = Comments(self)
        self.hooks = Hooks(self)

    def authorised(self, seen: Seen) -> None:
        """A wrong token gets a plain 401; who signed in needs no key."""
        key, token = credentials_in(seen)
        if key not in {KEY, ""}:
            raise Refusal(401, "invalid key", PLAIN)
        for person in self.people.values():
            if token == token_of(person.id):
                self._asking = person.id
                return
        raise Refusal(401, "invalid token", PLAIN)

    @route("GET", "/1/members/me")
    def whose(self, seen: Seen) -> object:
        """Whose token it is, who alone is shown their own address."""
        me = self.people[self._asking]
        asked = seen.query["fields"].split(",")
        shown = {**person_json(me), "email": me.email, "confirmed": True}
        answer = {name: value for name, value in shown.items() if name in asked}
        if seen.query.get("organizations") == "all":
            answer["organizations"] = [
                {"id": one, "displayName": name}
                for one, (name, people) in self.workspaces.items()
                if me.id in people
            ]
        return answer

    @route("GET", "/1/members/(?P<member>[0-9a-f]{24})")
    def one_member(self, _: Seen, member: str) -> object:
        """Anybody with an account."""
        if member not in self.people:
            raise gone()
        return person_json(self.people[member])

    @route("GET", "/1/tokens/(?P<token>[^/]+)")
    def the_token(self, seen: Seen, token: str) -> object:
        """What it may do, and until when."""
        if token != credentials_in(seen)[1]:
            raise Refusal(401, "unauthorized permission requested", PLAIN)
        return {**self.token, "id": identity(1, "f"), "permissions": self.permissions}

    @route("GET", "/1/members/me/boards")
    def my_boards(self, seen: Seen) -> object:
        """All at once."""
        wanted = seen.query.get("filter", "all")
        return [
            self._board(board, seen)
            for board in self.boards.values()
            if self.sees(board) and (wanted == "all" or not board.is_closed)
        ]

    @route("GET", "/1/boards/(?P<board>[^/]+)")
    def one_board(self, seen: Seen, board: str) -> object:
        """One board."""
        return self._board(self.found_board(board), seen)

    @route("GET", "/1/boards/(?P<board>[^/]+)/lists")
    def lists_of(self, _: Seen, board: str) -> object:
        """Its columns."""
        return self.found_board(board).lists

    @route("GET", "/1/boards/(?P<board>[^/]+)/memberships")
    def members_of_board(self, _: Seen, board: str) -> object:
        """Who is on it, with their names."""
        return [self._membership(one, named=True) for one in self.found_board(board).members]

    @route("GET", "/1/organizations/(?P<workspace>[^/]+)/memberships")
    def members_of_workspace(self, _: Seen, workspace: str) -> object:
        """Who is in it, for those who are."""
        people = self.workspaces[workspace][1]
        if self._asking not in people or self.hides_members:
            raise Refusal(401, "unauthorized org permission requested", PLAIN)
        return [self._membership(one, named=True) for one in people]

    @route("GET", "/1/boards/(?P<board>[^/]+)/cards/all")
    def cards(self, seen: Seen, board: str) -> object:
        """Cards by id, the newest first, from before one on."""
        found = self.found_board(board)
        size = int(seen.query["limit"])
        assert seen.query["sort"] == "-id"
        if size > self.most_cards_at_once:
            raise Refusal(403, {"message": "API_TOO_MANY_CARDS_REQUESTED"})
        before = seen.query.get("before", "g")
        rows = [row for row in self.tasks.values() if row.project == found.id and row.id < before]
        rows.sort(key=lambda row: row.id, reverse=True)
        return [self.card_json(row, seen) for row in rows[:size]]

    @route("GET", "/1/cards/(?P<card>[^/]+)")
    def one_card(self, seen: Seen, card: str) -> object:
        """One card, with its list where that is asked for."""
        row = self.found_card(card)
        shown = self.card_json(row, seen)
        if seen.query.get("list") == "true":
            shown["list"] = next(
                one for one in self.boards[row.project].lists if one["id"] == row.more["idList"]
            )
        return shown

    @route("PUT", "/1/cards/(?P<card>[^/]+)")
    def change_card(self, seen: Seen, card: str) -> object:
        """A card with other fields."""
        row = self.found_card(card)
        asked = {name: seen.query[name] == "true" for name in seen.query}
        assert asked.keys() <= {"dueComplete", "closed"}
        self.change(card, **asked)
        return {"id": row.id}

    @route("GET", "/1/cards/(?P<card>[^/]+)/actions")
    def actions(self, seen: Seen, card: str) -> object:
        """A card's comments."""
        assert seen.query["filter"] == "commentCard"
        return self.comments.listed(seen, self.found_card(card))

    @route("POST", "/1/cards/(?P<card>[^/]+)/actions/comments")
    def new_comment(self, seen: Seen, card: str) -> object:
        """A new comment."""
        return self.comments.write(self.found_card(card), seen.query["text"], self._asking)

    @route("PUT", "/1/cards/(?P<card>[^/]+)/actions/(?P<action>[^/]+)/comments")
    def change_comment(self, seen: Seen, card: str, action: str) -> object:
        """A changed comment."""
        return self.comments.change(seen, card, action, self._asking)

    @route("DELETE", "/1/cards/(?P<card>[^/]+)/actions/(?P<action>[^/]+)/comments")
    def remove_comment(self, _: Seen, card: str, action: str) -> object:
        """A comment less."""
        return self.comments.remove(card, action)

    @route("GET", "/1/actions/(?P<action>[^/]+)")
    def one_action(self, _: Seen, action: str) -> object:
        """One comment."""
        return self.comments.found(action)

    @route("GET", "/1/tokens/(?P<token>[^/]+)/webhooks")
    def webhooks(self, seen: Seen, token: str) -> object:
        """Those made with the token."""
        return self.hooks.of(seen, token)

    @route("POST", "/1/webhooks/")
    async def new_webhook(self, seen: Seen) -> object:
        """One more."""
        return await self.hooks.make(seen)

    @route("DELETE", "/1/webhooks/(?P<number>[^/]+)")
    def remove_webhook(self, _: Seen, number: str) -> object:
        """One less."""
        return self.hooks.remove(number)

    def sees(self, board: TrelloBoard) -> bool:
        """Whether who asks does."""
        in_it = board.workspace and self._asking in self.workspaces[board.workspace][1]
        return (
            self._asking in board.members
            or board.level == "public"
            or (board.level == "org" and bool(in_it))
        )

    def found_board(self, board_id: str) -> TrelloBoard:
        """The board, or Trello's words for one that is not there or not ours."""
        if board_id not in self.boards:
            raise gone()
        board = self.boards[board_id]
        if not self.sees(board):
            raise Refusal(401, "unauthorized permission requested", PLAIN)
        return board

    def found_card(self, card_id: str) -> Row:
        """The card, or Trello's words for one that is not there or not ours."""
        if card_id not in self.tasks:
            raise gone()
        if not self.sees(self.boards[self.tasks[card_id].project]):
            raise Refusal(401, "unauthorized card permission requested", PLAIN)
        return self.tasks[card_id]

    def card_json(self, row: Row, seen: Seen) -> dict[str, Any]:
        """A card with the fields that were asked for."""
        link = short(row.id)
        shown = {
            "id": row.id,
            "idBoard": row.project,
            "idShort": row.number,
            "name": row.title,
            "dueComplete": row.is_done,
            "shortUrl": f"https://trello.com/c/{link}",
            "url": f"https://trello.com/c/{link}/{row.number}-card",
            "dateLastActivity": stamp(row.updated),
            "cardRole": None,
            "isTemplate": False,
            **row.more,
        }
        return chosen(shown, seen)

    def _board(self, board: TrelloBoard, seen: Seen) -> dict[str, Any]:
        memberships = [self._membership(one) for one in board.members]
        shown = {
            "id": board.id,
            "name": board.name,
            "closed": board.is_closed,
            "idOrganization": board.workspace,
            "shortUrl": f"https://trello.com/b/{short(board.id)}",
            "prefs": {"permissionLevel": board.level},
            "dateLastActivity": stamp(board.active),
            "memberships": memberships,
        }
        answer = chosen(shown, seen)
        if seen.query.get("memberships") == "all":
            answer["memberships"] = memberships
        if seen.query.get("organization") == "true" and board.workspace:
            name = self.workspaces[board.workspace][0]
            answer["organization"] = {"id": board.workspace, "displayName": name}
        return answer

    def _membership(self, person_id: str, *, named: bool = False) -> dict[str, Any]:
        person = self.people[person_id]
        shown: dict[str, Any] = {
            "id": identity(int(person_id[:8], HEX), "9"),
            "idMember": person_id,
            "memberType": "normal",
            "unconfirmed": False,
            "deactivated": not person.is_active,
        }
        return {**shown, "member": person_json(person)} if named else shown


def chosen(shown: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    """The fields that were asked for; the id always comes."""
    asked = {"id", *seen.query["fields"].split(",")}
    return {name: value for name, value in shown.items() if name in asked}


def person_json(person: Person) -> dict[str, Any]:
    """A member as others see them: without an address."""
    username = person.name.split(maxsplit=1)[0].lower()
    return {"id": person.id, "username": username, "fullName": person.name}


def acme(*, tasks: int = 230) -> TrelloStandIn:
    """A small company's Trello."""
    trello = TrelloStandIn()
    trello.now = NOON - timedelta(days=30)
    mia, ana, bo = (trello.person(name) for name in ("Mia K", "Ana Ruiz", "Bo Lund"))
    old = trello.person("Gone G", is_active=False)
    guest = trello.person("Gil Guest")
    acme_id = trello.workspace("Acme", mia, ana, bo, old)
    web = trello.board("Website", acme_id, mia, ana, guest)
    trello.board("Plans", acme_id, mia, level="org")
    trello.board("Old intranet", acme_id, mia, is_closed=True)
    trello.board("Recipes", None, mia)
    trello.board("Handbook", acme_id, mia, level="public")
    for number in range(1, tasks + 1):
        task_id = trello.add_task(f"Task {number}", web)
        if number % 10 == 0:
            trello.change(task_id, dueComplete=True)
    first = next(iter(trello.tasks))
    doing = trello.boards[web].lists[1]["id"]
    label = {"id": identity(1, "7"), "name": "blog", "color": "green"}
    trello.change(first, idMembers=[ana], labels=[label], idList=doing)
    trello.now = NOON
    return trello
