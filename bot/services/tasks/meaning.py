"""What a reference that somebody typed means, among what they may track (T1)."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.domain.ids import TeamId
from bot.domain.linking.link_plan import folded
from bot.domain.people.people import Member
from bot.domain.slack_text import as_typed
from bot.domain.tasks.channel_defaults import ChannelDefault
from bot.domain.tasks.finding import Candidate, Found, NothingFound, Search, Several
from bot.domain.tasks.task_refs import (
    KeyRef,
    NumberRef,
    QuotedName,
    TaskRef,
    UrlRef,
    WordsRef,
    named_in,
)
from bot.domain.tasks.task_terms import fold
from bot.domain.tasks.task_urls import keys_in, spellings
from bot.domain.tracking.tracking_errors import TargetUnknown, TaskRequired
from bot.services.tasks import by_address
from bot.services.tasks.reach import Reach, projects_among
from bot.services.tasks.refusals import Refusals
from bot.services.tasks.search import SHOWN, TaskSearch
from storage.tasks import channel_defaults, trackable
from storage.unit_of_work import Tx

if TYPE_CHECKING:
    from bot.services.tasks.nearest import Nearest

_ELSEWHERE = 3
"""Tasks that are offered where the channel's own project has none of that number, or none has
that key: those of other projects, or with the key in their titles.
"""


class Meaning:
    """Of what is typed in one channel, to start a timer or to log time."""

    def __init__(
        self,
        tx: Tx,
        who: Member,
        reach: Reach,
        refusals: Refusals,
        *,
        may_log: bool,
        channel_id: str | None = None,
    ) -> None:
        self._tx = tx
        self._who = who
        self._reach = reach
        self._refusals = refusals
        self._may_log = may_log
        self._channel_id = channel_id

    def of(self, ref: TaskRef | None) -> Search:
        """What it means; of None, what the channel prefers, else what is likely of all.

        Raises:
            NotAllowed: the only matches are out of this member's reach, and why may be told.
            NotPossible: the only match is archived or no longer linked, or a project where a task
                is needed.
        """
        match ref:
            case None:
                return self._offered()
            case KeyRef(key):
                return self._by_key(key)
            case NumberRef():
                return self._by_number(ref)
            case UrlRef(url):
                return self._at(url)
            case QuotedName(name):
                return self._quoted(name)
            case WordsRef(text):
                return self._by_words(text)

    @cached_property
    def _preferred(self) -> ChannelDefault | None:
        return preferred_in(self._tx, self._who.team_id, self._channel_id)

    def _offered(self) -> Several:
        preferred = self._preferred
        if preferred is None:
            self._refusals.check_reach(may_log=self._may_log)
            every = TaskSearch(self._reach).tasks("")
            instead = () if every.total else tuple(named_projects(self._reach, "")[:SHOWN])
            return replace(every, candidates=instead, total=len(instead)) if instead else every
        within = [p for p in self._reach.places if p.project_id == preferred.project_id]
        if not within:
            self._refusals.explain(trackable.places_of(self._tx, self._who, preferred.project_id))
            raise TargetUnknown
        found = TaskSearch(self._reach).tasks("", only=preferred.project_id)
        itself = projects_among(within) if self._reach.may_do_without_task else []
        return replace(
            found,
            candidates=(*found.candidates[: SHOWN - len(itself)], *itself),
            total=found.total + len(itself),
            within=preferred.project_name,
        )

    def _by_number(self, ref: NumberRef) -> Search:
        found = trackable.by_number(self._tx, self._who, ref.number)
        is_told = len(ref.called.split()) > 2  # noqa: PLR2004 - "task 12" and more
        if self._preferred is not None or not (ref.words or is_told):
            numbered = self._numbered(found)
            if ref.called and numbered == NothingFound():
                return self._by_words(ref.called)
            return numbered
        from bot.services.tasks.bare_numbers import weighed  # noqa: PLC0415 - as with Nearest

        self._refusals.check_reach(may_log=self._may_log)
        numbered = self._numbered(self._free(found))
        if is_told and numbered == NothingFound():
            return self._by_words(ref.called)
        return weighed(self._reach, numbered, ref.words or ref.called, is_called=is_told)

    def _numbered(self, found: Sequence[Candidate]) -> Search:
        """In a channel with a project of its own a number means a task of that one."""
        preferred = self._preferred
        if preferred is None or preferred.is_archived:
            return self.chosen(found) or NothingFound()
        here = [one for one in found if one.place.project_id == preferred.project_id]
        if chosen := self.chosen(here):
            return chosen
        near = TaskSearch(self._reach).ordered(self._free(found))[:_ELSEWHERE]
        return NothingFound(tuple(near), preferred.project_name)

    def _free(self, found: Sequence[Candidate]) -> list[Candidate]:
        return [one for one in found if self._refusals.is_free(one.place, may_log=self._may_log)]

    def chosen(self, found: Sequence[Candidate]) -> Found | Several | None:
        """What of this the member may track; None where it is nothing, and why is not told.

        Raises: as ``of``.
        """
        free = self._free(found)
        if len(free) > 1:
            ordered = TaskSearch(self._reach).ordered(free)
            return Several(tuple(ordered[:SHOWN]), len(free), len(found) < trackable.MOST)
        if free:
            if free[0].on.task_id is None and not self._reach.may_do_without_task:
                raise TaskRequired(free[0].on.project_name)
            return Found(free[0])
        target = found[0].on.target if len(found) == 1 else None
        self._refusals.explain([one.place for one in found], target)
        return None

    def _at(self, url: str) -> Search:
        found = by_address.anything(self._tx, self._who, url)
        keys = keys_in(url)
        if chosen := self.chosen(found):
            return chosen
        self._refusals.check_linked(trackable.unlinked_by_url(self._tx, self._who, spellings(url)))
        return self._near_key(keys[0]) if keys else NothingFound()

    def _named(self, name: str) -> list[Candidate]:
        wanted = fold(name)
        places = trackable.places(self._tx, self._who)
        return projects_among(one for one in places if fold(as_typed(one.project_name)) == wanted)

    def _quoted(self, name: str) -> Search:
        """The project of that name, else the task with that very title, else what fits."""
        if chosen := self.chosen(self._named(name)):
            return chosen
        self._refusals.check_reach(may_log=self._may_log)
        fitting = TaskSearch(self._reach).tasks(name).candidates
        wanted = fold(as_typed(name))
        titled = [one for one in fitting if fold(as_typed(one.on.title)) == wanted]
        return self.chosen(_narrowed(titled, self._preferred)) or self._by_words(name)

    def _by_key(self, key: str) -> Search:
        found = trackable.by_key(self._tx, self._who, key.casefold())
        # Most keys are unique, and need nothing to choose by.
        preferred = self._preferred if len(found) > 1 else None
        if chosen := self.chosen(_narrowed(found, preferred)):
            return chosen
        self._refusals.check_linked(trackable.unlinked_by_key(self._tx, self._who, key.casefold()))
        return self._near_key(key)

    def _by_words(self, text: str) -> Search:
        preferred = self._preferred
        # Some providers' keys look like words; none has a space in it.
        exact = [] if " " in text else trackable.by_key(self._tx, self._who, text.casefold())
        if chosen := self.chosen(_narrowed(exact, preferred)):
            return chosen
        self._refusals.check_reach()
        search = TaskSearch(self._reach, preferred.project_id if preferred else None)
        found = search.tasks(text)
        candidates = (*self._called(text), *found.candidates)
        total = found.total + len(candidates) - len(found.candidates)
        if total == 1:
            return Found(candidates[0])
        if total:
            return Several(candidates[:SHOWN], total, found.is_all)
        return self._named_in(text) or self._near_words(text)

    def _named_in(self, text: str) -> Search | None:
        """The task whose key stands among words that no title has, or those with a key near it."""
        named = named_in(text)
        match named and named[0]:
            case KeyRef(key):
                found = trackable.by_key(self._tx, self._who, key.casefold())
            case NumberRef(number):
                found = trackable.by_number(self._tx, self._who, number)
            case UrlRef(url):
                found = by_address.tasks(self._tx, self._who, url)
            case _:
                return None
        chosen = self.chosen(_narrowed(found, self._preferred))
        if chosen and named:
            return replace(chosen, note=named[1])
        near = self._near_key(named[0].key) if named and isinstance(named[0], KeyRef) else None
        return near if near and near.near else None

    def _called(self, text: str) -> list[Candidate]:
        """The projects with this very name, where time may be tracked on one as such."""
        if not self._reach.may_do_without_task:
            return []
        wanted = fold(text)
        places = (one for one in self._reach.places if fold(as_typed(one.project_name)) == wanted)
        return projects_among(places)

    def _near_key(self, key: str) -> NothingFound:
        self._refusals.check_reach()
        near = nearest(self._reach).to_key(key.casefold())
        return NothingFound(near or TaskSearch(self._reach).tasks(key).candidates[:_ELSEWHERE])

    def _near_words(self, text: str) -> NothingFound:
        self._refusals.check_reach()
        return NothingFound(nearest(self._reach).to_words(text))


def preferred_in(tx: Tx, team_id: TeamId, channel_id: str | None) -> ChannelDefault | None:
    """The project that a channel prefers (T12)."""
    return None if channel_id is None else channel_defaults.find(tx, team_id, channel_id)


def named_projects(reach: Reach, text: str) -> list[Candidate]:
    """Projects as such whose names hold the words, by name; none where tasks are required."""
    if not reach.may_do_without_task:
        return []
    words = folded(text).split()
    return [
        one
        for one in projects_among(reach.places)
        if all(word in folded(one.on.project_name) for word in words)
    ]


def nearest(reach: Reach) -> "Nearest":
    """What is spelled nearly like something."""
    from bot.services.tasks.nearest import Nearest  # noqa: PLC0415 - for who misspells a word

    return Nearest(reach)


def _narrowed(found: Sequence[Candidate], preferred: ChannelDefault | None) -> Sequence[Candidate]:
    """Of several tasks that may be tracked, the only one in the preferred project."""
    if preferred is None or len(found) < 2:  # noqa: PLR2004 - several
        return found
    here = [
        one
        for one in found
        if one.place.project_id == preferred.project_id and one.place.obstacle is None
    ]
    return here if len(here) == 1 else found
