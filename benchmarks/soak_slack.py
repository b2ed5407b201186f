"""A small, quick stand-in for Slack, for many teams: it keeps what was posted, and fails a little.

The playground is stricter and has a page to look at, but holds one team.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from benchmarks import soak_names as names
from tests.http_server import HttpServer, Say, Seen

Method: TypeAlias = Callable[[int, Seen], dict[str, Any]]
"""What answers one of Slack's methods, for a team."""

OFTEN = 0.02
"""Of the calls, this part goes wrong while there is trouble."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that was posted."""

    team: int
    channel: str
    marker: str
    text: str
    ts: str


class ManySlacks:
    """Slack's Web API; a token says for which team."""

    def __init__(self, seed: int) -> None:
        self.kept: list[Kept] = []
        self.late: dict[int, str] = {}
        """Answers that came through a response URL, by the command's number."""
        self.strangers: list[str] = []
        """Calls for a channel or a person of another team."""
        self.calls: Counter[str] = Counter()
        self.has_trouble = False
        self._rolls = random.Random(seed)  # noqa: S311 - trouble, not secrets
        self._stamps = 1_700_000_000
        self.server = HttpServer(self.answer)
        self._methods: dict[str, Method] = {
            "chat.postMessage": self._post,
            "conversations.history": self._history,
            "conversations.info": self._channel,
            "conversations.open": self._open,
            "users.info": lambda _, seen: {"user": _person(seen.query["user"])},
            "users.list": lambda _, __: {"members": []},
            "auth.test": lambda team, _: {"team_id": names.team(team), "user_id": "UBOT"},
        }

    def answer(self, seen: Seen) -> Say:
        """Answers one call, or loses it or its answer."""
        self.server.seen.clear()  # nobody looks at them, and there are many
        roll = self._rolls.random() if self.has_trouble else 1.0
        if roll < OFTEN / 2:
            return Say(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
        said = self._said(seen)
        if roll < OFTEN * 0.75:
            return Say(500, "")
        return replace(said, cut_after=0) if roll < OFTEN else said

    def _said(self, seen: Seen) -> Say:
        if seen.path.startswith("/late/"):
            self.late[int(seen.path.rpartition("/")[2])] = str((seen.body or {}).get("text", ""))
            return Say()
        method = seen.path.rpartition("/")[2]
        self.calls[method] += 1
        team = names.owner(seen.headers.get("authorization", "").removeprefix("Bearer "))
        if team is None:
            return Say(body={"ok": False, "error": "invalid_auth"})
        self._fence(team, method, seen)
        made = self._methods.get(method, _nothing)(team, seen)
        return Say(body={"ok": True} | made)

    def _fence(self, team: int, method: str, seen: Seen) -> None:
        asked = {**seen.query, **(seen.body or {})}
        for name in ("channel", "user", "user_id", "users"):
            whose = names.owner(str(asked.get(name, "")))
            if whose not in {None, team}:
                self.strangers.append(f"{method} of team {team}: {asked[name]}")

    def _post(self, team: int, seen: Seen) -> dict[str, Any]:
        asked = seen.body
        self._stamps += 1
        ts = f"{self._stamps}.000001"
        marker = (asked.get("metadata") or {}).get("event_payload", {}).get("marker", "")
        said = f"{asked.get('text', '')}\n{asked.get('blocks', '')}"
        self.kept.append(Kept(team, asked["channel"], marker, said, ts))
        return {"channel": asked["channel"], "ts": ts}

    def _history(self, team: int, seen: Seen) -> dict[str, Any]:
        """Half of the teams let Hourlink look, the others have not given it the scope."""
        if team % 2:
            return {"ok": False, "error": "missing_scope"}
        found = [one for one in self.kept if one.channel == seen.query["channel"]]
        return {
            "messages": [
                {
                    "ts": one.ts,
                    "metadata": {"event_type": "x", "event_payload": {"marker": one.marker}},
                }
                for one in reversed(found[-100:])
            ]
        }

    def _channel(self, team: int, seen: Seen) -> dict[str, Any]:
        del team
        return {"channel": {"id": seen.query["channel"], "is_private": False, "is_member": True}}

    def _open(self, team: int, seen: Seen) -> dict[str, Any]:
        del team
        return {"channel": {"id": f"D{str(seen.body['users'])[1:]}"}}


def _nothing(team: int, seen: Seen) -> dict[str, Any]:
    del team, seen
    return {"view": {"id": "V1"}, "ts": "1.1", "channel": "C"}


def _person(user_id: str) -> dict[str, Any]:
    number, who = names.owner(user_id) or 0, int(user_id[-3:])
    return person(number, who)


def person(number: int, who: int, zone: str = "UTC") -> dict[str, Any]:
    """Somebody as Slack shows them; everybody's first is the owner."""
    profile = {"real_name": names.account(who), "email": f"p{who}@team{number}.test"}
    return {
        "id": names.person(number, who),
        "team_id": names.team(number),
        "tz": zone,
        "is_admin": who == 0,
        "is_primary_owner": who == 0,
        "profile": profile,
    }
