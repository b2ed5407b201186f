"""What the repository holds that is written from code: `make docs` writes, a test compares.

A whole file is in FILES. A piece of a page stands between `<!-- generated: NAME -->` and
`<!-- end -->`, and PIECES says which function writes NAME.
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from bot import manifest, settings
from bot.api.description import description, parameters
from bot.api.endpoints import BASE, ENDPOINTS
from bot.integrations.registry import Registry
from bot.provider_words import HEADS, time, webhooks
from bot.views.help import VerbRow
from handlers.linking import link
from handlers.tracking import track

ROOT = Path(__file__).resolve().parent.parent

_PIECE = re.compile(
    r"(?P<begin><!-- generated: (?P<name>[\w-]+) -->\n).*?(?P<end><!-- end -->)", re.DOTALL
)


def settings_table() -> str:
    """Every environment variable with its default and meaning."""
    return table(
        ("Variable", "Default", "Meaning"),
        (
            (f"`{name}`", f"`{default}`" if default else "", meaning)
            for name, default, meaning in settings.options()
        ),
    )


def scopes_table() -> str:
    """Every bot scope with its reason."""
    scopes = {**manifest.SCOPES, **_only_for_links(manifest.UNFURL_SCOPES)}
    rows = ((f"`{scope}`", reason) for scope, reason in scopes.items())
    return table(("Scope", "What for"), rows)


def events_table() -> str:
    """Every subscribed event with its reason."""
    events = {**manifest.EVENTS, **_only_for_links(manifest.UNFURL_EVENTS)}
    rows = ((f"`{event}`", reason) for event, reason in events.items())
    return table(("Event", "What for"), rows)


def _only_for_links(reasons: Mapping[str, str]) -> dict[str, str]:
    return {name: f"{reason} Only with unfurl domains." for name, reason in reasons.items()}


def manifest_file() -> str:
    """Write manifest.yml: the HTTP form under the example address."""
    return (
        "# Written by `make docs` from bot/manifest.py. For your own address or Socket Mode:\n"
        "#   hourlink manifest --public-url https://your.address\n"
        "#   hourlink manifest --socket\n"
        "# With --unfurl-domains jira.acme.com,asana.com links to tasks are shown as tasks.\n"
        + manifest.manifest_yaml()
    )


def capabilities_table() -> str:
    """Every adapter with what it can do."""
    rows = (
        (
            one.name,
            *("yes" if capability in one.capabilities else "" for capability in HEADS),
            time(one),
            webhooks(one),
        )
        for one in Registry.load().descriptors()
    )
    return table(("Tool", *HEADS.values(), "Takes time", "Webhooks"), rows)


def track_commands() -> str:
    """Every verb of ``/track`` that is answered."""
    return _commands(track.NAME, track.OFFERED)


def link_commands() -> str:
    """Every verb of ``/link`` that is answered."""
    return _commands(link.NAME, link.OFFERED)


def _commands(name: str, verbs: Iterable[VerbRow]) -> str:
    rows = ((f"`{name} {verb.usage}`", verb.summary, f"`{name} {verb.example}`") for verb in verbs)
    return table(("Command", "What it does", "For example"), rows)


def endpoints_table() -> str:
    """Every endpoint of the API with its parameters."""
    rows = (
        (
            f"`GET {BASE}{one.path}`",
            one.summary,
            ", ".join(f"`{parameter['name']}`" for parameter in parameters(one.params)),
        )
        for one in ENDPOINTS
    )
    return table(("Address", "What it tells", "Parameters"), rows)


def parameters_table() -> str:
    """Every parameter of the API once, with its meaning."""
    told = {
        parameter["name"]: str(parameter["description"])
        for one in ENDPOINTS
        for parameter in parameters(one.params)
    }
    return table(("Parameter", "Meaning"), ((f"`{name}`", says) for name, says in told.items()))


FILES: dict[str, Callable[[], str]] = {
    "manifest.yml": manifest_file,
    "docs/openapi.json": description,
}
PIECES: dict[str, Callable[[], str]] = {
    "settings": settings_table,
    "slack-scopes": scopes_table,
    "slack-events": events_table,
    "capabilities": capabilities_table,
    "track-commands": track_commands,
    "link-commands": link_commands,
    "api-endpoints": endpoints_table,
    "api-parameters": parameters_table,
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table; bars in the cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines
    )


def refreshed(text: str) -> str:
    """Return a page with every generated piece in it written again; KeyError names a stranger."""
    return _PIECE.sub(lambda found: found["begin"] + PIECES[found["name"]]() + found["end"], text)


def expected(root: Path = ROOT) -> dict[Path, str]:
    """Every file that is generated or holds a generated piece, with the text it should have."""
    pages = [*root.glob("*.md"), *sorted((root / "docs").rglob("*.md"))]
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    return {root / name: write() for name, write in FILES.items()} | {
        page: refreshed(text) for page, text in texts.items() if _PIECE.search(text)
    }


def stale(root: Path = ROOT) -> list[Path]:
    """List the files whose generated parts are not what the code says now."""
    return [
        path
        for path, text in expected(root).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main() -> None:
    """Write what is stale, and name it."""
    for path in stale():
        path.write_text(expected()[path], encoding="utf-8")
        sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
