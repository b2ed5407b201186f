"""Which provider project, and which project, a person means by their words."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.domain.ids import TeamId
from bot.domain.linking.link_plan import folded
from bot.domain.linking.linking import (
    LinkedProject,
    ProjectUnknown,
    Target,
    TargetArchived,
    UnlinkedProject,
)
from bot.domain.tasks.task_refs import ProjectRef, QuotedName, UrlRef, WordsRef, ref_words
from storage.linking import link_candidates, link_search, link_targets, linked_search
from storage.unit_of_work import Tx

Thing = TypeVar("Thing")
Names = Callable[[Thing], tuple[str, ...]]

MOST_MEANT = 500
"""How many are looked at, whatever the words are."""

_CLOSE = 50
_MOST = 3


def meant(
    ref: ProjectRef,
    things: Sequence[Thing],
    *,
    names: Names[Thing],
    url: Callable[[Thing], str] | None = None,
) -> list[Thing]:
    """Everything that the words may mean: one is an answer, several are a question.

    A whole name, key or code in any case comes before words that a name holds; what stood in
    quotes is a whole name. An address is the thing's own, or that of a page below it.
    """
    match ref:
        case UrlRef(address):
            return [] if url is None else _at(address, things, url)
        case QuotedName(text):
            return _called(text, things, names)
        case WordsRef(text):
            exact = _called(text, things, names)
            words = folded(text).split()
            return exact or [
                thing
                for thing in things
                if all(word in folded(" ".join(names(thing))) for word in words)
            ]


def nearest(ref: ProjectRef, things: Sequence[Thing], *, names: Names[Thing]) -> tuple[str, ...]:
    """The first names of at most three things that are spelled most alike, best first."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - for who misspells a name

    by_name = {names(thing)[0]: folded(names(thing)[0]) for thing in things}
    wanted = folded(ref_words(ref).strip('"'))
    close = process.extract(wanted, by_name, scorer=fuzz.WRatio, limit=_MOST, score_cutoff=_CLOSE)
    return tuple(str(name) for _, _, name in close)


def targets_meant(tx: Tx, team_id: TeamId, ref: ProjectRef) -> list[Target]:
    """The projects that are not archived and that the words mean by name or code.

    Raises:
        TargetArchived: only an archived one is called that.
        ProjectUnknown: none is.
    """
    every = link_targets.every(tx, team_id)
    found = meant(ref, every, names=_target_names)
    standing = [one for one in found if not one.is_archived]
    if found and not standing:
        raise TargetArchived(found[0].name)
    if not standing:
        close = nearest(ref, every, names=_target_names)
        raise ProjectUnknown(ref_words(ref).strip('"'), close)
    return standing


def linked_meant(tx: Tx, team_id: TeamId, ref: ProjectRef) -> list[LinkedProject]:
    """Everything linked that the words may mean, by project or by what feeds it."""
    found = meant(ref, linked_search.called(tx, team_id, ref, MOST_MEANT), names=_linked_names)
    if found or not isinstance(ref, WordsRef):
        return found
    every = linked_search.holding(tx, team_id, ref.text, MOST_MEANT)
    return meant(ref, every, names=_linked_names)


def linked_nearest(tx: Tx, team_id: TeamId, ref: ProjectRef) -> tuple[str, ...]:
    """The names of linked projects that are spelled most alike."""
    others = linked_search.alike(tx, team_id, ref_words(ref).strip('"'), MOST_MEANT)
    return nearest(ref, others, names=_linked_names)


def unlinked_name(tx: Tx, team_id: TeamId, ref: ProjectRef) -> str | None:
    """What is called so as a whole and has no link: a project, else one of a tool."""
    own = [one for one in link_targets.every(tx, team_id) if not one.is_connected]
    for project in _exactly(ref, own, _target_names):
        return project.name
    ids = link_search.meant(tx, team_id, ref, MOST_MEANT)
    theirs = [one.project for one in link_candidates.by_ids(tx, team_id, ids).values()]
    for waiting in _exactly(ref, theirs, _unlinked_names):
        return waiting.name
    return None


def _exactly(ref: ProjectRef, things: Sequence[Thing], names: Names[Thing]) -> list[Thing]:
    return _called(ref_words(ref).strip('"'), things, names)


def _unlinked_names(one: UnlinkedProject) -> tuple[str, ...]:
    return tuple(name for name in (one.name, one.key) if name)


def _linked_names(one: LinkedProject) -> tuple[str, ...]:
    return tuple(name for name in (one.project, one.code, one.provider_project, one.key) if name)


def _target_names(one: Target) -> tuple[str, ...]:
    return (one.name, one.code)


def _called(text: str, things: Sequence[Thing], names: Names[Thing]) -> list[Thing]:
    wanted = folded(text)
    return [thing for thing in things if any(folded(name) == wanted for name in names(thing))]


def _at(address: str, things: Sequence[Thing], url: Callable[[Thing], str]) -> list[Thing]:
    wanted = address.rstrip("/")
    found: list[tuple[int, Thing]] = []
    for thing in things:
        own = url(thing).rstrip("/")
        if own and (wanted == own or wanted.startswith((f"{own}/", f"{own}?", f"{own}#"))):
            found.append((len(own), thing))
    longest = max((length for length, _ in found), default=0)
    return [thing for length, thing in found if length == longest]
