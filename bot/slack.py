"""Slack, outward: what Hourlink asks of it and tells it."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.linking.channels import Channel
from bot.domain.people.people import SlackPerson
from bot.domain.values import dataclass
from bot.slack_calls import Calls
from bot.views.message import Message


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands."""

    channel_id: str
    ts: str


class Slack:
    """Slack's Web API for any team.

    No call that may have been done is repeated here: Slack has no idempotency key, so a post of
    unknown outcome would be there twice. One that is done in the background waits in the outbox.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._call = calls.method

    async def post(
        self,
        team_id: TeamId,
        to: str,
        message: Message,
        *,
        marker: str | None = None,
    ) -> Posted:
        """Posts to a channel, or to a person's direct messages.

        Args:
            team_id: Whose workspace.
            to: A channel id or a Slack user id.
            message: What to say.
            marker: Kept in the message's metadata, so that ``find`` can see it again.
        """
        extra: dict[str, Any] = {}
        if marker is not None:
            payload = {"marker": marker}
            extra["metadata"] = {"event_type": "hourlink", "event_payload": payload}
        answer = await self._call(
            team_id,
            "chat.postMessage",
            channel=to,
            text=message.text,
            blocks=list(message.blocks),
            unfurl_links=False,
            **extra,
        )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def upload(
        self,
        team_id: TeamId,
        to: str,
        *,
        name: str,
        content: bytes | BinaryIO,
        comment: str,
        alt: str = "",
        thread: str = "",
    ) -> None:
        """Sends a file to a person's direct messages, or into a channel.

        Three calls: room for it, the bytes, and only then somebody sees it.

        Args:
            team_id: Whose workspace.
            to: A channel id or a Slack user id.
            name: The file's.
            content: Its bytes, or an open file, which is read piece by piece.
            comment: What is said with it.
            alt: What a picture shows, for who does not see it.
            thread: The message in the channel that it answers.
        """
        channel_id = to
        if to.startswith(("U", "W")):
            opened = await self._call(team_id, "conversations.open", users=to)
            channel_id = str(opened["channel"]["id"])
        described = {"alt_txt": alt} if alt else {}
        room = await self._call(
            team_id,
            "files.getUploadURLExternal",
            filename=name,
            length=_length(content),
            **described,
        )
        await self._calls.upload(str(room["upload_url"]), content)
        await self._call(
            team_id,
            "files.completeUploadExternal",
            files=[{"id": str(room["file_id"]), "title": name}],
            channel_id=channel_id,
            initial_comment=comment,
            **({"thread_ts": thread} if thread else {}),
        )

    async def find(self, team_id: TeamId, channel_id: str, marker: str) -> Posted | None:
        """Looks for a message by its marker among the channel's newest hundred.

        Raises:
            SlackRefused: the scope or the channel does not allow looking.
        """
        answer = await self._call(
            team_id,
            "conversations.history",
            channel=channel_id,
            limit=100,
            include_all_metadata=True,
        )
        for message in answer.get("messages") or []:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("marker") == marker:
                return Posted(channel_id, str(message["ts"]))
        return None

    async def update(self, team_id: TeamId, posted: Posted, message: Message) -> None:
        """Makes a posted message say something else."""
        await self._call(
            team_id,
            "chat.update",
            channel=posted.channel_id,
            ts=posted.ts,
            text=message.text,
            blocks=list(message.blocks),
        )

    async def open_view(
        self, team_id: TeamId, trigger_id: str, view: Mapping[str, Any], *, on_top: bool = False
    ) -> str:
        """Opens a form, or stacks it on the open one; its id.

        A trigger works once, for 3 seconds.
        """
        method = "views.push" if on_top else "views.open"
        answer = await self._call(team_id, method, trigger_id=trigger_id, view=dict(view))
        return str((answer.get("view") or {}).get("id") or "")

    async def update_view(self, team_id: TeamId, view_id: str, view: Mapping[str, Any]) -> None:
        """Replaces an open form."""
        await self._call(team_id, "views.update", view_id=view_id, view=dict(view))

    async def publish_home(
        self, team_id: TeamId, user_id: SlackUserId, view: Mapping[str, Any]
    ) -> None:
        """Sets a person's App Home."""
        await self._call(team_id, "views.publish", user_id=user_id, view=dict(view))

    async def person(self, team_id: TeamId, user_id: SlackUserId) -> SlackPerson:
        """Asks Slack who somebody is."""
        answer = await self._call(team_id, "users.info", user=user_id)
        return person_from(answer["user"])

    async def people(self, team_id: TeamId) -> Sequence[SlackPerson]:
        """Everyone in the workspace, bots included."""
        found: list[SlackPerson] = []
        cursor = ""
        while True:
            answer = await self._call(team_id, "users.list", limit=200, cursor=cursor)
            found += [person_from(user) for user in answer.get("members") or []]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def channel(self, team_id: TeamId, channel_id: str) -> Channel:
        """Asks Slack about a channel; a private one that we are not in is unknown to it."""
        answer = await self._call(team_id, "conversations.info", channel=channel_id)
        found = answer["channel"]
        return Channel(
            id=channel_id,
            is_public=not found.get("is_private", False),
            is_shared=bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared")),
            is_archived=bool(found.get("is_archived")),
            is_member=bool(found.get("is_member", True)),
        )

    async def unfurl(
        self, team_id: TeamId, channel_id: str, ts: str, unfurls: Mapping[str, Any]
    ) -> None:
        """Shows something below a message, by the links in it."""
        await self._call(team_id, "chat.unfurl", channel=channel_id, ts=ts, unfurls=dict(unfurls))

    async def permalink(self, team_id: TeamId, channel_id: str, ts: str) -> str:
        """The address of a message.

        Raises:
            SlackRefused: Hourlink is not in the conversation.
        """
        answer = await self._call(team_id, "chat.getPermalink", channel=channel_id, message_ts=ts)
        return str(answer["permalink"])

    async def respond(self, response_url: str, payload: Mapping[str, Any]) -> None:
        """Answers through a response URL.

        Raises:
            SlackRefused: it is used up or older than 30 minutes.
            SlackTryLater: nothing was done.
        """
        await self._calls.respond(response_url, payload)


def _length(content: bytes | BinaryIO) -> int:
    if isinstance(content, bytes):
        return len(content)
    length = content.seek(0, os.SEEK_END)
    content.seek(0)
    return length


def person_from(user: Mapping[str, Any]) -> SlackPerson:
    """Reads Slack's user object, as in ``users.info`` and the ``user_change`` event."""
    profile = user.get("profile") or {}
    name = profile.get("real_name") or user.get("real_name") or user.get("name") or user["id"]
    confirmed = user.get("is_email_confirmed", True)
    # In an Enterprise Grid it names a person's first workspace of several.
    home = None if user.get("enterprise_user") else user.get("team_id")
    return SlackPerson(
        user_id=SlackUserId(user["id"]),
        name=str(name),
        email=(profile.get("email") or None) if confirmed else None,
        zone=user.get("tz") or "UTC",
        is_admin=bool(user.get("is_admin")),
        is_owner=bool(user.get("is_primary_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_deactivated=bool(user.get("deleted")),
        home=TeamId(str(home)) if home else None,
    )
