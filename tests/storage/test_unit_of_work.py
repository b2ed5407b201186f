"""What a transaction tells of its end."""

from collections.abc import Callable

import pytest

from storage.engine import open_engine
from storage.unit_of_work import UnitOfWork


def test_what_waits_for_the_commit_is_told_after_it(database_url: str) -> None:
    """A sync remembers which words are stored; of a page that was taken back it remembers none."""
    uow = UnitOfWork(open_engine(database_url))
    told: list[str] = []
    with uow.begin() as tx:
        tx.once_stored.append(lambda: told.append("stored"))
        assert told == []
    assert told == ["stored"]
    with pytest.raises(LookupError):
        _taken_back(uow, lambda: told.append("never"))
    assert told == ["stored"]


def _taken_back(uow: UnitOfWork, waits: Callable[[], None]) -> None:
    with uow.begin() as tx:
        tx.once_stored.append(waits)
        raise LookupError
