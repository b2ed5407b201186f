"""`reactions.*`."""

from playground import messages
from playground.errors import SlackError
from playground.shapes import Json
from playground.web_api.call import Call, method
from playground.web_api.chat import target
from playground.world import Message


def _reacted(call: Call) -> Message:
    channel = target(call)
    message = call.backend.world.message(channel.id, call.required("timestamp"))
    if message.ephemeral_to:
        raise SlackError("message_not_found")
    return message


def _name(call: Call) -> str:
    return call.required("name").strip(":")


@method("reactions.add", "reactions:write")
def add(call: Call) -> Json:
    """Put the app's emoji on a message."""
    name, message = _name(call), _reacted(call)
    bot = call.backend.team.bot_user_id
    for reaction in message.reactions:
        if reaction["name"] == name:
            if bot in reaction["users"]:
                raise SlackError("already_reacted")
            reaction["users"].append(bot)
            reaction["count"] += 1
            break
    else:
        message.reactions.append({"name": name, "users": [bot], "count": 1})
    messages.show_change(call.backend, message)
    return {}


@method("reactions.remove", "reactions:write")
def remove(call: Call) -> Json:
    """Take the app's emoji away again."""
    name, message = _name(call), _reacted(call)
    bot = call.backend.team.bot_user_id
    for reaction in message.reactions:
        if reaction["name"] == name and bot in reaction["users"]:
            reaction["users"].remove(bot)
            reaction["count"] -= 1
            if not reaction["users"]:
                message.reactions.remove(reaction)
            messages.show_change(call.backend, message)
            return {}
    raise SlackError("no_reaction")


@method("reactions.get", "reactions:read")
def get(call: Call) -> Json:
    """Give a message with its emoji."""
    message = _reacted(call)
    row = messages.as_slack(call.backend, message)
    return {"type": "message", "channel": message.channel, "message": row}
