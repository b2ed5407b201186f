"""A bare number before words: a task's number and a note, or words such as *3 people*."""

from dataclasses import replace

from bot.domain.tasks.finding import Candidate, Found, NothingFound, Search, Several
from bot.services.tasks.nearest import Nearest
from bot.services.tasks.reach import Reach
from bot.services.tasks.search import SHOWN, TaskSearch
from storage.tasks import task_search

_LONGEST_TITLE = 100
"""Characters; what is longer is a note."""
_NEAR = 3


def weighed(reach: Reach, numbered: Search, words: str, *, is_called: bool = False) -> Search:
    """The task of that number, if it is their own or tracked lately and no other has the words.

    So it is if it has them itself: ``12 header`` for *WEB-12 Fix the header* means the same either
    way. Else a person is asked, who is shown both kinds.

    Args:
        reach: What they may track.
        numbered: What has that number.
        words: The number and what stood behind it.
        is_called: ``issue 5 newsletter``: it is a task's unless a title has all the words.
    """
    titled: tuple[Candidate, ...] = ()
    if len(words) <= _LONGEST_TITLE:
        titled = TaskSearch(reach).tasks(words, counted=False).candidates
    match numbered:
        case Found(one):
            others = [each for each in titled if each.on.target != one.on.target]
            if not others and (titled or is_called or _is_known(reach, one)):
                return numbered
            return _asked(Several((one,), 1), titled)
        case Several():
            return _asked(numbered, titled)
        case NothingFound(near=()):
            return replace(numbered, near=titled[:_NEAR] or Nearest(reach).to_words(words))
        case NothingFound():
            return numbered


def _is_known(reach: Reach, one: Candidate) -> bool:
    """Tracked lately, or assigned to them."""
    if any(hit.id == one.on.task_id for hit, _ in reach.lately):
        return True
    ids = [] if one.on.task_id is None else [one.on.task_id]
    hits = task_search.by_ids(reach.tx, reach.team_id, ids)
    return any(not reach.owners.isdisjoint(hit.terms.split()) for hit in hits)


def _asked(numbered: Several, titled: tuple[Candidate, ...]) -> Several:
    known = {one.on.target for one in numbered.candidates}
    others = tuple(one for one in titled if one.on.target not in known)
    every = (*numbered.candidates, *others)
    return replace(numbered, candidates=every[:SHOWN], total=numbered.total + len(others))
