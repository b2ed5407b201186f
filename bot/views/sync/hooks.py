"""An integration's webhooks, for an admin: how they are, and how to set them up by hand."""

from bot.domain.sync.hooks import HookStanding
from bot.views.message import Block, Modal, clipped, context, escaped, section
from bot.views.providers import Faces, face, tool
from bot.views.words import local_time

SHOW = "hooks.show"


def standing(found: HookStanding, faces: Faces) -> Modal:
    """The form that says it; nothing in it can be changed."""
    site = escaped(clipped(found.site_name, 100))
    blocks: list[Block] = [section(f"*{face(faces, found.provider)}, {site}*")]
    blocks += [section(_state(found, faces))]
    if found.address and (found.is_by_hand or found.problem):
        blocks.append(section(escaped(found.steps)))
    if found.is_by_hand and found.address and found.secret:
        blocks += [
            section(f"Address:\n```{found.address}```"),
            section(f"Secret:\n```{found.secret}```"),
            context("Whoever has both can make Hourlink look for changes there, and nothing else."),
        ]
    return Modal(callback_id="hooks.standing", title="Webhooks", blocks=blocks, close="Close")


def _state(found: HookStanding, faces: Faces) -> str:
    name = tool(faces, found.provider)
    if found.address is None:
        return (
            "Nothing can be sent here: this Hourlink has no public address "
            "(`HOURLINK_PUBLIC_URL`). What changes is read every few minutes."
        )
    heard = f"{name} last told of a change {local_time(found.heard_at)}." if found.heard_at else ""
    if not found.is_by_hand and not found.problem:
        return heard or (
            f"Hourlink sets them up in {name} when a project is linked. Nothing was told yet."
        )
    why = (
        f"{name} did not let Hourlink set them up: {escaped(clipped(found.problem, 300))}"
        if found.problem
        else f"{name} does not let Hourlink set them up."
    )
    by = "a webhook that you set up" if found.is_by_hand else "webhooks"
    how = f"With {by}, changes show within seconds instead of minutes."
    return " ".join(part for part in (why, how, heard) if part)
