"""Which project a channel prefers, and what that means there."""

from collections.abc import Sequence

from bot.domain.linking.linking import Target
from bot.domain.tasks.channel_defaults import ChannelDefault
from bot.views.linking.link_form import target_options
from bot.views.message import Block, Message, actions, button, escaped, option, plain, section
from bot.views.words import local_time, quoted

CHOOSE = "channel_default.choose"
OFF = "channel_default.off"

_MEANS = "`/track start 12` here means its task 12, and `/track start` alone offers its tasks."


def current(found: ChannelDefault | None) -> Message:
    """What the channel prefers now, with a select to change it."""
    if found is None:
        text = f"This channel prefers no project. Once it does, {_MEANS}"
        return Message(text, [section(text), actions(_search("Choose a project"))])
    who = f" by {escaped(found.by)}" if found.by else ""
    chosen = f"chosen{who}, {local_time(found.at)}"
    text = f"This channel prefers *{escaped(found.project_name)}*, {chosen}. {_now(found)}"
    off = button("Switch off", OFF, says="Let this channel prefer no project")
    return Message(text, [section(text), actions(_search("Another project"), off)])


def chosen(found: ChannelDefault) -> Message:
    """It was chosen just now."""
    text = f"This channel prefers *{escaped(found.project_name)}* now. {_now(found)}"
    off = button("Switch off", OFF, says="Let this channel prefer no project")
    return Message(text, [section(text), actions(off)])


def switched_off(before: ChannelDefault) -> Message:
    """It prefers nothing any more."""
    name = escaped(before.project_name)
    text = f"This channel prefers *{name}* no longer: a number means the tasks of all projects."
    again = button("Prefer it again", CHOOSE, str(before.project_id))
    return Message(text, [section(text), actions(again)])


def pick(words: str, found: Sequence[Target]) -> Message:
    """Several projects are called that."""
    text = f"{len(found)} projects match {quoted(words)}. Which one?"
    select: Block = {
        "type": "static_select",
        "action_id": CHOOSE,
        "placeholder": plain("Choose a project"),
        "options": [option(one) for one in target_options(found[:100])],
    }
    names = "; ".join(escaped(one.name) for one in found[:10])
    return Message(f"{text} {names}.", [section(text), actions(select)])


def _now(found: ChannelDefault) -> str:
    if found.is_archived:
        return "It is archived: until it is back, nothing is preferred here."
    if not found.is_connected:
        return (
            "It is linked to no tool, so it has no tasks: `/track start` alone offers the project "
            "itself."
        )
    return _MEANS


def _search(placeholder: str) -> Block:
    return {
        "type": "external_select",
        "action_id": CHOOSE,
        "min_query_length": 0,
        "placeholder": plain(placeholder),
    }
