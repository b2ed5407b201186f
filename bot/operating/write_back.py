"""``hourlink write-back``: whether the tools have the time that they should have."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer

from bot import console
from bot.domain.durations import format_duration
from bot.domain.writing.worklog_checks import Difference
from bot.integrations.registry import Registry
from bot.jobs.adapters import Adapters
from bot.jobs.worklog_verifying import differences
from bot.operating import database
from bot.operating.doctor import role_of
from bot.services.vault import Vault
from bot.services.writing.checking import WorklogChecking
from bot.settings import Settings
from bot.views.words import counted
from bot.views.writing.worklogs import reason_in_a_terminal
from bot.wiring import adapter_context, build_makers
from storage.unit_of_work import UnitOfWork


def write_back(
    *,
    verify: Annotated[
        bool, typer.Option("--verify", help="List every difference; change nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Compare the time that was written to the tools with what they have.

    Asks every tool for every record, changes nothing anywhere, and may run beside the server.
    Ends with 1 where something differs. Writing is done by the server; what it could not write is
    in Slack, in the Overview.
    """
    if not verify:
        console.stop("Say --verify. It lists every difference and changes nothing.")
    settings = console.checked(role_of(console.read()))
    looked, found = asyncio.run(_verified(settings))
    if as_json:
        rows = [asdict(one) for one in found]
        typer.echo(json.dumps(rows, indent=2, default=str, ensure_ascii=False))
    else:
        for one in found:
            typer.echo(_line(one))
        typer.echo(f"{counted(looked, 'record')} looked at, {counted(len(found), 'difference')}.")
    if found:
        raise typer.Exit(code=1)


async def _verified(settings: Settings) -> tuple[int, list[Difference]]:
    vault = Vault([key.get_secret_value() for key in settings.secret_keys])
    looked, found = 0, []
    with database.opened(settings.database) as engine:
        async with build_makers(settings) as makers, adapter_context(settings, makers) as context:
            adapters = Adapters(Registry.load(), vault, context)
            works = WorklogChecking(UnitOfWork(engine)).works()
            async for one in differences(works, adapters):
                looked += 1
                if one is not None:
                    found.append(one)
    return looked, found


def _line(one: Difference) -> str:
    ours = format_duration(one.seconds) if one.seconds else "nothing"
    theirs = "nothing" if one.theirs_seconds is None else format_duration(one.theirs_seconds)
    moved = f" on {one.theirs_day}" if one.theirs_day not in {None, one.day} else ""
    why = f" ({reason_in_a_terminal(one.reason)})" if one.reason else ""
    return (
        f"{one.kind.value}: {one.site}, {one.person}, {one.on}, {one.day}: "
        f"here {ours}, there {theirs}{moved}{why}"
    )
