"""What a person sees in the browser while they install Hourlink."""

import html
from collections.abc import Iterable

from bot.manifest import SCOPES, UNFURL_SCOPES
from bot.pages import link, page

_REASONS = {
    "access_denied": "You chose not to let Hourlink in. Nothing was installed.",
    "invalid_browser": "This page was opened in another browser than the one you began in, or "
    "cookies are switched off. Nothing was installed.",
    "invalid_state": "More than ten minutes have passed, or this page was opened before. "
    "Nothing was installed.",
    "invalid_code": "Slack did not take the permission that it had just given. "
    "Nothing was installed.",
    "storage_error": "Hourlink could not keep it. Nothing was installed.",
}
"""By Bolt's word for what went wrong."""


def invitation(url: str, scopes: Iterable[str], kept_days: int | None) -> str:
    """The first page: what Hourlink will be able to do, and why.

    Args:
        url: Slack's consent page.
        scopes: What is asked for.
        kept_days: How long the workspace's data outlive its removal of Hourlink; None for ever.
    """
    reasons = SCOPES | UNFURL_SCOPES
    rows = "".join(
        f"<dt>{html.escape(scope)}</dt><dd>{html.escape(reasons[scope].replace('`', ''))}</dd>"
        for scope in scopes
    )
    return page(
        "Add Hourlink to Slack",
        "<p>Track time from Slack on the projects your team already has in its tools.</p>"
        f"{link(url, 'Add to Slack')}"
        f"<h2>What it asks for, and why</h2><dl>{rows}</dl>"
        f"<h2>If you remove it again</h2><p>{_after_removal(kept_days)}</p>",
    )


def _after_removal(kept_days: int | None) -> str:
    ends = "All work for your workspace stops, and its tokens are destroyed at once. "
    match kept_days:
        case None:
            return f"{ends}Tracked time is kept, and is there again when you install it again."
        case 0:
            return f"{ends}Tracked time and everything else is erased."
        case _:
            return (
                f"{ends}Tracked time is there again when you install it again within "
                f"{kept_days} {'day' if kept_days == 1 else 'days'}. After that everything is "
                "erased."
            )


def welcome(*, name: str, app_id: str, team_id: str | None) -> str:
    """The last page: it is there, and what comes next."""
    where = f"slack://app?team={team_id}&id={app_id}" if team_id else "slack://open"
    more = (
        ""
        if team_id
        else "<p>It is installed for the whole organisation. An organisation admin now adds it "
        "to workspaces.</p>"
    )
    return page(
        f"Hourlink is in {name}",
        f"{more}<p>Next, an admin types <code>/link connect</code> in Slack to connect a tool. "
        "Everybody can begin with <code>/track help</code>.</p>"
        f"{link(where, 'Open Slack')}",
    )


def cut_off(again: str) -> str:
    """The database went away, and nobody knows whether it was before or after it was kept."""
    return page(
        "Hourlink cannot be reached",
        "<p>Its database does not answer right now, so Hourlink may not be installed yet. Begin "
        "again in a minute; where it is installed already, that changes nothing.</p>"
        f"{link(again, 'Try again')}",
    )


def failure(reason: str, again: str) -> str:
    """What went wrong, and the way back."""
    said = _REASONS.get(reason, "Slack did not let it be installed. Nothing was changed.")
    return page(
        "Hourlink was not installed",
        f"<p>{html.escape(said)}</p>"
        f"{link(again, 'Try again')}"
        f"<p><small>Reason: {html.escape(reason)}</small></p>",
    )
