"""A board's folder: which one it is, who may open it, and how its files are read and replaced."""

import fcntl
import hmac
import os
import re
import stat
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from bot.domain.values import dataclass
from bot.integrations.errors import ProviderAuthFailed, ProviderRefused, ProviderUnavailable
from bot.providers.board.table import Table, TableProblem, read_table, write_table

SLUG = "board"
SETTINGS_FILE = "board.toml"
KEYS_FILE = "keys.csv"

_NAME = re.compile(r"\w[\w .\-]{0,99}")
_MAX_BYTES = 20 * 1024 * 1024
_LOCK_FILE = ".lock"

Result = TypeVar("Result")


class BoardBusy(Exception):
    """Another process or thread is writing to the board."""


@dataclass(frozen=True, slots=True)
class BoardSettings:
    """What ``board.toml`` says."""

    name: str
    url: str
    """Where the board can be seen in a browser; empty for nowhere."""
    done_status: str
    open_status: str
    person: str | None = None
    """Whose own key opened it, by id; None for the board's key, which opens everything."""


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table, and which state of its file it was read from."""

    table: Table
    changed_at: datetime
    """When the file last changed in any way, aware, UTC."""
    stamp: tuple[int, int, int]
    """Inode, size and change time in nanoseconds."""


class BoardFolder:
    """One board. Every method opens files and blocks; run it in a thread."""

    def __init__(self, boards_dir: Path | None, name: str, key: str) -> None:
        self.name = name
        self.reads = 0
        """Files read so far."""
        self._boards_dir = boards_dir
        self._key = key

    def settings(self) -> BoardSettings:
        """Reads ``board.toml`` and checks the access key: the board's, or somebody's own.

        Raises:
            ProviderAuthFailed: there is no such board, or the key is nobody's.
            ProviderRefused: the file cannot be read, or not be understood.
        """
        content = self._content(SETTINGS_FILE)
        if content is None:
            raise _no_board(
                f"The folder \u201c{self.name}\u201d is there, but it is no board: it has no "
                f"{SETTINGS_FILE}."
            )
        try:
            values = tomllib.loads(content.decode("utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise refused(f"{SETTINGS_FILE}: {error}") from None
        key = _text(values, "key")
        if not key:
            raise refused(f'{SETTINGS_FILE}: There is no access key. Add a line: key = "..."')
        person = None
        if not _same(key, self._key):
            person = self._holder()
            if person is None:
                raise ProviderAuthFailed(SLUG, "another access key")
        return BoardSettings(
            name=_text(values, "name") or self.name,
            url=_text(values, "url").rstrip("/"),
            done_status=_text(values, "done_status") or "Done",
            open_status=_text(values, "open_status") or "To do",
            person=person,
        )

    def _holder(self) -> str | None:
        """Whose own key it is: the one person with it in ``keys.csv``."""
        stored = self.table_if_any(KEYS_FILE)
        if stored is None:
            return None
        table = stored.table
        theirs = [
            table.text(row, "person")
            for row in table.rows
            if _same(table.text(row, "key"), self._key)
        ]
        return theirs[0] if len(theirs) == 1 and theirs[0] and self._key else None

    def table(self, file: str) -> StoredTable:
        """Reads a CSV file that must exist.

        Raises:
            ProviderRefused: it is missing or cannot be understood.
        """
        found = self.table_if_any(file)
        if found is None:
            raise refused(f"{file}: The file is missing.")
        return found

    def table_if_any(self, file: str) -> StoredTable | None:
        """Reads a CSV file, or None where there is none.

        Raises:
            ProviderRefused: it cannot be understood.
        """
        opened = self._open(file)
        if opened is None:
            return None
        content, state = opened
        try:
            table = read_table(file, content)
        except TableProblem as problem:
            raise refused(str(problem)) from None
        changed = max(state.st_mtime, state.st_ctime)
        return StoredTable(table, datetime.fromtimestamp(changed, UTC), _stamp(state))

    def replace(self, table: Table, seen: StoredTable | None) -> None:
        """Puts a new version of a file in place, whole or not at all. Call it when locked.

        Args:
            table: the new content.
            seen: the version it was made from; None for a file that did not exist.

        Raises:
            ProviderUnavailable: somebody saved the file in the meantime; start over.
            ProviderRefused: the folder cannot be written to.
        """
        path = self._path() / table.file
        try:
            handle, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(write_table(table))
                    out.flush()
                    os.fsync(out.fileno())
                self._keep_mode(path, temporary)
                self._refuse_overwriting(path, seen)
                Path(temporary).replace(path)
            finally:
                Path(temporary).unlink(missing_ok=True)
        except OSError as error:
            raise refused(f"{table.file}: It cannot be written ({error.strerror}).") from error

    def locked(self, work: Callable[[], Result]) -> Result:
        """Does some work while no other Hourlink process or thread writes to this board.

        Raises:
            BoardBusy: somebody else is writing; come back in a moment.
            ProviderRefused: the folder cannot be written to.
        """
        with self._lock():
            return work()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            handle = os.open(self._path() / _LOCK_FILE, flags, 0o600)
        except OSError as error:
            raise refused(f"The folder cannot be written to ({error.strerror}).") from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BoardBusy from None
            yield
        finally:
            os.close(handle)

    def _path(self) -> Path:
        """The folder, when it really lies directly under the configured one.

        Raises:
            ProviderAuthFailed: the name leads elsewhere, or nowhere.
            ProviderRefused: this server has no folder for boards.
        """
        if self._boards_dir is None:
            raise refused("This server has no folder for boards (HOURLINK_BOARDS_DIR).")
        root = self._boards_dir.resolve()
        path = (root / self.name).resolve() if _NAME.fullmatch(self.name) else root
        if path.parent != root or not path.is_dir():
            # The same for every other place of this machine, whatever there is.
            raise _no_board(
                f"There is no board folder \u201c{self.name}\u201d on Hourlink's server. Type a "
                "folder's name as it stands in the boards directory, without a path."
            )
        return path

    def _content(self, file: str) -> bytes | None:
        opened = self._open(file)
        return None if opened is None else opened[0]

    def _open(self, file: str) -> tuple[bytes, os.stat_result] | None:
        """Content and state of an ordinary file; symbolic links, pipes and giants are refused."""
        path = self._path() / file
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            handle = os.open(path, flags)
        except FileNotFoundError:
            return None
        except OSError as error:
            if not os.access(path.parent, os.R_OK | os.X_OK):
                raise refused(
                    f"Hourlink may not read the folder \u201c{self.name}\u201d ({error.strerror})."
                ) from None
            why = "It is a link" if path.is_symlink() else error.strerror
            raise refused(f"{file}: It cannot be opened ({why}).") from None
        with os.fdopen(handle, "rb") as opened:
            state = os.fstat(opened.fileno())
            if not stat.S_ISREG(state.st_mode) or state.st_size > _MAX_BYTES:
                raise refused(f"{file}: It is no ordinary file of at most {_MAX_BYTES} bytes.")
            self.reads += 1
            return opened.read(), state

    def _keep_mode(self, path: Path, temporary: str) -> None:
        """A replaced file stays as readable as it was; a new one follows its folder."""
        like = path if path.exists() else path.parent
        Path(temporary).chmod(like.stat().st_mode & 0o666)

    def _refuse_overwriting(self, path: Path, seen: StoredTable | None) -> None:
        current = _stamp(path.lstat()) if path.exists() else None
        if current != (seen.stamp if seen else None):
            raise ProviderUnavailable(SLUG, f"{path.name} was saved by somebody else meanwhile")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _no_board(sentence: str) -> ProviderAuthFailed:
    return ProviderAuthFailed(SLUG, sentence, reason=sentence)


def refused(sentence: str) -> ProviderRefused:
    """A refusal in words for the person who keeps the board."""
    return ProviderRefused(SLUG, sentence, reason=sentence)


def _text(values: dict[str, object], name: str) -> str:
    value = values.get(name, "")
    if not isinstance(value, str):
        raise refused(f"{SETTINGS_FILE}: {name} has to be text in quotes.")
    return value.strip()


def _stamp(state: os.stat_result) -> tuple[int, int, int]:
    return state.st_ino, state.st_size, max(state.st_mtime_ns, state.st_ctime_ns)
