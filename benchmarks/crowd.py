"""A team with very many people and tasks, and what they send from Slack."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import quote_plus, urlencode

from sqlalchemy import insert, text

from benchmarks import task_world as worlds
from benchmarks.load import TEAM
from benchmarks.task_world import NOW, OWN_PROJECTS, PROJECTS, Made, World
from bot.domain.states import AccountLinkState, Proof
from storage.members import MemberRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.projects.projects import ProjectMemberRow
from storage.sql import table
from storage.unit_of_work import UnitOfWork

FEW = 3
"""Projects of most people. The first hundred are on forty each."""
BUSY = 100
_BEFORE = 2
"""People who are there before the crowd comes, and accounts before theirs."""


@dataclass(slots=True)
class Crowd:
    """The world, and who is in it: a Slack user, and tasks that they may track."""

    world: World
    people: list[str]
    on: list[list[Made]]
    task_ids: dict[str, int]


def crowd(uow: UnitOfWork, *, tasks: int, people: int) -> Crowd:
    """Fills an empty database."""
    world = worlds.build(uow, worlds.tasks(tasks))
    worlds.load(world, worlds.pages(world))
    worlds.track(world)
    by_source: dict[int, list[Made]] = {number: [] for number in range(PROJECTS)}
    for one in world.tasks:
        by_source[one.source].append(one)
    filled = [number for number, held in by_source.items() if held]
    pick = random.Random(4)  # noqa: S311 - repeatable, not secret
    places = [
        pick.sample(filled, min(OWN_PROJECTS if one < BUSY else FEW, len(filled)))
        for one in range(people)
    ]
    names = [f"U1{number:06d}" for number in range(people)]
    with uow.begin() as tx:
        now = datetime.now(UTC)
        tx.execute(insert(table(MemberRow)), [_member(name, now) for name in names])
        accounts = [_account(world, number) for number in range(people)]
        tx.execute(insert(table(ProviderAccountRow)), accounts)
        links = [_link(world, number) for number in range(people)]
        tx.execute(insert(table(AccountLinkRow)), links)
        belongs = [
            {
                "team_id": TEAM,
                "project_id": source + 1,
                "member_id": _BEFORE + 1 + number,
                "is_manager": False,
                "by_policy": True,
                "added_at": NOW,
            }
            for number, held in enumerate(places)
            for source in held
        ]
        tx.execute(insert(table(ProjectMemberRow)), belongs)
        tx.execute(text("ANALYZE"))
    on = [[pick.choice(by_source[source]) for source in held[:FEW]] for held in places]
    ids = {one.task.external_id: place for place, one in enumerate(world.tasks, start=1)}
    return Crowd(world, names, on, ids)


def _member(name: str, now: datetime) -> dict[str, object]:
    return {
        "team_id": TEAM,
        "slack_user_id": name,
        "name": f"Person {name}",
        "name_words": f" person {name.casefold()} ",
        "zone": "Europe/Berlin",
        "slack_admin": False,
        "slack_owner": False,
        "named_admin": False,
        "is_guest": False,
        "refreshed_at": now,
        "settings": {},
    }


def _account(world: World, number: int) -> dict[str, object]:
    return {
        "team_id": TEAM,
        "integration_id": world.integration,
        "external_id": f"crowd{number}",
        "name": f"Crowd {number}",
        "name_words": f" crowd {number} ",
        "email_is_verified": False,
        "is_active": True,
        "row_hash": "",
    }


def _link(world: World, number: int) -> dict[str, object]:
    return {
        "team_id": TEAM,
        "member_id": _BEFORE + 1 + number,
        "integration_id": world.integration,
        "slot": 0,
        "provider_account_id": worlds.PEOPLE + 1 + number,
        "state": AccountLinkState.CONNECTED,
        "proof": Proof.EMAIL,
        "chosen_by_admin": False,
        "request": 1,
        "asked_at": NOW,
        "decided_at": NOW,
    }


# What they send


def key_of(one: Made) -> str:
    """As people type it."""
    return f"P{chr(65 + one.source // 26)}{chr(65 + one.source % 26)}-{one.number}"


def commands(found: Crowd, slack: str) -> Iterator[str]:
    """``/track start``."""
    for user, task in _starting(found, 0):
        yield urlencode(
            {
                "command": "/track",
                "text": f"start {key_of(task)}",
                "team_id": TEAM,
                "team_domain": "bench",
                "user_id": user,
                "user_name": "somebody",
                "channel_id": "C0GENERAL",
                "channel_name": "general",
                "api_app_id": "A0BENCH",
                "response_url": f"{slack}r/1",
                "trigger_id": "1.2.3",
            }
        )


def clicks(found: Crowd, slack: str) -> Iterator[str]:
    """*Start* on a task."""
    for user, task in _starting(found, 4):
        button = {
            "type": "button",
            "action_id": "track.start",
            "block_id": "b",
            "action_ts": "1.2",
            "value": str(found.task_ids[task.task.external_id]),
        }
        yield _interaction(
            user,
            type="block_actions",
            actions=[button],
            container={"type": "message", "message_ts": "1.1", "channel_id": "C0GENERAL"},
            channel={"id": "C0GENERAL", "name": "general"},
            message={"ts": "1.1", "text": "A task"},
            response_url=f"{slack}r/1",
        )


def submissions(found: Crowd, slack: str) -> Iterator[str]:
    """The form in which a task is searched, sent with a task in it."""
    for user, task in _starting(found, 7):
        chosen = {"value": str(found.task_ids[task.task.external_id])}
        state = {"task": {"track.find": {"type": "external_select", "selected_option": chosen}}}
        yield _interaction(
            user,
            type="view_submission",
            view={
                "id": "V1",
                "type": "modal",
                "callback_id": "track.search",
                "hash": "1.a",
                "private_metadata": f"\n{slack}r/1",
                "state": {"values": state},
            },
        )


def lookups(found: Crowd, slack: str) -> Iterator[str]:
    """What a searching select asks while somebody on forty projects types the title of a task."""
    del slack
    pick = random.Random(5)  # noqa: S311 - repeatable, not secret
    while True:
        one = pick.randrange(min(BUSY, len(found.people)))
        words = pick.choice(found.on[one]).task.title.split()
        typed = " ".join(words[: pick.randint(1, 3)])
        yield _interaction(
            found.people[one],
            type="block_suggestion",
            action_id="track.find",
            block_id="task",
            value=typed[: max(3, len(typed) - pick.randint(0, 3))],
            view={"id": "V1", "type": "modal", "callback_id": "track.search"},
        )


def homes(found: Crowd, slack: str) -> Iterator[str]:
    """Somebody opens the App Home."""
    del slack
    for user in found.people * FEW:
        event = {"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home"}
        yield json.dumps(
            {
                "type": "event_callback",
                "team_id": TEAM,
                "api_app_id": "A0BENCH",
                "event": event | {"event_ts": "1.1"},
                "event_id": "Ev1",
                "event_time": 1,
                "authorizations": [{"team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
            }
        )


def _starting(found: Crowd, tenths: int) -> Iterator[tuple[str, Made]]:
    """Everybody with a task of theirs, from one in the crowd on: no two kinds meet."""
    first = len(found.people) * tenths // 10
    pairs = list(zip(found.people, found.on, strict=True))
    for turn in range(FEW):
        for user, tasks in pairs[first:] + pairs[:first]:
            yield user, tasks[turn % len(tasks)]


def _interaction(user: str, **what: object) -> str:
    payload = {
        "team": {"id": TEAM, "domain": "bench"},
        "user": {"id": user, "username": "somebody", "team_id": TEAM},
        "api_app_id": "A0BENCH",
        "trigger_id": "1.2.3",
        **what,
    }
    return f"payload={quote_plus(json.dumps(payload))}"


def write(
    found: Crowd, kind: Callable[[Crowd, str], Iterator[str]], slack: str, number: int, to: Path
) -> None:
    """Puts so many of them into a file for the load."""
    lines = islice(kind(found, slack), number)
    to.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
