"""`conversations.*`."""

from playground import membership, messages
from playground.errors import SlackError
from playground.shapes import Json
from playground.team import Channel
from playground.web_api.call import Call, check_scopes, method

KIND_SCOPE = {"channel": "channels", "private": "groups", "dm_app": "im", "dm": "im", "": "mpim"}
READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
TYPES = {"public_channel": "channel", "private_channel": "private", "im": "dm_app", "mpim": ""}


def as_slack(call: Call, channel: Channel) -> Json:
    """A conversation as the Web API gives it."""
    bot = call.backend.team.bot_user_id
    shared = call.backend.world.is_shared(channel)
    row: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.is_dm,
        "is_org_shared": False,
        "context_team_id": call.backend.team.id,
        "updated": channel.created * 1000,
    }
    outside = {
        person.team_id
        for member in channel.members
        if (person := call.backend.world.people.get(member)) and person.is_external
    }
    if shared:
        row["shared_team_ids"] = [call.backend.team.id, *sorted(outside)]
        row["connected_team_ids"] = sorted(outside)
    if channel.is_dm:
        other = next(member for member in channel.members if member != bot)
        person = call.backend.world.people.get(other)
        gone = person is not None and person.deleted
        return row | {"user": other, "is_user_deleted": gone, "priority": 0}
    return row | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "is_general": channel.is_general,
        "is_member": bot in channel.members,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_pending_ext_shared": False,
        "creator": "",
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
        "num_members": len(channel.members),
    }


def known(call: Call) -> Channel:
    """The conversation named, if the app may know of it."""
    channel = call.backend.world.channel(call.required("channel"))
    if channel.kind != "channel" and call.backend.team.bot_user_id not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def allowed(call: Call, channel: Channel, verb: str) -> Channel:
    """Refuse a kind of conversation for which the app has no scope, as `groups:read`."""
    check_scopes(call.backend, (f"{KIND_SCOPE[channel.kind]}:{verb}",))
    return channel


def _listed(call: Call, wanted: list[Channel]) -> Json:
    """A page of the conversations of the kinds asked for."""
    names = (call.text("types") or "public_channel").replace(" ", "").split(",")
    if any(name not in TYPES for name in names):
        raise SlackError("invalid_types")
    kinds = {TYPES[name] for name in names}
    for kind in sorted(kinds):
        check_scopes(call.backend, (f"{KIND_SCOPE[kind]}:read",))
    rows = [
        as_slack(call, channel)
        for channel in wanted
        if channel.kind in kinds and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    return call.page(rows, "channels")


@method("conversations.list", *READ)
def list_all(call: Call) -> Json:
    """Give the conversations the app may know of."""
    world, bot = call.backend.world, call.backend.team.bot_user_id
    known_ones = [
        channel
        for channel in world.channels.values()
        if channel.kind == "channel" or bot in channel.members
    ]
    return _listed(call, known_ones)


@method("users.conversations", *READ)
def of_user(call: Call) -> Json:
    """Give the conversations of a person, or of the app itself, that the app may know of."""
    world, bot = call.backend.world, call.backend.team.bot_user_id
    user = call.text("user") or bot
    if user != bot:
        world.person(user)
    theirs = [
        channel
        for channel in world.channels.values()
        if user in channel.members and (channel.kind == "channel" or bot in channel.members)
    ]
    return _listed(call, theirs)


@method("conversations.info", *READ)
def info(call: Call) -> Json:
    """Give one conversation."""
    row = as_slack(call, allowed(call, known(call), "read"))
    if not call.flag("include_num_members"):
        row.pop("num_members", None)
    if call.flag("include_locale"):
        row["locale"] = "en-US"
    return {"channel": row}


@method("conversations.members", *READ)
def members(call: Call) -> Json:
    """Give who is in a conversation."""
    people = call.backend.world.people
    # Slack takes the deactivated out of their conversations.
    rows = [
        {"id": member}
        for member in allowed(call, known(call), "read").members
        if member not in people or not people[member].deleted
    ]
    page = call.page(rows, "members")
    return page | {"members": [row["id"] for row in page["members"]]}


@method("conversations.open", "im:write", "mpim:write")
def open_dm(call: Call) -> Json:
    """Give the direct messages with a person."""
    users = call.args.get("users")
    names = users.split(",") if isinstance(users, str) else users
    if not isinstance(names, list) or len(names) != 1:
        raise SlackError("users_list_not_supplied" if not names else "not_enough_users")
    world = call.backend.world
    person = world.person(str(names[0]))
    if person.deleted:
        raise SlackError("user_disabled")
    channel = world.app_dm(person.id)
    row = as_slack(call, channel) if call.flag("return_im") else {"id": channel.id}
    return {"no_op": True, "already_open": True, "channel": row}


@method("conversations.join", "channels:join")
def join(call: Call) -> Json:
    """Let the app enter a public channel."""
    channel = known(call)
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    already = call.backend.team.bot_user_id in channel.members
    membership.enter(call.backend, channel, call.backend.team.bot_user_id)
    return {"channel": as_slack(call, channel)} | (
        {"warning": "already_in_channel"} if already else {}
    )


def _readable(call: Call) -> Channel:
    channel = known(call)
    if call.backend.team.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return allowed(call, channel, "history")


def _moment(call: Call, key: str, default: str) -> float:
    try:
        return float(call.text(key) or default)
    except ValueError as error:
        raise SlackError(f"invalid_ts_{key}") from error


def _between(call: Call, rows: list[Json]) -> list[Json]:
    oldest = _moment(call, "oldest", "0")
    latest = _moment(call, "latest", "inf")
    exact = call.flag("inclusive")
    return [
        row
        for row in rows
        if oldest < float(row["ts"]) < latest or (exact and float(row["ts"]) in {oldest, latest})
    ]


def _page(call: Call, rows: list[Json]) -> Json:
    page = call.page(_between(call, rows), "messages")
    return page | {"has_more": bool(page["response_metadata"]["next_cursor"])}


@method("conversations.history", *HISTORY)
def history(call: Call) -> Json:
    """Give a conversation's messages, newest first."""
    channel = _readable(call)
    rows = [
        messages.as_slack(call.backend, message)
        for message in reversed(call.backend.world.in_channel(channel.id))
        if not message.ephemeral_to and message.thread_ts in {None, message.ts}
    ]
    if not call.flag("include_all_metadata"):
        rows = [{key: row[key] for key in row if key != "metadata"} for row in rows]
    return _page(call, rows)


@method("conversations.replies", *HISTORY)
def replies(call: Call) -> Json:
    """Give a thread, oldest first."""
    channel = _readable(call)
    ts = call.required("ts")
    rows = [
        messages.as_slack(call.backend, message)
        for message in call.backend.world.in_channel(channel.id)
        if not message.ephemeral_to and ts in {message.ts, message.thread_ts}
    ]
    if not rows:
        raise SlackError("thread_not_found")
    return _page(call, rows)
