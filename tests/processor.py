"""What something costs, in processor time of this process."""

import gc
import time
from collections.abc import Callable

_TRIES = 3


def seconds_of(work: Callable[[], object]) -> float:
    """The least of some tries: what other tests left to be collected is not its affair."""
    return min(_once(work) for _ in range(_TRIES))


def _once(work: Callable[[], object]) -> float:
    was_on = gc.isenabled()
    gc.disable()
    try:
        began = time.process_time()
        work()
        return time.process_time() - began
    finally:
        if was_on:
            gc.enable()
