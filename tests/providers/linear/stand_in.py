"""A stand-in for Linear: one workspace as one key sees it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from bot.providers.linear.adapter import Linear
from tests.http_server import Seen
from tests.providers.linear.hooks import Hooks
from tests.providers.linear.schema import Wrong, answered, connection, missing, refused
from tests.providers.linear.work import Comments, set_state
from tests.providers.linear.world import (
    PATH,
    STATES,
    WORKSPACE,
    LinearWorld,
    Person,
    Team,
    identity,
    key_of,
)
from tests.providers.stand_in import NOON, Refusal, Row, route


class LinearStandIn(LinearWorld):
    """One Linear."""

    factory = Linear
    enumerated: ClassVar[tuple[str, ...]] = ("state.type",)

    def __init__(self) -> None:
        super().__init__()
        self.asking = ""
        self.comments = Comments(self)
        self.hooks = Hooks(self)

    def authorised(self, seen: Seen) -> None:
        """A wrong key gets 401; one that is said to be a bearer's, 400."""
        given = seen.headers.get("authorization", "")
        for person in self.people.values():
            if given == key_of(person.id):
                self.asking = person.id
                return
        words = "You need to authenticate to access this operation."
        wrong = Wrong("authentication error", "Authentication required", words, "AUTHENTICATION")
        raise Refusal(*refused(400 if given.startswith("Bearer") else 401, wrong))

    @route("POST", PATH)
    def graphql(self, seen: Seen) -> object:
        """Every question and every change."""
        return answered(self.root(), seen.body)

    def root(self) -> dict[str, Any]:
        """Where every question begins."""
        return {
            "viewer": lambda _: self.person_node(self.people[self.asking]),
            "team": lambda _, id: self.team_node(self.found_team(id)),  # noqa: A006
            "teams": self._teams,
            "issues": self._issues,
            "users": self._users,
            "comments": self.comments.listed,
            "webhooks": self.hooks.listed,
            "commentCreate": self.comments.create,
            "commentUpdate": self.comments.update,
            "commentDelete": self.comments.delete,
            "issueUpdate": lambda _, **asked: set_state(self, **asked),
            "webhookCreate": self.hooks.create,
            "webhookUpdate": self.hooks.update,
            "webhookDelete": self.hooks.delete,
        }

    def found_team(self, team_id: str) -> Team:
        """The team, or Linear's words for one that is not there or not ours."""
        team = self.teams.get(team_id)
        if team is None or not self.sees(team, self.asking):
            raise missing("Team")
        return team

    def found_issue(self, issue_id: str) -> Row:
        """The issue, or Linear's words for one that is not there or not ours."""
        row = self.tasks.get(issue_id)
        if row is None or not self.sees(self.teams[row.project], self.asking):
            raise missing("Issue")
        return row

    def _teams(self, _: object, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
        found = [
            team
            for team in self.teams.values()
            if self.sees(team, self.asking)
            and _is_wanted(team.id, asked.get("filter"))
            and (asked.get("includeArchived") or team.retired is None)
        ]
        return connection(found, self.team_node, **_page(asked))

    def _issues(self, _: object, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
        wanted = asked.get("filter") or {}
        since = (wanted.get("updatedAt") or {}).get("gte")
        found = [
            row
            for row in reversed(self.tasks.values())
            if self.sees(self.teams[row.project], self.asking)
            and _is_wanted(row.id, wanted)
            and _is_wanted(row.project, wanted.get("team"))
            and (since is None or row.updated >= datetime.fromisoformat(since))
            and (asked.get("includeArchived") or not row.more["archived"])
        ]
        return connection(found, self.issue_node, **_page(asked), most=self.page_size)

    def _users(self, _: object, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
        mine = [team for team in self.teams.values() if self.asking in team.members]
        colleagues = {person for team in mine for person in team.members}
        found = [
            person
            for person in self.people.values()
            if _is_wanted(person.id, asked.get("filter"))
            and (asked.get("includeDisabled") or person.is_active)
            and (not self.people[self.asking].is_guest or person.id in colleagues)
        ]
        return connection(found, self.person_node, **_page(asked))

    def person_node(self, person: Person) -> dict[str, Any]:
        """A user."""
        return {
            "id": person.id,
            "name": person.name,
            "displayName": person.name.split(maxsplit=1)[0].lower(),
            "email": person.email,
            "active": person.is_active,
            "guest": person.is_guest,
            "app": person.is_app,
            "organization": WORKSPACE,
        }

    def team_node(self, team: Team) -> dict[str, Any]:
        """A team."""

        def members(_: object, first: int = 50, after: str | None = None) -> dict[str, Any]:
            found = [self.people[one] for one in team.members if self.people[one].is_active]
            return connection(found, self.person_node, first=first, after=after)

        def states(_: object, first: int = 50) -> dict[str, Any]:
            places = list(enumerate(STATES))[::-1]  # in no order
            return connection(places, lambda one: state_node(team, *one), first=first)

        return {
            "id": team.id,
            "key": team.key,
            "name": team.name,
            "displayName": team.name,
            "visibility": team.visibility,
            "archivedAt": None,
            "retiredAt": stamp(team.retired) if team.retired else None,
            "organization": WORKSPACE,
            "members": members,
            "states": states,
        }

    def issue_node(self, row: Row) -> dict[str, Any]:
        """An issue."""
        team, more = self.teams[row.project], row.more
        key = f"{team.key}-{row.number}"
        place = [name for name, _ in STATES].index(more["state"])
        assignee, parent, project = (more.get(one) for one in ("assignee", "parent", "project"))
        return {
            "id": row.id,
            "identifier": key,
            "title": row.title,
            "url": f"https://linear.app/acme/issue/{key}/a-title",
            "trashed": more["trashed"],
            "archivedAt": more["archived"],
            "updatedAt": stamp(row.updated),
            "state": state_node(team, place, STATES[place]),
            "team": self.team_node(team),
            "project": {"name": project} if project else None,
            "assignee": self.person_node(self.people[assignee]) if assignee else None,
            "labels": lambda _, first: {"nodes": [{"name": n} for n in more["labels"][:first]]},
            "parent": {"id": parent} if parent else None,
        }


def state_node(team: Team, place: int, named: tuple[str, str]) -> dict[str, Any]:
    """A status of a team; positions are not where they stand in the list."""
    number = int(team.id[:8], 16) * 100 + place
    name, kind = named
    return {"id": identity(number, "c"), "name": name, "type": kind, "position": float(place * 10)}


def _is_wanted(value: str, wanted: Mapping[str, Any] | None) -> bool:
    comparator = (wanted or {}).get("id") or {}
    return all(
        value == given if how == "eq" else value in given for how, given in comparator.items()
    )


def _page(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: asked[name] for name in ("first", "after") if asked.get(name) is not None}


def stamp(moment: datetime) -> str:
    """A moment as Linear writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def acme(*, tasks: int = 230) -> LinearStandIn:
    """A small company's Linear."""
    linear = LinearStandIn()
    linear.now = NOON - timedelta(days=30)
    mia = linear.person("Mia K", is_admin=True)
    ana, bo = linear.person("Ana Ruiz"), linear.person("Bo Lund")
    linear.person("Gone G", is_active=False)
    guest = linear.person("Gil Guest", is_guest=True)
    linear.person("Robot", is_app=True)
    eng = linear.team("ENG", "Engineering", mia, ana, guest)
    linear.team("SEC", "Security", mia, visibility="private")
    linear.team("OLD", "Old", mia, ana, retired=linear.now)
    linear.team("OPS", "Operations", bo)
    for number in range(1, tasks + 1):
        task_id = linear.add_task(f"Task {number}", eng)
        if number % 10 == 0:
            linear.change(task_id, state="Done")
    first, second, *_ = linear.tasks
    linear.change(first, assignee=ana, labels=["bug"], state="In Progress", project="Checkout")
    linear.change(second, parent=first)
    linear.now = NOON
    return linear
