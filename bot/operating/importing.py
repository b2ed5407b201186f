"""``hourlink import``: hours that were tracked elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot import console
from bot.domain.entries.entries import zone_of
from bot.domain.importing.cells import Order
from bot.domain.importing.names import Unknown
from bot.domain.importing.plan import Ready, Summary
from bot.domain.importing.problems import FileRefused
from bot.operating import database, import_file
from bot.operating.import_file import HoursFile
from bot.operating.import_telling import one_team, progress, say
from bot.operating.import_undo import undo_import
from bot.services.importing.importing import Importing
from bot.services.importing.planning import Planning, Said
from bot.views.operating import importing as views
from bot.views.words import counted
from bot.wiring import system_makers
from storage.unit_of_work import UnitOfWork

File = Annotated[
    Path | None, typer.Argument(help="CSV, with a row of names first.", show_default=False)
]
Undo = Annotated[
    str | None,
    typer.Option("--undo", help="Take an import back, by its number or its file's name."),
]
Team = Annotated[
    str | None, typer.Option("--team", help="The workspace (T...), where there are several.")
]
People = Annotated[
    list[str] | None,
    typer.Option(
        "--person",
        help='Who a name or e-mail of the file is here: "Old name=ana@acme.test", or =U... '
        "Several times.",
    ),
]
Projects = Annotated[
    list[str] | None,
    typer.Option(
        "--project",
        help='What a project is called here: "Old name=WEB", code or name; "=WEB" for rows '
        "without one. Several.",
    ),
]
Whose = Annotated[
    str | None,
    typer.Option("--whose", help="Who all of it belongs to, where no column says it."),
]
Dates = Annotated[
    Order | None, typer.Option("--dates", help="Day or month first, where the file leaves it open.")
]
Zone = Annotated[
    str | None,
    typer.Option("--zone", help="Of its clock times, Europe/Berlin; else each person's own."),
]


def import_hours(
    file: File = None,
    *,
    team: Team = None,
    person: People = None,
    project: Projects = None,
    whose: Whose = None,
    dates: Dates = None,
    zone: Zone = None,
    undo: Undo = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else it only says what.")] = False,
) -> None:
    """Take in hours that were tracked elsewhere: exports of other trackers, or a spreadsheet.

    Without --yes it only says what it would do: hours per person and project, names that lead to
    nobody, and each row that is not taken, with its line and why. The detailed CSV exports of Toggl
    Track, Clockify and Harvest are read as they are.

    The same file twice, or a later one that overlaps it, makes nothing twice; one that was broken
    off goes on when it is run again. What is imported is never written to the tools. It may run
    beside the server.

    --undo takes an import back, as far as nobody changed its entries since.
    """
    if undo is not None:
        undo_import(undo, team, yes=yes)
        return
    if file is None:
        console.stop("Name the file: hourlink import hours.csv. --help says what may be in it.")
    said = Said(_pairs(person, "--person"), _pairs(project, "--project"), _zone(zone), whose)
    makers = system_makers()
    with database.opened(console.read().database) as engine, _told(file):
        uow = UnitOfWork(engine)
        importing = Importing(uow, makers.new_marker)
        team_id = one_team(importing.teams(), team)
        found = import_file.opened(file, dates, of_one=whose is not None)
        now = makers.clock()
        planning = Planning(uow, team_id, said, now)
        if isinstance(who := planning.whose(), Unknown):
            console.stop(f"--whose: {views.flaw_words(who.flaw, who.detail)}.")
        say(views.reading_words(found.columns, found.heads, found.dates, found.encoding))
        summary = _planned(planning, found)
        say(views.summary_lines(summary, would=not yes))
        digest = found.digest(team_id, said) if yes else ""
        if not summary.entries:
            if yes:
                importing.end_broken_off(team_id, digest, now)
            typer.echo("Nothing to import.")
        elif not yes:
            typer.echo("Nothing was written. Run it again with --yes to import this.")
        else:
            begun = importing.begin(team_id, file.name, digest, summary, now)
            batches = Planning(uow, team_id, said, now).outcomes(found.rows())
            entries = 0
            with progress("Importing", summary.rows) as advance:
                for some in batches:
                    ready = [one for one in some if isinstance(one, Ready)]
                    if ready:
                        entries += importing.save(team_id, begun, ready, makers.clock())
                    advance(len(some))
            importing.end(team_id, begun, makers.clock())
            typer.echo(
                f"Imported {counted(entries, 'entry', 'entries')} as import {begun.id}. "
                f"`hourlink import --undo {begun.id}` takes it back."
            )


def _planned(planning: Planning, found: HoursFile) -> Summary:
    summary = Summary()
    with progress("Reading", None) as advance:
        for some in planning.outcomes(found.rows()):
            for one in some:
                summary.count(one)
            advance(len(some))
    return summary


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except FileRefused as error:
        console.stop(f"{file}: {views.refused(error)}")
    except OSError as error:
        console.stop(f"{file} cannot be opened: {error.strerror or error}.")


def _pairs(said: list[str] | None, option: str) -> dict[str, str]:
    found = {}
    for one in said or ():
        old, is_pair, new = (part.strip() for part in one.partition("="))
        if not (is_pair and new and (old or option == "--project")):
            console.stop(f'{option} {one}: write it as {option} "what the file says=what it is".')
        found[old] = new
    return found


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    zone = zone_of(name)
    if name not in {zone.key, "UTC"}:
        console.stop(f"Nobody knows the zone {name}. Write it as Europe/Berlin or UTC.")
    return zone
