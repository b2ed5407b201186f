"""``hourlink import --undo``: an import is taken back."""

import typer

from bot import console
from bot.domain.ids import TimeEntryId
from bot.domain.importing.plan import Import
from bot.operating import database
from bot.operating.import_telling import one_team, progress, say
from bot.services.importing.importing import Importing
from bot.services.importing.undoing import ImportUndoing
from bot.views.operating import importing as views
from bot.views.words import counted
from bot.wiring import system_makers
from storage.unit_of_work import UnitOfWork


def undo_import(words: str, team: str | None, *, yes: bool) -> None:
    """Takes an import back, or says what that would do.

    Args:
        words: Its number, or the name of its file.
        team: The workspace, where there are several.
        yes: Do it.
    """
    makers = system_makers()
    with database.opened(console.read().database) as engine:
        uow = UnitOfWork(engine)
        undoing = ImportUndoing(uow, makers.new_marker)
        team_id = one_team(Importing(uow, makers.new_marker).teams(), team)
        which = _one(undoing.imports(team_id), words)
        left = undoing.left(team_id, which)
        say(views.left_lines(which, left))
        if not left.untouched:
            typer.echo("Nothing to take back.")
        elif not yes:
            typer.echo("Nothing was changed. Run it again with --yes to take these away.")
        else:
            step = undoing.begin(team_id, which, left, makers.clock())
            gone, after = 0, TimeEntryId(0)
            with progress("Taking back", left.untouched) as advance:
                while some := undoing.some(team_id, which, step, makers.clock(), after):
                    gone, after = gone + len(some), max(some)
                    advance(len(some))
            typer.echo(
                f"Took {counted(gone, 'entry', 'entries')} away. Projects that it made stay; an "
                "admin can archive them. The same file can be imported again."
            )


def _one(known: list[tuple[Import, int]], words: str) -> Import:
    found = [one for one, _ in known if words in {str(one.id), one.file_name}]
    if len(found) == 1:
        return found[0]
    if not known:
        console.stop("Nothing was imported here yet.")
    said = "Several imports are" if found else "No import is"
    listed = "\n".join(views.import_line(one, left) for one, left in known)
    return console.stop(f"{said} called {words}. Say its number:\n{listed}")
