"""How the database finds what a page of a sync is compared with."""

from bot.integrations.api import ProviderAccount
from tests.jobs.sync_world import SyncWorld, opened
from tests.statements import heard, plan

MANY = 200
"""Rows in one question: with a few of them SQLite chooses well by itself."""


async def test_no_page_reads_all_that_a_team_has(sqlite_url: str) -> None:
    """The thousandth page of a large tool takes no longer than the first one."""
    async with opened(SyncWorld(sqlite_url)) as world:
        site = world.site
        site.project("p1", "Acme Web")
        site.page_size = MANY
        for number in range(MANY):
            site.accounts[f"a{number}"] = ProviderAccount(f"a{number}", f"Person {number}")
            site.task(f"t{number}", "p1", f"Task {number}", number=number)
        site.access["p1"] = frozenset(site.accounts)
        await world.job.run(world.here)
        world.link_new("p1")
        with heard(world.engine) as said:
            await world.sync()
            for number in range(0, MANY, 2):
                site.task(f"t{number}", "p1", f"Task {number} again", number=number)
            del site.tasks["t1"]
            await world.sweep()
        assert world.last_run().gone == 1
        slow: set[str] = set()
        with world.engine.connect() as connection:
            for one in said:
                if not one.is_for_many and one.sql.startswith(("SELECT", "UPDATE")):
                    steps = plan(connection, one)
                    slow |= {f"{step}: {one.sql[:60]}" for step in steps if _reads_all(step)}
        assert slow == set()


def _reads_all(step: str) -> bool:
    of_many = ("task ", "provider_account ", "provider_account_access ")
    by_team = "(team_id=?)" in step
    return any(name in f"{step} " for name in of_many) and (by_team or step.startswith("SCAN"))
