"""What can be done with everything that is ticked, on all pages together."""

from bot.domain.project_lists import Chosen
from bot.views.message import Block, Modal, actions, button, divider, section
from bot.views.projects_forms import listed
from bot.views.projects_list import OPEN
from bot.views.projects_place import Place, Room
from bot.views.projects_summary import ARCHIVE, RESTORE
from bot.views.words import counted

CHOSEN = "projects.chosen"


def chosen(found: Chosen, place: Place, *, note: str = "") -> Modal:
    """Projects and provider projects, each with what can be done with them."""
    blocks: list[Block] = [section(note)] if note else []
    if not found.projects.total and not found.sources.total:
        blocks.append(section("Nothing is ticked. Tick projects in the list, then *Continue*."))
    if found.projects.total:
        blocks += _projects(found)
    if found.sources.total:
        blocks += [divider()] if found.projects.total else []
        blocks += _sources(found)
    blocks += [divider(), actions(button("Back to the list", OPEN))]
    return Modal(
        "projects.chosen",
        "Ticked projects",
        blocks,
        close="Close",
        metadata=place.at(Room.CHOSEN).metadata(),
    )


def _projects(found: Chosen) -> list[Block]:
    some = found.projects
    buttons: list[Block] = []
    if some.open:
        buttons.append(button(f"Archive ({some.open:,})...", ARCHIVE))
    if some.total > some.open:
        buttons.append(button(f"Bring back ({some.total - some.open:,})...", RESTORE))
    names = listed(some.names, some.total)
    return [
        section(f"*With {counted(some.total, 'project')}*\n{names}"),
        *([actions(*buttons)] if buttons else []),
    ]


def _sources(found: Chosen) -> list[Block]:
    some = found.sources
    names = listed(some.names, some.total)
    head = counted(some.total, "project in your tools", "projects in your tools")
    return [section(f"*With {head}*\n{names}")]
