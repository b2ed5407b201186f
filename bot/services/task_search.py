"""Tasks by words, ranked for one member: what they most likely mean comes first.

An exact key or number, then open before done; then tasks of the project that the channel prefers,
their own, those tracked lately, those that begin with what was typed, and the newest.
"""

from collections.abc import Collection, Iterable, Sequence

from bot.domain.finding import Candidate, Several
from bot.domain.ids import ProjectId, ProviderProjectId, TaskId
from bot.domain.task_refs import KeyRef, NumberRef, read_token
from bot.domain.task_terms import SearchWord, fits, fold, search_words
from bot.services.reach import Reach, projects_among
from storage import task_search
from storage.task_search import SHELF, Hit

SHOWN = 100
"""Options in one select, by Slack's rule."""

COUNTED = 1000
"""Matches that are counted one by one; of more it is said that there are at least so many."""

_MOST_RECENT = 200
_MOST_PROJECTS = 10


class TaskSearch:
    """Within the reach of one member."""

    def __init__(self, reach: Reach, here: ProjectId | None = None) -> None:
        """Takes the reach, and the project that the channel prefers."""
        self._reach = reach
        self._here = here

    def tasks(
        self, text: str, *, only: ProjectId | None = None, with_projects: bool = False
    ) -> Several:
        """Tasks that fit all words; without words open ones, one's own and the latest first.

        Args:
            text: What was typed.
            only: Of this project alone.
            with_projects: Projects whose name fits are offered too.
        """
        words = search_words(text)
        if text.strip() and not words:
            return Several((), 0)
        sources = self._sources(only)
        found = self._found(text, words, sources)
        total, is_all = len(found), True
        if len(found) >= SHELF:
            total = self._counted(words, sources)
            is_all = total < COUNTED
        ranked = [self._reach.candidate(hit) for hit in self._ranked(found.values(), text)]
        projects = self._projects(words) if with_projects and only is None else []
        room = SHOWN - len(projects)
        return Several((*ranked[:room], *projects), total + len(projects), is_all)

    def ordered(self, found: Sequence[Candidate]) -> list[Candidate]:
        """Candidates that were found otherwise, the likeliest first; projects as such come last."""
        ids = [one.on.task_id for one in found if one.on.task_id is not None]
        hits = task_search.by_ids(self._reach.tx, self._reach.team_id, ids)
        places = {hit.id: at for at, hit in enumerate(self._ranked(hits, ""))}
        last = len(places)
        return sorted(found, key=lambda one: places.get(one.on.task_id or TaskId(0), last))

    def _sources(self, only: ProjectId | None) -> Collection[ProviderProjectId]:
        return [
            source
            for source, place in self._reach.sources.items()
            if only is None or place.project_id == only
        ]

    def _found(
        self, text: str, words: Sequence[SearchWord], sources: Collection[ProviderProjectId]
    ) -> dict[TaskId, Hit]:
        reach = self._reach
        hits = task_search.find(
            reach.tx,
            reach.team_id,
            words=[(word,) for word in words],
            owners=reach.owners,
            sources=sources,
        )
        found = [*hits.own, *hits.open, *(hits.done if words else ())]
        found += self._exact(text, sources)
        lately = sorted(reach.recent, key=lambda task: -reach.recent[task])[:_MOST_RECENT]
        known = {hit.id for hit in found}
        missing = [task for task in lately if task not in known]
        wanted = set(sources)
        found += [
            hit
            for hit in task_search.by_ids(reach.tx, reach.team_id, missing)
            if hit.source in wanted and fits(words, hit.terms)
        ]
        return {hit.id: hit for hit in found if words or not hit.is_done}

    def _exact(self, text: str, sources: Collection[ProviderProjectId]) -> list[Hit]:
        reach = self._reach
        match read_token(text.strip()):
            case KeyRef(key):
                return task_search.with_keys(reach.tx, reach.team_id, [key.casefold()], sources)
            case NumberRef(number):
                return task_search.with_number(reach.tx, reach.team_id, number, sources)
            case _:
                return []

    def _counted(self, words: Sequence[SearchWord], sources: Collection[ProviderProjectId]) -> int:
        reach = self._reach
        return task_search.count(
            reach.tx,
            reach.team_id,
            words=[(word,) for word in words],
            sources=sources,
            most=COUNTED,
        )

    def _ranked(self, hits: Iterable[Hit], text: str) -> list[Hit]:
        recent, owners = self._reach.recent, self._reach.owners
        typed = fold(" ".join(text.split()))
        exact = read_token(text.strip())
        number = str(exact.number) if isinstance(exact, NumberRef) else ""

        def rank(hit: Hit) -> tuple[bool, bool, bool, bool, int, bool, int]:
            key = fold(hit.key)
            is_exact = bool(typed) and (
                key == typed or (number != "" and key.endswith(f"-{number}"))
            )
            begins = bool(typed) and (key.startswith(typed) or fold(hit.title).startswith(typed))
            place = self._reach.sources.get(hit.source)
            is_here = place is not None and place.project_id == self._here
            return (
                not is_exact,
                hit.is_done,
                not is_here,
                owners.isdisjoint(hit.terms.split()),
                -recent.get(hit.id, 0),
                not begins,
                -hit.id,
            )

        return sorted(hits, key=rank)

    def _projects(self, words: Sequence[SearchWord]) -> list[Candidate]:
        if not words or not self._reach.may_do_without_task:
            return []
        return [
            one
            for one in projects_among(self._reach.places)
            if fits(
                words, " ".join(part for word in search_words(one.on.name) for part in word.parts)
            )
        ][:_MOST_PROJECTS]
