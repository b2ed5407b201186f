"""What linking, *Connect all* and unlinking will do, and what they did."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from bot.domain.durations import format_duration
from bot.domain.ids import IntegrationId
from bot.domain.integrations import Integration
from bot.domain.linking import (
    How,
    Linked,
    LinkedProject,
    Plan,
    Skip,
    Target,
    UnlinkedProject,
    UnlinkPreview,
)
from bot.views.message import (
    Block,
    Message,
    Modal,
    button,
    clipped,
    context,
    escaped,
    section,
)
from bot.views.providers import Faces, tool
from bot.views.words import counted

ALL = "link.all"
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
    return Message(
        text, [section("\n".join(some)) for some in _paragraphs(lines)] + [context(after)]
    )


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


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    """Lines in portions that a section takes whole."""
    portions: list[list[str]] = []
    length = 0
    for line in lines:
        if not portions or length + len(line) + 1 > _SECTION:
            portions.append([])
            length = 0
        portions[-1].append(line)
        length += len(line) + 1
    return portions


_SECTION = 3000


def plan_form(faces: Faces, plan: Plan, integrations: Sequence[IntegrationId]) -> Modal:
    """*Connect all*: what it will do, before it does it."""
    number = len(plan.links)
    blocks: list[Block] = [section(_plan_summary(plan))]
    for how, title in _PLANNED:
        some = [one for one in plan.links if one.how is how]
        if some:
            names = [
                escaped(one.provider_project.name)
                + (f" -> {escaped(one.project)}" if one.project else "")
                for one in some
            ]
            blocks += _listed(title.format(len(some)), names)
    for reason, items in groupby(sorted(plan.skipped, key=lambda one: one[1]), lambda one: one[1]):
        names = [f"{escaped(one.name)} ({tool(faces, one.provider)})" for one, _ in items]
        blocks += _listed(f"*Left alone, {_SKIPPED[reason]}: {len(names)}*", names)
    return Modal(
        callback_id=ALL,
        title="Connect all",
        blocks=blocks,
        submit=f"Connect {number}" if number else None,
        close="Cancel" if number else "Close",
        metadata=",".join(str(one) for one in integrations),
    )


_PLANNED = (
    (How.CREATED, "*New projects: {}*"),
    (How.EXISTING, "*Linked to a project of the same name: {}*"),
    (How.RESUMED, "*Linked again to the project they had: {}*"),
)
_SKIPPED = {
    Skip.ARCHIVED: "archived in the tool",
    Skip.PERSONAL: "personal",
    Skip.IGNORED: "ignored",
    Skip.SEVERAL_NAMESAKES: "because several have the name",
}


def _plan_summary(plan: Plan) -> str:
    if not plan.links:
        return "No project is waiting to be linked."
    return f"{_projects(len(plan.links))} will be linked. Nothing has been changed yet."


def _listed(title: str, names: Sequence[str]) -> list[Block]:
    shown = ", ".join(clipped(name, 100) for name in names[:_LISTED])
    more = f", and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return [section(f"{title}\n{shown}{more}")]


def linked_all(made: Sequence[Linked], plan: Plan) -> Message:
    """What *Connect all* did."""
    counted = Counter(one.how for one in made)
    kinds = ", ".join(
        f"{counted[how]} {words}"
        for how, words in (
            (How.CREATED, "to new projects"),
            (How.EXISTING, "to projects of the same name"),
            (How.RESUMED, "again to the project they had"),
        )
        if counted[how]
    )
    skipped = f" {len(plan.skipped)} left alone." if plan.skipped else ""
    return Message(
        f"Linked {_projects(len(made))}: {kinds}.{skipped} Their tasks are being read now; the "
        "result comes as a direct message."
    )


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
