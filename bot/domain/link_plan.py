"""What *Connect all* does with each provider project: a pure decision (L3)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.ids import ProviderProjectId
from bot.domain.linking import How, Plan, PlannedLink, Skip, Target, UnlinkedProject


@dataclass(frozen=True, slots=True)
class Waiting:
    """A provider project without a link, and what speaks against one."""

    project: UnlinkedProject
    against: Skip | None = None


def plan(
    waiting: Iterable[Waiting],
    targets: Iterable[Target],
    former: Mapping[ProviderProjectId, Target],
) -> Plan:
    """Decides, for every provider project, whether and to what it is linked.

    What was linked before goes back to its project. An internal project of the same name is
    taken; a connected one is not, for two tools may well use one name for two things. Where
    several have the name, nothing is guessed.
    """
    every = list(waiting)
    open_names = Counter(
        folded(one.project.name)
        for one in every
        if one.against is None and one.project.id not in former
    )
    internal: dict[str, list[Target]] = {}
    for target in targets:
        if not target.is_archived and not target.is_connected:
            internal.setdefault(folded(target.name), []).append(target)
    promised = {target.id for target in former.values()}
    links: list[PlannedLink] = []
    skipped: list[tuple[UnlinkedProject, Skip]] = []
    for one in every:
        name = folded(one.project.name)
        namesakes = internal.get(name, [])
        if one.against is not None:
            skipped.append((one.project, one.against))
        elif back := former.get(one.project.id):
            links.append(PlannedLink(one.project, How.RESUMED, back.id, back.name))
        elif not namesakes:
            links.append(PlannedLink(one.project, How.CREATED))
        elif len(namesakes) == 1 and open_names[name] == 1 and namesakes[0].id not in promised:
            links.append(PlannedLink(one.project, How.EXISTING, namesakes[0].id, namesakes[0].name))
        else:
            skipped.append((one.project, Skip.SEVERAL_NAMESAKES))
    return Plan(tuple(links), tuple(skipped))


def folded(name: str) -> str:
    """A name for comparing: case and white space do not matter."""
    return " ".join(name.split()).casefold()
