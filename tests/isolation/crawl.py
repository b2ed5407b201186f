"""Everything that a team's own people can ask for, found by asking and looking at the answers."""

import re
import sqlite3
from collections import Counter, deque
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url

from handlers.linking import link
from handlers.replies import Reply
from handlers.routes import Routes
from handlers.tracking import track
from tests.isolation.cases import CASES
from tests.isolation.desk import Asked, Desk, Entrance, entrances
from tests.isolation.harvest import chosen, led_on, words_in
from tests.isolation.planted import IDS, NOBODY, TEAM

EACH = 3
"""Requests of one kind that are tried; a list has many alike."""

OWNER, OTHER = "U0ZQX0", "U0ZQX1"
_PLANTED = re.compile("|".join(map(str, IDS)))


@dataclass
class Found:
    """What a team can ask for."""

    asked: list[Asked] = field(default_factory=list)
    reached: set[Entrance] = field(default_factory=set)
    """Entrances where the team's own people met what is theirs."""
    broken: list[Asked] = field(default_factory=list)
    entrances: list[Entrance] = field(default_factory=list)
    """All that there are."""
    unfenced: set[str] = field(default_factory=set)
    """Statements on the way that did not say whose rows they are about."""


def beginnings(routes: Routes) -> list[Asked]:
    """Where anybody can begin without having seen anything."""
    found = [Asked("home", "")]
    for name, offered in ((link.NAME, link.OFFERED), (track.NAME, track.OFFERED)):
        for verb in offered:
            found += [Asked("command", name, verb.name), Asked("command", name, verb.example)]
    found += [Asked("command", track.NAME, line) for line in ("start ZQX-0", "log 1h ZQX-0")]
    found += [Asked("shortcut", name, "See ZQX-0 and ZQX-1") for name in routes.shortcuts]
    return found


class Crawl:
    """Goes through a team's screens; what is written on the way is taken back each time."""

    def __init__(self, desk: Desk, database_url: str, kept: Path) -> None:
        self._desk = desk
        self._live = Path(make_url(database_url).database or "")
        self._kept = kept
        self._known = set(entrances(desk.features.routes))
        self._tried: Counter[Entrance] = Counter()
        copied(self._live, self._kept)

    async def all(self) -> Found:
        """Everything that is found."""
        found, seen = Found(), set[Asked]()
        starts = beginnings(self._desk.features.routes)
        # Cases come first: what they lead to is looked at as well.
        for user, first in ((OWNER, [*CASES, *starts]), (OTHER, [*CASES, *starts[:1]])):
            waiting = deque(first)
            while waiting:
                asked = waiting.popleft()
                if self._is_enough(asked, seen, is_first=asked in first):
                    continue
                seen.add(asked)
                answers = await self._own(user, asked)
                found.asked.append(asked)
                if any("BROKEN" in repr(one) for one in answers):
                    found.broken.append(asked)
                if asked.entrance not in found.reached and await self._meets(user, asked, answers):
                    found.reached.add(asked.entrance)
                waiting.extend(_next(asked, answers))
            seen -= set(CASES)
        found.unfenced = self._desk.unfenced
        found.entrances = entrances(self._desk.features.routes)
        return found

    def _is_enough(self, asked: Asked, seen: set[Asked], *, is_first: bool) -> bool:
        if asked.entrance not in self._known or asked in seen:
            return True
        self._tried[asked.entrance] += not is_first
        return self._tried[asked.entrance] > EACH and not is_first

    async def _own(self, user: str, asked: Asked) -> list[Reply]:
        self._desk.wrote = False
        answers = await self._desk.asks(TEAM, user, asked)
        if self._desk.wrote:
            copied(self._kept, self._live)
        return answers

    async def _meets(self, user: str, asked: Asked, answers: list[Reply]) -> bool:
        """Something of the team is in the answer, or would not be for an id that nobody has."""
        if "Only an admin can do this" in repr(answers):
            return False  # it names admins, and says nothing of what was asked for
        if words_in(repr(answers)) - words_in(repr(asked)):
            return True
        elsewhere = for_nobody(asked)
        if elsewhere == asked:
            return False
        return numberless(await self._own(user, elsewhere)) != numberless(answers)


def for_nobody(asked: Asked) -> Asked:
    """The same request about rows that nobody has."""
    for at, one in enumerate(IDS):
        asked = asked.instead(str(one), str(NOBODY + at))
    return asked


def numberless(answers: Iterable[object]) -> str:
    """Answers without the ids that were asked for, and without those that are new each time."""
    text = re.sub(r"0{12}[0-9a-f]{12}", "mark", repr(list(answers)))
    for at, one in enumerate(IDS):
        text = text.replace(str(one), "#").replace(str(NOBODY + at), "#")
    return text


def _next(asked: Asked, answers: list[Reply]) -> list[Asked]:
    found = [one for answer in answers for one in led_on(answer)]
    if asked.kind == "lookup":
        found += [one for answer in answers for one in chosen(asked, answer)]
    # What is about this team is worth more than what is about nothing.
    return sorted(found, key=lambda one: not _PLANTED.search(repr(one)))


def copied(one: Path, other: Path) -> None:
    """Everything in a SQLite file takes the place of everything in another one."""
    with closing(sqlite3.connect(one)) as source, closing(sqlite3.connect(other)) as target:
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target)
