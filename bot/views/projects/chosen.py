"""What can be done with everything that is ticked, on all pages together."""

from bot.domain.linking.linking import Plan
from bot.domain.projects.project_lists import Chosen
from bot.domain.sync.sync import SyncAsked
from bot.views.linking.link_all import LEFT_ALONE, LINKED
from bot.views.linking.linking import syncing
from bot.views.message import Block, Modal, actions, button, divider, section
from bot.views.money.billing_words import BILLING, CLIENT
from bot.views.money.budget_words import BUDGET
from bot.views.projects.forms import back, listed
from bot.views.projects.listing import OPEN
from bot.views.projects.place import Place, Room
from bot.views.projects.summary import ARCHIVE, PEOPLE, RESTORE
from bot.views.projects.unlink import UNLINK
from bot.views.words import counted

CHOSEN = "projects.chosen"
RESYNC = "projects.resync"
LINK = "projects.link"
IGNORE = "projects.ignore_all"
NOTICE = "projects.notice_all"


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
    buttons = [
        button("Change people...", PEOPLE),
        button("Client...", CLIENT),
        button("Billing...", BILLING),
        button("Budget...", BUDGET),
    ]
    if some.connected:
        number = f"({some.connected:,})"
        buttons += [
            button(f"Resync tasks {number}", RESYNC),
            button(f"Unlink {number}...", UNLINK),
        ]
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
    buttons: list[Block] = []
    if some.unlinked:
        buttons += [
            button(f"Link ({some.unlinked:,})...", LINK),
            button(f"Ignore ({some.unlinked:,})...", IGNORE),
        ]
    if some.ignored:
        buttons.append(button(f"Stop ignoring ({some.ignored:,})", NOTICE))
    return [
        section(f"*With {head}*\n{names}"),
        *([actions(*buttons)] if buttons else []),
    ]


def ignore_form(found: Chosen, place: Place) -> Modal:
    """What ignoring many will do."""
    number = found.sources.unlinked
    what = counted(number, "project of your tools", "projects of your tools")
    blocks = [
        section(
            f"Ignore {what}?\nThey are not offered or announced any more. The filter *Ignored* "
            "lists them, and *Stop ignoring* takes it back."
        ),
        actions(*back(place)),
    ]
    return Modal(IGNORE, "Ignore", blocks, submit=f"Ignore {number:,}", metadata=place.metadata())


def link_form(plan: Plan, place: Place) -> Modal:
    """What linking many will do, kind by kind."""
    number = len(plan.links)
    nothing = "None of what is ticked waits to be linked any more."
    said = f"Link {counted(number, 'project')}? Nothing has been changed yet."
    blocks: list[Block] = [section(said if number else nothing)]
    for how, title in LINKED.items():
        names = [one.name for one in plan.links if one.how is how]
        if names:
            blocks.append(section(f"*{title}: {len(names):,}*\n{listed(names)}"))
    for why, title in LEFT_ALONE.items():
        names = [one.name for one in plan.skipped if one.why is why]
        if names:
            blocks.append(section(f"*Left alone, {title}: {len(names):,}*\n{listed(names)}"))
    blocks.append(actions(*back(place)))
    submit = f"Link {number:,}" if number else None
    return Modal(LINK, "Link", blocks, submit=submit, metadata=place.metadata())


def resynced(asked: SyncAsked) -> str:
    """A sync of what is ticked."""
    of_each = "" if asked.projects else " Of each, the chosen projects are read again in full."
    return f"{syncing(asked).text}{of_each}"


def ignored(number: int) -> str:
    """What ignoring did."""
    return f"{counted(number, 'project is', 'projects are')} ignored now."


def noticed(number: int) -> str:
    """What taking it back did."""
    return f"{counted(number, 'project is', 'projects are')} not ignored any more."
