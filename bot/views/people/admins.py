"""Who administers, and what came of naming somebody."""

from collections.abc import Iterable

from bot.domain.people.people import AdminChange, AdminList, AdminNotice, AdminRight, RightSource
from bot.views.message import (
    Block,
    Message,
    button,
    clipped,
    confirmation,
    context,
    escaped,
    section,
)

REMOVE = "admin.remove"

_NAME = 80
_ROWS = 40
_SENTENCE = 2800


def every(found: AdminList) -> Message:
    """The list: those named here one by one, with a way to take it back, then Slack's own."""
    named = [one for one in found.rights if RightSource.NAMED in one.sources]
    others = [one for one in found.rights if RightSource.NAMED not in one.sources]
    lines = [f"*{len(found.rights)} people administer Hourlink.*"]
    if len(found.rights) == 1:
        lines = ["*1 person administers Hourlink.*"]
    lines += [f"{_name(one)}: {_why(one)}" for one in named]
    blocks: list[Block] = [section(lines[0])]
    blocks += [
        section(line, accessory=_remove(one))
        for line, one in zip(lines[1 : _ROWS + 1], named, strict=False)
    ]
    if len(named) > _ROWS:
        more = f"{len(named) - _ROWS} more are named here: `/link admin remove @name` reaches each."
        blocks.append(context(more))
    for said in _in_sentences(f"{_name(one)}: {_why(one)}" for one in others):
        lines.append(said)
        blocks.append(section(said))
    small = (
        "`/link admin @name` names one more."
        if found.slack_admins
        else (
            "Slack's admins are not admins here: the team's settings say so. "
            "`/link admin @name` names one."
        )
    )
    return Message("\n".join([*lines, small]), [*blocks, context(small)])


def _in_sentences(parts: Iterable[str]) -> list[str]:
    """The parts as lines, in as few texts as Slack's limit allows."""
    texts = [""]
    for part in parts:
        if len(texts[-1]) + len(part) > _SENTENCE:
            texts.append("")
        texts[-1] += f"{part}\n"
    return [text.strip() for text in texts if text]


def _name(right: AdminRight) -> str:
    return f"*{escaped(clipped(right.person.name, _NAME))}*"


_WHY = {
    RightSource.OWNER: "owner of the Slack workspace",
    RightSource.SLACK: "admin in Slack",
    RightSource.NAMED: "named here",
}


def _why(right: AdminRight) -> str:
    return ", ".join(words for source, words in _WHY.items() if source in right.sources)


def _remove(right: AdminRight) -> Block:
    name = right.person.name
    stays = len(right.sources) > 1
    what = (
        f"{clipped(name, _NAME)} stays an admin, because Slack says so."
        if stays
        else f"{clipped(name, _NAME)} cannot administer Hourlink any more, and is told."
    )
    return button(
        "Remove",
        REMOVE,
        str(right.person.id),
        says=f"{name} is no admin any more",
        confirm=confirmation("No longer named?", what, yes="Remove"),
    )


def named(done: AdminChange) -> Message:
    """Somebody is an admin now."""
    name = escaped(done.person.name)
    if not done.changed:
        return Message(f"*{name}* was named an admin before. Nothing was changed.")
    return Message(f"*{name}* is an admin of Hourlink now. `/link admin` lists all of them.")


def removed(done: AdminChange) -> Message:
    """Somebody is not named any more."""
    name = escaped(done.person.name)
    if done.person.is_admin:
        return Message(
            f"*{name}* is not named here any more, but stays an admin, because Slack says so."
        )
    return Message(f"*{name}* is no admin of Hourlink any more.")


def told_named(notice: AdminNotice) -> Message:
    """To who was named."""
    return Message(
        f"{_by(notice)} made you an admin of Hourlink. `/link` shows what is connected, and "
        "`/link help` what you can do."
    )


def told_removed(notice: AdminNotice) -> Message:
    """To who is no admin any more."""
    return Message(f"{_by(notice)} took your right to administer Hourlink back.")


def _by(notice: AdminNotice) -> str:
    return escaped(notice.by) if notice.by else "An admin"
