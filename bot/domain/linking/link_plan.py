"""What *Connect all* does with each provider project: a pure decision (L3)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId
from bot.domain.linking.linking import How, LeftAlone, Plan, PlannedLink, Skip
from bot.domain.slack_text import as_typed


class Waiting(NamedTuple):
    """A provider project without a link, and what speaks against one."""

    id: ProviderProjectId
    integration_id: IntegrationId
    name: str
    against: Skip | None = None


class Home(NamedTuple):
    """A project that a provider project may go to."""

    id: ProjectId
    name: str


def plan(
    waiting: Sequence[Waiting],
    internal: Iterable[Home],
    former: Mapping[ProviderProjectId, Home],
) -> Plan:
    """Decides, for every provider project, whether and to what it is linked.

    What was linked before goes back to its project. An internal project of the same name is
    taken; a connected one is not, for two tools may well use one name for two things. Where
    several have the name, nothing is guessed.

    Args:
        waiting: Everything without a link.
        internal: Projects that nothing feeds and that are not archived.
        former: Where a provider project was linked before.
    """
    named: dict[str, list[Home]] = {}
    for home in internal:
        named.setdefault(folded(home.name), []).append(home)
    promised = {home.id for home in former.values()}
    names = [folded(one.name) for one in waiting]
    rivals = Counter(
        name
        for name, one in zip(names, waiting, strict=True)
        if name in named and one.against is None and one.id not in former
    )
    links: list[PlannedLink] = []
    skipped: list[LeftAlone] = []
    for name, one in zip(names, waiting, strict=True):
        namesakes = named.get(name, ())
        known = (one.id, one.integration_id, one.name)
        if one.against is not None:
            skipped.append(LeftAlone(one.name, one.integration_id, one.against))
        elif back := former.get(one.id):
            links.append(PlannedLink(*known, How.RESUMED, back.id, back.name))
        elif not namesakes:
            links.append(PlannedLink(*known, How.CREATED))
        elif len(namesakes) == 1 and rivals[name] == 1 and namesakes[0].id not in promised:
            home = namesakes[0]
            links.append(PlannedLink(*known, How.EXISTING, home.id, home.name))
        else:
            skipped.append(LeftAlone(one.name, one.integration_id, Skip.SEVERAL_NAMESAKES))
    return Plan(tuple(links), tuple(skipped))


def folded(name: str) -> str:
    """A name for comparing: case, white space and the kind of quotes and dashes do not matter."""
    return as_typed(name).casefold()
