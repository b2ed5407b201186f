"""``hourlink export`` and ``hourlink erase``: one person's data (O4)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer

from bot import console
from bot.domain.operating.person_data import Subject
from bot.operating import database
from bot.services.operating.person_data import PersonData
from bot.settings import Settings
from bot.views.words import counted
from bot.wiring import system_makers
from storage.unit_of_work import UnitOfWork

Person = Annotated[
    str, typer.Option("--person", help="Their Slack user id (U...) or e-mail.", prompt=True)
]
Team = Annotated[
    str | None, typer.Option("--team", help="The workspace (T...), where they are in several.")
]

_STILL_THERE = (
    "As far as Hourlink knows, {name} still belongs to {team} in Slack. With their next command "
    "they are known again, by name and address: deactivate them in Slack first."
)


def export(
    person: Person,
    output: Annotated[Path, typer.Option(help="A new file, JSON.")],
    team: Team = None,
) -> None:
    """Write everything that is kept of one person to a file, secrets left out."""
    if reason := database.unfit(output):
        console.stop(reason)
    with _data(console.read()) as data:
        who = _one(data, person, team)
        with output.open("w", encoding="utf-8") as file:
            number = _write(file, who, data)
    typer.echo(f"{counted(number, 'row')} about {who.name} in {who.team_name} written to {output}")


def erase(
    person: Person,
    team: Team = None,
    *,
    time: Annotated[
        bool, typer.Option("--time", help="Delete their time entries too; else the hours stay.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take away whatever names one person: for good, and only here.

    Their hours stay in reports as those of an "Erased person", without notes, unless --time is
    given. What stands in Slack and in the tools is not touched; a tool's list of its people brings
    their account there back with the next sync, so remove them there first. Who still belongs to
    the Slack workspace is known again by name as soon as they turn up: deactivate them there first.
    """
    makers = system_makers()
    with _data(console.read()) as data:
        who = _one(data, person, team)
        entries = counted(data.number_of_entries(who), "time entry", "time entries")
        what = f"delete {entries}" if time else f"keep {entries} under no name"
        question = f"Erase {who.name} ({who.slack_user_id}) from {who.team_name}, and {what}?"
        if who.is_active:
            typer.echo(_STILL_THERE.format(name=who.name, team=who.team_name), err=True)
        if not yes:
            typer.confirm(question, abort=True)
        data.erase(who, makers.clock(), with_time=time)
    typer.echo(f"Erased. Backups still hold {who.slack_user_id} until they are gone.")


@contextmanager
def _data(settings: Settings) -> Iterator[PersonData]:
    with database.opened(settings.database) as engine:
        yield PersonData(UnitOfWork(engine), system_makers().new_marker)


def _one(data: PersonData, person: str, team: str | None) -> Subject:
    found = data.find(person, team)
    if not found:
        console.stop(f"Nobody here has the Slack user id or e-mail {person}.")
    if len(found) > 1:
        where = ", ".join(f"{one.team_id} ({one.team_name})" for one in found)
        console.stop(f"They are in several workspaces: {where}. Say which with --team.")
    return found[0]


def _write(file: TextIO, who: Subject, data: PersonData) -> int:
    """Row by row, so that years of entries need no memory; how many rows there were."""
    about = {"person": who.slack_user_id, "team": who.team_id, "name": who.name}
    file.write(f'{{"about": {json.dumps(about, ensure_ascii=False)}, "rows": [')
    number = 0
    for table, row in data.rows(who):
        file.write("," if number else "")
        line = {"table": table, **row}
        file.write(f"\n{json.dumps(line, ensure_ascii=False, default=_plain)}")
        number += 1
    file.write("\n]}\n")
    return number


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)
