"""Provider accounts to pick from, as a searching select offers them."""

from collections.abc import Sequence

from bot.domain.people.account_links import AccountsFound
from bot.views.message import Option, OptionGroup

_HELD = "Somebody else is connected; an admin can change that"


def options(link_id: str, found: AccountsFound) -> list[OptionGroup]:
    """Accounts to pick from; ``link_id`` is what the list's block names: link and request.

    Those of others come last, so that nobody looks in vain for one that was taken by mistake.
    """
    free, held = (
        [
            Option(account.name, f"{link_id}:{account.id}", hint=masked(account.email))
            for account in accounts
        ]
        for accounts in (found.accounts, found.held)
    )
    return [*grouped(found, free), *([OptionGroup(_HELD, held)] if held else [])]


def grouped(found: AccountsFound, choices: Sequence[Option]) -> list[OptionGroup]:
    """The choices under a heading that says when there are more than are shown."""
    if not choices:
        return []
    shown = len(found.accounts)
    label = "Accounts"
    if found.total > shown:
        label = f"{shown} of {found.total:,}: type more of the name"
    return [OptionGroup(label, choices)]


def masked(email: str | None) -> str:
    """An address that tells namesakes apart without giving a colleague's away."""
    if not email or "@" not in email:
        return ""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}\N{HORIZONTAL ELLIPSIS}@{domain}"
