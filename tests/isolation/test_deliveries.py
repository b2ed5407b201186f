"""No delivery shows another team's rows, or speaks with another team's token."""

import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from io import BytesIO
from typing import Any, BinaryIO

import pytest

from bot.domain.ids import OutboxId, TeamId
from bot.domain.outbox import OutboxItem
from bot.features.all import build_features
from bot.jobs.outbox import Delivery
from bot.slack import Slack
from bot.wiring import Makers, adapter_context, build_core
from tests.builders import NOON
from tests.isolation.harvest import words_in
from tests.isolation.planted import (
    COPIES,
    FIRST,
    IDS,
    TEAM,
    word,
)
from tests.isolation.site import Site, options
from tests.isolation.test_isolation import ACME

pytestmark = pytest.mark.long

SAID: Mapping[str, str | int] = {
    "about": f"p{FIRST}",
    "action": "created",
    "at": NOON.isoformat(),
    "channel_id": "C0OPS",
    "choice": "ours",
    "day": NOON.date().isoformat(),
    "filters": f"p{FIRST};;;;",
    "first": NOON.date().isoformat(),
    "form": "csv",
    "from": NOON.date().isoformat(),
    "group": "project",
    "last": NOON.date().isoformat(),
    "message_ts": "1.1",
    "month": "2026-11",
    "period": "m2026-11-01",
    "request": 1,
    "round": 60,
    "to": NOON.date().isoformat(),
    "ts": "1.1",
    "words": "",
}
"""What payloads hold besides ids."""


class Payload(dict[str, Any]):
    """Names the other team's row, one copy of it, whatever a delivery asks for."""

    def __init__(self, at: int = 0, **given: object) -> None:
        super().__init__({"step": word("time_entry_change", "step", at)} | given)
        self._id = IDS[at]

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as a dict's
        """What is asked for, or the row."""
        del default
        return self[key]

    def __missing__(self, key: str) -> object:
        return SAID.get(key, self._id)


class Recorder(Slack):
    """Slack, as far as deliveries go: takes everything, and remembers with whose token."""

    def __init__(self) -> None:
        self.teams: set[str] = set()
        self.shown = ""

    async def _call(self, team_id: TeamId, method: str, **told: Any) -> dict[str, Any]:  # noqa: ANN401
        self.teams.add(team_id)
        self.shown += f"{method} {told!r}\n"
        there: object = {"id": "D1", "is_private": True}
        return {
            "channel": there if method.startswith("conversations.") else "C1",
            "ts": "1.1",
            "permalink": "https://slack.test/p1",
            "members": [],
            "user": {"id": "U0ANA", "profile": {}},
        }

    async def upload(
        self,
        team_id: TeamId,
        to: str,
        *,
        name: str,
        content: bytes | BinaryIO,
        **said: Any,  # noqa: ANN401
    ) -> None:
        """Reads a file as its receiver would."""
        self.teams.add(team_id)
        read = content if isinstance(content, bytes) else content.read()
        self.shown += f"{to} {name} {said!r}\n"
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(BytesIO(read)) as sheets:
                self.shown += "".join(sheets.read(one).decode() for one in sheets.namelist())
        elif not name.endswith(".png"):
            self.shown += read.decode()


@asynccontextmanager
async def delivering(site: Site, slack: Recorder) -> AsyncIterator[Mapping[str, Delivery]]:
    """Every kind of delivery of a running server, beside this Slack."""
    numbers = iter(range(1, 1_000_000))

    async def at_once(seconds: float) -> None:
        del seconds

    makers = Makers(
        clock=lambda: NOON,
        sleep=at_once,
        new_marker=lambda: f"{next(numbers):024x}",
        new_reference=lambda: "BROKEN",
    )
    settings = options(site.url, site.folder)
    async with build_core(settings, makers) as core, adapter_context(settings, makers) as context:
        yield build_features(replace(core, slack=slack), makers, context).deliveries


def owed(team_id: TeamId, kind: str, payload: Mapping[str, Any]) -> OutboxItem:
    """A row of the outbox that names other rows."""
    return OutboxItem(
        id=OutboxId(1),
        team_id=team_id,
        kind=kind,
        payload=payload,
        marker="marker",
        attempts=0,
        may_have_happened=False,
    )


async def sent(slack: Recorder, deliver: Delivery, item: OutboxItem) -> str:
    """What is shown by a delivery, whatever becomes of it."""
    slack.shown = ""
    try:
        await deliver(item)
    except Exception as error:  # noqa: BLE001 - it may well have nothing to say
        return f"{slack.shown}\n{error!r}"
    return slack.shown


async def test_no_delivery_shows_another_teams_rows(site: Site) -> None:
    """A row of the outbox that names them says nothing of them, and goes out by nobody's token."""
    slack = Recorder()
    reached: set[str] = set()
    async with delivering(site, slack) as kinds:
        for kind, deliver in kinds.items():
            for at in range(COPIES):
                for payload in (
                    Payload(at),
                    Payload(at, member_id=site.ana.id),
                    Payload(at, member_id=site.ana.id, form="xlsx"),
                ):
                    slack.teams.clear()
                    shown = await sent(slack, deliver, owed(ACME, kind, payload))
                    assert words_in(shown) == set(), f"{kind} shows {shown}"
                    assert slack.teams <= {ACME}, f"{kind} speaks with {slack.teams}"
                    site.unharmed(kind)
                    site.begin_again()
                if words_in(await sent(slack, deliver, owed(TEAM, kind, Payload(at)))):
                    reached.add(kind)
                site.begin_again()
        assert set(kinds) - reached == set(SAY_NOTHING), "say in SAY_NOTHING why it shows nothing"


_STATE = "is sent in a state of things in which nothing is planted"
_TOOL = "writes to a tool, or forgets one, and tells nobody of it"
SAY_NOTHING: Mapping[str, str] = {
    "account.ended": _STATE,
    "account.gone": _STATE,
    "announcement.post": _STATE,
    "approval.ask": _STATE,
    "integration.broken": _STATE,
    "integration.forget": _TOOL,
    "manager.removed": _STATE,
    "run.report": _STATE,
    "schedule.check": _STATE,
    "schedule.paused": _STATE,
    "schedule.send": _STATE,
    "sheet.answered": _STATE,
    "sheet.reminder": _STATE,
    "task.complete": _TOOL,
    "worklog.write": _TOOL,
}
"""Kinds of deliveries by which the planted team's own rows do not show either, with the reason."""
