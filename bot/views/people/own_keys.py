"""Signing in with a key of one's own."""

from collections.abc import Mapping

from bot.domain.people.account_links import AccountLink, Site
from bot.integrations.api import Descriptor
from bot.views.linking.credentials import credential_input, filled_in, sign_in_offer
from bot.views.message import Block, Message, Modal, button, clipped, context, escaped, section
from bot.views.providers import Faces

SIGN_IN = "people.own_key"
SIGN_IN_THERE = "people.sign_in_there"
FORGET = "people.forget_key"
FORM = "people.sign_in"

_TITLE = 24
_NAME = 80


def offer(faces: Faces, site: Site, link: AccountLink | None, *, label: str = "") -> list[Block]:
    """The button that opens the form, where the tool gives people keys; else nothing."""
    known = faces.get(site.provider)
    if known is None or not known.own_credentials or not site.is_connected:
        return []
    value = str(site.id) if link is None else f"{site.id}:{link.id}"
    return [button(label or "Sign in with your own key", SIGN_IN, value)]


def form(
    site: Site,
    descriptor: Descriptor,
    metadata: str,
    *,
    shared: Mapping[str, str],
    attempt: int = 1,
    values: Mapping[str, str] | None = None,
    problem: str = "",
    can_sign_in: bool = False,
) -> Modal:
    """The form for one site; where people can sign in there, that comes first."""
    name = f"*{escaped(descriptor.name)}* ({escaped(clipped(site.name, _NAME))})"
    blocks: list[Block] = []
    if problem:
        blocks.append(section(f"*Not connected.* {problem}\nNothing was saved. Type it again."))
    blocks.append(section(f"{name} says whose key it is, and that account is yours."))
    if can_sign_in:
        blocks += sign_in_offer(descriptor, SIGN_IN_THERE)
    blocks += [
        credential_input(filled_in(one, shared), attempt, values or {})
        for one in descriptor.own_credentials
    ]
    blocks.append(
        context(
            "The key is kept encrypted and used for nothing but your own account. It is "
            "destroyed when you disconnect, and nobody can read it in Slack."
        )
    )
    return Modal(
        callback_id=FORM,
        title=clipped(f"Sign in: {descriptor.name}", _TITLE),
        blocks=blocks,
        submit="Sign in",
        metadata=f"{metadata}|{attempt}",
    )


def checking(descriptor: Descriptor) -> Modal:
    """While the provider is asked."""
    return Modal(
        callback_id="people.signing_in",
        title=clipped(f"Sign in: {descriptor.name}", _TITLE),
        blocks=[section(f"Checking with {escaped(descriptor.name)}... This takes a few seconds.")],
        close="Close",
    )


def forgotten(link: AccountLink, site: str) -> Message:
    """The key is gone, the connection stays."""
    account = f" as *{escaped(link.account.name)}*" if link.account else ""
    return Message(
        f"Your key for {site} is destroyed. You stay connected{account}; nothing is done there "
        "in your own name any more."
    )
