"""The file board on real folders: hands that edit, links that lead out, two writers at once."""

import asyncio
import csv
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.demo_board import DEMO_BOARD, DEMO_KEY, DEMO_OWN_KEY, write_demo_board
from bot.integrations.api import ProviderTask, Worklog
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed, ProviderRefused, ProviderUnavailable
from bot.providers.board.adapter import Board
from bot.providers.board.folder import BoardFolder

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
async def context(tmp_path: Path) -> AsyncIterator[AdapterContext]:
    """Give what the composition root gives, with the demo board in its folder."""
    write_demo_board(tmp_path)
    pool = HttpPool(clock=lambda: NOW, sleep=asyncio.sleep)
    yield AdapterContext(pool, tmp_path, pool.clock, pool.sleep)
    await pool.aclose()


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """Give the demo board's folder."""
    return tmp_path / DEMO_BOARD


@pytest.fixture
def board(context: AdapterContext) -> Board:
    """Give the demo board, opened."""
    return Board({"board": DEMO_BOARD, "key": DEMO_KEY}, context)


def worklog(marker: str = "m1", *, task_id: str = "web-12", note: str = "") -> Worklog:
    """An hour of Ana's."""
    return Worklog(marker, task_id, 3600, date(2026, 11, 20), NOW, note, "ana", "Ana Ruiz")


def list_of(folder: Path) -> list[Path]:
    """What lies in a folder."""
    return list(folder.iterdir())


async def tasks(board: Board, project_id: str) -> dict[str, ProviderTask]:
    """Every task of a project."""
    pages = board.tasks(project_id)
    return {task.external_id: task async for page in pages for task in page.items}


async def test_the_demo_board_shows_what_the_app_can_do(board: Board) -> None:
    """A header to fix, a private project, an archived one, and people to find by name."""
    site = await board.check()
    assert (site.name, site.warnings) == ("Acme board", ())
    projects = [p async for page in board.projects() for p in page.items]
    assert {p.key for p in projects if not p.is_archived} == {"TASK", "SHOP", "OPS", "BM"}
    assert [p.name for p in projects if p.is_archived] == ["Old intranet"]
    header = (await tasks(board, "web"))["web-12"]
    assert (header.key, header.number, header.title) == ("TASK-12", 12, "Fix the header")
    people = [a async for page in board.accounts() for a in page.items]
    assert {p.email for p in people if p.email} == {
        f"{name}@acme.test" for name in ("ana", "bo", "cleo", "dan")
    }
    assert {p.name for p in people if not p.email} == {"Evelyn Novak", "Mia K"}
    every = [task for p in projects for task in (await tasks(board, p.external_id)).values()]
    assert len(every) >= 40
    assert any(task.is_done for task in every)
    assert {a for task in every for a in task.assignee_ids} <= {p.external_id for p in people}
    assert await board.access("board") == frozenset({"ana", "cleo"})
    assert await board.access("web") is None


def test_the_demo_board_is_never_written_twice(tmp_path: Path) -> None:
    """A second `make demo` keeps what was tracked and edited since."""
    write_demo_board(tmp_path)
    acme = tmp_path / DEMO_BOARD
    (acme / "people.csv").write_text("id,name\nme,Me\n")
    write_demo_board(tmp_path)
    assert (acme / "people.csv").read_text() == "id,name\nme,Me\n"


@pytest.mark.parametrize(
    "name", ["..", ".", "", "acme/../acme", "/etc", "missing", ".new-x", "outside", "a\0b"]
)
async def test_no_name_leads_out_of_the_folder(
    context: AdapterContext, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    """Neither dots nor links; whatever is there looks like a folder that is not."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    write_demo_board(elsewhere)
    (tmp_path / "outside").symlink_to(elsewhere / DEMO_BOARD)
    with pytest.raises(ProviderAuthFailed) as caught:
        await Board({"board": name, "key": DEMO_KEY}, context).check()
    assert caught.value.reason == (
        f"There is no board folder \u201c{name}\u201d on Hourlink's server. Type a folder's name "
        "as it stands in the boards directory, without a path."
    )


async def test_a_wrong_key_is_not_taken_for_a_missing_folder(
    context: AdapterContext, tmp_path: Path
) -> None:
    """Each way of not being let in has its own words, so that one knows what to mend."""
    with pytest.raises(ProviderAuthFailed) as wrong_key:
        await Board({"board": DEMO_BOARD, "key": "no"}, context).check()
    assert not wrong_key.value.reason
    (tmp_path / "empty").mkdir()
    with pytest.raises(ProviderAuthFailed) as no_board:
        await Board({"board": "empty", "key": DEMO_KEY}, context).check()
    assert no_board.value.reason == (
        "The folder \u201cempty\u201d is there, but it is no board: it has no board.toml."
    )


async def test_a_folder_that_may_not_be_read(
    context: AdapterContext, acme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the folder, not a file that nobody could see is there."""

    def denied(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ProviderRefused, match="may not read the folder \u201cacme\u201d"):
        await Board({"board": acme.name, "key": DEMO_KEY}, context).check()


async def test_a_file_that_is_a_link_or_a_pipe_is_refused(board: Board, acme: Path) -> None:
    """A link would read any file of the server; a pipe would wait for ever."""
    (acme / "people.csv").unlink()
    (acme / "people.csv").symlink_to("/etc/passwd")
    with pytest.raises(ProviderRefused, match="It is a link"):
        await board.check()
    (acme / "people.csv").unlink()
    os.mkfifo(acme / "people.csv")
    with pytest.raises(ProviderRefused, match="no ordinary file"):
        await board.check()


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("board.toml", 'name = "x"\n', "board.toml: There is no access key"),
        ("board.toml", "key = 12\n", "board.toml: key has to be text in quotes."),
        ("board.toml", "key = \n", "board.toml: "),
        ("projects.csv", None, "projects.csv: The file is missing."),
        ("projects.csv", "id\n1\n", 'projects.csv, row 1: There is no column "name".'),
        ("projects.csv", "id,name\n1,\n", 'projects.csv, row 2: The cell "name" is empty.'),
        ("projects.csv", "id,name\n1,A\n\n1,B\n", 'row 4: The id "1" is already used in row 2.'),
        ("projects.csv", "id,name,archived\n1,A,maybe\n", '"maybe" in "archived" is neither'),
        ("people.csv", "id,name\n,Ana\n", 'people.csv, row 2: The cell "id" is empty.'),
    ],
)
async def test_a_slip_of_the_hand_is_named(
    board: Board, acme: Path, file: str, content: str | None, sentence: str
) -> None:
    """The connect form and run history show file, row and what to do."""
    (acme / file).unlink()
    if content is not None:
        (acme / file).write_text(content)
    with pytest.raises(ProviderRefused) as caught:
        await board.check()
    assert sentence in caught.value.reason


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1,wbe,T,,,", 'row 2: There is no project "wbe" in projects.csv.'),
        ("1,web,,,,", 'row 2: The cell "title" is empty.'),
        ("1,web,T,twelve,,", '"twelve" in "number" is not a whole number.'),
        ("1,web,T,²,,", '"²" in "number" is not a whole number.'),
        ("1,web,T,1,,\n2,web,T,1,,", "row 3: Row 2 has the same project and number."),
        ("1,web,T,,much,", '"much" in "estimate_hours" is not a number of hours.'),
        ("1,web,T,,,yesterday", '"yesterday" in "updated_at" is not like 2026-11-20 09:30.'),
    ],
)
async def test_a_slip_in_a_task_is_named(board: Board, acme: Path, row: str, sentence: str) -> None:
    """A mistyped project must not make a task vanish in silence."""
    header = "id,project,title,number,estimate_hours,updated_at"
    (acme / "tasks.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(ProviderRefused) as caught:
        await tasks(board, "web")
    assert sentence in caught.value.reason


async def test_optional_columns_are_read(board: Board, acme: Path) -> None:
    """Estimates with a comma, moments with a zone, lists with any separator; others are let be."""
    (acme / "tasks.csv").write_text(
        "id;project;title;estimate_hours;updated_at;labels;assignees;mood;done\n"
        "1;web;T;1,5;2026-11-20T10:30+01:00;a, b|c;ana;fine;x\n"
        "2;web;U;;2026-11-20;;;;\n"
    )
    found = await tasks(board, "web")
    assert found["1"].estimate_seconds == 5400
    assert found["1"].updated_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert found["1"].labels == ("a", "b", "c")
    assert (found["1"].is_done, found["2"].is_done) == (True, False)
    assert (found["1"].key, found["1"].number) == (None, None)


async def test_without_an_access_file_everyone_may_see_everything(board: Board, acme: Path) -> None:
    """The file is optional; once it is there, it is the whole list."""
    (acme / "access.csv").unlink()
    assert await board.access("board") is None
    (acme / "access.csv").write_text("project,person\n")
    assert await board.access("board") == frozenset()


async def test_time_is_kept_in_a_file_people_can_read(board: Board, acme: Path) -> None:
    """Task, person, day, hours and note; nothing a spreadsheet would run."""
    await board.write_time(worklog(note='=HYPERLINK("http://x")'))
    with (acme / "time.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row == {
        "marker": "m1",
        "task": "web-12",
        "person": "ana",
        "name": "Ana Ruiz",
        "day": "2026-11-20",
        "started_at": "2026-11-20T09:00:00+00:00",
        "seconds": "3600",
        "hours": "1.00",
        "note": '\'=HYPERLINK("http://x")',
    }


async def test_a_repeated_write_leaves_one_row(board: Board) -> None:
    """Even without looking first."""
    first = await board.write_time(worklog())
    assert await board.write_time(worklog()) == first
    assert await board.find_time(worklog()) == first
    await board.delete_time(first.external_id)
    assert await board.find_time(worklog()) is None


async def test_time_changed_by_hand_is_a_new_version(board: Board, acme: Path) -> None:
    """Hourlink can tell that somebody corrected the hours."""
    written = await board.write_time(worklog())
    path = acme / "time.csv"
    path.write_text(path.read_text().replace("3600", "1800"))
    found = await board.find_time(worklog())
    assert found is not None
    assert (found.seconds, found.version != written.version) == (1800, True)


async def test_time_for_strangers_is_refused(board: Board) -> None:
    """No row for a task or person that the board does not know."""
    with pytest.raises(ProviderRefused, match='no task "gone"'):
        await board.write_time(worklog(task_id="gone"))
    stranger = Worklog("m", "web-12", 60, date(2026, 11, 20), None, "", "zoe", "Zoe")
    with pytest.raises(ProviderRefused, match='no person "zoe"'):
        await board.write_time(stranger)


async def test_many_writers_lose_nothing(context: AdapterContext) -> None:
    """Every write is whole, and none overwrites another."""
    boards = [Board({"board": DEMO_BOARD, "key": DEMO_KEY}, context) for _ in range(12)]
    await asyncio.gather(*(b.write_time(worklog(f"m{n}")) for n, b in enumerate(boards)))
    found = [await boards[0].find_time(worklog(f"m{n}")) for n in range(12)]
    assert None not in found


async def test_a_lock_that_is_never_released_is_reported(
    context: AdapterContext, tmp_path: Path
) -> None:
    """A hung process elsewhere does not hang the outbox: it tries again later."""
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    hurried = AdapterContext(context.pool, context.boards_dir, context.clock, nap)
    board = Board({"board": DEMO_BOARD, "key": DEMO_KEY}, hurried)
    folder = BoardFolder(tmp_path, DEMO_BOARD, DEMO_KEY)
    with folder._lock(), pytest.raises(ProviderUnavailable, match="locked"):  # noqa: SLF001 - holds it open
        await board.write_time(worklog())
    assert sum(naps) > 1


async def test_a_file_saved_meanwhile_is_not_overwritten(board: Board, acme: Path) -> None:
    """A spreadsheet takes no lock; its version wins, and ours is tried again."""
    folder = BoardFolder(acme.parent, DEMO_BOARD, DEMO_KEY)
    seen = folder.table("tasks.csv")
    (acme / "tasks.csv").write_text("id,project,title\n1,web,Saved meanwhile\n")
    with pytest.raises(ProviderUnavailable, match="meanwhile"):
        folder.replace(seen.table, seen)
    assert [task.title for task in (await tasks(board, "web")).values()] == ["Saved meanwhile"]
    assert not [path for path in list_of(acme) if path.name.startswith(".new-")]


async def test_completion_uses_the_columns_there_are(board: Board, acme: Path) -> None:
    """A status column, a done column, both, or neither; nothing else in the file changes."""
    path = acme / "tasks.csv"
    path.write_bytes(
        b"\xef\xbb\xbfid;project;title;status;Remark\r\nx;web;T;Waiting;a;b\r\n"[:-4] + b"\r\n"
    )
    assert (await board.complete("x")).status == "Done"
    assert path.read_bytes().endswith(b"x;web;T;Done;a\r\n")
    assert (await board.reopen("x")).status == "To do"
    path.write_text("id,project,title,done,status,updated_at\nx,web,T,,Waiting,\n")
    done = await board.complete("x")
    assert (done.is_done, done.status, done.updated_at) == (True, "Done", NOW)
    path.write_text("id,project,title\nx,web,T\ny,web,U\n")
    assert (await board.complete("x")).is_done
    assert path.read_text() == "id,project,title,done\nx,web,T,yes\ny,web,U,\n"
    path.write_text("id,project,title,done,status\nx,web,T,yes,Waiting\n")
    assert (await board.reopen("x")).status == "Waiting"


async def test_an_archived_project_is_left_alone(board: Board) -> None:
    """Its tasks are history."""
    with pytest.raises(ProviderRefused, match="Old intranet is archived"):
        await board.complete("intranet-3")


async def test_modes_of_files_are_kept(board: Board, acme: Path) -> None:
    """A group that may edit the files still may after Hourlink wrote one."""
    (acme / "tasks.csv").chmod(0o664)
    await board.complete("web-12")
    assert (acme / "tasks.csv").stat().st_mode & 0o777 == 0o664


async def test_a_folder_that_cannot_be_written_says_so(board: Board, acme: Path) -> None:
    """Reading goes on; only write-back is refused."""
    (acme / ".lock").mkdir()
    with pytest.raises(ProviderRefused, match="cannot be written"):
        await board.write_time(worklog())
    assert (await board.check()).name == "Acme board"


async def test_a_server_without_boards_says_so(context: AdapterContext) -> None:
    """The operator named no folder: that is not the fault of anybody's key."""
    without = replace(context, boards_dir=None)
    with pytest.raises(ProviderRefused, match="HOURLINK_BOARDS_DIR"):
        await Board({"board": DEMO_BOARD, "key": DEMO_KEY}, without).check()


async def test_an_own_key_opens_what_its_holder_may_see(context: AdapterContext) -> None:
    """Evelyn is not on the board meeting, and writes nobody else's time."""
    hers = Board({"board": DEMO_BOARD, "key": DEMO_OWN_KEY}, context)
    site = await hers.check()
    assert (site.account_id, site.account_name) == ("evelyn", "Evelyn Novak")
    assert "board" not in {p.external_id async for page in hers.projects() for p in page.items}
    assert await hers.project("board") is None
    assert await hers.task("board-1") is None
    with pytest.raises(ProviderRefused, match="no project"):
        await tasks(hers, "board")
    with pytest.raises(ProviderRefused, match="nobody else's time"):
        await hers.write_time(worklog())
    written = await hers.write_time(replace(worklog(), account_id="evelyn"))
    assert written.seconds == 3600
    assert (await hers.complete("web-12")).is_done
    with pytest.raises(ProviderRefused, match="no task"):
        await hers.complete("board-1")


@pytest.mark.parametrize(
    "keys",
    [
        "person,key\nevelyn,other\n",
        "person,key\nevelyn,evelyn-demo-key\nbo,evelyn-demo-key\n",
        "person,key\nnobody,evelyn-demo-key\n",
        "person,key\n,evelyn-demo-key\n",
    ],
)
async def test_an_own_key_that_is_not_one_persons_opens_nothing(
    context: AdapterContext, acme: Path, keys: str
) -> None:
    """Changed, shared by two, or of nobody on the board."""
    (acme / "keys.csv").write_text(keys)
    with pytest.raises(ProviderAuthFailed):
        await Board({"board": DEMO_BOARD, "key": DEMO_OWN_KEY}, context).check()


async def test_the_own_key_of_who_was_switched_off(context: AdapterContext, acme: Path) -> None:
    """Who has left opens nothing any more."""
    people = acme / "people.csv"
    people.write_text(people.read_text().replace("Evelyn Novak,,yes", "Evelyn Novak,,no"))
    with pytest.raises(ProviderAuthFailed):
        await Board({"board": DEMO_BOARD, "key": DEMO_OWN_KEY}, context).check()
