"""The file board keeps the contract."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from bot.integrations.client import HttpPool
from bot.integrations.conformance import Conformance, World
from bot.integrations.context import AdapterContext
from bot.providers.board.adapter import Board
from tests.providers.worked import SINCE, worked

TASKS = 450  # more than two pages


@pytest.fixture
async def context(tmp_path: Path) -> AsyncIterator[AdapterContext]:
    """Give what the composition root gives, with the boards in a fresh folder."""
    pool = HttpPool(clock=lambda: datetime.now(UTC), sleep=asyncio.sleep)
    yield AdapterContext(pool, tmp_path, pool.clock, pool.sleep)
    await pool.aclose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a board with a big project, a small private one and an archived one."""
    board = tmp_path / "big"
    board.mkdir()
    (board / "board.toml").write_text('name = "Big"\nkey = "open sesame"\n')
    (board / "projects.csv").write_text(
        "id,name,key,archived\np1,Website,WEB,\np2,Secret,,no\np3,Old,,yes\n"
    )
    (board / "people.csv").write_text("id,name,email\nana,Ana Ruiz,ana@acme.test\nmia,Mia K,\n")
    (board / "keys.csv").write_text("person,key\nmia,mias own\n")
    (board / "access.csv").write_text("project,person\np1,*\np2,mia\n")
    lines = ["id,project,title,number,status,updated_at"]
    for n in range(1, TASKS + 1):
        status = "Done" if n % 10 == 0 else "Open"
        lines.append(f"t{n},p1,Task {n},{n},{status},2026-11-20 09:30")
    lines.append("secret,p2,Secret task,,,")
    (board / "tasks.csv").write_text("\n".join(lines))
    return board


class TestBoard(Conformance):
    """Every promise of the contract, on real files."""

    @pytest.fixture
    def world(self, context: AdapterContext, folder: Path) -> World:
        """Give the world of the board above."""
        numbers = count(1)

        async def change() -> str:
            path = folder / "tasks.csv"
            path.write_text(path.read_text().replace("Task 7,", "Task seven,"))
            return "t7"

        return World(
            open=lambda: Board({"board": "big", "key": "open sesame"}, context),
            open_wrong=lambda: Board({"board": "big", "key": "wrong"}, context),
            open_own=lambda: Board({"board": "big", "key": "mias own"}, context),
            own_account_id="mia",
            project_id="p1",
            project_ids={"p1", "p2"},
            archived_ids={"p3"},
            task_ids={f"t{n}" for n in range(1, TASKS + 1)},
            done_ids={f"t{n}" for n in range(10, TASKS + 1, 10)},
            unknown_project_id="nope",
            unknown_task_id="nope",
            unknown_account_id="nope",
            emails={"ana": "ana@acme.test", "mia": None},
            access={"p1": None, "p2": {"mia"}, "p3": set()},
            changeable_task_id="t3",
            change=change,
            now=lambda: datetime.now(UTC),
            worklog=lambda: worked("t3", marker=f"m{next(numbers)}", since=SINCE, by="ana"),
        )
