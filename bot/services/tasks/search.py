"""Tasks by words, ranked for one member: what they most likely mean comes first.

An exact key or number, then open before done; then tasks of the project that the channel prefers,
their own, those tracked lately, those that begin with what was typed, and the newest.
"""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.ids import ProjectId, TaskId
from bot.domain.tasks.finding import Candidate, Several
from bot.domain.tasks.task_refs import KeyRef, NumberRef, read_called
from bot.domain.tasks.task_terms import SearchWord, fits, fold, search_words
from bot.services.tasks.reach import Reach, projects_among
from storage.tasks import task_search
from storage.tasks.task_questions import Question, Spellings
from storage.tasks.task_search import PAGE, SHELF, Hit

SHOWN = 100
"""Options in one select, by Slack's rule."""

COUNTED = 1000
"""Matches that are counted one by one; of more it is said that there are at least so many."""

_MOST_PROJECTS = 10


class TaskSearch:
    """Within the reach of one member."""

    def __init__(self, reach: Reach, here: ProjectId | None = None) -> None:
        """Takes the reach, and the project that the channel prefers."""
        self._reach = reach
        self._here = here

    def tasks(self, text: str, *, only: ProjectId | None = None, counted: bool = True) -> Several:
        """Tasks that fit all words; without words open ones, one's own and the latest first.

        Args:
            text: What was typed.
            only: Of this project alone.
            counted: How many fit in all is wanted too, where they are more than are shown.
        """
        words = search_words(text)
        if text.strip() and not words:
            return Several((), 0)
        question = self._question([(word,) for word in words], only)
        found, is_all = self._found(text, words, question)
        total = len(found)
        if not is_all and counted:
            total = max(total, task_search.count(self._reach.tx, question, COUNTED))
            is_all = total < COUNTED
        ranked = [self._reach.candidate(hit) for hit in self._ranked(found, text)[:SHOWN]]
        return Several(tuple(ranked), total, is_all)

    def projects(self, text: str) -> list[Candidate]:
        """Projects as such whose name fits all words, where time may be tracked on one."""
        words = search_words(text)
        if not words:
            return []
        first = words[0].parts[0]
        likely = (one for one in self._reach.places if first in fold(one.project_name))
        found = [one for one in projects_among(likely) if fits(words, _spoken(one.on.name))]
        return found[:_MOST_PROJECTS] if found and self._reach.may_do_without_task else []

    def ordered(self, found: Sequence[Candidate]) -> list[Candidate]:
        """Candidates that were found otherwise, the likeliest first; projects as such come last."""
        ids = [one.on.task_id for one in found if one.on.task_id is not None]
        hits = task_search.by_ids(self._reach.tx, self._reach.team_id, ids)
        places = {hit.id: at for at, hit in enumerate(self._ranked(self._owned(hits), ""))}
        last = len(places)
        return sorted(found, key=lambda one: places.get(one.on.task_id or TaskId(0), last))

    def _question(self, words: Sequence[Spellings], only: ProjectId | None) -> Question:
        sources = self._reach.sources
        if only is not None:
            sources = {key: one for key, one in sources.items() if one.project_id == only}
        return Question(self._reach.team_id, words, sources.keys())

    def _found(
        self, text: str, words: Sequence[SearchWord], question: Question
    ) -> tuple[dict[Hit, bool], bool]:
        """What fits, and whether each is the member's own; and whether that is all."""
        tx, reach = self._reach.tx, self._reach
        page = task_search.page(tx, question, reach.owners) if words else {}
        is_all = bool(words) and len(page) < PAGE
        found = page if is_all else self._on_shelves(question, page)
        others = [*self._exact(text, question), *self._recent(words, question)]
        found |= {hit: mine for hit, mine in self._owned(others).items() if hit not in found}
        if not words:
            found = {hit: own for hit, own in found.items() if not hit.is_done}
        return found, is_all or len(found) < SHELF

    def _on_shelves(self, question: Question, page: Mapping[Hit, bool]) -> dict[Hit, bool]:
        """What the shelves hold, of more than could be looked at; of a page, if there is one."""
        tx, reach = self._reach.tx, self._reach
        own, opened = task_search.own_and_open(tx, question, reach.owners, page)
        found = dict.fromkeys(own, True)
        found |= dict.fromkeys((hit for hit in opened if hit not in found), False)
        if question.words and len(opened) < SHELF:
            done = task_search.newest(tx, question, is_done=True, seen=page)
            found |= dict.fromkeys((hit for hit in done if hit not in found), False)
        return found

    def _owned(self, hits: Iterable[Hit]) -> dict[Hit, bool]:
        owners = self._reach.owners
        return {hit: not owners.isdisjoint(hit.terms.split()) for hit in hits}

    def _recent(self, words: Sequence[SearchWord], question: Question) -> list[Hit]:
        """What was tracked lately and fits."""
        seen = set(question.sources)
        hits = (hit for hit, _ in self._reach.lately)
        return [hit for hit in hits if hit.source in seen and fits(words, hit.terms)]

    def _exact(self, text: str, question: Question) -> list[Hit]:
        match read_called(text.strip()):
            case KeyRef(key):
                return task_search.with_keys(self._reach.tx, question, [key.casefold()])
            case NumberRef(number):
                return task_search.with_number(self._reach.tx, question, number)
            case _:
                return []

    def _ranked(self, hits: Mapping[Hit, bool], text: str) -> list[Hit]:
        recent = {hit.id: last for hit, last in self._reach.lately}
        sources, here = self._reach.sources, self._here
        typed = fold(" ".join(text.split()))
        exact = read_called(text.strip())
        ending = f"-{exact.number}" if isinstance(exact, NumberRef) else None

        def rank(hit: Hit) -> tuple[bool, bool, bool, bool, int, bool, int]:
            key = fold(hit.key)
            is_exact = bool(typed) and (key == typed or bool(ending and key.endswith(ending)))
            begins = bool(typed) and (key.startswith(typed) or fold(hit.title).startswith(typed))
            is_here = here is not None and sources[hit.source].project_id == here
            return (
                not is_exact,
                hit.is_done,
                not is_here,
                not hits[hit],
                -recent.get(hit.id, 0),
                not begins,
                -hit.id,
            )

        return sorted(hits, key=rank)


def _spoken(name: str) -> str:
    """The terms of a project's name."""
    return " ".join(part for word in search_words(name) for part in word.parts)
