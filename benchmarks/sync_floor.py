"""The floor of a sync: the same pages, read one after another, and a raw ``executemany`` upsert.

No adapter, no comparing, no bookmark, no rights; the driver's own connection, a commit every 500
rows. It writes the same table with the same indexes as Hourlink does. On SQLite the index of task
search is a table of its own: ``--bare`` leaves it out, and on PostgreSQL the column that it is.
"""

import argparse
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import httpx
import psycopg

from benchmarks.apart import measured, obey
from storage.engine import driver_arguments

BATCH = 500
Row = dict[str, Any]

_COLUMNS = [
    *("id", "team_id", "integration_id", "provider_project_id", "external_id", "key"),
    *("key_folded", "key_is_ours", "number", "title", "terms", "url", "is_done", "status"),
    *("section", "labels", "assignee_ids", "estimate_seconds", "changed_at", "row_hash"),
]
_KEPT = {"id", "team_id", "integration_id", "external_id"}
_SETS = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in _KEPT)
_UPSERT = (
    f"INSERT INTO task ({', '.join(_COLUMNS)}) VALUES ({{}}) "  # noqa: S608 - of the names above
    f"ON CONFLICT (integration_id, external_id) DO UPDATE SET {_SETS}"
)
_INDEX = "INSERT INTO task_fts (rowid, terms) VALUES (?, ?)"
_PLACES = "SELECT external_id, id FROM provider_project"


def pages(url: str, addresses: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The bodies of these pages."""
    with httpx.Client(base_url=url, headers={"X-Redmine-API-Key": "benchmark"}) as client:
        for address in addresses:
            yield client.get(address).raise_for_status().json()


def row(issue: Mapping[str, Any], places: Mapping[str, int]) -> Row:
    """What Hourlink keeps of a task, without its checks."""
    number, project = issue["id"], str(issue["project"]["id"])
    key = f"P{project}-{number}"
    return {
        "id": number,
        "team_id": "T0BENCH",
        "integration_id": 1,
        "provider_project_id": places[project],
        "external_id": str(number),
        "key": key,
        "key_folded": key.lower(),
        "key_is_ours": True,
        "number": number,
        "title": issue["subject"],
        "terms": f"#{project} {key} {issue['subject']}".lower(),
        "url": f"http://127.0.0.1/issues/{number}",
        "is_done": issue["status"]["is_closed"],
        "status": issue["status"]["name"],
        "section": issue["category"]["name"],
        "labels": "[]",
        "assignee_ids": f'["{issue["assigned_to"]["id"]}"]',
        "estimate_seconds": round(issue["estimated_hours"] * 3600),
        "changed_at": issue["updated_on"],
        "row_hash": "0" * 32,
    }


class Lite:
    """SQLite's own driver, set up as Hourlink sets it up."""

    def __init__(self, database: str, *, bare: bool) -> None:
        self._connection = sqlite3.connect(database.removeprefix("sqlite:///"))
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._upsert = _UPSERT.format(", ".join(f":{name}" for name in _COLUMNS))
        self._bare = bare

    def places(self) -> dict[str, int]:
        """Ids of provider projects."""
        return dict(self._connection.execute(_PLACES).fetchall())

    def write(self, rows: Sequence[Row], *, new: bool) -> None:
        """One transaction."""
        self._connection.executemany(self._upsert, rows)
        if new and not self._bare:
            self._connection.executemany(_INDEX, [(-one["id"], one["terms"]) for one in rows[::-1]])
        self._connection.commit()


class Postgres:
    """psycopg, which sends an ``executemany`` in one go."""

    def __init__(self, database: str, *, bare: bool) -> None:
        self._connection = psycopg.connect(**driver_arguments(database))
        self._upsert = _UPSERT.format(", ".join(f"%({name})s" for name in _COLUMNS))
        if bare:
            self._connection.execute("ALTER TABLE task DROP COLUMN search_vector")
            self._connection.commit()

    def places(self) -> dict[str, int]:
        """Ids of provider projects."""
        return dict(self._connection.execute(_PLACES).fetchall())

    def write(self, rows: Sequence[Row], *, new: bool) -> None:
        """One transaction."""
        del new
        with self._connection.cursor() as cursor:
            cursor.executemany(self._upsert, rows)
        self._connection.commit()


def load(url: str, database: str, *, bare: bool) -> Callable[..., dict[str, object]]:
    """The one thing that this process does."""
    target = (Lite if database.startswith("sqlite") else Postgres)(database, bare=bare)

    def sync(addresses: list[str], *, full: bool, new: bool) -> dict[str, object]:
        del full
        places, rows, written = target.places(), list[Row](), 0
        with measured() as cost:
            for body in pages(url, addresses):
                rows += [row(issue, places) for issue in body.get("issues", ())]
                if len(rows) >= BATCH:
                    target.write(rows, new=new)
                    written += len(rows)
                    rows = []
            if rows:
                target.write(rows, new=new)
        return {**cost.told(), "rows": written + len(rows)}

    return sync


def main() -> None:
    """Serves a database and a site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("url")
    parser.add_argument("--bare", action="store_true", help="without the index of task search")
    options = parser.parse_args()
    obey({"sync": load(options.url, options.database, bare=options.bare)})


if __name__ == "__main__":
    main()
