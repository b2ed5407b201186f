"""Every command of ``hourlink``."""

import json
from importlib.metadata import version
from typing import Annotated

import typer

from bot import demo as demonstration
from bot import processes, settings_checks
from bot.console import stop
from bot.integrations.registry import Registry
from bot.manifest import manifest_yaml
from bot.operating.commands import add_to
from bot.provider_words import in_a_line

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Track time from Slack on the projects your team already has.",
)


def _tell_version(*, is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"hourlink {version('hourlink')}")
        raise typer.Exit


@app.callback()
def every_command(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda asked: _tell_version(is_asked=asked),
            is_eager=True,
            help="Say which version this is.",
        ),
    ] = False,
) -> None:
    """Track time from Slack on the projects your team already has."""


@app.command()
def serve(
    *,
    socket: Annotated[
        bool, typer.Option("--socket", help="Receive from Slack over Socket Mode.")
    ] = False,
) -> None:
    """Serve Slack at POST /slack/events; with SQLite the background work too."""
    processes.serve(socket=socket)


@app.command()
def worker() -> None:
    """Do background work, shared with any number of other workers (PostgreSQL)."""
    processes.worker()


@app.command()
def providers(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List the tools that can be connected, and what each allows."""
    descriptors = Registry.load().descriptors()
    if not as_json:
        for one in descriptors:
            typer.echo(f"{one.slug:<12}{one.name}: {in_a_line(one)}")
        return
    rows = [
        {
            "slug": one.slug,
            "name": one.name,
            "capabilities": sorted(one.capabilities),
            "credentials": [field.name for field in one.credentials],
        }
        for one in descriptors
    ]
    typer.echo(json.dumps(rows, indent=2))


@app.command()
def manifest(
    *,
    public_url: Annotated[
        str | None,
        typer.Option(
            envvar="HOURLINK_PUBLIC_URL", help="Where Slack reaches this server, https://..."
        ),
    ] = None,
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode.")] = False,
    unfurl_domains: Annotated[
        str,
        typer.Option(
            envvar="HOURLINK_UNFURL_DOMAINS",
            help="Domains of your tools whose links are shown as tasks; five at most, commas.",
        ),
    ] = "",
) -> None:
    """Print the Slack app manifest to create the app from."""
    domains = tuple(word.strip() for word in unfurl_domains.split(",") if word.strip())
    if wrong := settings_checks.unfurl_problem(domains):
        stop(f"--unfurl-domains {wrong}")
    if public_url and (wrong := settings_checks.manifest_problem(public_url)):
        stop(f"--public-url {wrong}")
    typer.echo(
        manifest_yaml(public_url=public_url, socket=socket, unfurl_domains=domains), nl=False
    )


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(envvar="PORT", help="Port of the page; 0 picks a free one.")
    ] = demonstration.PORT,
    folder: Annotated[
        str, typer.Option(envvar="HOURLINK_DEMO_DIR", help="Holds all state; may be deleted.")
    ] = demonstration.FOLDER,
) -> None:
    """Run everything here: a Slack stand-in in the browser, a sample board, a database."""
    try:
        demonstration.run(port=port, folder=folder, say=typer.echo)
    except demonstration.DemoFailed as error:
        stop(str(error))


add_to(app)
