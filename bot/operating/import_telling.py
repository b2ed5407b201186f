"""What the commands around imports share: which workspace, what is said, how far it is."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import Progress

from bot import console
from bot.domain.ids import TeamId


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, and what moves it by so many rows."""
    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=total)
        yield lambda rows: shown.advance(task, rows)


def say(lines: Iterable[str]) -> None:
    """Line by line."""
    for line in lines:
        typer.echo(line)


def one_team(teams: list[tuple[TeamId, str]], wanted: str | None) -> TeamId:
    """The workspace that is meant; ends the program where that is not clear."""
    named = ", ".join(f"{team_id} ({name})" for team_id, name in teams)
    found = [team_id for team_id, _ in teams if wanted in {None, team_id}]
    if not teams:
        console.stop("No workspace has Hourlink yet. Start it once with Slack's token first.")
    if not found:
        console.stop(f"There is no workspace {wanted} here. There is: {named}.")
    if len(found) > 1:
        console.stop(f"There are several workspaces: {named}. Say which with --team.")
    return found[0]
