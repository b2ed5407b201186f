"""What was typed into a form made from an adapter's fields."""

from collections.abc import Sequence

from bot.domain.connecting import Secrets
from bot.integrations.api import CredentialField, FieldKind
from bot.views.credentials import block_of
from handlers.asking import Fields


def typed(asked: Sequence[CredentialField], attempt: int, fields: Fields) -> Secrets:
    """Everything, in a mapping that no log shows."""
    return Secrets({one.name: fields.text(block_of(one, attempt)) for one in asked})


def shown(asked: Sequence[CredentialField], attempt: int, fields: Fields) -> dict[str, str]:
    """The same without secrets, to fill the form in again."""
    return {
        one.name: fields.text(block_of(one, attempt))
        for one in asked
        if one.kind is not FieldKind.SECRET
    }


def missing(asked: Sequence[CredentialField], attempt: int, secrets: Secrets) -> dict[str, str]:
    """A sentence under every field that must not be blank."""
    return {
        block_of(one, attempt): "This is needed."
        for one in asked
        if not one.optional and not secrets[one.name]
    }


def without_secrets(text: str, asked: Sequence[CredentialField], secrets: Secrets) -> str:
    """A text in which no typed secret stands: some tools quote back what they refuse."""
    for one in asked:
        if one.kind is FieldKind.SECRET and secrets[one.name]:
            text = text.replace(secrets[one.name], "\N{HORIZONTAL ELLIPSIS}")
    return text
