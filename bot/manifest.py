"""What Hourlink asks of Slack: the app manifest, for HTTP and for Socket Mode, from one source."""

from collections.abc import Sequence
from typing import Any

EXAMPLE_URL = "https://hourlink.example.com"
"""Stands in the committed manifest.yml where the operator's own address goes."""

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

SCOPES = {
    "commands": "`/track` and `/link`.",
    "chat:write": "Confirmations, invitations and announcements.",
    "chat:write.public": "Announcements in a public channel to which nobody invited Hourlink.",
    "files:write": "Reports as files and charts in direct messages; for admins, the audit log.",
    "im:write": "Opens direct messages: questions, reminders, results and reports.",
    "users:read": "Who is an admin, a guest or deactivated, and each person's time zone.",
    "users:read.email": "Matches people with provider accounts by verified e-mail.",
    "channels:read": "Whether the announcement channel is public, archived or shared with others.",
    "groups:read": "The same for private channels to which Hourlink is invited.",
}
"""Every bot scope with its reason. No user scope is asked for."""

UNFURL_SCOPES = {
    "links:read": "Hears of links to the domains that the operator chose.",
    "links:write": "Shows the task below such a link, with a *Start* button.",
}
"""Asked for only where there are such domains."""


def scopes(*, unfurling: bool) -> dict[str, str]:
    """Every bot scope that is asked for, with its reason.

    Args:
        unfurling: Links to domains that the operator chose are shown as tasks.
    """
    return SCOPES | (UNFURL_SCOPES if unfurling else {})


EVENTS = {
    "app_home_opened": "Draws the Home tab.",
    "user_change": "Follows roles, time zones, e-mails and deactivation.",
    "app_uninstalled": "Stops all work for the team; its time stays.",
    "tokens_revoked": "The same when only the token is withdrawn.",
}
"""Every bot event with its reason: one that is not handled would be sent again and again."""

UNFURL_EVENTS = {"link_shared": "Somebody posted a link to one of the chosen domains."}
"""Subscribed to only where there are such domains."""

COMMANDS = (
    (
        "/track",
        "Track time on your tasks",
        "start TASK-12 | stop | log 1h30m TASK-12 | today | help",
    ),
    ("/link", "Link projects and people", "connect | project | users | sync | status | help"),
)


SHORTCUTS = (
    ("Log time", "global", "log_time", "Logs time already worked, in a form"),
    (
        "Track time on this",
        "message",
        "track_message",
        "Starts a timer on the task that a message names",
    ),
)
"""Name, kind, callback id and description."""


def manifest(
    public_url: str | None = None, *, socket: bool = False, unfurl_domains: Sequence[str] = ()
) -> dict[str, Any]:
    """Describe the app as Slack's manifest schema wants it.

    Over HTTP Slack calls `public_url` (the example address if None). In Socket Mode Slack calls
    nobody; a public address then only serves installation over OAuth. Links to `unfurl_domains`
    are told; without any, neither scope nor event for that is asked for.
    """
    unfurling = bool(unfurl_domains)
    if not socket:
        public_url = public_url or EXAMPLE_URL
    base = public_url.rstrip("/") if public_url else None
    # Slack asks for this address over HTTP and ignores or refuses it in Socket Mode.
    calls = None if socket else f"{base}{EVENTS_PATH}"
    redirect = {"redirect_urls": [f"{base}{REDIRECT_PATH}"]} if base else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Hourlink",
            "description": "Track time on the projects your team already has in its tools.",
            "background_color": "#1f3a5f",
        },
        "features": _features(calls, unfurl_domains),
        "oauth_config": {**redirect, "scopes": {"bot": list(scopes(unfurling=unfurling))}},
        "settings": _settings(calls, unfurling=unfurling),
    }


def _features(calls: str | None, unfurl_domains: Sequence[str]) -> dict[str, Any]:
    """What people see of the app; ``calls`` is where Slack calls, None in Socket Mode."""
    command_url = {"url": calls} if calls else {}
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            # Read-only would take the command box away from the direct message.
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Hourlink", "always_online": True},
        "shortcuts": [
            {"name": name, "type": kind, "callback_id": callback, "description": description}
            for name, kind, callback, description in SHORTCUTS
        ],
        "slash_commands": [
            {
                "command": command,
                **command_url,
                "description": description,
                "usage_hint": hint,
                "should_escape": True,
            }
            for command, description, hint in COMMANDS
        ],
        **({"unfurl_domains": list(unfurl_domains)} if unfurl_domains else {}),
    }


def _settings(calls: str | None, *, unfurling: bool) -> dict[str, Any]:
    """How the app is told of what happens."""
    addresses = {"request_url": calls, "message_menu_options_url": calls} if calls else {}
    return {
        "event_subscriptions": {
            **({"request_url": calls} if calls else {}),
            "bot_events": sorted([*EVENTS, *(UNFURL_EVENTS if unfurling else ())]),
        },
        "interactivity": {"is_enabled": True, **addresses},
        "org_deploy_enabled": False,
        "socket_mode_enabled": calls is None,
        # Rotation cannot be switched off again.
        "token_rotation_enabled": False,
    }


def manifest_yaml(
    public_url: str | None = None, *, socket: bool = False, unfurl_domains: Sequence[str] = ()
) -> str:
    """Write the manifest as the YAML that *Create an app from a manifest* takes."""
    import yaml  # noqa: PLC0415 - a server prints no manifest

    app = manifest(public_url, socket=socket, unfurl_domains=unfurl_domains)
    return yaml.safe_dump(app, sort_keys=False, allow_unicode=True, width=100)
