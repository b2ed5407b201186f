"""Databases for state machines, which want a fresh one for each sequence they try."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias

Fresh: TypeAlias = Callable[[], AbstractContextManager[str]]
"""Opens a migrated, empty database; its URL."""
