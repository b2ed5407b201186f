"""The Projects section: a list with its filters, search, pages and tick boxes (L11)."""

from dataclasses import replace
from itertools import groupby

from bot.domain.projects.project_lists import (
    PAGE_SIZE,
    ListedProject,
    ListedSource,
    ProjectsPage,
    Shown,
    SourceLabel,
)
from bot.domain.states import IntegrationState
from bot.views import ticking
from bot.views.message import (
    Block,
    Modal,
    Option,
    actions,
    button,
    clipped,
    context,
    escaped,
    option,
    plain,
    section,
)
from bot.views.projects.place import Place
from bot.views.providers import Faces, face, tool
from bot.views.searching import search_box
from bot.views.ticking import BOXES
from bot.views.times import length
from bot.views.words import counted, local_time, matching, quoted

FORM = "projects.list"
OPEN = "projects.open"
SEARCH = "projects.search"
SHOWN = "projects.shown"
SITE = "projects.site"
PAGE = "projects.page"
CHOOSE = "projects.choose"
ALL = "projects.all"
NONE = "projects.none"
BROWSE = "projects.browse"
PROJECT = "projects.show"
SOURCE = "projects.source"

_SITES = 99
_NAME = 150
_WHERE = 60

_TITLES = {
    Shown.IN_USE: "In use",
    Shown.CONNECTED: "Connected",
    Shown.INTERNAL: "Internal",
    Shown.ARCHIVED: "Archived",
    Shown.UNLINKED: "Unlinked, in your tools",
    Shown.IGNORED: "Ignored",
    Shown.LEFT_OUT: "Left out: archived, personal, by rules",
}
_NOTHING = {
    Shown.IN_USE: "No project yet. `/link project` links one, `/link new` makes one.",
    Shown.CONNECTED: "No project is connected. `/link project` links one.",
    Shown.INTERNAL: 'No internal project. `/link new "Name"` makes one.',
    Shown.ARCHIVED: "Nothing is archived.",
    Shown.UNLINKED: "Every project of your tools is linked, ignored, archived or personal.",
    Shown.IGNORED: "Nothing is ignored.",
    Shown.LEFT_OUT: "Nothing is left out.",
}


def projects_list(page: ProjectsPage, faces: Faces, *, note: str = "") -> Modal:
    """One page of the list; with tick boxes while several are being chosen."""
    query = replace(page.query, turn=page.query.turn + 1)
    choosing = query.selection is not None
    blocks: list[Block] = [
        *([section(note)] if note else []),
        search_box(
            query.text,
            page.query.turn,
            SEARCH,
            label="Search",
            placeholder="Name, code, key, workspace or site",
        ),
        *_filters(page, faces),
        *(_choosing(page) if choosing else []),
        context(_summary(page)),
    ]
    if not page.total:
        blocks.append(section(_not_found(page) if query.text else _nothing(page)))
    elif choosing:
        blocks += _boxes(page, faces, query.turn)
    else:
        blocks += _rows(page, faces)
    blocks += _pager(page)
    return Modal(
        FORM,
        "Projects",
        blocks,
        submit="Continue" if choosing else "Search",
        close="Close",
        metadata=Place(query).metadata(),
    )


def _not_found(page: ProjectsPage) -> str:
    """Where else there is something to search."""
    shown = page.query.shown
    inside = {shown} if shown is not Shown.IN_USE else {shown, Shown.CONNECTED, Shown.INTERNAL}
    others = [_TITLES[one].partition(":")[0] for one, n in page.counts if n and one not in inside]
    elsewhere = f" Not searched: {'; '.join(others)}. Choose it above." if others else ""
    return f"Nothing here matches {quoted(page.query.text)}.{elsewhere}"


def _nothing(page: ProjectsPage) -> str:
    if not page.is_admin and page.query.shown is not Shown.ARCHIVED:
        return "You are on no project yet. An admin or a project's manager can add you."
    return _NOTHING[page.query.shown]


def _filters(page: ProjectsPage, faces: Faces) -> list[Block]:
    shown = [option(Option(f"{_TITLES[one]} ({n:,})", one.value)) for one, n in page.counts]
    elements: list[Block] = [
        {
            "type": "static_select",
            "action_id": SHOWN,
            "options": shown,
            "initial_option": next(one for one in shown if one["value"] == page.query.shown.value),
            "placeholder": plain("Which projects"),
        }
    ]
    if len(page.sites) > 1 and page.query.shown is not Shown.INTERNAL:
        elements.append(_site_select(page, faces))
    if page.query.selection is None and page.is_admin and page.total:
        elements.append(button("Choose several", CHOOSE))
    return [actions(*elements, block_id=f"filters:{page.query.turn}")]


def _site_select(page: ProjectsPage, faces: Faces) -> Block:
    everywhere = option(Option("All tools", "0"))
    there = [one for one in page.sites if one.id == page.query.integration_id] + [
        one for one in page.sites if one.id != page.query.integration_id
    ]
    sites = [
        option(Option(f"{face(faces, one.provider)}, {one.site_name}", str(one.id)))
        for one in there[:_SITES]
    ]
    chosen = [one for one in sites if one["value"] == str(page.query.integration_id)]
    return {
        "type": "static_select",
        "action_id": SITE,
        "options": [everywhere, *sites],
        "initial_option": (chosen or [everywhere])[0],
        "placeholder": plain("Tool and site"),
    }


def _choosing(page: ProjectsPage) -> list[Block]:
    ticks, names = page.ticks.total, (ALL, NONE, BROWSE)
    return ticking.choosing(ticks, page.total, whom="what", nobody="nothing", names=names)


def _summary(page: ProjectsPage) -> str:
    kind = "project" if page.query.shown.is_ours else "project in your tools"
    kinds = "projects" if page.query.shown.is_ours else "projects in your tools"
    match = matching(page.total, page.query.text)
    if page.pages == 1:
        return f"{counted(page.total, kind, kinds)}{match}."
    first = page.query.page * PAGE_SIZE + 1
    last = min(first + PAGE_SIZE - 1, page.total)
    return f"{counted(page.total, kind, kinds)}{match}; {first:,} to {last:,} are shown."


def _rows(page: ProjectsPage, faces: Faces) -> list[Block]:
    blocks: list[Block] = []
    for heading, some in groupby(page.projects, lambda one: group(one.source, faces)):
        blocks.append(section(f"*{escaped(heading)}*"))
        for project in some:
            show = button("Open", f"{PROJECT}", str(project.id), says=f"Open {project.code}")
            said = f"*{escaped(clipped(project.name, _NAME))}* ({project.code})"
            small = escaped(_details(project, faces, is_admin=page.is_admin))
            blocks.append(section(f"{said}\n{small}" if small else said, accessory=show))
    for heading, others in groupby(page.sources, lambda one: group(one.source, faces)):
        blocks.append(section(f"*{escaped(heading)}*"))
        for one in others:
            name = clipped(one.source.name, _NAME)
            show = button("Open", SOURCE, str(one.source.id), says=f"Open {name}")
            key = f" ({escaped(one.source.key)})" if one.source.key else ""
            why = _against(one, faces)
            said = f"*{escaped(name)}*{key}" + (f"\n{why}" if why else "")
            blocks.append(section(said, accessory=show))
    return blocks


def group(source: SourceLabel | None, faces: Faces) -> str:
    """The heading under which a project stands: tool, site, workspace."""
    if source is None:
        return "Internal, of no tool"
    place = f"{face(faces, source.provider)}, {clipped(source.site_name, _WHERE)}"
    return f"{place}, {clipped(source.workspace_name, _WHERE)}" if source.workspace_name else place


def _details(project: ListedProject, faces: Faces, *, is_admin: bool) -> str:
    parts = [_origin(project, faces), counted(project.people, "person", "people")]
    if project.seconds:
        whose = "" if is_admin else "you: "
        parts.append(f"{whose}{length(project.seconds)} this month")
    if project.running:
        parts.append(counted(project.running, "timer runs", "timers run"))
    return ", ".join(part for part in parts if part)


def _origin(project: ListedProject, faces: Faces) -> str:
    """Where it comes from, as far as its name and heading do not say so, and its state."""
    parts = []
    source = project.source
    if source is not None:
        if source.name != project.name:
            parts.append(f"from {clipped(source.name, _WHERE)}")
        if project.sources > 1:
            parts.append(f"and {project.sources - 1} more")
        if source.is_gone:
            parts.append(f"deleted or hidden in {tool(faces, source.provider)}")
        if source.site_state is IntegrationState.DISCONNECTED:
            parts.append("its tool is disconnected")
    if project.is_archived_here:
        parts.append("archived here")
    elif project.is_archived_there and source is not None:
        parts.append(f"archived in {tool(faces, source.provider)}")
    return ", ".join(parts)


def _against(one: ListedSource, faces: Faces) -> str:
    """Why it is not offered; nothing where it is."""
    if one.ignored_at is not None:
        return _ignored(one)
    source = one.source
    parts = [
        said
        for holds, said in (
            (source.is_archived, f"archived in {tool(faces, source.provider)}"),
            (source.is_personal, "personal"),
            (source.is_left_out, "left out by the tool's rules"),
        )
        if holds
    ]
    return ", ".join(parts).capitalize()


def _ignored(one: ListedSource) -> str:
    by = f" by {escaped(one.ignored_by)}" if one.ignored_by else ""
    at = f", {local_time(one.ignored_at)}" if one.ignored_at else ""
    return f"Ignored{by}{at}"


def _boxes(page: ProjectsPage, faces: Faces, turn: int) -> list[Block]:
    """Tick boxes, as many in one block as Slack takes, under their headings."""
    projects = [(one.source, _project_box(one, page, faces)) for one in page.projects]
    sources = [(one.source, Option(_keyed(one.source), str(one.source.id))) for one in page.sources]
    rows = [(group(source, faces), box) for source, box in projects or sources]
    blocks: list[Block] = []
    for heading, some in groupby(rows, lambda row: row[0]):
        every = [row for _, row in some]
        for start in range(0, len(every), BOXES):
            part = every[start : start + BOXES]
            blocks.append(ticking.boxes(heading, part, page.ticked, turn))
    return blocks


def _project_box(one: ListedProject, page: ProjectsPage, faces: Faces) -> Option:
    details = _details(one, faces, is_admin=page.is_admin)
    return Option(f"{one.name} ({one.code})", str(one.id), details)


def _keyed(source: SourceLabel) -> str:
    return f"{source.name} ({source.key})" if source.key else source.name


def _pager(page: ProjectsPage) -> list[Block]:
    if page.pages == 1:
        return []
    at = page.query.page
    turns = []
    if at:
        turns.append(button("Previous", f"{PAGE}#back", str(at - 1), says="Previous page"))
    if at + 1 < page.pages:
        turns.append(button("Next", f"{PAGE}#on", str(at + 1), says="Next page"))
    return [actions(*turns, block_id="pager")]
