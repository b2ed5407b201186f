"""What a test changes of its process, and would leave behind for the next one."""

import logging
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


@contextmanager
def put_back() -> Iterator[None]:
    """Puts back what changes inside: environment, folder, logging, and what answers to signals."""
    environment, here = dict(os.environ), Path.cwd()
    temporary = tempfile.tempdir
    answers = [(one, signal.getsignal(one)) for one in _SIGNALS]
    was_configured, wording = structlog.is_configured(), structlog.get_config()
    root = logging.getLogger()
    level = root.level
    # Not the levels of the others: modules set some while they are imported, once.
    loggers = [
        (one, one.propagate, one.disabled, one.handlers[:], one.filters[:])
        for one in _loggers(root)
    ]
    try:
        yield
    finally:
        if dict(os.environ) != environment:
            os.environ.clear()
            os.environ.update(environment)
        os.chdir(here)
        tempfile.tempdir = temporary
        for one, answer in answers:
            if signal.getsignal(one) is not answer:
                signal.signal(one, answer)
        structlog.configure(**wording) if was_configured else structlog.reset_defaults()
        root.setLevel(level)
        for logger, propagate, disabled, handlers, filters in loggers:
            logger.propagate, logger.disabled = propagate, disabled
            logger.handlers, logger.filters = handlers, filters
        known = {one for one, *_ in loggers}
        for logger in _loggers(root):
            if logger not in known:  # as a server's, which is silent for the root while it runs
                logger.propagate = True


def _loggers(root: logging.Logger) -> list[logging.Logger]:
    named = logging.Logger.manager.loggerDict.values()
    return [root, *(one for one in named if isinstance(one, logging.Logger))]
