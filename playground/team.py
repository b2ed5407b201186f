"""The people and channels of a team, and the file they come from."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from playground.errors import ConfigError
from playground.shapes import Json, objects

DEFAULT_TEAM = Path(__file__).parent / "examples" / "team.yml"


@dataclass
class Person:
    """Someone in the team."""

    id: str
    handle: str
    real_name: str
    email: str = ""
    tz: str = "Etc/UTC"
    locale: str = "en-US"
    color: str = "4a154b"
    team_id: str = ""
    """Another team's id: somebody from outside, in shared channels only."""
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    is_email_confirmed: bool = True
    updated: int = 0

    @property
    def is_external(self) -> bool:
        """Tell whether the person is of another team."""
        return bool(self.team_id)

    def tz_offset(self, now: float) -> int:
        """Seconds from UTC at that moment, where the person is."""
        offset = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        return int(offset.total_seconds()) if offset else 0


@dataclass
class Channel:
    """A conversation: a channel, or the direct messages of two."""

    id: str
    name: str
    kind: str = "channel"
    topic: str = ""
    purpose: str = ""
    """What the channel is for, in mrkdwn: shown above its first message."""
    members: list[str] = field(default_factory=list)
    is_general: bool = False
    is_archived: bool = False
    only_admins_post: bool = False
    created: int = 0

    @property
    def is_dm(self) -> bool:
        """Tell whether this is a conversation of two."""
        return self.kind in {"dm", "dm_app"}


@dataclass
class Team:
    """What a team file says."""

    id: str = "T0ACME"
    name: str = "Acme"
    domain: str = "acme"
    app_id: str = "A0APP"
    bot_id: str = "B0APP"
    bot_user_id: str = "U0APP"
    bot_token: str = ""
    installed: bool = True
    people: list[Person] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)


def read_teams(source: Path | str | Json | None) -> list[Team]:
    """Read teams from a YAML file, from its parsed form, or take the default one.

    A file describes one team; further ones are listed under `teams` in the same form.
    """
    if isinstance(source, dict):
        return _all(source, "team")
    path = Path(source) if source is not None else DEFAULT_TEAM
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(path.name, str(error)) from error
    if not isinstance(loaded, dict):
        raise ConfigError(path.name, "is not a mapping")
    return _all(loaded, path.name)


def _all(raw: Json, where: str) -> list[Team]:
    teams = [_parse(raw, where)]
    for index, row in enumerate(objects(raw.get("teams"))):
        here = f"{where}: teams[{index}]"
        key = str((row.get("team") or {}).get("id", ""))[1:]
        # An app keeps its id everywhere; its bot is somebody else in each team.
        bot = {"bot_id": f"B{key}", "bot_user_id": f"U{key}APP"}
        team = _parse({**row, "app": bot | (row.get("app") or {})}, here)
        team.app_id = teams[0].app_id
        team.bot_token = team.bot_token or f"xoxb-{team.id}-playground"
        teams.append(team)
    _distinct(where, "team", [team.id for team in teams])
    _distinct(where, "person", [person.id for team in teams for person in team.people])
    return teams


def _distinct(where: str, what: str, ids: list[str]) -> None:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ConfigError(where, f"{what} {twice[0]!r} is there twice")


def _parse(raw: Json, where: str) -> Team:
    head = raw.get("team") or {}
    app = raw.get("app") or {}
    team = Team(
        id=str(head.get("id", "T0ACME")),
        name=str(head.get("name", "Acme")),
        domain=str(head.get("domain", "acme")),
        app_id=str(app.get("id", "A0APP")),
        bot_id=str(app.get("bot_id", "B0APP")),
        bot_user_id=str(app.get("bot_user_id", "U0APP")),
        bot_token=str(app.get("bot_token", "")),
        installed=bool(app.get("installed", True)),
    )
    team.people = [_person(row, where) for row in objects(raw.get("people"))]
    if not team.people:
        raise ConfigError(where, "people is empty")
    ids = [person.id for person in team.people] + [team.bot_user_id]
    if len(set(ids)) != len(ids):
        raise ConfigError(where, "people: an id is there twice")
    team.channels = [_channel(row, team, where) for row in objects(raw.get("channels"))]
    return team


def _person(row: Json, where: str) -> Person:
    unknown = set(row) - set(Person.__dataclass_fields__)
    if unknown:
        raise ConfigError(where, f"people: unknown key {min(unknown)!r}")
    missing = [key for key in ("id", "handle", "real_name") if not row.get(key)]
    if missing:
        raise ConfigError(where, f"people: {missing[0]} is missing")
    person = Person(**row)
    try:
        ZoneInfo(person.tz)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(where, f"people: {person.tz!r} is not a time zone") from error
    return person


def _channel(row: Json, team: Team, where: str) -> Channel:
    if not row.get("id") or not row.get("name"):
        raise ConfigError(where, "channels: id or name is missing")
    kind = str(row.get("kind", "channel"))
    if kind not in {"channel", "private"}:
        raise ConfigError(where, f"channels: {kind!r} is neither channel nor private")
    wanted = row.get("members", "all")
    if wanted == "all":
        members = [
            person.id
            for person in team.people
            if not (person.is_restricted or person.is_external or person.deleted)
        ]
    else:
        by_name = {person.handle: person.id for person in team.people}
        by_name |= {person.id: person.id for person in team.people}
        strangers = [name for name in wanted if name not in by_name]
        if strangers:
            raise ConfigError(where, f"channels: {strangers[0]!r} is nobody in people")
        members = [by_name[name] for name in wanted]
    if row.get("app", kind == "channel"):
        members.append(team.bot_user_id)
    return Channel(
        id=str(row["id"]),
        name=str(row["name"]),
        kind=kind,
        topic=str(row.get("topic", "")),
        purpose=str(row.get("purpose", "")),
        members=members,
        is_general=bool(row.get("is_general", row["name"] == "general")),
        is_archived=bool(row.get("is_archived", False)),
        only_admins_post=bool(row.get("only_admins_post", False)),
    )
