"""Fields of a form, made from what an adapter says it needs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.integrations.api import CredentialField, Descriptor, FieldKind
from bot.views.message import Block, Modal, actions, button, clipped, form_input, plain, section

THERE = "sign_in.open"
"""The button that leads to the tool's page; a click of it asks nothing of us."""

_PLACEHOLDER = 150
_TITLE = 24


def sign_in_offer(descriptor: Descriptor, action: str) -> list[Block]:
    """The other way in, above the fields that it makes needless."""
    oauth = descriptor.oauth
    if oauth is None:
        return []
    fields = [*descriptor.credentials, *descriptor.own_credentials]
    label = next(one.label for one in fields if one.name == oauth.credential)
    said = f"Sign in at {descriptor.name} in your browser, or fill in *{label}* below."
    return [section(said), actions(button(f"Sign in at {descriptor.name}", action))]


def sign_in_there(descriptor: Descriptor, address: str) -> Modal:
    """The way to the tool's own page."""
    return Modal(
        callback_id="sign_in.there",
        title=clipped(f"Sign in: {descriptor.name}", _TITLE),
        blocks=[
            section(
                f"{descriptor.name} asks you in your browser, and sends you back to a page that "
                "says how it went. The address is good for 10 minutes, and only for you."
            ),
            actions(button(f"Open {descriptor.name}", THERE, style="primary", url=address)),
        ],
        close="Close",
    )


def not_when_signing_in(label: str) -> str:
    """A field that excludes signing in is filled in."""
    return f"Signing in is not possible with *{label}*. Leave it empty, or paste a key."


def fill_in_first(label: str) -> str:
    """A field that signing in needs is empty."""
    return f"Fill in *{label}* first."


def block_of(credential: CredentialField, attempt: int) -> str:
    """The block id of a credential's field.

    Secret fields carry the attempt, so that Slack starts them empty each time.
    """
    if credential.kind is FieldKind.SECRET:
        return f"secret:{attempt}:{credential.name}"
    return f"field:{credential.name}"


def filled_in(credential: CredentialField, shared: Mapping[str, str]) -> CredentialField:
    """The same field, with what is known of the integration in the place of ``{its name}``."""
    hint = credential.hint
    for name, value in shared.items():
        hint = hint.replace(f"{{{name}}}", value)
    return replace(credential, hint=hint)


def credential_input(credential: CredentialField, attempt: int, values: Mapping[str, str]) -> Block:
    """One field, filled in with what was typed before unless it is a secret."""
    element: dict[str, Any] = {"type": "plain_text_input"}
    if credential.placeholder:
        element["placeholder"] = plain(clipped(credential.placeholder, _PLACEHOLDER))
    if credential.kind is not FieldKind.SECRET and values.get(credential.name):
        element["initial_value"] = values[credential.name]
    return form_input(
        credential.label,
        block_of(credential, attempt),
        element,
        hint=credential.hint,
        optional=credential.optional,
    )
