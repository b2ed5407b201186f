"""How the database finds what a page of a sync is compared with."""

from sqlalchemy import event

from bot.integrations.api import ProviderAccount
from tests.jobs.sync_world import SyncWorld, opened

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
        said: list[tuple[str, object]] = []

        def hear(*call: object) -> None:
            if not call[5] and str(call[2]).startswith(("SELECT", "UPDATE")):
                said.append((str(call[2]), call[3]))

        event.listen(world.engine, "before_cursor_execute", hear)
        await world.sync()
        for number in range(0, MANY, 2):
            site.task(f"t{number}", "p1", f"Task {number} again", number=number)
        del site.tasks["t1"]
        await world.sweep()
        event.remove(world.engine, "before_cursor_execute", hear)
        assert world.last_run().gone == 1
        slow: set[str] = set()
        with world.engine.connect() as connection:
            for statement, values in said:
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
                slow |= {f"{row[3]}: {statement[:60]}" for row in rows if _reads_all(str(row[3]))}
        assert slow == set()


def _reads_all(step: str) -> bool:
    of_many = ("task ", "provider_account ", "provider_account_access ")
    by_team = "(team_id=?)" in step
    return any(name in f"{step} " for name in of_many) and (by_team or step.startswith("SCAN"))
