"""Which processor does what: the server alone on one, everything else on the others."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def for_server() -> None:
    """This process has the first core for itself."""
    _choose({0})


@contextmanager
def for_others() -> Iterator[None]:
    """This process, and what it starts inside, leaves the first core alone."""
    before = _chosen()
    _choose(set(range(1, os.cpu_count() or 1)))
    try:
        yield
    finally:
        _choose(before)


def _chosen() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _choose(cores: set[int]) -> None:
    # Only Linux lets a process choose, and with one core there is nothing to choose.
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)
