"""Indexes of those rows alone that fit a condition."""

from sqlalchemy import Index, MetaData, text

_WHERE = "where"


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Holds the rows that fit; ``spell_out`` tells SQLAlchemy so.

    SQLAlchemy asks a dialect what it may be told of an index, and imports all that it knows of
    PostgreSQL to that end. Nobody needs that but who makes tables.
    """
    return Index(name, *columns, unique=unique, info={_WHERE: where})


def spell_out(metadata: MetaData) -> None:
    """Lets every index that is made from here on know its condition."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if where := condition(index):
                for dialect in ("sqlite", "postgresql"):
                    index.dialect_options[dialect][_WHERE] = text(where)


def condition(index: Index) -> str | None:
    """What rows of it fit; None where all do."""
    found: str | None = index.info.get(_WHERE)
    return found
