"""People as Slack tells of them."""

from playground.shapes import Json
from playground.team import Person
from playground.world import World


def as_slack(world: World, person: Person, *, with_locale: bool = False) -> Json:
    """A person as the Web API and events give them."""
    team_id = person.team_id or world.team.id
    row: Json = {
        "id": person.id,
        "team_id": team_id,
        "name": person.handle,
        "deleted": person.deleted,
        "color": person.color,
        "real_name": person.real_name,
        "profile": {
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.handle,
            "display_name_normalized": person.handle,
            "first_name": person.real_name.split(" ", maxsplit=1)[0],
            "last_name": person.real_name.partition(" ")[2],
            "title": "",
            "phone": "",
            "email": person.email,
            "status_text": "",
            "status_emoji": "",
            "team": team_id,
        },
        "is_bot": False,
        "is_app_user": False,
        "is_email_confirmed": person.is_email_confirmed,
        "updated": person.updated,
    }
    if person.deleted:
        # Slack leaves time zone and roles out for the deactivated.
        return row
    row |= {
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": person.tz_offset(world.now()),
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": person.is_primary_owner,
        "is_restricted": person.is_restricted or person.is_ultra_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "who_can_share_contact_card": "EVERYONE",
    }
    if person.is_external:
        # Slack Connect gives no locale of people outside, and says whether a channel is shared.
        shared = any(person.id in channel.members for channel in world.channels.values())
        return row | {"is_stranger": not shared}
    return row | ({"locale": person.locale} if with_locale else {})
