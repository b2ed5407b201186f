"""Tools that a stand-in plays: who works there, and what it keeps, read from its own state.

Nothing here goes through an adapter: records are read as a person would read them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.providers.asana.world import token_of as asana_token
from tests.providers.clickup.words import token_of as clickup_token
from tests.providers.github.stand_in import token_of as github_token
from tests.providers.jira.base import token_of as jira_token
from tests.providers.linear.world import key_of as linear_key
from tests.providers.trello.world import token_of as trello_token
from tests.torture.field import PEOPLE
from tests.torture.tools import Kept

OWN = ("ana", "di")
"""Who gave their own key."""

OWNER = "cy"
"""Whose key the integration has."""


@dataclass(frozen=True)
class Hand:
    """Somebody in the tool."""

    name: str
    account: str
    key: Mapping[str, str]


@dataclass(frozen=True)
class Written:
    """One record as the tool keeps it."""

    task: str
    author: str
    text: str
    day: date | datetime
    seconds: int


@dataclass(frozen=True)
class Tool:
    """What is particular about one of them. Stand-ins have no type in common that would help."""

    slug: str
    owner: Callable[[Any], str]
    hires: Callable[[Any, str], tuple[str, Mapping[str, str]]]
    """Somebody new, who sees the first project: their id, and what opens the tool for them."""
    rows: Callable[[Any], Iterable[Written]]
    kept: Callable[[int], int] = lambda seconds: seconds
    """How the tool keeps a length."""
    in_any_name: bool = False
    """An admin's key writes other people's time in their own name."""
    always_names: bool = False
    """Its comments name the member whoever wrote them."""

    def crowd(self, stand_in: Any) -> list[Hand]:  # noqa: ANN401
        """The five people, as they are known there."""
        return [
            Hand(name, self.owner(stand_in), {})
            if name == OWNER
            else Hand(name, *self.hires(stand_in, name))
            for name in PEOPLE
        ]

    def signs(self, crowd: Sequence[Hand]) -> list[str]:
        """Whose name each person's records are in, and whom they name."""
        owner = next(one.account for one in crowd if one.name == OWNER)
        found = []
        for one in crowd:
            is_own = one.name in OWN or one.name == OWNER or self.in_any_name
            names = self.always_names or not is_own
            account = one.account if is_own else owner
            found.append(f"{account}:{one.name.title() if names else ''}")
        return found

    def theirs(self, stand_in: Any, crowd: Sequence[Hand]) -> Counter[Kept]:  # noqa: ANN401
        """Everything that is kept, with whose it is and its marker beside it."""
        zone_of = {one.account: ZoneInfo(PEOPLE[one.name]) for one in crowd}
        zone_of |= {one.name.title(): ZoneInfo(PEOPLE[one.name]) for one in crowd}
        found: Counter[Kept] = Counter()
        for row in self.rows(stand_in):
            name = _named(row.text)
            day = row.day
            if isinstance(day, datetime):
                day = day.astimezone(zone_of[name or row.author]).date()
            marks = _MARK.findall(row.text)
            sign = f"{row.author}:{name} {','.join(marks)}"
            found[row.task, sign, day.isoformat(), row.seconds] += 1
        return found


_MARK = re.compile(r"\[hl:([0-9a-f]+)\]")
_NAME = re.compile(rf"({'|'.join(name.title() for name in PEOPLE)})\b")
_COMMENT = re.compile(
    r"\w+ tracked (?:(\d+) h )?(?:(\d+) m )?(?:(\d+) s )?on (\d+ [A-Z][a-z]+ \d{4})"
)


def _named(text: str) -> str:
    found = _NAME.match(text)
    return found[1] if found else ""


def _whole_minutes(seconds: int) -> int:
    """At least one; half a minute counts as one."""
    return max(60, (seconds + 30) // 60 * 60)


def _jira_hires(jira: Any, name: str) -> tuple[str, Mapping[str, str]]:  # noqa: ANN401
    email = f"{name}@acme.test"
    made = jira.person(f"712020-{name}", name.title(), email, login=name)
    key = {"token": jira_token(made)}
    return made, key if jira.deployment == "Server" else {**key, "email": email}


def _jira_rows(jira: Any) -> Iterable[Written]:  # noqa: ANN401
    for one in jira.worklogs.kept.values():
        author = one["author"].get("accountId") or one["author"]["key"]
        started = datetime.strptime(one["started"], "%Y-%m-%dT%H:%M:%S.%f%z")
        text = one["comment"]
        if not isinstance(text, str):
            text = "".join(word["text"] for word in text["content"][0]["content"])
            text += f" [hl:{one['properties'][0]['value']['id']}]"
        yield Written(one["issueId"], author, text, started, one["timeSpentSeconds"])


def _asana_hires(asana: Any, name: str) -> tuple[str, Mapping[str, str]]:  # noqa: ANN401
    made = asana.person(name.title(), f"{name}@acme.test")
    return made, {"token": asana_token(made)}


def _asana_rows(asana: Any) -> Iterable[Written]:  # noqa: ANN401
    for one in asana.time.kept.values():
        day, author = date.fromisoformat(one["entered_on"]), one["created_by"]["gid"]
        seconds = one["duration_minutes"] * 60
        yield Written(one["task"]["gid"], author, one["description"], day, seconds)


def _clickup_hires(clickup: Any, name: str) -> tuple[str, Mapping[str, str]]:  # noqa: ANN401
    made = clickup.person(name.title(), f"{name}@acme.test")
    return made, {"token": clickup_token(made)}


def _clickup_rows(clickup: Any) -> Iterable[Written]:  # noqa: ANN401
    for one in clickup.time.kept.values():
        started = datetime.fromtimestamp(int(one["start"]) / 1000, UTC)
        author, seconds = str(one["user"]["id"]), int(one["duration"]) // 1000
        yield Written(one["task"]["id"], author, one["description"], started, seconds)


def _trello_hires(trello: Any, name: str) -> tuple[str, Mapping[str, str]]:  # noqa: ANN401
    made = trello.person(name.title())
    trello.boards[trello.project_id].members.append(made)
    return made, {"token": trello_token(made)}


def _trello_rows(trello: Any) -> Iterable[Written]:  # noqa: ANN401
    for one in trello.comments.kept.values():
        data = one["data"]
        yield _comment(data["card"]["id"], one["idMemberCreator"], data["text"])


def _github_hires(github: Any, name: str) -> tuple[str, Mapping[str, str]]:  # noqa: ANN401
    made = github.person(600 + len(github.people), name).id
    github.repos[github.project_id].collaborators.add(made)
    return str(made), {"token": github_token(made)}


def _github_rows(github: Any) -> Iterable[Written]:  # noqa: ANN401
    for one in github.work.kept.values():
        body = one["body"].replace("<!-- ", "").replace(" -->", "")
        yield _comment(one["issue"], str(one["author"]), body)


def _linear_hires(linear: Any, name: str) -> tuple[str, Mapping[str, str]]:  # noqa: ANN401
    made = linear.person(name.title())
    return made, {"key": linear_key(made)}


def _linear_rows(linear: Any) -> Iterable[Written]:  # noqa: ANN401
    for one in linear.comments.kept.values():
        yield _comment(one["issue"], one["user"], one["body"])


def _comment(task: str, author: str, text: str) -> Written:
    """What a comment says."""
    found = _COMMENT.match(text)
    if found is None:
        return Written(task, author, text, date.min, 0)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    day = datetime.strptime(found[4], "%d %B %Y").replace(tzinfo=UTC).date()
    return Written(task, author, text, day, (hours * 60 + minutes) * 60 + seconds)


def _first(stand_in: Any) -> str:  # noqa: ANN401
    return str(next(iter(stand_in.people)))


def _shortest(seconds: int) -> int:
    return max(60, seconds)


TOOLS: Mapping[str, Tool] = {
    "Asana": Tool("asana", _first, _asana_hires, _asana_rows, _whole_minutes),
    "ClickUp": Tool("clickup", _first, _clickup_hires, _clickup_rows, in_any_name=True),
    "GitHub": Tool("github", _first, _github_hires, _github_rows, always_names=True),
    "Jira Cloud": Tool("jira", _first, _jira_hires, _jira_rows, _shortest),
    "Jira Data Center": Tool("jira", _first, _jira_hires, _jira_rows, _shortest),
    "Linear": Tool("linear", _first, _linear_hires, _linear_rows, always_names=True),
    "Trello": Tool("trello", _first, _trello_hires, _trello_rows, always_names=True),
}
"""By the names of the stand-ins."""
