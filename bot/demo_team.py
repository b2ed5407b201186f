"""The team of the demo: the stand-in's own, whose first channel tells a newcomer what to type."""

from importlib.resources import files
from pathlib import Path

import yaml

from bot.demo_board import DEMO_BOARD, DEMO_KEY

CHANNEL = "general"

STEPS = f"""\
*Try Hourlink in four steps.* You are Ana, who looks after it.
1. Type `/link connect board`. The board folder is `{DEMO_BOARD}`, the access key `{DEMO_KEY}`.
2. The board's projects are announced in this channel: press *Create & link* beside Acme Web.
3. Type `/track start TASK-12`. First it has you connect your own account, in two clicks.
4. Type `/link users` to ask the others. To answer for them, become one of them, top right."""


def write_demo_team(path: Path) -> None:
    """Writes the team file that the demo's stand-in reads."""
    own = files("playground") / "examples" / "team.yml"
    team = yaml.safe_load(own.read_text(encoding="utf-8"))
    for channel in team["channels"]:
        if channel["name"] == CHANNEL:
            channel["purpose"] = STEPS
    path.write_text(yaml.safe_dump(team, sort_keys=False, allow_unicode=True), encoding="utf-8")
