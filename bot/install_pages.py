"""What a person sees in the browser while they install Hourlink."""

import html
from collections.abc import Iterable

from bot.manifest import SCOPES, UNFURL_SCOPES

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 38rem; margin: 3rem auto;
  padding: 0 1rem }}
h1 {{ font-size: 1.5rem }}
a.button {{ display: inline-block; padding: .6rem 1.1rem; border-radius: .4rem;
  background: #1f3a5f; color: #fff; text-decoration: none; font-weight: 600 }}
a.button:focus-visible {{ outline: 3px solid #7aa7e0; outline-offset: 2px }}
dt {{ font-weight: 600; margin-top: .6rem }}
dd {{ margin: 0 }}
</style>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""

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


def invitation(url: str, scopes: Iterable[str]) -> str:
    """The first page: what Hourlink will be able to do, and why."""
    reasons = SCOPES | UNFURL_SCOPES
    rows = "".join(
        f"<dt>{html.escape(scope)}</dt><dd>{html.escape(reasons[scope].replace('`', ''))}</dd>"
        for scope in scopes
    )
    return _page(
        "Add Hourlink to Slack",
        "<p>Track time from Slack on the projects your team already has in its tools.</p>"
        f'<p><a class="button" href="{html.escape(url)}">Add to Slack</a></p>'
        f"<h2>What it asks for, and why</h2><dl>{rows}</dl>",
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
    return _page(
        f"Hourlink is in {name}",
        f"{more}<p>Next, an admin types <code>/link connect</code> in Slack to connect a tool. "
        "Everybody can begin with <code>/track help</code>.</p>"
        f'<p><a class="button" href="{html.escape(where)}">Open Slack</a></p>',
    )


def failure(reason: str, again: str) -> str:
    """What went wrong, and the way back."""
    said = _REASONS.get(reason, "Slack did not let it be installed. Nothing was changed.")
    return _page(
        "Hourlink was not installed",
        f"<p>{html.escape(said)}</p>"
        f'<p><a class="button" href="{html.escape(again)}">Try again</a></p>'
        f"<p><small>Reason: {html.escape(reason)}</small></p>",
    )


def _page(title: str, body: str) -> str:
    return _PAGE.format(title=html.escape(title), body=body)
