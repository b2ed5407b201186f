"""The entries on one project, a page at a time, each with *Edit*."""

from bot.domain.projects.project_summary import ENTRIES_SHOWN, ProjectEntries, Standing
from bot.views.message import Block, Modal, actions, button, clipped, context, escaped, section
from bot.views.projects.listing import PROJECT
from bot.views.projects.place import Place, Room
from bot.views.projects.summary import ENTRIES, entry

_NAME = 150


def entries(found: ProjectEntries, place: Place) -> Modal:
    """The page."""
    whose = "Your entries" if found.standing is Standing.MEMBER else "Entries"
    blocks: list[Block] = [section(f"*{whose} on {escaped(clipped(found.name, _NAME))}*")]
    if found.entries:
        blocks += [entry(one, found.standing, may_edit=found.may_edit) for one in found.entries]
    else:
        blocks.append(section("There are no more." if found.page else "There are none yet."))
    if found.page or found.has_more:
        first = found.page * ENTRIES_SHOWN + 1
        last = first + max(len(found.entries), 1) - 1
        blocks.append(context(f"Entries {first} to {last}, the newest first."))
    if not found.may_edit:
        blocks.append(context("The project is archived: only an admin can change its time."))
    turns = []
    if found.page:
        turns.append(_turn(found, found.page - 1, "Newer", "back"))
    if found.has_more:
        turns.append(_turn(found, found.page + 1, "Older", "on"))
    back = button("Back", PROJECT, str(found.id), says="Back to the project")
    blocks.append(actions(*turns, back))
    return Modal(
        ENTRIES,
        "Entries",
        blocks,
        close="Close",
        metadata=place.at(Room.PROJECT, found.id).metadata(),
    )


def _turn(found: ProjectEntries, page: int, label: str, suffix: str) -> Block:
    return button(label, f"{ENTRIES}#{suffix}", f"{found.id}:{page}", says=f"{label} entries")
