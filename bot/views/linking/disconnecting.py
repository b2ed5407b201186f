"""Disconnecting an integration: the question, what it did, and what people are told."""

from collections.abc import Iterable, Sequence

from bot.domain.linking.connecting import Disconnection, DisconnectNotice
from bot.domain.linking.linking import Linked
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
from bot.views.people.form import INVITE
from bot.views.providers import Faces, tool
from bot.views.words import counted

DISCONNECT = "integration.disconnect"
RESUME = "integration.resume"

_NAME = 60


def form(found: Disconnection, faces: Faces) -> Modal:
    """The question before an integration ends: what will happen."""
    lines = [f"Disconnect {_site(found, faces)} from Hourlink?", *_effects(found, done=False)]
    after = (
        "Tracked time stays in reports, and nothing is changed in the tool. Connecting the same "
        "site again later offers to link its projects and to ask its people again."
    )
    return Modal(
        callback_id=DISCONNECT,
        title="Disconnect a tool",
        blocks=[section("\n".join(lines)), *write_first(found.owed), context(after)],
        submit="Disconnect",
        metadata=str(found.integration.id),
    )


def _site(found: Disconnection, faces: Faces) -> str:
    name = escaped(clipped(found.integration.site_name, 100))
    return f"*{escaped(tool(faces, found.integration.provider))}, {name}*"


def _effects(found: Disconnection, *, done: bool) -> Iterable[str]:
    """A sentence for each, only where there is something."""
    if done and found.owed and found.writes_owed:
        yield "No sync comes any more."
    else:
        yield _told("Its credentials {} destroyed, and no sync comes any more.", 2, done=done)
    if found.projects:
        names = ", ".join(escaped(clipped(name, _NAME)) for name in found.named)
        more = found.projects - len(found.named)
        every = f"{names}, and {more:,} more" if more > 0 else names
        what = counted(found.projects, "project")
        yield _told(f"{what} {{}} unlinked: {every}.", found.projects, done=done)
        if not done:
            whose = "Its" if found.projects == 1 else "Their"
            yield f"{whose} tasks cannot be tracked any more."
    if found.people:
        keys = counted(found.keys, "key")
        key = _told(f"; {keys} of their own {{}} destroyed", found.keys, done=done)
        what = counted(found.people, "person", "people")
        people = _told(f"{what} {{}} disconnected and told", found.people, done=done)
        yield f"{people}{key if found.keys else ''}."
    if found.requests:
        what = counted(found.requests, "open request")
        yield _told(f"{what} {{}} withdrawn.", found.requests, done=done)
    if found.timers:
        what = counted(found.timers, "running timer")
        yield _told(f"{what} {{}} stopped and kept.", found.timers, done=done)


def _told(sentence: str, number: int, *, done: bool) -> str:
    verb = ("was" if number == 1 else "were") if done else ("is" if number == 1 else "are")
    return sentence.format(verb)


def disconnected(found: Disconnection, faces: Faces) -> Message:
    """It is done."""
    lines = [f"{_site(found, faces)} is disconnected.", *_effects(found, done=True)]
    if said := owed_words(found.owed, writes=found.writes_owed):
        then = (
            " Its credentials are destroyed as soon as that is done." if found.writes_owed else ""
        )
        lines.append(f"{said.strip()}{then}")
    return Message("\n".join(lines), [section("\n".join(lines))])


def told(found: DisconnectNotice, provider: str) -> Message:
    """To everybody whose connection ended, and to the other admins."""
    site = f"*{escaped(provider)}, {escaped(clipped(found.site_name, 100))}*"
    by = escaped(found.by) if found.by else "An admin"
    lines = [f"{by} disconnected {site} from Hourlink."]
    if found.was_connected:
        key = " Your own key was destroyed." if found.had_key else ""
        lines.append(
            "Your account there is not connected any more, so its tasks cannot be tracked."
            f"{key} What you have tracked stays."
        )
    if found.is_admin:
        lines.append(
            "Its projects are unlinked. `/link connect` with the same site offers to link them "
            "again."
        )
    text = "\n".join(lines)
    return Message(text, [section(text)])


def resumable(projects: int, people: int, integration_id: int) -> list[Block]:
    """What a site that is connected again can have back."""
    if not projects and not people:
        return []
    lines, buttons = [], []
    value = str(integration_id)
    if projects:
        verb = "was" if projects == 1 else "were"
        lines.append(f"{counted(projects, 'project')} {verb} linked when it was disconnected.")
        buttons.append(button("Link them again", RESUME, value, style="primary"))
    if people:
        verb = "was" if people == 1 else "were"
        lines.append(f"{counted(people, 'person', 'people')} {verb} connected.")
        buttons.append(button("Ask people again", INVITE, value))
    return [section(" ".join(lines)), actions(*buttons)]


def resumed(made: Sequence[Linked]) -> Message:
    """They are linked again."""
    verb = "is" if len(made) == 1 else "are"
    said = (
        f"{counted(len(made), 'project')} {verb} linked again, with tasks and time. What is new "
        "is being read; the result comes as a direct message."
    )
    return Message(said, [section(said)])
