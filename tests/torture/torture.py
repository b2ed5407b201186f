"""Kills the app again and again while people track time, and compares at the end (W2).

``make torture``; ``python -m tests.torture.torture --help`` tells more.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.postgresql import postgresql
from bot.domain.writing.worklogs import WorklogState
from storage.migrations import upgrade
from tests.providers.redmine.site import Site, Workshop
from tests.torture.field import ISSUES, Field
from tests.torture.hired import TOOLS
from tests.torture.played import on_stand_in, on_workers
from tests.torture.tools import FileTool, redmine_kept
from tests.torture.torturer import Outcome, Plan, Torturer, outcome_of

LOGINS = ("alice", "bob", "carol", "dave", "erin")
WORKED = "Jira Data Center"
FILE_ARRIVES = 0.05
REDMINE_ARRIVES = 10.0
"""A Redmine answers in a second or two, and goes on when nobody listens any more."""


def on_file(database_url: str, folder: Path, plan: Plan, *, says: bool = False) -> Outcome:
    """With a tool in a file, where every call arrives at once."""
    tool = {"kind": "file", "path": str(folder / "tool.sqlite3")}
    field = Field(database_url, tool)
    kills = Torturer(field, replace(plan, arrives=FILE_ARRIVES), says=says).run()
    return outcome_of(field, field.ours(), FileTool(Path(tool["path"])).kept(), kills)


def on_redmine(database_url: str, seed: dict[str, Any], plan: Plan, *, says: bool) -> Outcome:
    """With a real Redmine, in a project of our own."""
    site = Site(seed["base_url"], seed["admin_key"], seed)
    workshop = Workshop(site)
    try:
        project = workshop.project()
        for login in LOGINS:
            workshop.member(project, site.user_id(login), "Manager")
        issues = [workshop.issue(project, f"Task {n}") for n in range(1, ISSUES + 1)]
        tool = {"kind": "redmine", "url": site.url, "key": site.key}
        field = Field(database_url, tool)
        field.is_called(issues, [str(site.user_id(login)) for login in LOGINS])
        kills = Torturer(field, plan, says=says).run()
        return outcome_of(field, field.ours(), redmine_kept(site, project), kills)
    finally:
        workshop.clear()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--entries", type=int, default=500, help="entries made at least")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--tool", choices=TOOLS, help="a stand-in; else Redmine, or a file")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, not SQLite")
    parser.add_argument(
        "--workers",
        action="store_true",
        help=f"two at once, on PostgreSQL; the tool is {WORKED} unless named",
    )
    parser.add_argument("--often", type=float, default=0.25, help="part of the calls that fail")
    parser.add_argument(
        "--arrives",
        type=float,
        default=REDMINE_ARRIVES,
        help="seconds that a Redmine, perhaps a busy one, may take for a call",
    )
    asked = parser.parse_args()
    plan = Plan(asked.kills, asked.entries, asked.seed, asked.often, asked.arrives)
    print(f"seed {plan.seed}", flush=True)  # noqa: T201
    described = os.environ.get("HOURLINK_REDMINE_SEED")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database_url = f"sqlite:///{folder / 'hourlink.sqlite3'}"
        if asked.postgresql or asked.workers:
            database_url = stack.enter_context(postgresql())("torture")
        upgrade(database_url)
        if asked.workers:
            outcome = on_workers(database_url, folder, asked.tool or WORKED, plan)
        elif asked.tool:
            outcome = on_stand_in(database_url, asked.tool, plan, says=True)
        elif described:
            seed = json.loads(Path(described).read_text(encoding="utf-8"))
            outcome = on_redmine(database_url, seed, plan, says=True)
        else:
            outcome = on_file(database_url, folder, plan, says=True)
    print(outcome.told())  # noqa: T201
    if not outcome.is_equal or set(outcome.states) - {WorklogState.WRITTEN, WorklogState.OFF}:
        sys.exit(1)


if __name__ == "__main__":
    main()
