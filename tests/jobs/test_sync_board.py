"""The file board, synced: what people change in a spreadsheet arrives by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo_board import DEMO_BOARD, DEMO_KEY, write_demo_board
from bot.providers.board.adapter import Board
from tests.jobs.sync_world import SyncWorld, opened


@pytest.fixture
async def acme(database_url: str, tmp_path: Path) -> AsyncIterator[SyncWorld]:
    """The demo board, connected and synced once."""
    write_demo_board(tmp_path)
    world = SyncWorld(
        database_url,
        factory=Board,
        credentials={"board": DEMO_BOARD, "key": DEMO_KEY},
        boards=tmp_path,
    )
    async with opened(world):
        await world.job.run(world.here)
        yield world


def _edit(tmp_path: Path, file: str, old: str, new: str) -> None:
    path = tmp_path / DEMO_BOARD / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


async def test_first_sync_announces_what_waits(acme: SyncWorld) -> None:
    """The archived project is not announced, and a second sync announces nothing."""
    announced = acme.rows(
        "SELECT p.name FROM announced_project a "
        "JOIN provider_project p ON p.id = a.provider_project_id"
    )
    names = {row.name for row in announced}
    assert names
    assert "Old intranet" not in names
    assert "Acme Web" in names
    run = acme.last_run()
    assert (run.state, run.error) == ("done", None)
    assert run.requests > 0
    assert len(acme.rows("SELECT 1 FROM provider_account")) > 3
    await acme.sync()
    assert len(acme.owed("announcement.post")) == 1


async def test_linked_project_brings_tasks_and_follows_them(
    acme: SyncWorld, tmp_path: Path
) -> None:
    """Tasks arrive under their own keys; a rename arrives, and a deletion with the sweep."""
    acme.link_new("web")
    await acme.sync()
    before = acme.task_keys()
    assert before["web-12"] == "TASK-12"
    _edit(tmp_path, "tasks.csv", "Fix the header", "Mend the header")
    await acme.sync()
    assert acme.one("SELECT title FROM task WHERE key = 'TASK-12'").title == "Mend the header"
    assert acme.last_run().changed == 1

    path = tmp_path / DEMO_BOARD / "tasks.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(one for one in lines if "Mend the header" not in one), "utf-8")
    await acme.sweep()
    assert set(before) - set(acme.task_keys()) == {"web-12"}
    assert acme.last_run().gone == 1


async def test_new_project_key_makes_new_task_keys(acme: SyncWorld, tmp_path: Path) -> None:
    """The old ones go on finding their tasks."""
    acme.link_new("web")
    await acme.sync()
    path = tmp_path / DEMO_BOARD / "projects.csv"
    path.write_text(path.read_text("utf-8").replace("TASK", "SITE"), "utf-8")
    await acme.sync()
    assert acme.task_keys()["web-12"] == "SITE-12"
    aliases = {row.key_folded for row in acme.rows("SELECT key_folded FROM task_alias")}
    assert "task-12" in aliases


async def test_project_made_meanwhile_is_announced_next(acme: SyncWorld, tmp_path: Path) -> None:
    """One more line in projects.csv is one more message in the channel."""
    path = tmp_path / DEMO_BOARD / "projects.csv"
    head = path.read_text("utf-8").splitlines()[0].split(",")
    cells = {"id": "new", "name": "Brand new", "key": "NEW"}
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join(cells.get(column, "") for column in head) + "\n")
    await acme.sync()
    assert len(acme.owed("announcement.post")) == 2
    await acme.sync()
    assert len(acme.owed("announcement.post")) == 2


async def test_broken_table_is_told_and_undoes_nothing(acme: SyncWorld, tmp_path: Path) -> None:
    """The run says which row is wrong; what was there stays, and mending it mends the sync."""
    acme.link_new("web")
    await acme.sync()
    there = acme.task_keys()
    _edit(tmp_path, "tasks.csv", "Fix the header", '"Fix the "header"')
    await acme.sync()
    run = acme.last_run()
    assert run.state == "failed"
    assert "tasks.csv, row" in run.error
    assert acme.task_keys() == there
    _edit(tmp_path, "tasks.csv", '"Fix the "header"', "Fix the header")
    await acme.sync()
    assert acme.last_run().state == "done"


async def test_changed_key_breaks_and_mends(acme: SyncWorld, tmp_path: Path) -> None:
    """A key that no longer fits stops the integration until somebody asks again."""
    _edit(tmp_path, "board.toml", DEMO_KEY, "another")
    await acme.sync()
    assert acme.one("SELECT state FROM integration").state == "broken"
    assert len(acme.owed("integration.broken")) == 1
    _edit(tmp_path, "board.toml", "another", DEMO_KEY)
    acme.ask(acme.admin)
    await acme.job.run(acme.here)
    assert acme.one("SELECT state FROM integration").state == "active"
    assert len(acme.owed("integration.recovered")) == 1
