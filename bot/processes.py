"""The processes of ``hourlink``: what serves, and what works in the background."""

import gc
import os
from collections.abc import Coroutine
from typing import Any

import structlog
from sqlalchemy.exc import DatabaseError, OperationalError

from bot import logs
from bot.console import POOLED, checked, closed, stop, stores_nothing
from bot.domain.errors import SavingRefused
from bot.server import CannotListen, run
from bot.server import serve as serve_app
from bot.server import work as work_app
from bot.settings import Role, Settings
from bot.settings_checks import unknown_names
from storage.migrations import DatabaseNewer, TransactionsPooled
from storage.single_process import DatabaseInUse

log = structlog.get_logger(__name__)


def ready() -> None:
    """What is there now stays; from here on there may be garbage (see ``bot.__main__``)."""
    gc.freeze()
    gc.enable()


def serve(*, socket: bool = False) -> None:
    """Serves Slack at POST /slack/events; with SQLite the background work too.

    Args:
        socket: Receive from Slack over Socket Mode.
    """
    options = _begin("socket" if socket else "http")

    def listening(address: str) -> None:
        ready()
        print(f"Hourlink listens on {address}", flush=True)  # noqa: T201

    _run(serve_app(options, socket=socket, listening=listening), options)


def worker() -> None:
    """Does background work, shared with any number of other workers (PostgreSQL)."""
    options = _begin("worker")

    def working() -> None:
        ready()
        print("Hourlink works in the background", flush=True)  # noqa: T201

    _run(work_app(options, working=working), options)


def _begin(role: Role) -> Settings:
    options = checked(role)
    logs.configure(options.log_level, options.log_format)
    for slip in unknown_names(os.environ):
        log.warning("setting_unknown", setting=slip.setting, mend=slip.mend)
    return options


def _run(work: Coroutine[Any, Any, None], options: Settings) -> None:
    """Until it ends; what keeps it from starting is one sentence."""
    try:
        run(work)
    except DatabaseNewer as error:
        stop(_newer(error))
    except TransactionsPooled:
        stop(POOLED)
    except DatabaseError as error:
        if type(error) not in {DatabaseError, OperationalError}:  # others are faults of Hourlink
            raise
        stop(closed(error.orig, options.database))
    except SavingRefused as error:
        stop(stores_nothing(error.why, options.database))
    except DatabaseInUse as error:
        stop(f"Another Hourlink already works on {error.path}. Stop it, or use PostgreSQL.")
    except CannotListen as error:
        stop(
            f"Cannot listen on {error.address}: {error.reason}. "
            f"HOURLINK_HOST and {error.setting} choose where."
        )
    except OSError as error:
        if error.filename is None:
            raise
        stop(f"{error.filename} cannot be used: {error.strerror}. See HOURLINK_DATA_DIR.")


def _newer(error: DatabaseNewer) -> str:
    return (
        f"The database is at migration {error.revision}, which this version of Hourlink does not "
        "know: a newer one has been here. Start that one, or put the backup from before back."
    )
