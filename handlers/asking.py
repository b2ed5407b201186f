"""Slack's requests as values: who asks, where, when and for what."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from bot.domain.entries.entries import OnProject, OnTask, Target
from bot.domain.errors import Vanished
from bot.domain.ids import ProjectId, TaskId
from bot.domain.people.people import Member
from bot.domain.values import dataclass
from bot.views.message import Message
from bot.views.searching import NO_CHOICE
from bot.views.ticking import shown_ids

_LONGEST_ID = 18
"""Digits that every database takes as an id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What every request has."""

    who: Member
    now: datetime
    """When it arrived; UTC."""
    request_id: str
    """The same for a repeated delivery of the same request."""
    channel_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Ask):
    """Somebody opens the App Home, or did something in it."""

    notice: Message | None = None
    """What came of that, to be said there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Ask):
    """``/track ...`` or ``/link ...``."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Click(Ask):
    """A button, or another element that acts at once."""

    action: str
    """Its action id without the ``#suffix``."""
    value: str = ""
    """The button's value, or the value of the chosen option."""
    message_ts: str | None = None
    """The message it sits in, where that is not an ephemeral one."""
    view_id: str | None = None
    metadata: str = ""
    """Of the form it sits in."""
    fields: "Fields" = field(default_factory=lambda: Fields({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission(Ask):
    """A form that was sent."""

    callback_id: str
    view_id: str
    metadata: str
    fields: "Fields"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut(Ask):
    """A shortcut, used on a message or from anywhere."""

    callback_id: str
    said: str = ""
    """Everything the message says, escaped as Slack sends it."""
    message_ts: str = ""
    thread_ts: str = ""
    """Of the message's thread, where it is in one."""
    domain: str = ""
    """The workspace's, as in ``acme.slack.com``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Ask):
    """Somebody types into a select that searches."""

    action: str
    query: str
    block_id: str = ""
    """Of the select's block; in a message it is all that says what is looked for."""
    metadata: str = ""


def row_id(text: str) -> int:
    """The row id in a button's value or a form's metadata.

    Raises:
        Vanished: there is none; only a forged or very old button holds anything else.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID):
        raise Vanished("button")
    return int(text)


def _chosen(chosen: Mapping[str, Any]) -> str:
    """An option's value; empty for what a searching select shows where it cannot search."""
    value = str(chosen.get("value", ""))
    return "" if value == NO_CHOICE else value


def target_of(value: str) -> Target:
    """What a button or option stands for: a task's id, or a project's behind a ``p``.

    Raises:
        Vanished: neither.
    """
    if value.startswith("p"):
        return OnProject(ProjectId(row_id(value[1:])))
    return OnTask(TaskId(row_id(value)))


@dataclass(frozen=True, slots=True)
class PostedLinks:
    """Links to the operator's domains in a message. Slack says them, nobody asks."""

    channel_id: str
    message_ts: str
    urls: tuple[str, ...]
    is_shared: bool | None
    """People of other organisations read the channel; None where Slack does not say."""
    is_draft: bool
    """The message is still being written."""


class Fields:
    """The state of a form or message, by ``block_id`` (and ``action_id``)."""

    def __init__(self, values: Mapping[str, Mapping[str, Any]]) -> None:
        self._values = values

    def _element(self, block_id: str) -> Mapping[str, Any]:
        elements: Mapping[str, Any] = self._values.get(block_id, {})
        return next(iter(elements.values()), {})

    def text(self, block_id: str) -> str:
        """What was typed, trimmed; empty when nothing was."""
        return str(self._element(block_id).get("value") or "").strip()

    def choice(self, block_id: str) -> str:
        """The value of the chosen option, user, channel, date or time; empty when none."""
        element = self._element(block_id)
        chosen = element.get("selected_option")
        if isinstance(chosen, Mapping):
            return _chosen(chosen)
        names = (
            "selected_user",
            "selected_channel",
            "selected_conversation",
            "selected_date",
            "selected_time",
        )
        return next((str(element[name]) for name in names if element.get(name)), "")

    def choices(self, block_id: str) -> tuple[str, ...]:
        """The values of all chosen options or users."""
        element = self._element(block_id)
        options = element.get("selected_options")
        if isinstance(options, list):
            return tuple(value for chosen in options if (value := _chosen(chosen)))
        names = ("selected_users", "selected_channels", "selected_conversations")
        return next((tuple(element[name]) for name in names if element.get(name)), ())

    def ticks(self) -> tuple[list[int], list[int]]:
        """The rows that stand in blocks of tick boxes, and which of them are ticked."""
        shown: list[int] = []
        ticked: list[int] = []
        for block_id in self.blocks():
            if rows := shown_ids(block_id):
                shown += rows
                ticked += [row_id(one) for one in self.choices(block_id)]
        return shown, ticked

    def blocks(self) -> tuple[str, ...]:
        """The block ids that have a state."""
        return tuple(self._values)
