"""The fields that payloads of interactions share."""

from playground.backend import Backend
from playground.shapes import Json
from playground.team import Channel
from playground.world import ResponseUrl


def channel_name(channel: Channel) -> str:
    """A conversation's name as payloads have it."""
    return {"private": "privategroup", "dm": "directmessage", "dm_app": "directmessage"}.get(
        channel.kind, channel.name
    )


def command_form(backend: Backend, user: str, channel: Channel, command: str, text: str) -> Json:
    """The form of a slash command."""
    team = backend.team
    url = backend.world.new_response_url(user, channel.id)
    return {
        "token": "playground",
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user,
        "user_name": backend.world.person(user).handle,
        "command": command,
        "text": text,
        "api_app_id": team.app_id,
        "is_enterprise_install": "false",
        "response_url": address(backend, url),
        "trigger_id": backend.world.new_trigger(user),
    }


def address(backend: Backend, url: ResponseUrl) -> str:
    """A response_url in full."""
    return f"{backend.base_url}/response/{backend.team.id}/{url.key}"


def interaction(backend: Backend, user: str, kind: str, **more: object) -> Json:
    """The common part of an interactive payload."""
    person = backend.world.person(user)
    team = backend.team
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": person.team_id or team.id,
        },
        "api_app_id": team.app_id,
        "token": "playground",
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }
