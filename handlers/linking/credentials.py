"""What was typed into a form made from an adapter's fields."""

from collections.abc import Mapping, Sequence

from bot.domain.linking.connecting import Secrets
from bot.integrations.api import CredentialField, Descriptor, FieldKind
from bot.views.field_errors import IS_NEEDED
from bot.views.linking.credentials import block_of, fill_in_first, not_when_signing_in
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
        block_of(one, attempt): IS_NEEDED
        for one in asked
        if not one.optional and not secrets[one.name]
    }


def missing_beside(descriptor: Descriptor, values: Mapping[str, str]) -> str:
    """What has to be filled in although somebody signs in at the tool; empty where nothing is."""
    if descriptor.oauth is None:
        return ""
    for one in descriptor.credentials:
        given = values.get(one.name, "")
        if one.name in descriptor.oauth.not_with and given:
            return not_when_signing_in(one.label)
        if one.kind is not FieldKind.SECRET and not one.optional and not given:
            return fill_in_first(one.label)
    return ""


def without_secrets(text: str, asked: Sequence[CredentialField], secrets: Secrets) -> str:
    """A text in which no typed secret stands: some tools quote back what they refuse."""
    for one in asked:
        if one.kind is FieldKind.SECRET and secrets[one.name]:
            text = text.replace(secrets[one.name], "\N{HORIZONTAL ELLIPSIS}")
    return text
