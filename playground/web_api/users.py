"""`users.*`, `team.*`, `bots.*`, `auth.*` and the rest about who is who."""

from playground.errors import SlackError
from playground.profiles import as_slack
from playground.shapes import Json
from playground.web_api.call import Call, method


def _bot(call: Call) -> Json:
    team, manifest = call.backend.team, call.backend.manifest
    return {
        "id": team.bot_user_id,
        "team_id": team.id,
        "name": manifest.bot_name.lower(),
        "real_name": manifest.bot_name,
        "deleted": False,
        "tz": "America/Los_Angeles",
        "tz_offset": -28800,
        "profile": {
            "real_name": manifest.bot_name,
            "display_name": "",
            "api_app_id": team.app_id,
            "bot_id": team.bot_id,
            "team": team.id,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": True,
        "is_app_user": False,
        "updated": 0,
    }


def _permitted(call: Call, row: Json) -> Json:
    """Without `users:read.email` the profile comes without the address."""
    scopes = call.backend.manifest.scopes
    if not call.backend.manifest.is_open and "users:read.email" not in scopes:
        row["profile"].pop("email", None)
    return row


@method("users.info", "users:read")
def info(call: Call) -> Json:
    """Give one person."""
    user = call.required("user")
    if user == call.backend.team.bot_user_id:
        return {"user": _bot(call)}
    world = call.backend.world
    row = as_slack(world, world.person(user), with_locale=call.flag("include_locale"))
    return {"user": _permitted(call, row)}


@method("users.list", "users:read")
def list_all(call: Call) -> Json:
    """Give everybody, page by page."""
    world, locale = call.backend.world, call.flag("include_locale")
    people = [
        as_slack(world, one, with_locale=locale)
        for one in world.people.values()
        if not one.is_external
    ]
    rows = [_permitted(call, row) for row in people] + [_bot(call)]
    return call.page(rows, "members") | {"cache_ts": int(world.now())}


@method("users.profile.get", "users.profile:read")
def profile(call: Call) -> Json:
    """Give one person's profile."""
    world = call.backend.world
    row = as_slack(world, world.person(call.required("user")))
    return {"profile": _permitted(call, row)["profile"]}


@method("users.getPresence", "users:read")
def presence(call: Call) -> Json:
    """Tell whether a person is there: everybody who is not deactivated is."""
    person = call.backend.world.person(call.required("user"))
    return {"presence": "away" if person.deleted else "active"}


@method("users.lookupByEmail", "users:read.email")
def lookup_by_email(call: Call) -> Json:
    """Find a person by address."""
    email = call.required("email").lower()
    for person in call.backend.world.people.values():
        if person.email.lower() == email and not (person.deleted or person.is_external):
            return {"user": as_slack(call.backend.world, person)}
    raise SlackError("users_not_found")


@method("team.info", "team:read")
def team_info(call: Call) -> Json:
    """Give the team."""
    team = call.backend.team
    row = {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}
    return {"team": row | {"url": call.backend.base_url + "/", "icon": {"image_default": True}}}


@method("bots.info", "users:read")
def bots_info(call: Call) -> Json:
    """Give the app's bot."""
    team = call.backend.team
    if call.text("bot") not in {"", team.bot_id}:
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": team.bot_id,
            "deleted": False,
            "name": call.backend.manifest.bot_name,
            "updated": 0,
            "app_id": team.app_id,
            "user_id": team.bot_user_id,
            "icons": {},
        }
    }


@method("auth.test")
def auth_test(call: Call) -> Json:
    """Tell whose token this is."""
    team = call.backend.team
    return {
        "url": call.backend.base_url + "/",
        "team": team.name,
        "user": call.backend.manifest.bot_name.lower(),
        "team_id": team.id,
        "user_id": team.bot_user_id,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open")
def connections_open(call: Call) -> Json:
    """Allow a Socket Mode connection."""
    base = call.backend.base_url.replace("http", "ws", 1)
    ticket = call.backend.sockets.ticket()
    return {"url": f"{base}/link?ticket={ticket}&app_id={call.backend.team.app_id}"}
