"""Sending a modal in, and closing one."""

from dataclasses import dataclass, field

from playground import views
from playground.actions import TROUBLE
from playground.backend import Backend
from playground.blocks import VALUE_KEYS, interactive, values
from playground.delivery import Ack, Envelope
from playground.errors import SlackError
from playground.payloads import address, interaction
from playground.shapes import Json
from playground.world import Trigger, View

REQUIRED = "Please complete this required field."


@dataclass
class Outcome:
    """What came of a submission: nothing wrong, wrong fields, or trouble."""

    errors: dict[str, str] = field(default_factory=dict)
    error: str | None = None


async def submit(backend: Backend, user: str, view_id: str, given: Json) -> Outcome:
    """Send a modal to the app and do what it answers."""
    stack = backend.world.stack(user)
    if not stack or stack[-1].id != view_id:
        raise SlackError("view_not_found")
    view = stack[-1]
    blocks = view.body["blocks"]
    state = values(blocks, given)
    wrong = _incomplete(blocks, state)
    if wrong:
        return Outcome(errors=wrong)
    payload = interaction(
        backend,
        user,
        "view_submission",
        trigger_id=backend.world.new_trigger(user, view.id),
        view=views.as_slack(backend, view, state),
        response_urls=_response_urls(backend, user, blocks, state),
    )
    with backend.submitting(view.id):
        ack = await backend.app.send(Envelope("interactive", payload), backend.timings.ack)
        if not ack.ok:
            return Outcome(error=TROUBLE)
        try:
            return _do(backend, view, ack)
        except SlackError:
            # Slack's page says no more than this when an answer's view is refused.
            return Outcome(error=TROUBLE)


def _do(backend: Backend, view: View, ack: Ack) -> Outcome:
    action = ack.body.get("response_action")
    if action == "errors":
        errors = ack.body.get("errors")
        known = {block.get("block_id") for block in view.body["blocks"]}
        if not isinstance(errors, dict) or not errors or not set(errors) <= known:
            raise SlackError("invalid_errors")
        return Outcome(errors={key: str(text) for key, text in errors.items()})
    if action == "update":
        views.update_view(backend, view, ack.body.get("view"))
    elif action == "push":
        trigger = Trigger(view.user, backend.world.now(), view.id)
        views.push_modal(backend, trigger, ack.body.get("view"))
    elif action == "clear":
        views.clear(backend, view.user)
    elif action is None and not ack.text.strip():
        views.take_away(backend, view)
    else:
        raise SlackError("invalid_response_action")
    return Outcome()


def _response_urls(backend: Backend, user: str, blocks: list[Json], state: Json) -> list[Json]:
    """Selects with `response_url_enabled` give the app a way to answer in that place."""
    rows: list[Json] = []
    for block, element in interactive(blocks):
        if not element.get("response_url_enabled"):
            continue
        mine = state[block["block_id"]][element["action_id"]]
        channel = mine.get(VALUE_KEYS[element["type"]])
        if channel:
            url = backend.world.new_response_url(user, channel)
            rows.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel,
                    "response_url": address(backend, url),
                }
            )
    return rows


def _incomplete(blocks: list[Json], state: Json) -> dict[str, str]:
    """What Slack's own page refuses before the app hears of it."""
    wrong: dict[str, str] = {}
    for block, element in interactive(blocks):
        if block["type"] != "input":
            continue
        mine = state[block["block_id"]][element["action_id"]]
        value = mine[VALUE_KEYS[element["type"]]]
        if value in (None, []):
            if not block.get("optional"):
                wrong[block["block_id"]] = REQUIRED
            continue
        problem = _too(element, value)
        if problem:
            wrong[block["block_id"]] = problem
    return wrong


def _too(element: Json, value: object) -> str | None:
    """Too short, too long, too many, or not a number."""
    kind = element["type"]
    if kind == "number_input":
        return _number_problem(element, str(value))
    if kind == "email_text_input" and "@" not in str(value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not str(value).startswith(("http://", "https://")):
        return "Please enter a valid URL."
    if isinstance(value, list):
        most = int(element.get("max_selected_items", len(value)))
        return f"Select up to {most} items." if len(value) > most else None
    least, most = int(element.get("min_length", 0)), int(element.get("max_length", 3000))
    length = len(str(value)) if kind == "plain_text_input" else least
    if length < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if length > most else None


def _number_problem(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a valid number."
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < float(least):
        return f"Please enter a number of at least {least}."
    if most is not None and number > float(most):
        return f"Please enter a number of at most {most}."
    return None


async def close(backend: Backend, user: str, view_id: str, *, everything: bool = False) -> None:
    """Close a modal and those above it, or the whole stack; the app hears if it asked to."""
    stack = backend.world.stack(user)
    positions = [index for index, view in enumerate(stack) if view.id == view_id]
    if not positions:
        raise SlackError("view_not_found")
    cleared = everything or bool(stack[positions[0]].body.get("clear_on_close"))
    closing = stack if cleared else stack[positions[0] :]
    for view in reversed(closing):
        backend.world.drop_view(view)
        if not cleared:
            backend.tell(user, "view_closed", view_id=view.id)
    if cleared:
        backend.tell(user, "views_cleared")
    for view in reversed(closing):
        if view.body.get("notify_on_close"):
            payload = interaction(
                backend,
                user,
                "view_closed",
                view=views.as_slack(backend, view),
                is_cleared=cleared,
            )
            await backend.app.send(Envelope("interactive", payload), backend.timings.ack)
