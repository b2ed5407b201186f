"""What somebody may have meant where nothing is called what they typed.

Words are compared with the words of all titles: one or two letters wrong, missing, too many or in
the wrong order. Keys are compared by their number, and by their number with a digit wrong. Only
what the member may track is offered.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.domain.tasks.finding import Candidate
from bot.domain.tasks.task_terms import SearchWord, search_words, spoken_words
from bot.services.tasks.reach import Reach, projects_among
from storage.tasks import task_index, task_search
from storage.tasks.task_questions import Question

_NEAR = 3
_ALIKE = 60
"""Of 100: how alike two spellings are at least to be called near."""
_LIKE = 20
_BARELY = 40
"""The same, where a person chooses among many."""
_TELLING = 3
"""Letters of a word that says something about what is meant."""
_SHORT = 5
"""Letters below which only one may be wrong."""
_MEANT = 4
"""Words of titles that one typed word may have meant."""
_MOST_WRONG = 2
_DIGITS = "0123456789"
_MOST_DIGITS = 9


class Nearest:
    """Within the reach of one member."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def to_key(self, key: str) -> tuple[Candidate, ...]:
        """The tasks whose key is spelled most like it (folded)."""
        reach = self._reach
        code, _, number = key.rpartition("-")
        keys = {f"{code}-{other}" for other in _misread(number)}
        anything = Question(reach.team_id, (), reach.sources.keys())
        found = task_search.with_keys(reach.tx, anything, keys)
        found += task_search.with_number(reach.tx, anything, int(number))
        near: list[tuple[int, int, Candidate]] = []
        for hit in {hit.id: hit for hit in found}.values():
            other = hit.key.casefold()
            wrong = OSA.distance(key, other)
            if wrong <= _MOST_WRONG:
                near.append((wrong, abs(len(key) - len(other)), reach.candidate(hit)))
        near.sort(key=lambda one: one[:2])
        return tuple(candidate for *_, candidate in near[:_NEAR])

    def to_words(self, text: str) -> tuple[Candidate, ...]:
        """The tasks and projects whose name is most like it."""
        words = search_words(text)
        pool = projects_among(self._reach.places) if self._reach.may_do_without_task else []
        if words:
            pool += self._meant(words)
        return _best(text.casefold(), pool, lambda one: one.on.name.casefold(), fuzz.WRatio)

    def alike(self, text: str) -> list[Candidate]:
        """The tasks whose titles share words with a longer text, the most alike first."""
        telling = (word for word in search_words(text) if len(word.parts[0]) >= _TELLING)
        pool = {one.on.target: one for word in telling for one in self._with([(word,)])}
        every = list(pool.values())
        titles = [one.on.title.casefold() for one in every]
        best = process.extract(
            text.casefold(),
            titles,
            scorer=fuzz.token_set_ratio,
            limit=_LIKE,
            score_cutoff=_BARELY,
        )
        return [every[index] for _, _, index in best]

    def _meant(self, words: Sequence[SearchWord]) -> list[Candidate]:
        spellings = self._spellings(words)
        found = self._with(spellings)
        if not found:
            # Not all words of any task: those that have some.
            found = self._with([tuple({word for each in spellings for word in each})])
        return found

    def _with(self, spellings: Sequence[tuple[SearchWord, ...]]) -> list[Candidate]:
        reach = self._reach
        question = Question(reach.team_id, spellings, reach.sources.keys())
        hits = task_search.newest(reach.tx, question, is_done=False)
        hits += task_search.newest(reach.tx, question, is_done=True)
        return [reach.candidate(hit) for hit in hits]

    def _spellings(self, words: Sequence[SearchWord]) -> list[tuple[SearchWord, ...]]:
        """Each word with what it may have meant instead."""
        typed = {word: next(iter(word.parts)) for word in words if len(word.parts) == 1}
        spoken = {word: part for word, part in typed.items() if spoken_words([part])}
        if not spoken:
            return [(word,) for word in words]
        lengths = [len(part) for part in spoken.values()]
        known = task_index.words_like(
            self._reach.tx, self._reach.team_id, min(lengths) - 1, max(lengths) + 2
        )
        return [
            (word, *(SearchWord((one,)) for one in _alike(spoken[word], known)))
            if word in spoken
            else (word,)
            for word in words
        ]


def _alike(word: str, known: Sequence[str]) -> list[str]:
    wrong = 1 if len(word) < _SHORT else 2
    close = process.extract(
        word, known, scorer=OSA.distance, limit=_MEANT, score_cutoff=wrong, processor=None
    )
    return [str(one) for one, _, _ in close if one != word]


def _misread(number: str) -> Iterator[str]:
    """The number with one digit wrong, missing, too many, or two of them swapped."""
    number = number[:_MOST_DIGITS]
    for at in range(len(number) + 1):
        head, tail = number[:at], number[at:]
        yield from (head + digit + tail for digit in _DIGITS)
        yield from (head + digit + tail[1:] for digit in _DIGITS if tail)
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def _best(
    wanted: str,
    pool: Iterable[Candidate],
    spelling: Callable[[Candidate], str],
    scorer: Callable[..., float],
) -> tuple[Candidate, ...]:
    every = list(pool)
    spellings = [spelling(one) for one in every]
    best = process.extract(wanted, spellings, scorer=scorer, limit=_NEAR, score_cutoff=_ALIKE)
    return tuple(every[index] for _, _, index in best)
