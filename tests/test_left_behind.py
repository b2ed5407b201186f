"""Tests leave nothing behind in their process, whatever order they run in."""

import logging
import logging.config
import os
import signal
from pathlib import Path

import pytest
import structlog

from bot.logs import configure
from tests.left_behind import put_back


def test_what_a_test_changes_is_put_back(tmp_path: Path) -> None:
    """The next test logs, looks up names and ends as if it were the first."""
    root, here = logging.getLogger(), Path.cwd()
    handlers, level, ends = root.handlers[:], root.level, signal.getsignal(signal.SIGTERM)
    with put_back():
        configure("debug", "json")
        root.setLevel(logging.CRITICAL)
        os.environ["HOURLINK_LEFT"] = "behind"
        os.chdir(tmp_path)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        assert structlog.is_configured()
    assert (root.handlers, root.level, Path.cwd()) == (handlers, level, here)
    assert not structlog.is_configured()
    assert "HOURLINK_LEFT" not in os.environ
    assert signal.getsignal(signal.SIGTERM) is ends


def test_it_is_put_back_after_a_failure_too() -> None:
    """One failure does not bring about others."""

    def fail() -> None:
        with put_back():
            os.environ["HOURLINK_LEFT"] = "behind"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert "HOURLINK_LEFT" not in os.environ


def test_what_a_test_silences_is_heard_in_the_next(caplog: pytest.LogCaptureFixture) -> None:
    """A server that is set up keeps its log from the root, under a name that is new by then."""
    with put_back():
        logging.getLogger("left.behind").propagate = False
    logging.getLogger("left.behind.error").error("something else")
    assert caplog.messages == ["something else"]


def test_what_a_test_switches_off_is_heard_in_the_next(caplog: pytest.LogCaptureFixture) -> None:
    """import-linter sets logging up anew, which switches off whatever logged before."""
    silenced = logging.getLogger("left.behind.before")
    with put_back():
        logging.config.dictConfig({"version": 1})
        assert silenced.disabled
    silenced.error("something else")
    assert caplog.messages == ["something else"]
