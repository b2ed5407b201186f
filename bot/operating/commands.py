"""The operator's commands: what is wrong, the database, its keys, people's data, written time."""

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated

import typer
from cryptography.fernet import Fernet
from rich.console import Console
from rich.progress import Progress

from bot import console
from bot.operating import database, moving, person
from bot.operating.doctor import examine, role_of
from bot.operating.findings import Finding, Verdict, as_rows, worst
from bot.operating.importing import import_hours
from bot.operating.write_back import write_back
from bot.services.operating.operating import Operating
from bot.services.vault import Vault
from bot.settings import Settings
from bot.views.words import counted
from bot.wiring import build_makers
from storage.engine import open_engine
from storage.migrations import DatabaseNewer, TransactionsPooled
from storage.migrations.standing import Stand, standing
from storage.unit_of_work import UnitOfWork

STYLES = {
    Verdict.FINE: "green",
    Verdict.WARNING: "yellow",
    Verdict.WRONG: "red",
    Verdict.UNKNOWN: "dim",
}
MARGIN = 9

db = typer.Typer(no_args_is_help=True, help="Look at the database; upgrade, back up, move it.")
keys = typer.Typer(no_args_is_help=True, help="Make and rotate the keys that encrypt secrets.")


def add_to(app: typer.Typer) -> None:
    """Adds the operator's commands."""
    app.command()(doctor)
    app.command()(person.export)
    app.command()(person.erase)
    app.command("import")(import_hours)
    app.command("write-back")(write_back)
    app.add_typer(db, name="db")
    app.add_typer(keys, name="keys")


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Look at settings, database, Slack and tools, and say how to mend what is wrong.

    Changes nothing, and may run beside the server. Ends with 1 where something does not work.
    """
    settings = console.read()
    findings = asyncio.run(_examined(settings, quiet=as_json))
    if as_json:
        typer.echo(json.dumps(as_rows(findings), indent=2))
    verdict = worst(findings)
    if verdict is Verdict.WRONG:
        raise typer.Exit(code=1)


async def _examined(settings: Settings, *, quiet: bool) -> list[Finding]:
    found = []
    printed = Console()
    async with build_makers(settings) as makers:
        async for finding in examine(settings, makers, os.environ):
            found.append(finding)
            if not quiet:
                _show(printed, finding)
    return found


def _show(printed: Console, finding: Finding) -> None:
    printed.print(
        f"{finding.verdict.value:<{MARGIN}}", style=STYLES[finding.verdict], end="", markup=False
    )
    printed.print(f"{finding.subject}: {finding.says}", markup=False, soft_wrap=True)
    if finding.mend:
        printed.print(" " * MARGIN + finding.mend, style="bold", markup=False, soft_wrap=True)


@db.command()
def status() -> None:
    """Say which version the database has, and how much is in it."""
    settings = console.read()
    if reason := database.absent(settings.database):
        console.stop(reason)
    engine = open_engine(settings.database, pool_size=1)
    try:
        with database.told(settings.database):
            found = standing(engine)
            typer.echo(database.words(found))
            if found.stand is Stand.CURRENT:
                typer.echo(_much(Operating(UnitOfWork(engine))))
    finally:
        engine.dispose()


def _much(operating: Operating) -> str:
    size = operating.size()
    return ", ".join(
        (
            counted(size.teams, "workspace"),
            counted(sum(size.integrations.values()), "connected tool"),
            counted(operating.time_entries(), "time entry", "time entries"),
            counted(size.running_timers, "running timer"),
        )
    )


@db.command()
def upgrade() -> None:
    """Bring the database to this version; the start of a server does the same."""
    settings = console.read()
    try:
        before, after = database.upgraded(settings.database)
    except TransactionsPooled:
        console.stop(console.POOLED)
    except DatabaseNewer as error:
        console.stop(f"{database.newer(error.revision)} Nothing was changed.")
    typer.echo(f"From {before or 'nothing'} to {after}." if before != after else "Up to date.")


@db.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to; must not exist yet.")],
) -> None:
    """Copy a SQLite database to a file, beside a running server.

    PostgreSQL has pg_dump for that.
    """
    settings = console.read()
    if reason := database.cannot_back_up(settings.database, file):
        console.stop(reason)
    with Progress(transient=True) as progress:
        task = progress.add_task("Copying", total=None)
        database.back_up(
            settings.database,
            file,
            lambda left, total: progress.update(task, total=total, completed=total - left),
        )
    typer.echo(f"Copied to {file}. Keep HOURLINK_SECRET_KEYS elsewhere: it is not in there.")


@db.command()
def fill(
    file: Annotated[Path, typer.Argument(help="The SQLite file; it stays as it is.")],
) -> None:
    """Move from SQLite to PostgreSQL: fill the empty database that the settings name.

    Stop Hourlink first, and keep HOURLINK_SECRET_KEYS as they are. All of it is moved, or nothing.
    """
    settings = console.read()
    with Progress(transient=True) as progress:
        task = progress.add_task("Moving", total=None)
        rows = moving.filled(
            settings.database,
            file,
            lambda done, total: progress.update(task, total=total, completed=done),
        )
    typer.echo(f"Moved {counted(rows, 'row')}. Start Hourlink, and at least one worker.")


@keys.command()
def new() -> None:
    """Print a new key for HOURLINK_SECRET_KEYS."""
    typer.echo(Fernet.generate_key().decode())


@keys.command()
def rotate() -> None:
    """Encrypt everything that is stored with the first key, so that the others can go.

    Put the new key in front in HOURLINK_SECRET_KEYS, restart every process, then run this, and
    take the old key away when it says that nothing needs it. It may run beside the servers, and be
    ended and begun again.
    """
    settings = console.checked(role_of(console.read()))
    vault = Vault([key.get_secret_value() for key in settings.secret_keys])
    with database.opened(settings.database) as engine:
        operating = Operating(UnitOfWork(engine))
        done = operating.rotate(vault)
        meanwhile = sum(one.older for one in operating.seals(vault))
    for one in done:
        lost = f", {one.broken} that no key opens" if one.broken else ""
        typer.echo(f"{one.kind[0].upper()}{one.kind[1:]}: {one.sealed_again} encrypted anew{lost}")
    if any(one.broken for one in done):
        console.stop("Put the key that is missing back, or connect these tools again.")
    if meanwhile:
        console.stop(
            f"{counted(meanwhile, 'secret')} came meanwhile under an older key, from a process "
            "that has not been restarted with the new one. Restart it, and run this again."
        )
    typer.echo("The first key opens everything.")
