"""What linking, *Connect all* and unlinking will do, and what they did."""

from collections import Counter
from collections.abc import Sequence

from bot.domain.linking.linking import (
    How,
    Linked,
    Target,
    UnlinkedProject,
)
from bot.domain.sync.sync import SyncAsked
from bot.views.linking.link_fresh import FRESH
from bot.views.message import (
    Message,
    actions,
    button,
    context,
    escaped,
    paragraphs,
    section,
)
from bot.views.people.form import INVITE
from bot.views.projects.listing import PROJECT
from bot.views.sync.syncs import named
from bot.views.words import beside, counted

_LISTED = 20


def linked(made: Sequence[Linked]) -> Message:
    """What was linked, and what happens now."""
    lines = [_made(one) for one in made[:_LISTED]]
    if len(made) > _LISTED:
        hows = Counter(one.how for one in made[_LISTED:])
        kinds = ", ".join(f"{number:,} {_HOW[how]}" for how, number in hows.items())
        lines.append(f"And {len(made) - _LISTED} more: {kinds}.")
    after = "Their tasks are being read now; the result comes as a direct message."
    if len(made) == 1:
        after = after.replace("Their", "Its")
    text = "\n".join([*lines, after])
    blocks = [*paragraphs(lines), context(after)]
    row = []
    if len(made) == 1 and made[0].how is How.RESUMED:
        value = str(made[0].provider_project_id)
        row.append(button("Start fresh instead...", FRESH, value))
    if not any(one.joined for one in made):
        row.append(button("Add users", INVITE))
    return Message(text, [*blocks, actions(*row)] if row else blocks)


_HOW = {
    How.CREATED: "new",
    How.EXISTING: "existing",
    How.RESUMED: "resumed",
    How.MOVED: "moved",
    How.FRESH: "started fresh",
}


def _made(one: Linked) -> str:
    source = f"*{escaped(one.provider_project)}* is linked"
    to = beside(one.provider_project, "to", one.project)
    there = to or " to the project of the same name"
    said = {
        How.CREATED: f"{source} to a new project, code {one.code}.",
        How.EXISTING: f"{source}{there}.",
        How.RESUMED: f"{source}{to} again, with its tasks and time.",
        How.MOVED: (
            f"{source}{there}. Its {counted(one.tasks, 'task')} of before "
            f"{'moves' if one.tasks == 1 else 'move'} there; tracked time stays on "
            f"*{escaped(one.former)}*."
        ),
        How.FRESH: (
            f"{source}{to}, started fresh: "
            f"{counted(one.tasks, 'old task')} {'stays' if one.tasks == 1 else 'stay'} in reports "
            "and cannot be tracked any more."
        ),
    }[one.how]
    if one.joined:
        said += f" {counted(one.joined, 'person', 'people')} joined."
    return said


def created(project: Target) -> Message:
    """An internal project was made."""
    text = f"Made the project *{escaped(project.name)}*, code {project.code}. You are on it."
    show = button("Open", PROJECT, str(project.id), says=f"Open {project.code}")
    return Message(text, [section(text), actions(show)])


def ignored(project: UnlinkedProject) -> Message:
    """A provider project was set aside."""
    said = f"*{escaped(project.name)}* is ignored: it is not offered any more."
    undo = button("Undo", "link.notice", str(project.id), says=f"Stop ignoring {project.name}")
    return Message(said, [section(said, accessory=undo)])


def noticed(project: UnlinkedProject) -> Message:
    """An ignored provider project came back."""
    said = f"*{escaped(project.name)}* is not ignored any more. `/link project` can link it."
    return Message(said)


def syncing(asked: SyncAsked) -> Message:
    """A sync was asked for: of everything, or of some projects."""
    sites = ", ".join(escaped(one) for one in asked.sites)
    read = f"{named(asked.projects)} of {sites}" if asked.projects else sites
    return Message(f"Sync started: {read}. The result comes as one direct message.")
