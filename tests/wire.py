"""A way to PostgreSQL that can be cut, at a chosen moment if need be."""

import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

NAME = ".s.PGSQL.5432"
COMMIT = b"COMMIT\0"
NONSENSE = b"\xff" * 32


class Wire:
    """Passes everything on between programs and the server, until it is cut."""

    def __init__(self, database_url: str) -> None:
        """Joins the two ends.

        Args:
            database_url: Of a database behind a Unix socket, as the tests' are.
        """
        url = make_url(database_url)
        self._server = Path(str(url.query["host"])) / NAME
        self._folder = Path(tempfile.mkdtemp(prefix="w-"))
        here = url.set(query={"host": str(self._folder)})
        self.url = here.render_as_string(hide_password=False)
        """Of the same database, at this end."""
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self._at_commit: bool | None = None
        self._is_frozen = False
        self.ignored = threading.Event()
        """Somebody asked something after that froze, and waits."""
        self._silent: socket.socket | None = None
        """The server's end of a connection whose next answer does not get through."""
        self._is_garbled = False
        self.mend()

    def mend(self) -> None:
        """New connections get through."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(self._folder / NAME))
        listener.listen(64)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        """Every connection ends, and none gets through."""
        with self._lock:
            listener, self._listener = self._listener, None
            (self._folder / NAME).unlink(missing_ok=True)
            ends, self._open = self._open, set()
        for one in (*ends, *([listener] if listener else [])):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def cut_at_commit(self, *, arrives: bool) -> None:
        """Cuts itself at the next commit: when it was carried out, or before it is."""
        self._at_commit = arrives

    def freeze(self) -> None:
        """Connections stay, and nothing comes through any more: the other machine vanished."""
        self._is_frozen = True

    def garble(self) -> None:
        """The next answer makes no sense, and its connection ends."""
        self._is_garbled = True

    def close(self) -> None:
        """Takes it away."""
        self.cut()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                far.connect(str(self._server))
            except OSError:
                return
            with self._lock:
                self._open |= {near, far}
            for ends, is_asking in (((near, far), True), ((far, near), False)):
                threading.Thread(
                    target=self._pass, args=ends, kwargs={"is_asking": is_asking}, daemon=True
                ).start()

    def _pass(self, one: socket.socket, other: socket.socket, *, is_asking: bool) -> None:
        # A server that ends with something unread resets its end instead of closing it.
        with suppress(OSError):
            while data := one.recv(65536):
                if self._is_frozen:
                    if is_asking:
                        self.ignored.set()
                    continue
                if self._is_garbled and not is_asking:
                    self._is_garbled = False
                    other.sendall(NONSENSE)
                    break
                if is_asking and self._at_commit is not None and COMMIT in data:
                    is_carried_out, self._at_commit = self._at_commit, None
                    if not is_carried_out:
                        self.cut()
                        return
                    self._silent = other
                elif one is self._silent:  # the answer to the commit
                    self.cut()
                    return
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
