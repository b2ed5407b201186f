"""Torture with a tool that a stand-in plays, over a bad way to it."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.fernet import Fernet

from bot.services.vault import Vault
from tests.providers.stand_in import StandIn
from tests.providers.stand_ins import STAND_INS
from tests.torture.field import ISSUES, Field
from tests.torture.hired import OWN, TOOLS, Hand, Tool
from tests.torture.served import ARRIVES, Way, served
from tests.torture.torturer import Outcome, Plan, Torturer, outcome_of
from tests.torture.workers import Pair


@dataclass(frozen=True)
class Play:
    """Everything that is ready for it."""

    field: Field
    tool: Tool
    stand_in: StandIn
    crowd: list[Hand]
    way: Way
    key: str
    """Opens what is sealed."""

    def outcome(self, kills: int) -> Outcome:
        """What came of it."""
        departed = (self.stand_in.violations[:5], self.stand_in.unrouted[:5])
        if departed != ([], []):
            raise AssertionError(departed)
        ours = self.field.marked(self.tool.signs(self.crowd), self.tool.kept)
        return outcome_of(self.field, ours, self.tool.theirs(self.stand_in, self.crowd), kills)


def on_stand_in(database_url: str, name: str, plan: Plan, *, says: bool = False) -> Outcome:
    """One process after another."""
    with _playing(database_url, name, plan) as play:
        easy = replace(plan, often=0.0, arrives=ARRIVES)
        kills = Torturer(play.field, easy, says=says, settles=play.way.mend).run()
    return play.outcome(kills)


def on_workers(database_url: str, folder: Path, name: str, plan: Plan) -> Outcome:
    """Two workers at once."""
    with _playing(database_url, name, plan) as play:
        kept = {one: os.environ[one] for one in ("PATH", "HOME", "LANG") if one in os.environ}
        environment = kept | {
            "SLACK_API_URL": "http://127.0.0.1:9/api/",
            "SLACK_BOT_TOKEN": "xoxb-made-up",
            "SLACK_SIGNING_SECRET": "made up",
            "HOURLINK_DATABASE_URL": database_url,
            "HOURLINK_SECRET_KEYS": play.key,
            "HOURLINK_DATA_DIR": str(folder),
        }
        pair = Pair(play.field, plan, environment, folder / "workers.log")
        kills = pair.run(dict(play.stand_in.pinned), play.way.mend)
    return play.outcome(kills)


@contextmanager
def _playing(database_url: str, name: str, plan: Plan) -> Iterator[Play]:
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
        yield Play(field, tool, stand_in, crowd, way, key)
