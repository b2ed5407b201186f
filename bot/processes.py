"""The processes of ``hourlink``: what serves, and what works in the background."""

import gc

from sqlalchemy.exc import OperationalError

from bot import logs
from bot.console import checked, stop
from bot.server import run
from bot.server import serve as serve_app
from bot.server import work as work_app
from storage.migrations import DatabaseNewer
from storage.single_process import DatabaseInUse


def ready() -> None:
    """What is there now stays; from here on there may be garbage (see ``bot.__main__``)."""
    gc.freeze()
    gc.enable()


def serve(*, socket: bool = False) -> None:
    """Serves Slack at POST /slack/events; with SQLite the background work too.

    Args:
        socket: Receive from Slack over Socket Mode.
    """
    options = checked("socket" if socket else "http")
    logs.configure(options.log_level, options.log_format)

    def listening(address: str) -> None:
        ready()
        print(f"Hourlink listens on {address}", flush=True)  # noqa: T201

    try:
        run(serve_app(options, socket=socket, listening=listening))
    except DatabaseNewer as error:
        stop(_newer(error))
    except OperationalError as error:
        stop(_closed(error))
    except DatabaseInUse as error:
        stop(f"Another Hourlink already works on {error.path}. Stop it, or use PostgreSQL.")
    except OSError as error:
        stop(f"Cannot listen on {options.host}:{options.port}: {error.strerror or error}.")


def worker() -> None:
    """Does background work, shared with any number of other workers (PostgreSQL)."""
    options = checked("worker")
    logs.configure(options.log_level, options.log_format)

    def working() -> None:
        ready()
        print("Hourlink works in the background", flush=True)  # noqa: T201

    try:
        run(work_app(options, working=working))
    except DatabaseNewer as error:
        stop(_newer(error))
    except OperationalError as error:
        stop(_closed(error))


def _closed(error: OperationalError) -> str:
    reason, _, _ = str(error.orig).strip().partition("\n")
    return (
        f"The database cannot be opened: {logs.mask_text(reason)}. Is it up, and are address, user "
        "and password in HOURLINK_DATABASE_URL right?"
    )


def _newer(error: DatabaseNewer) -> str:
    return (
        f"The database is at migration {error.revision}, which this version of Hourlink does not "
        "know: a newer one has been here. Start that one, or put the backup from before back."
    )
