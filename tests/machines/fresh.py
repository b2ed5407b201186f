"""What state machines share: a fresh database for each sequence, and how long they search."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias

from hypothesis import HealthCheck, Phase, settings

Fresh: TypeAlias = Callable[[], AbstractContextManager[str]]
"""Opens a migrated, empty database; its URL."""

_LONG = "HOURLINK_EXAMPLES" in os.environ

SEARCH = settings(
    max_examples=int(os.environ.get("HOURLINK_EXAMPLES", "12")),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Making a failure shorter takes minutes: worth it for who searches, not in every run.
    phases=[Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if _LONG else [])],
)
"""``HOURLINK_EXAMPLES=500`` tries so many sequences, and shortens the one that fails."""
