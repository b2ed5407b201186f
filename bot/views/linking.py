"""What linking, *Connect all* and unlinking will do, and what they did."""

from collections import Counter
from collections.abc import Sequence

from bot.domain.durations import format_duration
from bot.domain.integrations import Integration
from bot.domain.linking import (
    How,
    Linked,
    LinkedProject,
    Target,
    UnlinkedProject,
    UnlinkPreview,
)
from bot.views.message import (
    Block,
    Message,
    Modal,
    button,
    context,
    escaped,
    paragraphs,
    section,
)
from bot.views.providers import Faces, tool
from bot.views.words import counted

UNLINK = "link.unlink"

_LISTED = 20
_OFFERED = 10


def linked(made: Sequence[Linked]) -> Message:
    """What was linked, and what happens now."""
    lines = [_made(one) for one in made[:_LISTED]]
    if len(made) > _LISTED:
        counted = Counter(one.how for one in made[_LISTED:])
        kinds = ", ".join(f"{number} {_HOW[how]}" for how, number in counted.items())
        lines.append(f"And {len(made) - _LISTED} more: {kinds}.")
    after = "Their tasks are being read now; the result comes as a direct message."
    if len(made) == 1:
        after = after.replace("Their", "Its")
    text = "\n".join([*lines, after])
    return Message(text, [*paragraphs(lines), context(after)])


_HOW = {How.CREATED: "new", How.EXISTING: "existing", How.RESUMED: "resumed"}


def _made(one: Linked) -> str:
    source, project = escaped(one.provider_project), escaped(one.project)
    said = {
        How.CREATED: f"*{source}* is linked to a new project, code {one.code}.",
        How.EXISTING: f"*{source}* is linked to *{project}*.",
        How.RESUMED: f"*{source}* is linked to *{project}* again, with its tasks and time.",
    }[one.how]
    if one.joined:
        said += f" {_people(one.joined)} joined."
    return said


def created(project: Target) -> Message:
    """An internal project was made."""
    return Message(
        f"Made the project *{escaped(project.name)}*, code {project.code}. You are on it."
    )


def ignored(project: UnlinkedProject) -> Message:
    """A provider project was set aside."""
    said = f"*{escaped(project.name)}* is ignored: it is not offered any more."
    undo = button("Undo", "link.notice", str(project.id), says=f"Stop ignoring {project.name}")
    return Message(said, [section(said, accessory=undo)])


def noticed(project: UnlinkedProject) -> Message:
    """An ignored provider project came back."""
    said = f"*{escaped(project.name)}* is not ignored any more. `/link project` can link it."
    return Message(said)


def syncing(asked: Sequence[Integration]) -> Message:
    """A sync was asked for."""
    names = ", ".join(escaped(one.site_name) for one in asked)
    return Message(f"Sync started: {names}. The result comes as one direct message.")


def unlink_list(found: Sequence[LinkedProject], faces: Faces) -> Message:
    """Which one should be unlinked?"""
    if not found:
        return Message("No project is linked, so there is nothing to unlink.")
    blocks: list[Block] = [section("*Which project should be unlinked?*")]
    for position, one in enumerate(found[:_OFFERED]):
        said = _linked_pair(one, faces)
        ask = button("Unlink...", f"link.unlink#{position}", str(one.provider_project_id))
        blocks.append(section(said, accessory=ask))
    left = len(found) - _OFFERED
    if left > 0:
        blocks.append(context(f'And {left} more: name one, as in `/link unlink "Website"`.'))
    listed = "; ".join(_linked_pair(one, faces) for one in found[:_OFFERED])
    more = f'; and {left} more: `/link unlink "name"`' if left > 0 else ""
    return Message(f"Which project should be unlinked? {listed}{more}", blocks)


def _linked_pair(one: LinkedProject, faces: Faces) -> str:
    where = f"{tool(faces, one.provider)}, {escaped(one.site_name)}"
    return f"*{escaped(one.project)}* - {escaped(one.provider_project)} ({where})"


def unlink_form(preview: UnlinkPreview) -> Modal:
    """The question before a link ends: what will happen."""
    source, project = escaped(preview.link.provider_project), escaped(preview.link.project)
    said = [
        f"Unlink *{source}* from *{project}*?",
        f"{counted(preview.tasks, 'task becomes', 'tasks become')} read-only.",
        f"{_hours(preview.seconds)} tracked on them stay in reports.",
    ]
    if preview.running:
        timers = counted(preview.running, "running timer is", "running timers are")
        said.append(f"{timers} stopped and kept.")
    relink = (
        "Linking it again later resumes where it was. It does not repair sync problems: "
        "`/link status` shows the last runs."
    )
    return Modal(
        callback_id=UNLINK,
        title="Unlink",
        blocks=[section("\n".join(said)), context(relink)],
        submit="Unlink",
        metadata=str(preview.link.provider_project_id),
    )


def unlinked(done: UnlinkPreview) -> Message:
    """A link has ended."""
    stopped = ""
    if done.running:
        stopped = f" {counted(done.running, 'timer was', 'timers were')} stopped and kept."
    return Message(
        f"*{escaped(done.link.provider_project)}* is unlinked from "
        f"*{escaped(done.link.project)}*.{stopped} Its {_hours(done.seconds)} stay in reports."
    )


def _projects(number: int) -> str:
    return counted(number, "project", "projects")


def _people(number: int) -> str:
    return counted(number, "person", "people")


def _hours(seconds: int) -> str:
    return format_duration(seconds) if seconds else "0 h"
