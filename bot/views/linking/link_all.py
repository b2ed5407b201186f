"""*Connect all*: what it will do, page by page, and what it did."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.domain.ids import IntegrationId
from bot.domain.linking.integrations import Integration
from bot.domain.linking.linking import How, LeftAlone, Linked, Plan, PlannedLink, Skip
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    clipped,
    context,
    escaped,
    paragraphs,
    section,
)
from bot.views.providers import Faces, tool
from bot.views.words import counted

ALL = "link.all"
PAGE = "link.all_page"

LINES = 50
"""Projects on one page of the preview."""

_NAME = 80
_SITE = 40

LINKED = {
    How.CREATED: "New projects",
    How.EXISTING: "Linked to a project of the same name",
    How.RESUMED: "Linked again to the project they had",
}
LEFT_ALONE = {
    Skip.ARCHIVED: "archived in the tool",
    Skip.PERSONAL: "personal",
    Skip.IGNORED: "ignored",
    Skip.LEFT_OUT: "left out by the rules of the tool",
    Skip.SEVERAL_NAMESAKES: "because several have the name",
}


def form(faces: Faces, plan: Plan, integrations: Sequence[Integration], page: int = 0) -> Modal:
    """The preview: how many of each kind, and a page of their names."""
    number = len(plan.links)
    every = _in_groups(plan)
    pages = max(1, -(-len(every) // LINES))
    page = min(max(page, 0), pages - 1)
    shown = every[page * LINES : (page + 1) * LINES]
    lines = _titled(shown, plan, _places(faces, integrations))
    blocks: list[Block] = [section(_summary(plan)), *paragraphs(lines)]
    if pages > 1:
        blocks += [context(f"Page {page + 1} of {pages}."), actions(*_turning(page, pages))]
    return Modal(
        callback_id=ALL,
        title="Connect all",
        blocks=blocks,
        submit=clipped(f"Connect {number}", 24) if number else None,
        close="Cancel" if number else "Close",
        metadata=",".join(str(one.id) for one in integrations),
    )


def _turning(page: int, pages: int) -> Iterator[Block]:
    if page > 0:
        yield button("Previous", f"{PAGE}#previous", str(page - 1))
    if page < pages - 1:
        yield button("Next", f"{PAGE}#next", str(page + 1))


def _summary(plan: Plan) -> str:
    if not plan.links:
        return "No project is waiting to be linked."
    return f"{_projects(len(plan.links))} will be linked. Nothing has been changed yet."


def _in_groups(plan: Plan) -> list[PlannedLink | LeftAlone]:
    """Everything, what is linked first, each kind together."""
    links = {how: position for position, how in enumerate(LINKED)}
    skipped = {why: position for position, why in enumerate(LEFT_ALONE)}
    return [
        *sorted(plan.links, key=lambda one: links[one.how]),
        *sorted(plan.skipped, key=lambda one: skipped[one.why]),
    ]


def _places(faces: Faces, integrations: Sequence[Integration]) -> dict[IntegrationId, str]:
    """What each is called where there are several: the tool, or its sites where it has some."""
    if len(integrations) == 1:
        return {}
    sites = Counter(one.provider for one in integrations)
    return {
        one.id: escaped(
            tool(faces, one.provider) if sites[one.provider] == 1 else clipped(one.site_name, _SITE)
        )
        for one in integrations
    }


def _link(one: PlannedLink, where: Mapping[IntegrationId, str]) -> str:
    name = _named(one, where)
    other = one.project if one.project != one.name else ""
    return f"{name} -> {escaped(clipped(other, _NAME))}" if other else name


def _named(one: PlannedLink | LeftAlone, where: Mapping[IntegrationId, str]) -> str:
    place = f" ({where[one.integration_id]})" if one.integration_id in where else ""
    return f"{escaped(clipped(one.name, _NAME))}{place}"


def _titled(
    shown: Sequence[PlannedLink | LeftAlone], plan: Plan, where: Mapping[IntegrationId, str]
) -> Iterator[str]:
    """A line for each, with a title and its count before each group."""
    counts: Counter[How | Skip] = Counter(one.how for one in plan.links)
    counts.update(one.why for one in plan.skipped)
    last: How | Skip | None = None
    for one in shown:
        kind = one.how if isinstance(one, PlannedLink) else one.why
        if kind != last:
            yield f"*{_title(kind)}: {counts[kind]:,}*"
        last = kind
        yield _link(one, where) if isinstance(one, PlannedLink) else _named(one, where)


def _title(kind: How | Skip) -> str:
    return f"Left alone, {LEFT_ALONE[kind]}" if isinstance(kind, Skip) else LINKED[kind]


def done(made: Sequence[Linked], plan: Plan) -> Message:
    """What *Connect all* did."""
    hows = Counter(one.how for one in made)
    kinds = [(hows[how], words) for how, words in _TO.items() if hows[how]]
    if not kinds:
        return Message("Nothing was left to link: it was done meanwhile.")
    if len(kinds) == 1:
        to = f" {_to(*kinds[0])}"
    else:
        to = ": " + ", ".join(f"{number:,} {_to(number, words)}" for number, words in kinds)
    whose = "Its" if len(made) == 1 else "Their"
    skipped = f" {len(plan.skipped):,} left alone." if plan.skipped else ""
    return Message(
        f"Linked {_projects(len(made))}{to}.{skipped} {whose} tasks are being read now; the "
        "result comes as a direct message."
    )


_TO = {
    How.CREATED: ("to a new project", "to new projects"),
    How.EXISTING: ("to a project of the same name", "to projects of the same name"),
    How.RESUMED: ("again to the project it had", "again to the projects they had"),
}
"""Of one, and of several."""


def _to(number: int, words: tuple[str, str]) -> str:
    return words[0] if number == 1 else words[1]


def _projects(number: int) -> str:
    return counted(number, "project")
