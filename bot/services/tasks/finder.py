"""What one member may put time on: by what they typed, a button, a message, a search (T1)."""

from dataclasses import replace
from datetime import date

from bot.domain.entries.entries import OnTask, Target
from bot.domain.ids import TaskId
from bot.domain.people.people import Member
from bot.domain.tasks.finding import Candidate, Found, Offer, Search, Several
from bot.domain.tasks.mentions import Mentions
from bot.domain.tasks.task_refs import TaskRef
from bot.domain.tracking.tracking_errors import TargetUnknown
from bot.services.tasks import by_address
from bot.services.tasks.meaning import Meaning, named_projects, nearest, preferred_in
from bot.services.tasks.reach import Reach, projects_among
from bot.services.tasks.refusals import ProviderName, Refusals
from bot.services.tasks.search import SHOWN, TaskSearch
from storage.tasks import trackable
from storage.unit_of_work import Tx

_MOST_TASKS = 80
_MOST_PROJECTS = 20
"""Options in a select are a hundred at most."""


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
        return self._meaning(may_log=may_log, channel_id=channel_id).of(ref)

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
        match self._meaning(may_log=may_log).chosen(found):
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

    def offer(self, text: str) -> Offer:
        """Tasks and projects that fit some words, for a form's select.

        Raises: as ``tasks``.
        """
        tasks = self.tasks(text).candidates
        return Offer(tasks[:_MOST_TASKS], tuple(self.projects(text)[:_MOST_PROJECTS]))

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
        near = nearest(self._reach).to_words(text)
        return Several(near, len(near))

    def projects(self, text: str) -> list[Candidate]:
        """Projects as such whose names hold the words, by name; none where tasks are required."""
        self.check_reach()
        return named_projects(self._reach, text)

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
        here = preferred_in(self._tx, self._who.team_id, channel_id) if mentions.numbers else None
        if here is not None:
            for number in mentions.numbers:
                numbered = trackable.by_number(self._tx, self._who, number)
                found += [one for one in numbered if one.place.project_id == here.project_id]
        free = {one.on.task_id: one for one in found if one.place.obstacle is None}
        if not free:
            target = found[0].on.target if len(found) == 1 else None
            self._refusals.explain([one.place for one in found], target)
        return TaskSearch(self._reach).ordered(list(free.values()))

    def alike(self, words: str) -> list[Candidate]:
        """The tasks whose titles are most like some words; all, likeliest first, without any."""
        self.check_reach()
        return nearest(self._reach).alike(words) or list(
            TaskSearch(self._reach).tasks("").candidates
        )

    def check_reach(self, *, may_log: bool = False) -> None:
        """Nothing, where there is something to search in; ``may_log`` is as with ``find``.

        Raises:
            AccountNotConnected: there is none before an account is connected.
            NothingToTrackOn: this member is on no project.
        """
        self._refusals.check_reach(may_log=may_log)

    def check_deleted(self) -> None:
        """Nothing, unless all that this member could track on went with its tool's project.

        Raises:
            NothingToTrackOn: with the name of the one they tracked on last.
        """
        self._refusals.check_deleted()

    def _meaning(self, *, may_log: bool, channel_id: str | None = None) -> Meaning:
        return Meaning(
            self._tx,
            self._who,
            self._reach,
            self._refusals,
            may_log=may_log,
            channel_id=channel_id,
        )
