"""One dialect and one cache of compiled statements of each kind of database, for a whole run.

Every test opens a database of its own. With what SQLAlchemy keeps for each engine, a third of the
tests' processor time went into compiling the same statements again.
"""

from typing import Any

from sqlalchemy import Engine, create_engine

_MANY = 10_000
"""Statements; a run has a few thousand."""

_known: dict[str, Engine] = {}


def open_compiled(*arguments: Any, **options: Any) -> Engine:  # noqa: ANN401 - as ``create_engine``
    """As ``create_engine``, but that it knows what was compiled for others of its kind."""
    engine = create_engine(*arguments, **options, query_cache_size=_MANY)
    known = _known.get(engine.dialect.name)
    if known is None or known.dialect.server_version_info is None:  # it has never connected
        _known[engine.dialect.name] = engine
        return engine
    engine.dialect = known.dialect
    engine._compiled_cache = known._compiled_cache  # noqa: SLF001 - there is no other way
    return engine
