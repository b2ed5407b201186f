"""Everything the team has: people, channels, messages, views, and what lets an app reach them."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from playground.errors import SlackError
from playground.shapes import Json
from playground.team import Channel, Person, Team

STACK_LIMIT = 3


@dataclass
class Message:
    """A message as Slack keeps it."""

    ts: str
    channel: str
    user: str
    text: str
    is_app: bool = False
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    reactions: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    ephemeral_to: str | None = None
    thread_ts: str | None = None
    edited: bool = False
    notice: bool = False
    subtype: str | None = None


@dataclass
class View:
    """An open modal, or somebody's Home tab."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None


@dataclass
class Trigger:
    """A permission to open one modal for one person, for a moment."""

    user: str
    created: float
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """A permission to answer in one place, a few times."""

    key: str
    user: str
    channel: str
    created: float
    ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass
class Scheduled:
    """A message that waits for its time."""

    id: str
    channel: str
    post_at: int
    content: Json
    thread_ts: str | None = None
    created: int = 0


def random_id(prefix: str, length: int = 9) -> str:
    """Make an id in Slack's manner: capitals and digits after a letter."""
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
    return prefix + "".join(secrets.choice(alphabet) for _ in range(length))


class World:
    """Plain state. Who is told about a change is decided elsewhere."""

    def __init__(self, team: Team, now: Callable[[], float]) -> None:
        self.now = now
        self.team = team
        self.people: dict[str, Person] = {person.id: person for person in team.people}
        self.channels: dict[str, Channel] = {channel.id: channel for channel in team.channels}
        self.messages: dict[str, list[Message]] = {}
        self.reads: dict[str, dict[str, str]] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, Json] = {}
        self.scheduled: dict[str, Scheduled] = {}
        self.installed = team.installed
        self.token = team.bot_token
        self.dead_tokens: dict[str, str] = {}
        """Tokens that were good once, each with what Slack says to it now."""
        self._last_ts = 0
        for channel in self.channels.values():
            channel.created = channel.created or int(now())
        for person in self.people.values():
            if not person.is_external:
                self.app_dm(person.id)

    # People and channels

    def person(self, user_id: str) -> Person:
        """Find a person by id."""
        if user_id not in self.people:
            raise SlackError("user_not_found")
        return self.people[user_id]

    def name_of(self, user_id: str) -> str:
        """The name shown beside a message."""
        person = self.people.get(user_id)
        return person.real_name if person else ""

    def channel(self, channel_id: str) -> Channel:
        """Find a conversation by id."""
        if channel_id not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[channel_id]

    def is_shared(self, channel: Channel) -> bool:
        """Tell whether people of another team are in a channel."""
        return any(
            member in self.people and self.people[member].is_external for member in channel.members
        )

    def app_dm(self, user_id: str) -> Channel:
        """The direct messages of a person and the app; it has none with people from outside."""
        if user_id in self.people and self.people[user_id].is_external:
            raise SlackError("channel_not_found")
        return self._dm("D" + user_id[1:], "dm_app", user_id, self.team.bot_user_id)

    def dm(self, one: str, other: str) -> Channel:
        """The direct messages of two people, or of one and the app."""
        if self.team.bot_user_id in {one, other}:
            return self.app_dm(other if one == self.team.bot_user_id else one)
        first, second = sorted((self.person(one).id, self.person(other).id))
        return self._dm(f"D{first[1:]}{second[1:]}", "dm", first, second)

    def _dm(self, channel_id: str, kind: str, *members: str) -> Channel:
        if channel_id not in self.channels:
            self.channels[channel_id] = Channel(
                channel_id, "directmessage", kind, members=list(members), created=int(self.now())
            )
        return self.channels[channel_id]

    # Messages

    def next_ts(self) -> str:
        """A message's id: the moment, never given twice."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def seen_ts(self, ts: str) -> None:
        """Never give out a ts at or before this one again."""
        self._last_ts = max(self._last_ts, round(float(ts) * 1_000_000) + 1)

    def in_channel(self, channel_id: str) -> list[Message]:
        """The messages of a channel, oldest first."""
        return self.messages.setdefault(channel_id, [])

    def message(self, channel_id: str, ts: str) -> Message:
        """Find a message."""
        for message in reversed(self.in_channel(channel_id)):
            if message.ts == ts:
                return message
        raise SlackError("message_not_found")

    def visible(self, user_id: str, channel_id: str) -> list[Message]:
        """The messages of a channel that this person can see."""
        if user_id not in self.channel(channel_id).members:
            return []
        return [
            message
            for message in self.in_channel(channel_id)
            if message.ephemeral_to in {None, user_id}
        ]

    def unread(self, user_id: str, channel_id: str) -> int:
        """How many messages the person has not seen yet."""
        if user_id not in self.channel(channel_id).members:
            return 0
        read = float(self.reads.get(user_id, {}).get(channel_id, "0"))
        count = 0
        for message in reversed(self.in_channel(channel_id)):
            if float(message.ts) <= read:
                break
            count += message.user != user_id and message.ephemeral_to in {None, user_id}
        return count

    def reply_counts(self, channel_id: str) -> Counter[str]:
        """How many replies each thread of a channel has."""
        return Counter(
            message.thread_ts
            for message in self.in_channel(channel_id)
            if message.thread_ts and message.thread_ts != message.ts and not message.ephemeral_to
        )

    # Permissions that run out

    def new_trigger(self, user_id: str, view_id: str | None = None) -> str:
        """Hand out a trigger id."""
        moment = self.next_ts().replace(".", "")
        key = f"{moment}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[key] = Trigger(user_id, self.now(), view_id)
        return key

    def use_trigger(self, key: str, seconds: float) -> Trigger:
        """Exchange a trigger id, once and in time."""
        trigger = self.triggers.get(key)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.now() - trigger.created > seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_response_url(
        self, user: str, channel: str, ts: str | None = None, thread_ts: str | None = None
    ) -> ResponseUrl:
        """Hand out a place to answer to."""
        key = secrets.token_urlsafe(18)
        self.response_urls[key] = ResponseUrl(
            key, user, channel, self.now(), ts=ts, thread_ts=thread_ts
        )
        return self.response_urls[key]

    # Views

    def stack(self, user_id: str) -> list[View]:
        """The modals a person has open, top last."""
        return [self.views[key] for key in self.stacks.get(user_id, [])]

    def find_view(self, view_id: str | None, external_id: str | None) -> View:
        """Find an open modal or a Home tab by either id."""
        for view in [*self.views.values(), *self.homes.values()]:
            named = external_id and view.body.get("external_id") == external_id
            if view.id == view_id or named:
                return view
        raise SlackError("not_found")

    def drop_view(self, view: View) -> None:
        """Take a modal off the screen."""
        self.views.pop(view.id, None)
        stack = self.stacks.get(view.user, [])
        if view.id in stack:
            stack.remove(view.id)
