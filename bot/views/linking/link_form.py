"""*Connect projects*: the form with its rows, what its selects find, and the picker."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.errors import HourlinkError
from bot.domain.ids import ProviderProjectId
from bot.domain.linking.linking import (
    AlreadyLinked,
    Choice,
    FormerLink,
    ProviderProjectIgnored,
    Target,
    UnlinkedProject,
)
from bot.views import failures
from bot.views.message import (
    TEXT_LIMIT,
    Block,
    Message,
    Modal,
    Option,
    OptionGroup,
    actions,
    button,
    clipped,
    context,
    escaped,
    form_input,
    option,
    plain,
    section,
)
from bot.views.providers import Faces, face
from bot.views.words import counted, local_time

PROJECTS = "link.projects"

FIRST_ROWS = 3
MOST_ROWS = 20
_OFFERED = 10
_SHOWN = 60

NO_ROW = "Choose at least one project."
NO_SOURCE = "Choose the project in the tool, or clear the field below."
TWICE = "This one is chosen twice."


def field_error(problem: HourlinkError) -> str:
    """A sentence under a field, where no formatting works."""
    match problem:
        case AlreadyLinked(_, name, project, by, _):
            who = f" by {by}" if by else ""
            return f"{name} is linked{f' to {project}' if project != name else ''} already{who}."
        case ProviderProjectIgnored(_, name, by, _):
            who = f" by {by}" if by else ""
            return f"{name} is ignored{who}."
        case _:
            return failures.sentence(problem).text.replace("*", "")


def source_block(row: int) -> str:
    """The block id of a row's provider project."""
    return f"source:{row}"


def target_block(row: int) -> str:
    """The block id of a row's project."""
    return f"target:{row}"


def fresh_block(row: int, provider_project_id: int) -> str:
    """The block id of a row's *Start fresh*; another provider project has one of its own."""
    return f"fresh:{row}:{provider_project_id}"


def projects_form(
    *,
    rows: int,
    chosen: UnlinkedProject | None = None,
    former: Mapping[int, tuple[ProviderProjectId, FormerLink]] | None = None,
) -> Modal:
    """*Connect projects*: several rows, each a provider project and what it is linked to.

    Args:
        rows: How many.
        chosen: What stands in the first one already.
        former: By row, what the chosen provider project was linked to before.
    """
    blocks: list[Block] = [
        section("Search by name, key or workspace. At most 100 are shown: type more to narrow.")
    ]
    for row in range(rows):
        blocks += _row(row, chosen if row == 0 else None)
        if before := (former or {}).get(row):
            blocks += _before(row, *before)
    if rows < MOST_ROWS:
        blocks.append(actions(button("Add a row", "link.add_row"), block_id="more"))
    else:
        blocks.append(context(f"{MOST_ROWS} rows at a time. For more, use `/link all`."))
    return Modal(
        callback_id=PROJECTS,
        title="Connect projects",
        blocks=blocks,
        submit="Connect",
        metadata=str(rows),
    )


def _row(row: int, chosen: UnlinkedProject | None) -> list[Block]:
    source: dict[str, Any] = {
        "type": "external_select",
        "action_id": "link.find_unlinked",
        "min_query_length": 0,
        "placeholder": plain("Search your tools"),
    }
    if chosen is not None:
        source["initial_option"] = option(_source_option(chosen))
    target = {
        "type": "external_select",
        "action_id": "link.find_project",
        "min_query_length": 0,
        "placeholder": plain("A new project of the same name"),
    }
    first = form_input(f"{row + 1}. Project in the tool", source_block(row), source, optional=True)
    return [
        first | {"dispatch_action": True},
        form_input(f"{row + 1}. Link to", target_block(row), target, optional=True),
    ]


def _before(row: int, provider_project_id: ProviderProjectId, link: FormerLink) -> list[Block]:
    """What it was linked to, and the choice between resuming and second copies."""
    project = escaped(clipped(link.project, _SHOWN))
    by = f" by {escaped(clipped(link.by, _SHOWN))}" if link.by else ""
    again = "" if link.project_is_archived else " A blank field above links it there again."
    said = f"It was linked to *{project}*; unlinked{by}, {local_time(link.at)}.{again}"
    choice: dict[str, Any] = {
        "type": "checkboxes",
        "options": [option(Option("Start fresh, with second copies of its tasks", "fresh"))],
    }
    tasks = counted(link.tasks, "task")
    hint = (
        f"Without it, what there was is resumed: {tasks} with their time. With it they freeze: "
        "they stay in reports and cannot be tracked any more, and new ones take over."
    )
    label = f"{row + 1}. Its tasks of before"
    block_id = fresh_block(row, provider_project_id)
    return [context(said), form_input(label, block_id, choice, hint=hint, optional=True)]


def _source_option(one: UnlinkedProject) -> Option:
    key = f" ({clipped(one.key, 20)})" if one.key else ""
    hint = "Left out by the rules of the tool" if one.is_left_out else ""
    return Option(f"{clipped(one.name, TEXT_LIMIT - len(key))}{key}", str(one.id), hint)


def source_groups(faces: Faces, found: Sequence[UnlinkedProject]) -> list[OptionGroup]:
    """Options grouped by site and workspace; what fits best comes first."""
    by_place: dict[tuple[int, str], list[UnlinkedProject]] = {}
    for one in found:
        by_place.setdefault((one.integration_id, one.workspace_name), []).append(one)
    return [
        OptionGroup(_place(faces, some[0]), [_source_option(one) for one in some])
        for some in by_place.values()
    ]


def target_options(found: Sequence[Target]) -> list[Option]:
    """Projects to link to."""
    return [
        Option(f"{clipped(one.name, TEXT_LIMIT - len(one.code) - 3)} ({one.code})", str(one.id))
        for one in found
    ]


def _place(faces: Faces, one: UnlinkedProject) -> str:
    where = f"{face(faces, one.provider)}, {one.site_name}"
    return f"{where}, {one.workspace_name}" if one.workspace_name else where


def pick(faces: Faces, choice: Choice) -> Message:
    """Several things are called that: a button each."""
    several_sources = len(choice.provider_projects) > 1
    what = "projects in your tools" if several_sources else "projects"
    number = len(choice.provider_projects) if several_sources else len(choice.projects)
    question = f"{number} {what} match \u201c{escaped(clipped(choice.text, 60))}\u201d. Which one?"
    rows: list[tuple[str, str]] = []
    link = "Link this"
    if several_sources and len(choice.projects) <= 1:
        end = str(choice.projects[0].id) if choice.projects else "new" if choice.create else ""
        link = link if end else "Link this to..."
        rows = [
            (f"*{escaped(one.name)}*{_key(one)}, {escaped(_place(faces, one))}", f"{one.id}:{end}")
            for one in choice.provider_projects
        ]
    elif not several_sources:
        source = choice.provider_projects[0]
        rows = [
            (f"*{escaped(one.name)}* ({one.code})", f"{source.id}:{one.id}")
            for one in choice.projects
        ]
    if not rows:
        search = actions(button("Connect projects", "link.choose"))
        names = ", ".join(escaped(one.name) for one in choice.provider_projects[:_OFFERED])
        said = f"{question} {names}. Search with *Connect projects*."
        return Message(said, [section(f"{question} {names}."), search])
    blocks = [section(question)]
    for position, (said, value) in enumerate(rows[:_OFFERED]):
        choose = button(link, f"link.pick#{position}", value)
        blocks.append(section(said, accessory=choose))
    left = len(rows) - _OFFERED
    if left > 0:
        blocks.append(context(f"And {left} more: `/link project` alone searches them all."))
    listed = "; ".join(said for said, _ in rows[:_OFFERED])
    return Message(f"{question} {listed}", blocks)


def _key(one: UnlinkedProject) -> str:
    return f" ({escaped(one.key)})" if one.key else ""
