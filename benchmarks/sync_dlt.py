"""dlt (data load tool), loading the same pages: merge by primary key, into a database of its own.

Only ``make bench`` installs it. It reads with the same client as the floor, and is given rows that
are already mapped, without what only Hourlink keeps: no key, no search terms, no hash.
"""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping
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
        "external_id": str(issue["id"]),
        "provider_project_id": issue["project"]["id"],
        "title": issue["subject"],
        "is_done": issue["status"]["is_closed"],
        "status": issue["status"]["name"],
        "section": issue["category"]["name"],
        "assignee": str(issue["assigned_to"]["id"]),
        "estimate_seconds": round(issue["estimated_hours"] * 3600),
        "changed_at": issue["updated_on"],
    }


def load(url: str, database: str, folder: str) -> Callable[..., dict[str, object]]:
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

    def sync(addresses: list[str], *, new: bool) -> dict[str, object]:
        del new
        read = 0

        @dlt.resource(name="task", write_disposition="merge", primary_key="external_id")
        def tasks() -> Iterator[list[dict[str, Any]]]:
            nonlocal read
            for body in pages(url, addresses):
                if rows := [row(issue) for issue in body.get("issues", ())]:
                    read += len(rows)
                    yield rows

        with measured() as cost:
            pipeline.run(tasks()).raise_on_failed_jobs()
        return {**cost.told(), "rows": read}

    return sync


def main() -> None:
    """Serves a database and a site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("url")
    parser.add_argument("folder", help="where it keeps its work")
    options = parser.parse_args()
    obey({"sync": load(options.url, options.database, options.folder)}, version=dlt.__version__)


if __name__ == "__main__":
    main()
