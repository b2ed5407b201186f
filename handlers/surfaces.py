"""Performing replies where the request came from: a command, a message, a form, the App Home."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson
import structlog

from bot.domain.errors import Busy, TeamNotInstalled
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.slack_errors import SlackError, SlackRefused
from bot.slack import Slack
from bot.views.message import Message, Modal, section
from handlers.replies import (
    Both,
    Choices,
    CloseModals,
    Ephemeral,
    FieldErrors,
    HomeView,
    Nothing,
    OpenModal,
    Reply,
    Told,
    Update,
    UpdateModal,
)

log = structlog.get_logger(__name__)

SPENT_TRIGGER = frozenset(
    {"exchanged_trigger_id", "expired_trigger_id", "trigger_exchanged", "trigger_expired"}
)
"""Slack's words for a trigger that was used or is older than 3 seconds."""

FULL_STACK = "push_limit_reached"
"""Slack's word for a fourth form on top of three."""

SPENT_URL = "expired_url"
"""Our word for a response URL that was used up or is older than half an hour."""

HOME = "home"
"""Where a form was opened, where that was the Home tab."""

NOTICE_BLOCKS = 8
"""Blocks of a message that the Home tab has room for at its top."""

_RETURN = "\n"
"""Between a form's own metadata and where it was opened."""

STILL_WORKING = Message("Still working on it. The result comes here.")

TOO_LATE = Message(
    "That took longer than Slack waits before it opens a form. Nothing was changed; try again."
)


@dataclass(slots=True)
class Surface:
    """Where a request came from, and so where its answers can go."""

    slack: Slack
    team_id: TeamId
    user_id: SlackUserId
    trigger_id: str | None = None
    response_url: str | None = None
    view_id: str | None = None
    view_type: str | None = None
    """``modal`` or ``home``."""
    opened: str = ""
    """The form opened in answer, which further answers replace."""
    waits: bool = False
    """The form says *Still working*, and is shown the answer, whatever that is."""
    came_from: str = ""
    """Where the form that this comes from was opened: a response URL, and the thread behind it
    if there is one; or ``home``."""
    thread_ts: str | None = None
    """The thread in which a message shortcut was used."""
    callback_id: str = ""
    """Of the form that this comes from."""
    drawn: bool = False
    """The form was drawn again in answer."""
    notice: Message | None = None
    """What came of it, to be said in the Home tab, which is shown afresh."""
    home_mark: str = ""
    """The mark of the Home tab that the person sees already, as Slack tells it."""

    @property
    def is_home(self) -> bool:
        """The request came from the Home tab, or from a form that was opened there."""
        return HOME in {self.view_type, self.came_from}

    @property
    def in_modal(self) -> bool:
        """The request came from inside a form."""
        return self.view_type == "modal"

    async def perform(self, reply: Reply) -> None:
        """Carries out a reply through Slack's API.

        Raises:
            SlackError: Slack would not take it.
        """
        match reply:
            case Both(first, second):
                await self.perform(first)
                await self.perform(second)
            case Ephemeral() | Update():
                await self._say(reply)
            case OpenModal(modal):
                await self._open_in_time(modal)
            case UpdateModal(modal):
                await self._update(modal)
            case CloseModals(message, replaces, redrawn) | Told(message, replaces, redrawn):
                await self._draw_again(redrawn)
                await self._closed(message, replaces=replaces)
            case FieldErrors(errors) if self.waits:
                wrong = "\n".join(errors.values())
                await self._update(notice(Message(f"{wrong}\nNothing was saved.")))
            case HomeView(view):
                await self._publish(view)
            case Nothing() | FieldErrors() | Choices():
                pass

    async def _publish(self, view: Mapping[str, Any]) -> None:
        mark = blake2b(orjson.dumps(view), digest_size=12).hexdigest()
        if mark != self.home_mark:
            view = {**view, "private_metadata": mark}
            await self.slack.publish_home(self.team_id, self.user_id, view)

    async def _say(self, reply: Ephemeral | Update) -> None:
        refused = isinstance(reply, Ephemeral) and reply.refused
        fits = len(reply.message.blocks) <= NOTICE_BLOCKS
        if self.view_type == HOME and fits and not refused:
            self.notice = reply.message
        elif isinstance(reply, Update):
            await self._replace(reply.message)
        else:
            await self._tell(reply.message)

    async def _tell(self, message: Message) -> None:
        if self.response_url is not None:
            await self._respond(self.response_url, message, replaces=False)
        elif self.trigger_id is not None and self.view_type is not None:
            await self._notice(message)
        else:
            await self._direct(message)

    async def _notice(self, message: Message) -> None:
        try:
            await self._open(notice(message))
        except SlackRefused as refused:
            if refused.code not in SPENT_TRIGGER:
                raise
            # Too late for a form on top: say it in the form that waits, or in a direct message.
            await (self._update(notice(message)) if self.in_modal else self._direct(message))

    async def _replace(self, message: Message) -> None:
        if self.response_url is not None:
            await self._respond(self.response_url, message, replaces=True)
        elif self.in_modal:
            await self._update(notice(message))
        else:
            await self._tell(message)

    async def _respond(self, url: str, message: Message, *, replaces: bool) -> None:
        """Answers through a response URL; in a direct message once that is spent.

        A response URL answers five times within half an hour.
        """
        payload = said(message) | {"replace_original": replaces}
        if not replaces:
            payload["response_type"] = "ephemeral"
        if self.thread_ts is not None:
            payload["thread_ts"] = self.thread_ts
        try:
            await self.slack.respond(url, payload)
        except SlackRefused as refused:
            if refused.code != SPENT_URL:
                raise
            await self._direct(message)

    async def _closed(self, message: Message | None, *, replaces: bool) -> None:
        if self.waits:  # nothing but the person closes a form by now
            await self._update(notice(message or Message("Done.")))
        elif message is not None:
            await self._told(message, replaces=replaces)

    async def _told(self, message: Message, *, replaces: bool) -> None:
        url, _, thread_ts = self.came_from.partition(" ")
        if url.startswith("http"):
            self.thread_ts = thread_ts or None
            await self._respond(url, message, replaces=replaces)
        elif self.came_from == HOME and len(message.blocks) <= NOTICE_BLOCKS:
            # What would replace a message needs no words beside the Home that shows it.
            self.notice = None if replaces else message
        else:
            await self._direct(message)

    async def _draw_again(self, message: Message | None) -> None:
        """Shows the message that a form was opened from anew, as long as Slack lets us."""
        url = self.came_from.partition(" ")[0]
        if message is None or not url.startswith("http"):
            return
        try:
            await self.slack.respond(url, said(message) | {"replace_original": True})
        except SlackRefused as refused:
            if refused.code != SPENT_URL:
                raise

    async def _direct(self, message: Message) -> None:
        await self.slack.post(self.team_id, self.user_id, message)

    async def _open(self, modal: Modal) -> None:
        if self.trigger_id is None:
            return
        view = self.view(modal)
        try:
            self.opened = await self.slack.open_view(
                self.team_id, self.trigger_id, view, on_top=self.in_modal
            )
        except SlackRefused as refused:
            if refused.code != FULL_STACK or self.view_id is None:
                raise
            self.opened, self.drawn = self.view_id, True
            await self.slack.update_view(self.team_id, self.view_id, view)

    async def _open_in_time(self, modal: Modal) -> None:
        if self.waits:
            await self._update(modal)
            return
        try:
            await self._open(modal)
        except SlackRefused as refused:
            if refused.code not in SPENT_TRIGGER:
                raise
            await self._tell(TOO_LATE)

    async def _update(self, modal: Modal) -> None:
        present = self.opened or (self.view_id if self.in_modal else None)
        if present is None:
            await self._open(modal)
            return
        self.drawn = True
        await self.slack.update_view(self.team_id, present, self.view(modal))

    def view(self, modal: Modal) -> dict[str, Any]:
        """A form as Slack takes it, with a note of where it was opened if it returns there."""
        view = modal.as_view()
        if modal.returns and (place := self._place()):
            view["private_metadata"] = f"{modal.metadata}{_RETURN}{place}"
        return view

    def _place(self) -> str:
        if self.view_type == "home":
            return HOME
        here = f"{self.response_url or ''} {self.thread_ts or ''}".strip()
        return self.came_from or here


def note_undelivered(error: SlackError | TeamNotInstalled | Busy) -> None:
    """Logs that a reply did not reach whoever asked; what was done stays done."""
    log.warning("reply_not_delivered", error=type(error).__name__, detail=str(vars(error)))


def home_mark(event: Mapping[str, Any]) -> str:
    """The mark of the Home tab that somebody opens: equal tabs have the same.

    Empty where they have none yet.

    Slack tells what it shows: https://docs.slack.dev/reference/events/app_home_opened
    """
    return str((event.get("view") or {}).get("private_metadata") or "")


def metadata(view: Mapping[str, Any]) -> tuple[str, str]:
    """A form's metadata, and where it was opened."""
    kept, _, place = str(view.get("private_metadata") or "").partition(_RETURN)
    return kept, place


def said(message: Message) -> dict[str, Any]:
    """A message as Slack's payloads spell it."""
    payload: dict[str, Any] = {"text": message.text}
    if message.blocks:
        payload["blocks"] = list(message.blocks)
    return payload


def notice(message: Message) -> Modal:
    """A form that only says something, for places where no message can appear."""
    return Modal(
        callback_id="notice",
        title="Hourlink",
        blocks=list(message.blocks) or [section(message.text)],
        close="Close",
    )
