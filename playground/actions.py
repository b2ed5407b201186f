"""What a person clicks: buttons and selects, suggestions, shortcuts."""

from dataclasses import dataclass

from playground import messages, views
from playground.backend import Backend
from playground.blocks import VALUE_KEYS, chosen, find, options_of, seen_by, values
from playground.delivery import Envelope
from playground.errors import SlackError
from playground.payloads import address, channel_name, interaction
from playground.rules import check_options
from playground.shapes import Json, objects
from playground.world import Message, View

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Place:
    """Where an element is: in a message, or in a view."""

    message: Message | None = None
    view: View | None = None

    def attachment(self, block: Json) -> tuple[int, Json] | None:
        """The preview in which a block stands, with its number, if it stands in one."""
        for number, row in enumerate(self.message.attachments if self.message else [], start=1):
            if block in row.get("blocks", []):
                return number, row
        return None

    def blocks(self) -> list[Json]:
        """The blocks shown there."""
        if self.view is not None:
            blocks: list[Json] = self.view.body["blocks"]
            return blocks
        if self.message is None:
            return []
        rows = list(self.message.blocks)
        for attachment in self.message.attachments:
            rows += attachment.get("blocks", [])
        return rows


def place(backend: Backend, user: str, container: Json) -> Place:
    """Find the place a page names, if this person can see it."""
    if container.get("type") == "view":
        view = backend.world.find_view(str(container.get("view_id")), None)
        if view.user != user:
            raise SlackError("view_not_found")
        return Place(view=view)
    channel, ts = str(container.get("channel")), str(container.get("ts"))
    for message in backend.world.visible(user, channel):
        if message.ts == ts:
            return Place(message=message)
    raise SlackError("message_not_found")


def _container(spot: Place) -> Json:
    if spot.view is not None:
        return {"type": "view", "view_id": spot.view.id}
    if spot.message is None:
        return {}
    row: Json = {
        "type": "message",
        "message_ts": spot.message.ts,
        "channel_id": spot.message.channel,
        "is_ephemeral": spot.message.ephemeral_to is not None,
    }
    if spot.message.thread_ts:
        row["thread_ts"] = spot.message.thread_ts
    return row


def _unfurled(backend: Backend, spot: Place, block: Json) -> Json:
    """A click inside a preview has another container, and tells which link it was."""
    found = spot.attachment(block)
    if found is None or spot.message is None:
        return {}
    number, row = found
    container = _container(spot) | {"type": "message_attachment", "attachment_id": number}
    if not row.get("is_app_unfurl"):
        return {"container": container}
    url = row["from_url"]
    preview = {**row, "id": number, "bot_id": backend.team.bot_id, "app_unfurl_url": url}
    return {
        "container": container | {"is_app_unfurl": True, "app_unfurl_url": url},
        "app_unfurl": preview,
    }


def _where(backend: Backend, spot: Place, state: Json) -> Json:
    """The part of a payload that tells where somebody acted."""
    if spot.view is not None:
        return {
            "container": _container(spot),
            "view": views.as_slack(backend, spot.view, state),
        }
    message = spot.message
    if message is None:
        return {}
    channel = backend.world.channel(message.channel)
    row: Json = {
        "container": _container(spot),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": state},
    }
    # Slack sends the message along, except an ephemeral one, which it does not keep.
    if message.ephemeral_to is None:
        row["message"] = messages.as_slack(backend, message)
    return row


async def act(backend: Backend, user: str, container: Json, click: Json, state: Json) -> str | None:
    """Use an element; give an error if the app did not acknowledge.

    `click` holds `block_id` and `action` as a page sends them.
    """
    spot = place(backend, user, container)
    given = dict(click.get("action") or {})
    reachable = seen_by(user, spot.blocks())
    block, element = find(reachable, str(click.get("block_id")), str(given.get("action_id")))
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise SlackError("element_does_not_dispatch")
    action = _action(backend, block, element, given)
    full = values(spot.blocks(), state)
    if element["type"] in VALUE_KEYS:
        key = VALUE_KEYS[element["type"]]
        mine = {"type": element["type"], key: action.get(key)}
        full.setdefault(block["block_id"], {})[element["action_id"]] = mine
    payload = interaction(
        backend,
        user,
        "block_actions",
        trigger_id=backend.world.new_trigger(user, spot.view.id if spot.view else None),
        **(_where(backend, spot, full) | _unfurled(backend, spot, block)),
        actions=[action],
    )
    if spot.message is not None:
        url = backend.world.new_response_url(
            user, spot.message.channel, spot.message.ts, spot.message.thread_ts
        )
        payload["response_url"] = address(backend, url)
    ack = await backend.app.send(Envelope("interactive", payload), backend.timings.ack)
    if ack.ok:
        # A body is not looked at: since Block Kit only response_url can answer a click.
        return None
    trouble = f"{TROUBLE} ({ack.error})"
    if spot.message is not None:
        messages.notice(backend, user, spot.message.channel, trouble)
    return trouble


def _action(backend: Backend, block: Json, element: Json, given: Json) -> Json:
    kind = element["type"]
    action: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": backend.world.next_ts(),
    }
    for key, value in element.items():
        if key in {"placeholder", "style", "confirm"} or key.startswith("initial_"):
            action[key] = value
    if kind in {"button", "workflow_button", "icon_button"}:
        shown = ("text", "value", "url", "icon")
        action |= {key: element[key] for key in shown if key in element}
    elif kind == "feedback_buttons":
        thumbs = objects([element.get("positive_button"), element.get("negative_button")])
        action |= _picked(thumbs, given.get("value"))
    elif kind == "overflow":
        wanted = (given.get("selected_option") or {}).get("value")
        action["selected_option"] = _picked(options_of(element), wanted)
    elif kind in VALUE_KEYS:
        action |= chosen(element, given)
    return action


def _picked(choices: list[Json], wanted: object) -> Json:
    for choice in choices:
        if choice.get("value") == wanted:
            return choice
    raise SlackError("option_not_found")


async def suggest(backend: Backend, user: str, container: Json, asked: Json) -> Json:
    """Ask the app for the options of an external select."""
    spot = place(backend, user, container)
    block_id, action_id = str(asked.get("block_id")), str(asked.get("action_id"))
    _, element = find(spot.blocks(), block_id, action_id)
    if element["type"] not in {"external_select", "multi_external_select"}:
        raise SlackError("element_has_no_external_options")
    typed = str(asked.get("value") or "")
    if len(typed) < int(element.get("min_query_length", 3)):
        # Slack's default minimum is 3 typed characters.
        return {"options": []}
    payload = interaction(
        backend,
        user,
        "block_suggestion",
        action_id=action_id,
        block_id=block_id,
        value=typed,
        **_where(backend, spot, values(spot.blocks(), None)),
    )
    ack = await backend.app.send(Envelope("interactive", payload), backend.timings.ack)
    if not ack.ok:
        raise SlackError("options_failed")
    check_options(ack.body)
    return {key: ack.body[key] for key in ("options", "option_groups") if key in ack.body}


async def shortcut(
    backend: Backend, user: str, callback_id: str, channel: str = "", ts: str = ""
) -> str | None:
    """Use a global shortcut, or a message shortcut on a message."""
    known = backend.manifest.shortcut(callback_id)
    # Shortcuts belong to the team that installed the app, not to its guests from other teams.
    if known is None or not backend.world.installed or backend.world.person(user).is_external:
        raise SlackError("shortcut_not_found")
    payload = interaction(
        backend,
        user,
        "message_action" if known.type == "message" else "shortcut",
        callback_id=callback_id,
        trigger_id=backend.world.new_trigger(user),
        action_ts=backend.world.next_ts(),
    )
    if known.type == "message":
        message = place(backend, user, {"channel": channel, "ts": ts}).message
        if message is None or message.ephemeral_to:
            raise SlackError("message_not_found")
        url = backend.world.new_response_url(user, channel, ts, message.thread_ts)
        payload |= {
            "channel": {"id": channel, "name": channel_name(backend.world.channel(channel))},
            "message": messages.as_slack(backend, message),
            "message_ts": ts,
            "response_url": address(backend, url),
        }
    ack = await backend.app.send(Envelope("interactive", payload), backend.timings.ack)
    if ack.ok:
        return None
    spot = channel or backend.world.app_dm(user).id
    trouble = f"{TROUBLE} ({ack.error})"
    messages.notice(backend, user, spot, trouble)
    return trouble
