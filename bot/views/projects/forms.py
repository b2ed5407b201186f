"""Forms about one project or many: changing facts, and the questions before something happens."""

from collections.abc import Sequence

from bot.domain.projects.project_summary import Colour
from bot.domain.projects.projects import Archived, ArchivePreview, Edited, EditForm
from bot.views.message import (
    Block,
    Modal,
    Option,
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
from bot.views.projects.listing import PROJECT
from bot.views.projects.place import Place, Room
from bot.views.projects.summary import ARCHIVE, COLOURS, EDIT, RESTORE, THERE
from bot.views.providers import Faces, tool
from bot.views.settings.fields import switch
from bot.views.words import counted

NAME, CODE, COLOUR = "name", "code", "colour"
NO_COLOUR = "none"
WRITES = "writes_time"

_LISTED = 20
_LONGEST_NAME = 100


def back(place: Place) -> list[Block]:
    """*Back* to where the form was opened: the project, or everything that is ticked."""
    if place.room is Room.CHOSEN:
        return [button("Back", "projects.chosen", says="Back to what is ticked")]
    project = place.id if place.room is Room.PROJECT else place.page
    if not project:
        return []
    return [button("Back", PROJECT, str(project), says="Back to the project")]


def edit_form(found: EditForm, place: Place, faces: Faces) -> Modal:
    """Name, code and colour; a name that follows the tool's says where to change it."""
    code: Block = {
        "type": "plain_text_input",
        "initial_value": found.code,
        "min_length": 2,
        "max_length": 5,
    }
    blocks = [
        _name(found, faces),
        form_input(
            "Code",
            CODE,
            code,
            hint="2 to 5 letters, before the number of tasks that have only numbers. Keys with "
            "the old code go on finding their tasks.",
        ),
        _colour(found.colour),
        switch(
            "Time in tools",
            WRITES,
            "Write its time to the tools that it comes from",
            is_on=found.writes_time,
            hint="Where a tool's settings want it. Off, what is there stays as it is.",
        ),
        actions(*back(place)),
    ]
    return Modal(EDIT, "Change project", blocks, submit="Save", metadata=place.metadata())


def _name(found: EditForm, faces: Faces) -> Block:
    there = found.named_there
    if there is None:
        name: Block = {
            "type": "plain_text_input",
            "initial_value": found.name,
            "max_length": 500,
        }
        return form_input("Name", NAME, name)
    provider = tool(faces, there.provider)
    said = (
        f"*{escaped(clipped(found.name, 150))}* takes its name from {provider}. Rename it "
        "there; the next sync brings the new name here."
    )
    link = None
    if there.url.startswith(("https://", "http://")):
        link = button(f"Open in {provider}", THERE, url=there.url)
    return section(said, accessory=link)


def _colour(colour: Colour | None) -> Block:
    none = option(Option("No colour", NO_COLOUR))
    colours = [option(Option(label, one.value)) for one, label in COLOURS.items()]
    chosen = [one for one in colours if one["value"] == colour]
    select: Block = {
        "type": "static_select",
        "options": [none, *colours],
        "initial_option": (chosen or [none])[0],
        "placeholder": plain("Colour"),
    }
    return form_input("Colour in charts", COLOUR, select)


def colour_of(value: str) -> Colour | None:
    """The colour that was chosen."""
    return Colour(value) if value in set(Colour) else None


def edited(done: Edited) -> str:
    """What saving did."""
    if not done.is_changed:
        return "Nothing was different, so nothing was changed."
    if done.code == done.old_code:
        return "Saved."
    keys = ""
    if done.rekeyed:
        keys = (
            f" {counted(done.rekeyed, 'task has a new key', 'tasks have new keys')}; the old ones "
            f"({done.old_code}-...) go on finding them."
        )
    return f"Saved. The code is {done.code} now.{keys}"


def archive_form(preview: ArchivePreview, place: Place) -> Modal:
    """What archiving will do, before it does it."""
    number = len(preview.names)
    blocks: list[Block] = []
    if number:
        blocks.append(section(f"Archive {listed(preview.names)}?"))
        timers = counted(preview.running, "running timer is", "running timers are")
        owners = "its owner is" if preview.running == 1 else "their owners are"
        stopped = f"{timers} stopped and kept, and {owners} told.\n"
        blocks.append(
            section(
                "Timers are off, and members can neither log nor change time there; an admin can "
                f"log by hand.\n{stopped if preview.running else ''}"
                "Links, tasks and time stay. *Bring back* undoes it."
            )
        )
    if preview.archived:
        number = len(preview.archived)
        blocks.append(context(f"{counted(number, 'is', 'are')} archived here already."))
    blocks.append(actions(*back(place)))
    label = "Archive" if len(preview.names) == 1 else f"Archive {len(preview.names):,}"
    submit = label if preview.names else None
    return Modal(ARCHIVE, "Archive", blocks, submit=submit, metadata=place.metadata())


def archived(done: Archived) -> str:
    """What archiving did."""
    if not done.names:
        return "Nothing was left to archive: it was archived before."
    timers = counted(done.stopped, "timer was", "timers were")
    stopped = f" {timers} stopped and kept." if done.stopped else ""
    return f"Archived {listed(done.names)}.{stopped}"


def restored(done: Archived) -> str:
    """What bringing back did."""
    if not done.names:
        return "Nothing was left to bring back."
    there = ""
    if done.archived_there:
        there = (
            f" {listed(done.archived_there)} stays archived, because its tool says so; bring it "
            "back there, too."
        )
    return f"Brought back {listed(done.names)}.{there}"


def restore_form(preview: ArchivePreview, place: Place) -> Modal:
    """What bringing many back will do."""
    names = listed(preview.archived)
    blocks = [section(f"Bring back {names}?\nTime can be tracked there again.")]
    if preview.names:
        blocks.append(context(f"{counted(len(preview.names), 'is', 'are')} not archived here."))
    blocks.append(actions(*back(place)))
    submit = f"Bring back {len(preview.archived):,}"
    return Modal(RESTORE, "Bring back", blocks, submit=submit, metadata=place.metadata())


def listed(names: Sequence[str], total: int | None = None) -> str:
    """The first names, and how many more; of ``total``, where these are not all of them."""
    shown = ", ".join(f"*{escaped(clipped(name, _LONGEST_NAME))}*" for name in names[:_LISTED])
    left = (len(names) if total is None else total) - min(len(names), _LISTED)
    return f"{shown} and {left:,} more" if left > 0 else shown
