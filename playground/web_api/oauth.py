"""`oauth.v2.access`, `auth.revoke`, `apps.uninstall`: how a token comes and goes."""

import secrets

from playground.controls import revoke, uninstall
from playground.errors import SlackError
from playground.shapes import Json
from playground.web_api.call import Call, method


def _client(call: Call) -> None:
    """Refuse another app's id or secret."""
    config = call.backend.config
    if call.text("client_id") != config.client_id:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != config.client_secret:
        raise SlackError("bad_client_secret")


@method("oauth.v2.access")
def access(call: Call) -> Json:
    """Exchange a code for the team's token."""
    _client(call)
    site = call.backend.site
    grant = site.grants.exchange(call.required("code"), call.text("redirect_uri"))
    backend = site.team(grant.team)
    world = backend.world
    if world.token in world.dead_tokens or not world.installed:
        # A token that died stays dead; a new installation has a new one.
        world.token = f"xoxb-{backend.team.id}-{secrets.token_hex(12)}"
    world.installed = True
    backend.changed()
    return {
        "access_token": world.token,
        "token_type": "bot",
        "scope": grant.scopes,
        "bot_user_id": backend.team.bot_user_id,
        "app_id": backend.team.app_id,
        "team": {"id": backend.team.id, "name": backend.team.name},
        "enterprise": None,
        "authed_user": {"id": grant.user},
        "is_enterprise_install": False,
    }


@method("auth.revoke")
def auth_revoke(call: Call) -> Json:
    """Let the token that asks die."""
    if not call.flag("test"):
        revoke(call.backend)
    return {"revoked": not call.flag("test")}


@method("apps.uninstall")
def apps_uninstall(call: Call) -> Json:
    """Remove the app from the team."""
    _client(call)
    uninstall(call.backend)
    return {}
