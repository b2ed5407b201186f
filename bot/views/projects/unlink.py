"""Unlinking one provider project or many: what will happen, what happened, and which is meant."""

from collections import Counter
from collections.abc import Sequence

from bot.domain.linking.linking import LinkedProject, UnlinkPreview
from bot.views.linking.write_back import owed_words, write_first
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    clipped,
    context,
    escaped,
    section,
)
from bot.views.projects.forms import back, listed
from bot.views.projects.place import Place
from bot.views.providers import Faces, tool
from bot.views.times import length
from bot.views.words import beside, counted

UNLINK = "projects.unlink"
"""The form; its button leads to everything that is ticked."""
ONE = "projects.unlink_one"
"""The button beside one provider project."""
SEVERAL = "projects.unlink_several"
RUNS = "projects.runs"

_NAME = 100
_OFFERED = 10
_SITES = 5


NOTHING_LINKED = Message("No project is linked, so there is nothing to unlink.")

HOW_TO_CHOOSE = "Tick what is to be unlinked, then *Continue*."
"""On top of the list of projects, where several are chosen."""


def unlink_form(preview: UnlinkPreview, place: Place, faces: Faces) -> Modal:
    """The question: what will happen, before it happens."""
    links = preview.links
    blocks: list[Block] = [section(_question(preview, faces))]
    said = [
        f"{counted(preview.tasks, 'task becomes', 'tasks become')} read-only and untracked."
        if preview.tasks
        else "No task is affected.",
        f"{length(preview.seconds)} tracked there stay in reports."
        if preview.seconds
        else "Nothing was tracked there yet.",
    ]
    if preview.running:
        timers = counted(preview.running, "running timer is", "running timers are")
        owners = "its owner is" if preview.running == 1 else "their owners are"
        said.append(f"{timers} stopped and kept, and {owners} told.")
    projects = len({link.project_id for link in links})
    stays = (
        "The project stays, with its people and its time"
        if projects == 1
        else (f"The {projects:,} projects stay, with their people and their time")
    )
    said.append(
        f"{stays}; without any other link it is internal."
        if projects == 1
        else f"{stays}; those without any other link are internal."
    )
    blocks.append(section("\n".join(said)))
    blocks += write_first(preview.owed)
    if preview.left_out:
        blocks.append(context(f"{counted(preview.left_out, 'is', 'are')} not linked any more."))
    blocks.append(
        context(
            "Linking again later resumes where it was: the same tasks, with their time. It does "
            "not repair a sync problem; the run history says what went wrong."
        )
    )
    sites = list(dict.fromkeys((link.integration_id, link.site_name) for link in links))
    runs = [
        button(
            "Run history" if len(sites) == 1 else f"Runs of {clipped(name, 40)}",
            f"{RUNS}#{number}",
            str(site),
            says=f"Run history of {clipped(name, 50)}",
        )
        for number, (site, name) in enumerate(sites[:_SITES])
    ]
    blocks.append(actions(*back(place), *runs))
    submit = "Unlink" if len(links) == 1 else f"Unlink {len(links):,}"
    return Modal(UNLINK, "Unlink", blocks, submit=submit, metadata=place.metadata())


def _question(preview: UnlinkPreview, faces: Faces) -> str:
    links = preview.links
    if len(links) == 1:
        return f"Unlink {_pair(links[0], faces)}?"
    by_tool = Counter(f"{tool(faces, one.provider)}, {one.site_name}" for one in links)
    tools = ", ".join(
        f"{number:,} of {escaped(clipped(name, _NAME))}" for name, number in by_tool.most_common(5)
    )
    more = f" and {len(by_tool) - 5} more tools" if len(by_tool) > 5 else ""  # noqa: PLR2004
    names = listed(_names(links))
    return f"Unlink {counted(len(links), 'project')} ({tools}{more})?\n{names}"


def _pair(one: LinkedProject, faces: Faces) -> str:
    where = f"{tool(faces, one.provider)}, {escaped(clipped(one.site_name, _NAME))}"
    source = escaped(clipped(one.provider_project, _NAME))
    return f"*{source}* ({where}){_project(one)}"


def _project(one: LinkedProject) -> str:
    return beside(one.provider_project, "from", one.project)


def _names(links: Sequence[LinkedProject]) -> list[str]:
    """The projects; where several links feed one, what feeds it, so that no name comes twice."""
    feeding = Counter(link.project_id for link in links)
    return [
        link.project if feeding[link.project_id] == 1 else link.provider_project for link in links
    ]


def unlinked(done: UnlinkPreview) -> str:
    """The links have ended."""
    links = done.links
    timers = counted(done.running, "timer was", "timers were")
    stopped = f" {timers} stopped and kept." if done.running else ""
    stopped += owed_words(done.owed, writes=done.writes_owed)
    kept = f" {length(done.seconds)} tracked there stay in reports." if done.seconds else ""
    if len(links) == 1:
        source = escaped(clipped(links[0].provider_project, _NAME))
        return f"*{source}* is unlinked{_project(links[0])}.{stopped}{kept}"
    names = listed(_names(links))
    return f"Unlinked {counted(len(links), 'project')}: {names}.{stopped}{kept}"


def which(found: Sequence[LinkedProject], text: str, faces: Faces) -> Message:
    """Several are called that: a button each, and one for choosing several."""
    question = "*Which project should be unlinked?*"
    blocks: list[Block] = [section(question)]
    for position, one in enumerate(found[:_OFFERED]):
        ask = button("Unlink...", f"{ONE}#{position}", str(one.provider_project_id))
        blocks.append(section(_pair(one, faces), accessory=ask))
    left = len(found) - _OFFERED
    if left > 0:
        blocks.append(context(f"And {left} more."))
    several = button("Choose several", SEVERAL, text)
    blocks.append(actions(several))
    pairs = "; ".join(_pair(one, faces) for one in found[:_OFFERED])
    more = f"; and {left} more" if left > 0 else ""
    said = f"Which project should be unlinked? {pairs}{more}. *Choose several* lists them."
    return Message(said, blocks)
