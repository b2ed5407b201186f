"""Which processor does what: the server alone on one, everything else on the others."""

import os


def _choose(cores: set[int]) -> None:
    # Only Linux lets a process choose, and with one core there is nothing to choose.
    if hasattr(os, "sched_setaffinity") and len(cores) > 0:
        os.sched_setaffinity(0, cores)


def _all() -> list[int]:
    return list(range(os.cpu_count() or 1))


def for_server() -> None:
    """This process has the first core."""
    _choose(set(_all()[:1]))


def for_others() -> None:
    """This process, and what it starts from now on, leaves the first core alone."""
    _choose(set(_all()[1:]))
