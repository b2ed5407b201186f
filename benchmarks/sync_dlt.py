"""dlt (data load tool), loading the same pages: merge by primary key, into a database of its own.

Only ``make bench`` installs it. It reads with the same client as the floor, and is used as its own
documentation has it: issues are yielded as they come, dlt makes columns of what is in them, and a
cursor over ``updated_on`` remembers where the next load begins. A sweep goes without the cursor,
because what it is for, finding out what a cursor missed, needs every issue.

``--lean`` gives it nine columns that are mapped for it, which is as little as it can be given.
Either way it keeps no key, no search terms, no access, and no place to go on from.
"""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from benchmarks.apart import measured, obey
from benchmarks.sync_floor import pages
from storage.engine import driver_arguments

os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}

import dlt


def row(issue: Mapping[str, Any]) -> dict[str, Any]:
    """A task, flat."""
    return {
        "id": issue["id"],
        "provider_project_id": issue["project"]["id"],
        "title": issue["subject"],
        "is_done": issue["status"]["is_closed"],
        "status": issue["status"]["name"],
        "section": issue["category"]["name"],
        "assignee": str(issue["assigned_to"]["id"]),
        "estimate_seconds": round(issue["estimated_hours"] * 3600),
        "updated_on": issue["updated_on"],
    }


class Source:
    """The issues of some pages, as they come or mapped; counted."""

    def __init__(self, url: str, *, lean: bool) -> None:
        self._url = url
        self._lean = lean
        self.read = 0

    def issues(self, addresses: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
        """A list a page."""
        for body in pages(self._url, addresses):
            found = body.get("issues", ())
            self.read += len(found)
            if found:
                yield [row(issue) for issue in found] if self._lean else list(found)


def load(url: str, database: str, folder: str, *, lean: bool) -> Callable[..., dict[str, object]]:
    """The one thing that this process does."""
    if database.startswith("sqlite"):
        destination = dlt.destinations.sqlalchemy(credentials=database)
    else:
        where = driver_arguments(database)
        host = quote(where["host"], safe="")  # a folder with a socket in it
        address = f"postgresql://{where['user']}:none@{host}/{where['dbname']}"
        destination = dlt.destinations.postgres(credentials=address)
    pipeline = dlt.pipeline(
        "bench", destination=destination, dataset_name="bench", pipelines_dir=folder
    )

    def sync(addresses: list[str], *, full: bool, new: bool) -> dict[str, object]:
        del new
        source = Source(url, lean=lean)
        kept = {"name": "issue", "write_disposition": "merge", "primary_key": "id"}

        @dlt.resource(**kept)
        def changed(
            since: dlt.sources.incremental[str] = dlt.sources.incremental("updated_on"),  # noqa: B008
        ) -> Iterator[list[dict[str, Any]]]:
            del since  # the pages are those that Hourlink asked for, from its own cursor on
            yield from source.issues(addresses)

        @dlt.resource(**kept)
        def everything() -> Iterator[list[dict[str, Any]]]:
            yield from source.issues(addresses)

        with measured() as cost:
            pipeline.run(everything() if full else changed()).raise_on_failed_jobs()
        return {**cost.told(), "rows": source.read}

    return sync


def main() -> None:
    """Serves a database and a site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("url")
    parser.add_argument("folder", help="where it keeps its work")
    parser.add_argument("--lean", action="store_true", help="nine columns, mapped beforehand")
    options = parser.parse_args()
    sync = load(options.url, options.database, options.folder, lean=options.lean)
    obey({"sync": sync}, version=dlt.__version__)


if __name__ == "__main__":
    main()
