"""The people and channels of a team, and the file they come from."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from playground.errors import ConfigError
from playground.shapes import Json, objects

DEFAULT_TEAM = Path(__file__).parent / "examples" / "team.yml"
KINDS = ("channel", "private", "dm_app", "dm")


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
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    is_email_confirmed: bool = True
    updated: int = 0

    def tz_offset(self) -> int:
        """Seconds from UTC now, where the person is."""
        offset = datetime.now(UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        return int(offset.total_seconds()) if offset else 0


@dataclass
class Channel:
    """A conversation: a channel, or the direct messages of two."""

    id: str
    name: str
    kind: str = "channel"
    topic: str = ""
    members: list[str] = field(default_factory=list)
    is_general: bool = False
    is_archived: bool = False
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
    people: list[Person] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)


def read_team(source: Path | str | Json | None) -> Team:
    """Read a team from a YAML file, from its parsed form, or take the default one."""
    if isinstance(source, dict):
        return _parse(source, "team")
    path = Path(source) if source is not None else DEFAULT_TEAM
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(path.name, str(error)) from error
    if not isinstance(loaded, dict):
        raise ConfigError(path.name, "is not a mapping")
    return _parse(loaded, path.name)


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
        members = [person.id for person in team.people if not person.is_restricted]
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
        members=members,
        is_general=bool(row.get("is_general", row["name"] == "general")),
    )
