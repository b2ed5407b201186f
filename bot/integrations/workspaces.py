"""Which of the workspaces that a token opens an integration is about."""

from collections.abc import Mapping

from bot.integrations.errors import ProviderRefused


def chosen(provider: str, wanted: str, every: Mapping[str, str]) -> tuple[str, str]:
    """Id and name of the workspace that somebody filled in, by its name or its id.

    The only one that the token opens is taken under any name: people rename them.

    Args:
        provider: The adapter's slug.
        wanted: What was filled in.
        every: Names of the workspaces, by id.

    Raises:
        ProviderRefused: the token opens several, and none, or more than one, is called so.
    """
    if wanted in every:
        return wanted, every[wanted]
    named = [key for key, name in every.items() if name.casefold() == wanted.casefold()]
    for found in (named, list(every)):
        if len(found) == 1:
            return found[0], every[found[0]]
    if not every:
        reason = "This token opens no workspace."
    elif named:
        ids = ", ".join(named)
        reason = f"This token opens {len(named)} workspaces of that name. Fill in one: {ids}."
    else:
        names = ", ".join(every.values())
        reason = f"This token opens no workspace {wanted}. It opens {names}."
    raise ProviderRefused(provider, "no such workspace", reason=reason)
