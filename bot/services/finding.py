"""From what a person typed to what they may track (T1)."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlsplit, urlunsplit

from rapidfuzz import fuzz, process

from bot.domain.channel_defaults import ChannelDefault
from bot.domain.entries import OnTask, Target, TaskLabel
from bot.domain.finding import Candidate, Found, NothingFound, Obstacle, Place, Search, Several
from bot.domain.input_errors import MissingTask
from bot.domain.mentions import Mentions
from bot.domain.people import Member
from bot.domain.task_refs import KeyRef, NumberRef, QuotedName, TaskRef, UrlRef, WordsRef
from bot.domain.tracking_errors import (
    AccountNotConnected,
    NoProviderAccess,
    ProjectArchived,
    TargetUnknown,
    TaskRequired,
)
from storage import channel_defaults, teams, trackable
from storage.unit_of_work import Tx

SHOWN = 100
"""Options in one select, by Slack's rule."""

_NEAR = 3
_ALIKE = 60
"""Of 100: how alike two spellings are at least to be called near."""
_LIKE = 20
_BARELY = 40
"""The same, where a person chooses among many."""
_RECENT = timedelta(days=30)
_MOST_WORDS = 12
_WORD = re.compile(r"\w+")

ProviderName = Callable[[str], str]
"""The name of a provider, for people, by its slug."""


class Finder:
    """Searches, refuses and explains, for one member in one transaction."""

    def __init__(self, tx: Tx, who: Member, today: date, provider_name: ProviderName) -> None:
        self._tx = tx
        self._who = who
        self._today = today
        self._name = provider_name

    def find(self, ref: TaskRef, *, may_log: bool = False, channel_id: str | None = None) -> Search:
        """What a reference means to this member.

        Args:
            ref: What they typed.
            may_log: Time is logged by hand, which admins may on archived projects too (A3).
            channel_id: Where they typed it: the project that it prefers comes first (T12).

        Raises:
            NotAllowed: the only matches are out of this member's reach, and why may be told.
            NotPossible: the only match is archived, or a project where a task is needed.
        """
        match ref:
            case KeyRef(key):
                found = trackable.by_key(self._tx, self._who, key.casefold())
                found = _narrowed(found, self._preferred(channel_id))
                return self._chosen(found, may_log) or self._near_key(key.casefold())
            case NumberRef(number):
                found = trackable.by_number(self._tx, self._who, number)
                return self._numbered(found, self._preferred(channel_id), may_log=may_log)
            case UrlRef(url):
                return self._chosen(self._at(url), may_log) or NothingFound()
            case QuotedName(name):
                return self._chosen(self._named(name), may_log) or self._near_name(name)
            case WordsRef(text):
                return self._by_words(text, may_log)

    def by_target(self, target: Target, *, may_log: bool = False) -> Candidate:
        """What a button names.

        Raises:
            TargetUnknown: it is gone, or not for this member.
            NotAllowed: this member cannot track it, and why may be told.
            NotPossible: nobody can.
        """
        if isinstance(target, OnTask):
            one = trackable.by_id(self._tx, self._who, target.task_id)
            found = [] if one is None else [one]
        else:
            places = trackable.places_of(self._tx, self._who, target.project_id)
            found = _projects(places)
        match self._chosen(found, may_log):
            case Found(candidate):
                return candidate
            case _:
                raise TargetUnknown

    def tasks(self, text: str) -> Several:
        """Open and done tasks that fit the words, all where there are none; likeliest first."""
        within = self._within()
        words = _folded_words(text)
        found = trackable.with_words(self._tx, self._who.team_id, within, words)
        fitting = [one for one in found if _begins(words, one)] if words else found
        ranked = self._ranked(fitting)
        is_all = len(found) < trackable.MOST
        return Several(tuple(ranked[:SHOWN]), len(ranked), is_all)

    def projects(self, text: str) -> list[Candidate]:
        """Projects as such whose names hold the words, by name; none where tasks are required."""
        if not teams.settings(self._tx, self._who.team_id).time_without_task:
            return []
        words = text.casefold().split()
        return [
            one
            for one in _projects(self._within())
            if all(word in one.on.project_name.casefold() for word in words)
        ]

    def offered(self, channel_id: str | None) -> Several:
        """The tasks of the project that the channel prefers, likeliest first, and it itself.

        Raises:
            MissingTask: it prefers none.
            NotAllowed: this member cannot track it, and why may be told.
            NotPossible: nobody can.
            TargetUnknown: this member cannot track it, and that is all they may know.
        """
        preferred = self._preferred(channel_id)
        if preferred is None:
            raise MissingTask("start")
        places = trackable.places_of(self._tx, self._who, preferred.project_id)
        within = [place for place in places if place.obstacle is None]
        if not within:
            self._explain(places)
            raise TargetUnknown
        found = trackable.with_words(self._tx, self._who.team_id, within, ())
        ranked = self._ranked(found)[: SHOWN - 1]
        total = len(found)
        if teams.settings(self._tx, self._who.team_id).time_without_task:
            ranked += _projects(within)
            total += 1
        is_all = len(found) < trackable.MOST
        return Several(tuple(ranked), total, is_all, preferred.project_name)

    def mentioned(self, mentions: Mentions, channel_id: str | None) -> list[Candidate]:
        """The tasks that a message mentions and this member may track, likeliest first.

        A number counts in a channel with a project of its own (T12).

        Raises:
            NotAllowed: all that it mentions is out of this member's reach, and why may be told.
            NotPossible: all that it mentions is archived.
        """
        found: list[Candidate] = []
        if mentions.keys:
            keys = [key.casefold() for key in mentions.keys]
            found += trackable.by_keys(self._tx, self._who, keys)
        if mentions.urls:
            spellings = [one for url in mentions.urls for one in _spellings(url)]
            found += trackable.by_url(self._tx, self._who, spellings)
        if preferred := self._preferred(channel_id) if mentions.numbers else None:
            for number in mentions.numbers:
                numbered = trackable.by_number(self._tx, self._who, number)
                found += [one for one in numbered if one.place.project_id == preferred.project_id]
        free = {one.on.task_id: one for one in found if one.place.obstacle is None}
        if not free:
            self._explain(one.place for one in found)
        return self._ranked(free.values())

    def alike(self, words: str) -> list[Candidate]:
        """The tasks whose titles are most like some words; all, likeliest first, without any."""
        within = self._within()
        pool = trackable.with_words(self._tx, self._who.team_id, within, ())
        if not _folded_words(words):
            return self._ranked(pool)[:SHOWN]
        spellings = [one.on.title.casefold() for one in pool]
        best = process.extract(
            words.casefold(),
            spellings,
            scorer=fuzz.token_set_ratio,
            limit=_LIKE,
            score_cutoff=_BARELY,
        )
        return [pool[index] for _, _, index in best] or self._ranked(pool)[:SHOWN]

    def _preferred(self, channel_id: str | None) -> ChannelDefault | None:
        if channel_id is None:
            return None
        return channel_defaults.find(self._tx, self._who.team_id, channel_id)

    def _numbered(
        self, found: Sequence[Candidate], preferred: ChannelDefault | None, *, may_log: bool
    ) -> Search:
        """In a channel with a project of its own a number means a task of that one."""
        if preferred is None or preferred.is_archived:
            return self._chosen(found, may_log) or NothingFound()
        here = [one for one in found if one.place.project_id == preferred.project_id]
        if chosen := self._chosen(here, may_log):
            return chosen
        elsewhere = [one for one in found if self._is_free(one.place, may_log=may_log)]
        return NothingFound(tuple(self._ranked(elsewhere)[:_NEAR]), preferred.project_name)

    def _chosen(self, found: Sequence[Candidate], may_log: bool) -> Found | Several | None:  # noqa: FBT001
        free = [one for one in found if self._is_free(one.place, may_log=may_log)]
        if len(free) > 1:
            return Several(tuple(self._ranked(free)[:SHOWN]), len(free))
        if free:
            if free[0].on.task_id is None:
                self._check_project(free[0].on)
            return Found(free[0])
        self._explain([one.place for one in found])
        return None

    def _is_free(self, place: Place, *, may_log: bool) -> bool:
        by_hand = may_log and self._who.is_admin and place.obstacle is Obstacle.ARCHIVED
        return place.obstacle is None or by_hand

    def _explain(self, refused: Iterable[Place]) -> None:
        """Says why, where that gives nothing away; silence answers like an unknown name."""
        for place in refused:
            source = place.source
            if place.obstacle is Obstacle.ARCHIVED:
                raise ProjectArchived(place.project_name, admin_may_log=True)
            if place.obstacle is Obstacle.NOT_CONNECTED and source is not None:
                raise AccountNotConnected(
                    source.integration_id,
                    self._name(source.provider),
                    source.site,
                    place.project_name,
                )
            if place.obstacle is Obstacle.NO_ACCESS and source is not None and self._who.is_admin:
                raise NoProviderAccess(self._name(source.provider), source.site, place.project_name)

    def _check_project(self, on: TaskLabel) -> None:
        if not teams.settings(self._tx, self._who.team_id).time_without_task:
            raise TaskRequired(on.project_name)

    def _at(self, url: str) -> list[Candidate]:
        spellings = _spellings(url)
        found = trackable.by_url(self._tx, self._who, spellings)
        return found or _projects(trackable.places_by_url(self._tx, self._who, spellings))

    def _named(self, name: str) -> list[Candidate]:
        wanted = name.casefold()
        places = trackable.places(self._tx, self._who)
        return _projects([one for one in places if one.project_name.casefold() == wanted])

    def _by_words(self, text: str, may_log: bool) -> Search:  # noqa: FBT001 - passed through
        exact = trackable.by_key(self._tx, self._who, text.casefold())
        if chosen := self._chosen(exact, may_log):
            return chosen
        words = _folded_words(text)
        if not words:
            return NothingFound()
        found = self.tasks(text)
        if found.total == 1 and found.is_all:
            return Found(found.candidates[0])
        return found if found.total else self._near_name(text)

    def _within(self) -> list[Place]:
        every = trackable.places(self._tx, self._who)
        free = [place for place in every if place.obstacle is None]
        if not free:
            # Nothing at all to search in: most likely somebody who has yet to connect.
            waiting = [place for place in every if place.obstacle is Obstacle.NOT_CONNECTED]
            self._explain(replace(place, project_name="") for place in waiting)
        return free

    def _ranked(self, found: Iterable[Candidate]) -> list[Candidate]:
        team_id, member_id = self._who.team_id, self._who.id
        lately = trackable.recent(self._tx, team_id, member_id, self._today - _RECENT)
        own = trackable.own_accounts(self._tx, team_id, member_id)

        def rank(one: Candidate) -> tuple[bool, bool, int, str, str]:
            source = one.place.source
            mine = source is not None and any(
                (source.integration_id, account) in own for account in one.assignees
            )
            last = lately.get(one.on.task_id, 0) if one.on.task_id else 0
            return (one.is_done, not mine, -last, one.on.title.casefold(), one.on.key)

        return sorted(found, key=rank)

    def _near_key(self, key: str) -> NothingFound:
        within = self._within()
        prefix = key.rpartition("-")[0] + "-"
        pool = trackable.with_key_like(self._tx, self._who.team_id, within, prefix)
        pool = pool or trackable.with_words(self._tx, self._who.team_id, within, ())
        return NothingFound(_nearest(key, pool, lambda one: one.on.key.casefold(), fuzz.ratio))

    def _near_name(self, text: str) -> NothingFound:
        within = self._within()
        pool = trackable.with_words(self._tx, self._who.team_id, within, ())
        pool += _projects(within)
        return NothingFound(
            _nearest(text.casefold(), pool, lambda one: one.on.name.casefold(), fuzz.WRatio)
        )


def _narrowed(found: list[Candidate], preferred: ChannelDefault | None) -> list[Candidate]:
    """Of several tasks that may be tracked, the only one in the preferred project."""
    if preferred is None or len(found) < 2:  # noqa: PLR2004 - several
        return found
    here = [
        one
        for one in found
        if one.place.project_id == preferred.project_id and one.place.obstacle is None
    ]
    return here if len(here) == 1 else found


def _nearest(
    wanted: str,
    pool: Sequence[Candidate],
    spelling: Callable[[Candidate], str],
    scorer: Callable[..., float],
) -> tuple[Candidate, ...]:
    spellings = [spelling(one) for one in pool]
    best = process.extract(wanted, spellings, scorer=scorer, limit=_NEAR, score_cutoff=_ALIKE)
    return tuple(pool[index] for _, _, index in best)


def _projects(places: Iterable[Place]) -> list[Candidate]:
    """Projects as such: each once, by the place with the least in the way."""
    best: dict[int, Place] = {}
    for place in places:
        known = best.get(place.project_id)
        if known is None or (known.obstacle is not None and place.obstacle is None):
            best[place.project_id] = place
    return [Candidate(TaskLabel(p.project_id, p.project_name), p) for p in best.values()]


def _folded_words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())[:_MOST_WORDS]


def _begins(words: Sequence[str], one: Candidate) -> bool:
    """Whether every word begins a word of the key or title."""
    parts = _WORD.findall(one.on.name.casefold())
    return all(any(part.startswith(word) for part in parts) for word in words)


def _spellings(url: str) -> list[str]:
    """An address without its fragment, its query and its last slash, in turn."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return [url]
    head = (parts.scheme.lower(), parts.netloc.lower())
    whole = [
        urlunsplit((*head, parts.path, parts.query, "")),
        urlunsplit((*head, parts.path, "", "")),
    ]
    bare = [address.rstrip("/") for address in whole]
    return list(dict.fromkeys((url, *whole, *bare, *(f"{address}/" for address in bare))))
