"""Signing in at a Redmine, which has been possible since 6.1 (OAuth 2.0, by Doorkeeper 5.8).

Source: Redmine's own code, tags 6.1.0 to 7.0.0 (``config/initializers/30-redmine.rb``,
``ApplicationController#find_current_user``, ``User#allowed_to?``, ``db/migrate/*_enable_pkce.rb``),
and that of Doorkeeper 5.8.2. Tokens last two hours; what renews them is good until the token that
came for it is first used. The token of somebody who was locked is answered with 500.
"""

from bot.integrations.api import Credentials
from bot.integrations.oauth import OAuth

SIGNED_IN = "Bearer "
"""Begins a token that came of signing in; a key has 40 hexadecimal digits."""

SCOPES = (
    "view_project",
    "view_members",
    "view_issues",
    "edit_issues",
    "edit_own_issues",
    "view_time_entries",
    "log_time",
    "log_time_for_other_users",
    "edit_time_entries",
    "edit_own_time_entries",
)
"""Names of permissions. A token can do what both it and a role of its owner's allow, so this gives
nobody more than they have; the first two every application has, but a token only if it asks.

``admin`` is not among them: it would let Hourlink do everything wherever an administrator signs in,
and act for anybody. Without it an administrator's token sees what that person is a member of.
"""

OAUTH = OAuth(
    consent_url="/oauth/authorize",
    token_url="/oauth/token",  # noqa: S106 - an address
    credential="api_key",
    prefix=SIGNED_IN,
    scopes=SCOPES,
    below="url",
)

_HIDDEN = "e-mail addresses stay hidden, so people are found by name, and only"

KEY_SEES = f"The key is not an administrator's: {_HIDDEN} members of projects it sees are known."
SIGN_IN_SEES = (
    f"Signed in, Hourlink is no administrator there: {_HIDDEN} projects that this account sees and "
    "their members are known. An administrator's API access key shows all."
)


def is_signed_in(credentials: Credentials) -> bool:
    """Whether they came of signing in, not of a key."""
    return credentials["api_key"].startswith(SIGNED_IN)


def opens(credentials: Credentials) -> dict[str, str]:
    """The header that lets them in. Redmine looks for a key first, and then for no token."""
    if is_signed_in(credentials):
        return {"Authorization": credentials["api_key"]}
    return {"X-Redmine-API-Key": credentials["api_key"]}
