"""Fields of a form, made from what an adapter says it needs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.integrations.api import CredentialField, FieldKind
from bot.views.message import Block, clipped, form_input, plain

_PLACEHOLDER = 150


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
