"""The board that ``make demo`` starts with: a small web agency in the middle of its work."""

import csv
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

DEMO_BOARD = "acme"
"""Name of the demo board's folder."""
DEMO_KEY = "board-demo-key"
"""Access key of the demo board."""
DEMO_OWN_KEY = "evelyn-demo-key"
"""Evelyn Novak's own key."""

DEMO_DOMAIN = "board.acme.test"
"""Where the demo board's links would lead."""

_SETTINGS = f"""\
# A Hourlink board: see docs/board.md for the files beside this one.
name = "Acme board"
key = "{DEMO_KEY}"
url = "https://{DEMO_DOMAIN}"
"""

_PROJECTS = (
    ("id", "name", "key", "workspace", "archived"),
    ("web", "Acme Web", "TASK", "Acme", "no"),
    ("shop", "Acme Shop", "SHOP", "Acme", "no"),
    ("ops", "Operations", "OPS", "Acme", "no"),
    ("board", "Board meeting", "BM", "Acme", "no"),
    ("intranet", "Old intranet", "OLD", "Acme", "yes"),
)

_PEOPLE = (
    ("id", "name", "email", "active"),
    ("ana", "Ana Ruiz", "ana@acme.test", "yes"),
    ("bo", "Bo Lindqvist", "bo@acme.test", "yes"),
    ("cleo", "Cleo Adeyemi", "cleo@acme.test", "yes"),
    ("dan", "Dan Okada", "dan@acme.test", "yes"),
    ("evelyn", "Evelyn Novak", "", "yes"),
    ("mia", "Mia K", "", "yes"),
)

_KEYS = (("person", "key"), ("evelyn", DEMO_OWN_KEY))
"""Evelyn has no e-mail address there: her own key is what proves who she is."""

_ACCESS = (
    ("project", "person"),
    ("web", "*"),
    ("shop", "*"),
    ("ops", "*"),
    ("intranet", "*"),
    ("board", "ana"),
    ("board", "cleo"),
)

_TASK_TITLES = ("id", "project", "number", "title", "status", "section", "labels", "assignees")
_ESTIMATE = "estimate_hours"

# project, number, title, status, section, labels, assignees, estimate in hours
_TASKS = (
    ("web", 1, "Agree on the page tree", "Done", "Content", "", "ana", "4"),
    ("web", 2, "Collect texts from every department", "Done", "Content", "", "cleo", "12"),
    ("web", 3, "Choose typefaces and colours", "Done", "Design", "", "bo", "6"),
    ("web", 4, "Build the page templates", "Done", "Build", "frontend", "dan", "20"),
    ("web", 5, "Move the blog archive over", "In progress", "Content", "", "cleo", "8"),
    ("web", 6, "Contact form with spam check", "In progress", "Build", "backend", "dan", "6"),
    ("web", 7, "Cookie notice people can dismiss", "To do", "Build", "frontend, legal", "", "3"),
    ("web", 8, "Alternative texts for all pictures", "To do", "Content", "accessibility", "", "5"),
    ("web", 9, "Search across pages and blog", "In progress", "Build", "backend", "evelyn", "14"),
    ("web", 10, "Team page with portraits", "Review", "Content", "", "ana, bo", "4"),
    ("web", 11, "Print style for invoices", "To do", "Design", "frontend", "bo", "2"),
    ("web", 12, "Fix the header", "In progress", "Build", "bug, frontend", "ana", "3"),
    ("web", 13, "Footer links to the new legal pages", "Review", "Build", "frontend", "dan", "1"),
    ("web", 14, "Redirect old addresses", "To do", "Launch", "backend", "dan", "4"),
    ("web", 15, "Rehearse the launch evening", "To do", "Launch", "", "ana, cleo, dan", "2"),
    ("shop", 1, "Compare payment providers", "Done", "Checkout", "", "ana", "6"),
    ("shop", 2, "Product page with variants", "Done", "Catalogue", "frontend", "bo", "16"),
    ("shop", 3, "Shopping cart survives a closed tab", "Done", "Checkout", "bug", "dan", "5"),
    ("shop", 4, "Guest checkout", "In progress", "Checkout", "frontend", "bo, dan", "18"),
    ("shop", 5, "Shipping rates for the Nordics", "In progress", "Checkout", "", "evelyn", "4"),
    ("shop", 6, "Voucher codes", "To do", "Checkout", "backend", "", "10"),
    (
        "shop",
        7,
        "Import prices from the ERP every night",
        "Review",
        "Back office",
        "backend",
        "dan",
        "9",
    ),
    ("shop", 8, "Return label as PDF", "To do", "Back office", "", "", "7"),
    ("shop", 9, "Size guide", "To do", "Catalogue", "content", "cleo", "3"),
    ("shop", 10, "Photographs of the winter range", "In progress", "Catalogue", "", "cleo", "15"),
    ("shop", 11, 'Stock level says "few left"', "To do", "Catalogue", "frontend", "bo", "2"),
    ("shop", 12, "Order mails in three languages", "To do", "Checkout", "content", "", "6"),
    ("ops", 1, "Inventory of servers and who pays for them", "Done", "", "", "dan", "5"),
    ("ops", 2, "Back-ups restored on a spare machine", "Done", "", "security", "dan", "6"),
    ("ops", 3, "Rotate keys", "In progress", "", "security", "evelyn", "3"),
    ("ops", 4, "Alert when a certificate has 20 days left", "To do", "", "monitoring", "", "2"),
    ("ops", 5, "Two people can deploy, not one", "Review", "", "", "ana, dan", "4"),
    ("ops", 6, "Upgrade the database", "To do", "", "", "evelyn", "8"),
    ("ops", 7, "Write down what happens on call", "In progress", "", "docs", "bo", "5"),
    ("ops", 8, "Retire the fax gateway", "To do", "", "", "", "1"),
    ("board", 1, "Slides for the December meeting", "In progress", "", "", "ana", "6"),
    ("board", 2, "Budget for next year", "To do", "", "finance", "cleo", "10"),
    ("board", 3, "Minutes of the September meeting", "Done", "", "", "cleo", "2"),
    ("intranet", 1, "Export the phone list", "Done", "", "", "dan", "2"),
    ("intranet", 2, "Save the photo albums", "Done", "", "", "cleo", "4"),
    ("intranet", 3, "Switch the server off", "To do", "", "", "dan", "1"),
)


def write_demo_board(folder: Path) -> None:
    """Writes the demo board as a whole, unless its folder is there already.

    Args:
        folder: the boards directory; made when missing. The board is its sub-folder ``acme``.
    """
    board = folder / DEMO_BOARD
    if board.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".new-", dir=folder) as temporary:
        made = Path(temporary) / DEMO_BOARD
        made.mkdir()
        _write_files(made)
        # A second process may have been quicker; its board is as good as ours.
        with suppress(OSError):
            made.rename(board)


def _write_files(board: Path) -> None:
    (board / "board.toml").write_text(_SETTINGS, encoding="utf-8")
    _write(board / "projects.csv", _PROJECTS)
    _write(board / "people.csv", _PEOPLE)
    _write(board / "keys.csv", _KEYS)
    (board / "keys.csv").chmod(0o600)
    _write(board / "access.csv", _ACCESS)
    titles = (*_TASK_TITLES, _ESTIMATE)
    _write(board / "tasks.csv", (titles, *((f"{t[0]}-{t[1]}", *t) for t in _TASKS)))


def _write(path: Path, lines: Iterable[Iterable[object]]) -> None:
    with path.open("x", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(lines)
