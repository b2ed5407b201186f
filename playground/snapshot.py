"""Keeping a world in a folder, so that a restart shows what was there."""

import base64
import dataclasses
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from playground.team import Channel, Person
from playground.world import Message, Scheduled, View, World

if TYPE_CHECKING:
    from playground.shapes import Json


def _name(world: World) -> str:
    return f"slack-{world.team.id}.json"


def save(world: World, folder: Path) -> None:
    """Write the world in one step: a crash leaves the previous snapshot."""
    folder.mkdir(parents=True, exist_ok=True)
    content: Json = {
        "people": [dataclasses.asdict(person) for person in world.people.values()],
        "channels": [dataclasses.asdict(channel) for channel in world.channels.values()],
        "messages": {
            key: [dataclasses.asdict(message) for message in messages]
            for key, messages in world.messages.items()
        },
        "homes": [dataclasses.asdict(view) for view in world.homes.values()],
        "reads": world.reads,
        "scheduled": [dataclasses.asdict(one) for one in world.scheduled.values()],
        "files": {
            key: {**row, "content": base64.b64encode(row["content"]).decode()}
            for key, row in world.files.items()
        },
        "installed": world.installed,
        "token": world.token if world.token != world.team.bot_token else "",
        "dead_tokens": world.dead_tokens,
    }
    target = folder / _name(world)
    partial = folder / f"{target.name}.{os.getpid()}.part"
    partial.write_text(json.dumps(content), encoding="utf-8")
    partial.replace(target)


def load(world: World, folder: Path) -> None:
    """Put back what an earlier run saved; people and channels new in the team file stay."""
    source = folder / _name(world)
    if not source.exists():
        return
    content = json.loads(source.read_text(encoding="utf-8"))
    for row in content["people"]:
        world.people[row["id"]] = Person(**row)
    for row in content["channels"]:
        # Nobody changes a purpose, so that the team file has the last word on it.
        known = world.channels.get(row["id"])
        world.channels[row["id"]] = Channel(**row | ({"purpose": known.purpose} if known else {}))
    for key, rows in content["messages"].items():
        world.messages[key] = [Message(**row) for row in rows]
    for row in content["homes"]:
        world.homes[row["user"]] = View(**row)
    world.reads = content["reads"]
    world.scheduled = {row["id"]: Scheduled(**row) for row in content["scheduled"]}
    world.files = {
        key: {**row, "content": base64.b64decode(row["content"])}
        for key, row in content["files"].items()
    }
    world.installed = content["installed"]
    world.token = content["token"] or world.token
    world.dead_tokens = content["dead_tokens"]
    for messages in world.messages.values():
        for message in messages:
            world.seen_ts(message.ts)
