"""The app's manifest, as far as it decides what Slack offers and sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from playground.errors import ConfigError
from playground.shapes import Json, objects

NAME_LIMIT = 35
COMMAND_LIMIT = 50
COMMAND_NAME_LIMIT = 32
SHORTCUT_LIMIT = 10
SHORTCUT_NAME_LIMIT = 24
UNFURL_DOMAIN_LIMIT = 5
BOT_EVENT_LIMIT = 100


@dataclass(frozen=True)
class Command:
    """A slash command the app registered."""

    command: str
    description: str
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """A global or message shortcut the app registered."""

    name: str
    type: str
    callback_id: str
    description: str


@dataclass(frozen=True)
class Manifest:
    """What the app told Slack about itself."""

    name: str = "App"
    description: str = ""
    bot_name: str = "App"
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    bot_events: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    unfurl_domains: tuple[str, ...] = ()
    redirect_urls: tuple[str, ...] = ()
    home_tab: bool = True
    messages_tab: bool = True
    messages_read_only: bool = False
    is_open: bool = False
    """No manifest was given: every command, event and scope is allowed."""

    def command(self, name: str) -> Command | None:
        """Find a registered command; without a manifest, every name is one."""
        for command in self.commands:
            if command.command == name:
                return command
        return Command(name, "") if self.is_open else None

    def shortcut(self, callback_id: str) -> Shortcut | None:
        """Find a registered shortcut."""
        return next((one for one in self.shortcuts if one.callback_id == callback_id), None)

    def subscribes(self, event: str) -> bool:
        """Tell whether the app asked for this event."""
        return self.is_open or event in self.bot_events


def read_manifest(source: Path | str | Json | None) -> Manifest:
    """Read a manifest from a YAML or JSON file, from its parsed form, or stand in for none."""
    if source is None:
        return Manifest(is_open=True)
    if isinstance(source, dict):
        return _parse(source, "manifest")
    path = Path(source)
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(path.name, str(error)) from error
    if not isinstance(loaded, dict):
        raise ConfigError(path.name, "is not a mapping")
    return _parse(loaded, path.name)


def _parse(raw: Json, where: str) -> Manifest:
    display = _section(raw, "display_information", where)
    features = _section(raw, "features", where)
    settings = _section(raw, "settings", where)
    home = _section(features, "app_home", where)
    oauth = _section(raw, "oauth_config", where)
    scopes = _section(oauth, "scopes", where)
    name = display.get("name")
    if not isinstance(name, str) or not name:
        raise ConfigError(where, "display_information.name is missing")
    if len(name) > NAME_LIMIT:
        raise ConfigError(where, f"display_information.name has more than {NAME_LIMIT} characters")
    domains = _strings(features.get("unfurl_domains"))
    events = _strings(_section(settings, "event_subscriptions", where).get("bot_events"))
    _at_most(where, "features.unfurl_domains", domains, UNFURL_DOMAIN_LIMIT)
    _at_most(where, "settings.event_subscriptions.bot_events", events, BOT_EVENT_LIMIT)
    return Manifest(
        name=name,
        description=str(display.get("description", "")),
        bot_name=str(_section(features, "bot_user", where).get("display_name", name)),
        commands=_commands(features, where),
        shortcuts=_shortcuts(features, where),
        bot_events=frozenset(events),
        scopes=frozenset(_strings(scopes.get("bot"))),
        unfurl_domains=tuple(domains),
        redirect_urls=tuple(_strings(oauth.get("redirect_urls"))),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        messages_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
    )


def _section(raw: Json, key: str, where: str) -> Json:
    value = raw.get(key) or {}
    if not isinstance(value, dict):
        raise ConfigError(where, f"{key} is not a mapping")
    return value


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _at_most(where: str, key: str, values: Sequence[object], limit: int) -> None:
    if len(values) > limit:
        raise ConfigError(where, f"{key} has {len(values)} entries, Slack allows {limit}")


def _commands(features: Json, where: str) -> tuple[Command, ...]:
    rows = objects(features.get("slash_commands"))
    _at_most(where, "features.slash_commands", rows, COMMAND_LIMIT)
    commands: list[Command] = []
    for index, row in enumerate(rows):
        here = f"features.slash_commands[{index}]"
        name = str(row.get("command", ""))
        if not name.startswith("/") or not 1 < len(name) <= COMMAND_NAME_LIMIT or " " in name:
            raise ConfigError(where, f"{here}.command {name!r} is not a slash command")
        if not row.get("description"):
            raise ConfigError(where, f"{here}.description is missing")
        if any(command.command == name for command in commands):
            raise ConfigError(where, f"{here}.command {name!r} is there twice")
        commands.append(
            Command(
                command=name,
                description=str(row["description"]),
                usage_hint=str(row.get("usage_hint", "")),
                should_escape=bool(row.get("should_escape", False)),
            )
        )
    return tuple(commands)


def _shortcuts(features: Json, where: str) -> tuple[Shortcut, ...]:
    rows = objects(features.get("shortcuts"))
    _at_most(where, "features.shortcuts", rows, SHORTCUT_LIMIT)
    shortcuts: list[Shortcut] = []
    for index, row in enumerate(rows):
        here = f"features.shortcuts[{index}]"
        missing = [
            key for key in ("name", "type", "callback_id", "description") if not row.get(key)
        ]
        if missing:
            raise ConfigError(where, f"{here}.{missing[0]} is missing")
        if row["type"] not in {"global", "message"}:
            raise ConfigError(where, f"{here}.type {row['type']!r} is neither global nor message")
        if len(str(row["name"])) > SHORTCUT_NAME_LIMIT:
            raise ConfigError(where, f"{here}.name has more than {SHORTCUT_NAME_LIMIT} characters")
        shortcuts.append(
            Shortcut(
                name=str(row["name"]),
                type=str(row["type"]),
                callback_id=str(row["callback_id"]),
                description=str(row["description"]),
            )
        )
    return tuple(shortcuts)
