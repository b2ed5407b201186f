"""`chat.*`."""

from playground import messages
from playground.errors import SlackError
from playground.shapes import Json, objects
from playground.team import Channel
from playground.text import domain_of, links
from playground.web_api.call import Call, method
from playground.world import Message


def target(call: Call) -> Channel:
    """The conversation an app may write to; a person's id means their direct messages."""
    world = call.backend.world
    wanted = call.required("channel")
    if wanted in world.people:
        if world.people[wanted].deleted:
            raise SlackError("channel_not_found")
        return world.app_dm(wanted)
    by_name = [one for one in world.channels.values() if f"#{one.name}" == wanted]
    channel = by_name[0] if by_name else world.channel(wanted)
    if call.backend.team.bot_user_id not in channel.members:
        public = channel.kind == "channel"
        if not public:
            raise SlackError("channel_not_found")
        if "chat:write.public" not in call.backend.manifest.scopes:
            raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.only_admins_post:
        raise SlackError("restricted_action")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    """The thread to answer in; a reply's own ts leads to its parent."""
    ts = call.text("thread_ts")
    if not ts:
        return None
    try:
        parent = call.backend.world.message(channel.id, ts)
    except SlackError:
        return ts
    return parent.thread_ts or ts


def _own(call: Call, refusal: str) -> Message:
    """A message the app wrote and may change."""
    channel = target(call)
    message = call.backend.world.message(channel.id, call.required("ts"))
    if message.ephemeral_to:
        # Slack gives no handle on an ephemeral message but its response_url.
        raise SlackError("message_not_found")
    if not message.is_app:
        raise SlackError(refusal)
    return message


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Json:
    """Post a message."""
    channel = target(call)
    message = messages.app_message(
        call.backend, channel.id, call.args, thread_ts=_thread(call, channel)
    )
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": messages.as_slack(call.backend, message),
    }


@method("chat.meMessage", "chat:write")
def me_message(call: Call) -> Json:
    """Post a message about what the app does."""
    channel = target(call)
    text = call.required("text")
    message = messages.app_message(call.backend, channel.id, {"text": f"_{text}_"})
    message.subtype = "me_message"
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Json:
    """Post a message that one person sees."""
    channel = target(call)
    user = call.required("user")
    call.backend.world.person(user)
    if call.backend.team.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    if user not in channel.members or call.backend.world.person(user).deleted:
        raise SlackError("user_not_in_channel")
    message = messages.app_message(
        call.backend,
        channel.id,
        call.args,
        ephemeral_to=user,
        thread_ts=_thread(call, channel),
    )
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
def update(call: Call) -> Json:
    """Change a message of the app."""
    message = messages.change(call.backend, _own(call, "cant_update_message"), call.args)
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": messages.as_slack(call.backend, message),
    }


@method("chat.delete", "chat:write")
def delete(call: Call) -> Json:
    """Take a message of the app away."""
    message = _own(call, "cant_delete_message")
    messages.remove(call.backend, message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
def get_permalink(call: Call) -> Json:
    """Give the address of a message."""
    channel = call.backend.world.channel(call.required("channel"))
    message = call.backend.world.message(channel.id, call.required("message_ts"))
    place = f"/archives/{channel.id}/p{message.ts.replace('.', '')}"
    link = call.backend.base_url + place
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


@method("chat.unfurl", "links:write")
def unfurl(call: Call) -> Json:
    """Add previews to a message with links."""
    unfurls = call.args.get("unfurls")
    metadata = call.args.get("metadata")
    if not unfurls and not metadata:
        raise SlackError("missing_unfurls")
    message = _unfurled(call)
    _check_addresses(call, message, unfurls)
    rows: list[Json] = []
    if isinstance(unfurls, dict):
        for url, unfurled in unfurls.items():
            if not isinstance(unfurled, dict):
                raise SlackError("cannot_parse_attachment")
            blocks, text, _ = messages.read_content({"text": url, **unfurled})
            rows.append({**unfurled, "blocks": blocks, "text": text, "from_url": url})
    if isinstance(metadata, dict):
        rows += [
            {"from_url": entity.get("app_unfurl_url"), "entity": entity}
            for entity in objects(metadata.get("entities"))
        ]
    for row in rows:
        row |= {"app_id": call.backend.team.app_id, "is_app_unfurl": True}
    known = {row["from_url"] for row in rows}
    kept = [row for row in message.attachments if row.get("from_url") not in known]
    message.attachments = kept + rows
    messages.show_change(call.backend, message)
    return {}


def _check_addresses(call: Call, message: Message, unfurls: object) -> None:
    """Only links that stand in the message, and lead to a domain of the app's, have previews."""
    manifest = call.backend.manifest
    posted = {*links(message.text), *_linked(message.blocks)}
    for url in unfurls if isinstance(unfurls, dict) else ():
        own = manifest.is_open or domain_of(url, manifest.unfurl_domains)
        if url not in posted or not own:
            raise SlackError("cannot_unfurl_url")


def _linked(value: object) -> list[str]:
    """The addresses in rich text."""
    if isinstance(value, list):
        return [url for one in value for url in _linked(one)]
    if not isinstance(value, dict):
        return []
    own = [str(value["url"])] if value.get("type") == "link" else []
    return own + _linked(value.get("elements") or [])


def _unfurled(call: Call) -> Message:
    world = call.backend.world
    unfurl_id = call.text("unfurl_id")
    if unfurl_id:
        for rows in world.messages.values():
            for message in rows:
                if f"{message.channel}-{message.ts}" == unfurl_id:
                    return message
        raise SlackError("cannot_find_message")
    channel = world.channel(call.required("channel"))
    try:
        return world.message(channel.id, call.required("ts"))
    except SlackError as error:
        raise SlackError("cannot_find_message") from error
