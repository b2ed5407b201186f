"""Kills the app again and again while people track time, and compares at the end (W2).

``make torture``; ``python -m tests.torture.torture --help`` tells more.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from bot.domain.worklogs import WorklogState
from bot.services.vault import Vault
from storage.migrations import upgrade
from tests.providers.redmine_site import Site, Workshop
from tests.providers.stand_ins import STAND_INS
from tests.torture.field import ISSUES, Field
from tests.torture.hired import OWN, TOOLS
from tests.torture.served import ARRIVES, Way, served
from tests.torture.tools import FileTool, Kept, redmine_kept
from tests.torture.torturer import Outcome, Plan, Torturer

LOGINS = ("alice", "bob", "carol", "dave", "erin")
REDMINE_ARRIVES = 10.0
"""A Redmine answers in a second or two, and goes on when nobody listens any more."""


def on_file(database_url: str, folder: Path, plan: Plan, *, says: bool = False) -> Outcome:
    """With a tool in a file."""
    tool = {"kind": "file", "path": str(folder / "tool.sqlite3")}
    field = Field(database_url, tool)
    kills = Torturer(field, plan, says=says).run()
    return _outcome(field, field.ours(), FileTool(Path(tool["path"])).kept(), kills)


def on_stand_in(database_url: str, name: str, plan: Plan, *, says: bool = False) -> Outcome:
    """With a tool that a stand-in plays, over a bad way to it."""
    tool, stand_in = TOOLS[name], STAND_INS[name](ISSUES)
    crowd, key = tool.crowd(stand_in), Fernet.generate_key().decode()
    way = Way(random.Random(plan.seed), plan.often)  # noqa: S311 - chances, not secrets
    with served(stand_in, way):
        pinned = dict(stand_in.pinned)
        field = Field(database_url, {"kind": tool.slug, "vault": key, "pinned": pinned})
        field.is_called(list(stand_in.titles())[:ISSUES], [one.account for one in crowd])
        vault = Vault([key])
        own = [vault.seal(one.key) if one.name in OWN else None for one in crowd]
        field.has_keys(vault.seal(stand_in.credentials), own)
        easy = replace(plan, often=0.0, arrives=ARRIVES)
        kills = Torturer(field, easy, says=says, settles=way.mend).run()
    if stand_in.violations or stand_in.unrouted:
        raise AssertionError(f"{stand_in.violations[:5]} {stand_in.unrouted[:5]}")
    ours = field.marked(tool.signs(crowd), tool.kept)
    return _outcome(field, ours, tool.theirs(stand_in, crowd), kills)


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
        kills = Torturer(field, replace(plan, arrives=REDMINE_ARRIVES), says=says).run()
        return _outcome(field, field.ours(), redmine_kept(site, project), kills)
    finally:
        workshop.clear()


def _outcome(field: Field, ours: Counter[Kept], theirs: Counter[Kept], kills: int) -> Outcome:
    made = Outcome(ours, theirs, field.made(), kills, field.states())
    field.world.close()
    return made


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--entries", type=int, default=500, help="entries made at least")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--tool", choices=TOOLS, help="a stand-in; else Redmine, or a file")
    parser.add_argument("--often", type=float, default=0.25, help="part of the calls that fail")
    asked = parser.parse_args()
    plan = Plan(asked.kills, asked.entries, asked.seed, asked.often)
    print(f"seed {plan.seed}", flush=True)  # noqa: T201
    described = os.environ.get("HOURLINK_REDMINE_SEED")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database_url = f"sqlite:///{folder / 'hourlink.sqlite3'}"
        upgrade(database_url)
        if asked.tool:
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
