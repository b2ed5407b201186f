"""A Procrastinate worker whose jobs do nothing, in a process of its own: the floor of workers.

python -m benchmarks.worker_floor postgresql://... [concurrency]
"""

import asyncio
import sys

import procrastinate

from benchmarks.apart import say

QUEUE, EMPTY = "floor", "floor.empty"


def made(connection: str, size: int = 4) -> procrastinate.App:
    """Procrastinate on a database, with the one job."""
    connector = procrastinate.PsycopgConnector(conninfo=connection, min_size=1, max_size=size)
    app = procrastinate.App(connector=connector)

    @app.task(name=EMPTY, queue=QUEUE)
    async def empty() -> None:
        pass

    return app


async def _work(connection: str, concurrency: int) -> None:
    app = made(connection)
    async with app.open_async():
        say(works=True)
        await app.run_worker_async(
            queues=[QUEUE], concurrency=concurrency, delete_jobs="always", wait=True
        )


def main() -> None:
    """The process; SIGTERM ends it."""
    asyncio.run(_work(sys.argv[1], int(sys.argv[2])))


if __name__ == "__main__":
    main()
