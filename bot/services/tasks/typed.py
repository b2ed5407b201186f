"""From what a person typed to what they may track (T1)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.domain.entries.entries import OnTask, Target
from bot.domain.ids import TaskId
from bot.domain.linking.link_plan import folded
from bot.domain.people.people import Member
from bot.domain.slack_text import as_typed
from bot.domain.tasks.channel_defaults import ChannelDefault
from bot.domain.tasks.finding import (
    Candidate,
    Found,
    NothingFound,
    Search,
    Several,
)
from bot.domain.tasks.mentions import Mentions
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
from bot.domain.tracking.tracking_errors import (
    TargetUnknown,
    TaskRequired,
)
from bot.services.tasks import by_address
from bot.services.tasks.reach import Reach, projects_among
from bot.services.tasks.refusals import ProviderName, Refusals
from bot.services.tasks.search import SHOWN, TaskSearch
from storage.tasks import channel_defaults, trackable
from storage.unit_of_work import Tx

if TYPE_CHECKING:
    from bot.services.tasks.nearest import Nearest

_ELSEWHERE = 3
"""Tasks that are offered where the channel's own project has none of that number, or none has
that key: those of other projects, or with the key in their titles.
"""


class Finder:
    """Searches, refuses and explains, for one member in one transaction."""

    def __init__(self, tx: Tx, who: Member, today: date, provider_name: ProviderName) -> None:
        self._tx = tx
        self._who = who
        self._reach = Reach(tx, who, today)
        self._refusals = Refusals(tx, who, self._reach, provider_name)

    def find(
        self, ref: TaskRef | None, *, may_log: bool = False, channel_id: str | None = None
    ) -> Search:
        """What a reference means to this member.

        Args:
            ref: What they typed; None offers the tasks of the project that the channel prefers,
                else what is likely of all.
            may_log: Time is logged by hand, which admins may on archived projects too (A3).
            channel_id: Where they typed it: the project that it prefers comes first (T12).

        Raises:
            NotAllowed: the only matches are out of this member's reach, and why may be told.
            NotPossible: the only match is archived or no longer linked, or a project where a task
                is needed.
        """
        match ref:
            case None:
                return self._offered(channel_id, may_log=may_log)
            case KeyRef(key):
                return self._by_key(key, channel_id, may_log=may_log)
            case NumberRef():
                return self._by_number(ref, self._preferred(channel_id), may_log=may_log)
            case UrlRef(url):
                return self._at(url, may_log=may_log)
            case QuotedName(name):
                return self._quoted(name, self._preferred(channel_id), may_log=may_log)
            case WordsRef(text):
                return self._by_words(text, self._preferred(channel_id), may_log=may_log)

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
            found = projects_among(trackable.places_of(self._tx, self._who, target.project_id))
        match self._chosen(found, may_log=may_log):
            case Found(candidate):
                return candidate
            case _:
                if isinstance(target, OnTask):
                    gone = trackable.unlinked_by_id(self._tx, self._who, target.task_id)
                    self._refusals.check_linked(gone)
                raise TargetUnknown

    def peek(self, task_id: TaskId) -> Candidate | None:
        """A task, if this member may track it; no reason is given where they may not."""
        one = trackable.by_id(self._tx, self._who, task_id)
        return one if one is not None and one.place.obstacle is None else None

    def tasks(self, text: str) -> Several:
        """Tasks that fit the words; without words open ones, one's own and the latest first.

        Raises:
            AccountNotConnected: there is nothing to search in before an account is connected.
            NothingToTrackOn: there is no project of theirs.
        """
        self.check_reach()
        return TaskSearch(self._reach).tasks(text)

    def suggestions(self, text: str) -> Several | None:
        """What a searching select offers: tasks and projects that fit; None where none do.

        Raises:
            AccountNotConnected: there is nothing to search in before an account is connected.
            NothingToTrackOn: there is no project of theirs.
        """
        self._reach.look_up()
        self.check_reach()
        search = TaskSearch(self._reach)
        projects = search.projects(text)
        found = search.tasks(text, counted=False)
        offered = (*found.candidates[: SHOWN - len(projects)], *projects)
        if offered or not text.strip():
            return replace(found, candidates=offered, total=found.total + len(projects))
        return None

    def near(self, text: str) -> Several:
        """What a searching select offers instead: what is spelled nearly like it."""
        near = self._nearest.to_words(text)
        return Several(near, len(near))

    def projects(self, text: str) -> list[Candidate]:
        """Projects as such whose names hold the words, by name; none where tasks are required."""
        self.check_reach()
        if not self._reach.may_do_without_task:
            return []
        words = folded(text).split()
        return [
            one
            for one in projects_among(self._reach.places)
            if all(word in folded(one.on.project_name) for word in words)
        ]

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
        for url in mentions.urls:
            found += by_address.tasks(self._tx, self._who, url)
        if preferred := self._preferred(channel_id) if mentions.numbers else None:
            for number in mentions.numbers:
                numbered = trackable.by_number(self._tx, self._who, number)
                found += [one for one in numbered if one.place.project_id == preferred.project_id]
        free = {one.on.task_id: one for one in found if one.place.obstacle is None}
        if not free:
            target = found[0].on.target if len(found) == 1 else None
            self._refusals.explain([one.place for one in found], target)
        return TaskSearch(self._reach).ordered(list(free.values()))

    def alike(self, words: str) -> list[Candidate]:
        """The tasks whose titles are most like some words; all, likeliest first, without any."""
        self.check_reach()
        return self._nearest.alike(words) or list(TaskSearch(self._reach).tasks("").candidates)

    def check_reach(self, *, may_log: bool = False) -> None:
        """Nothing, where there is something to search in; ``may_log`` is as with ``find``.

        Raises:
            AccountNotConnected: there is none before an account is connected.
            NothingToTrackOn: this member is on no project.
        """
        self._refusals.check_reach(may_log=may_log)

    def _preferred(self, channel_id: str | None) -> ChannelDefault | None:
        if channel_id is None:
            return None
        return channel_defaults.find(self._tx, self._who.team_id, channel_id)

    def _offered(self, channel_id: str | None, *, may_log: bool) -> Several:
        preferred = self._preferred(channel_id)
        if preferred is None:
            self.check_reach(may_log=may_log)
            every = TaskSearch(self._reach).tasks("")
            instead = () if every.total else tuple(self.projects("")[:SHOWN])
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

    def _by_number(
        self, ref: NumberRef, preferred: ChannelDefault | None, *, may_log: bool
    ) -> Search:
        found = trackable.by_number(self._tx, self._who, ref.number)
        if preferred is not None or not ref.words:
            numbered = self._numbered(found, preferred, may_log=may_log)
            if ref.called and numbered == NothingFound():
                return self._by_words(ref.called, preferred, may_log=may_log)
            return numbered
        from bot.services.tasks.bare_numbers import weighed  # noqa: PLC0415 - as with Nearest

        self.check_reach(may_log=may_log)
        free = [one for one in found if self._refusals.is_free(one.place, may_log=may_log)]
        return weighed(self._reach, self._numbered(free, None, may_log=may_log), ref.words)

    def _numbered(
        self, found: Sequence[Candidate], preferred: ChannelDefault | None, *, may_log: bool
    ) -> Search:
        """In a channel with a project of its own a number means a task of that one."""
        if preferred is None or preferred.is_archived:
            return self._chosen(found, may_log=may_log) or NothingFound()
        here = [one for one in found if one.place.project_id == preferred.project_id]
        if chosen := self._chosen(here, may_log=may_log):
            return chosen
        elsewhere = [one for one in found if self._refusals.is_free(one.place, may_log=may_log)]
        near = TaskSearch(self._reach).ordered(elsewhere)[:_ELSEWHERE]
        return NothingFound(tuple(near), preferred.project_name)

    def _chosen(self, found: Sequence[Candidate], *, may_log: bool) -> Found | Several | None:
        free = [one for one in found if self._refusals.is_free(one.place, may_log=may_log)]
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

    def _at(self, url: str, *, may_log: bool) -> Search:
        found = by_address.anything(self._tx, self._who, url)
        keys = keys_in(url)
        if chosen := self._chosen(found, may_log=may_log):
            return chosen
        self._refusals.check_linked(trackable.unlinked_by_url(self._tx, self._who, spellings(url)))
        return self._near_key(keys[0]) if keys else NothingFound()

    def _named(self, name: str) -> list[Candidate]:
        wanted = fold(name)
        places = trackable.places(self._tx, self._who)
        return projects_among(one for one in places if fold(as_typed(one.project_name)) == wanted)

    def _quoted(self, name: str, preferred: ChannelDefault | None, *, may_log: bool) -> Search:
        """The project of that name, else the task with that very title, else what fits."""
        if chosen := self._chosen(self._named(name), may_log=may_log):
            return chosen
        self.check_reach(may_log=may_log)
        fitting = TaskSearch(self._reach).tasks(name).candidates
        wanted = fold(as_typed(name))
        titled = [one for one in fitting if fold(as_typed(one.on.title)) == wanted]
        return self._chosen(_narrowed(titled, preferred), may_log=may_log) or self._by_words(
            name, preferred, may_log=may_log
        )

    def _by_key(self, key: str, channel_id: str | None, *, may_log: bool) -> Search:
        found = trackable.by_key(self._tx, self._who, key.casefold())
        # Most keys are unique, and need nothing to choose by.
        preferred = self._preferred(channel_id) if len(found) > 1 else None
        if chosen := self._chosen(_narrowed(found, preferred), may_log=may_log):
            return chosen
        self._refusals.check_linked(trackable.unlinked_by_key(self._tx, self._who, key.casefold()))
        return self._near_key(key)

    def _by_words(self, text: str, preferred: ChannelDefault | None, *, may_log: bool) -> Search:
        # Some providers' keys look like words; none has a space in it.
        exact = [] if " " in text else trackable.by_key(self._tx, self._who, text.casefold())
        if chosen := self._chosen(_narrowed(exact, preferred), may_log=may_log):
            return chosen
        self.check_reach()
        search = TaskSearch(self._reach, preferred.project_id if preferred else None)
        found = search.tasks(text)
        candidates = (*self._called(text), *found.candidates)
        total = found.total + len(candidates) - len(found.candidates)
        if total == 1:
            return Found(candidates[0])
        if total:
            return Several(candidates[:SHOWN], total, found.is_all)
        return self._named_in(text, preferred, may_log=may_log) or self._near_words(text)

    def _named_in(
        self, text: str, preferred: ChannelDefault | None, *, may_log: bool
    ) -> Search | None:
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
        chosen = self._chosen(_narrowed(found, preferred), may_log=may_log)
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

    @property
    def _nearest(self) -> "Nearest":
        from bot.services.tasks.nearest import Nearest  # noqa: PLC0415 - for who misspells a word

        return Nearest(self._reach)

    def _near_key(self, key: str) -> NothingFound:
        self.check_reach()
        near = self._nearest.to_key(key.casefold())
        return NothingFound(near or TaskSearch(self._reach).tasks(key).candidates[:_ELSEWHERE])

    def _near_words(self, text: str) -> NothingFound:
        self.check_reach()
        return NothingFound(self._nearest.to_words(text))


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
