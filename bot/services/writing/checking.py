"""Reading every worklog, page by page, for a comparison with the tools."""

from collections.abc import Iterator

from bot.domain.writing.worklog_work import WorklogWork
from storage.unit_of_work import UnitOfWork
from storage.writing import worklog_work, worklogs

PAGE = 200


class WorklogChecking:
    """Reads; writes nothing."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def works(self) -> Iterator[WorklogWork]:
        """Every worklog of every team, oldest first."""
        after = 0
        while True:
            with self._uow.read() as tx:
                page = worklogs.page(tx, after=after, limit=PAGE)
                found = [worklog_work.work(tx, team_id, one) for team_id, one in page]
            yield from (one for one in found if one is not None)
            if not page:
                return
            after = page[-1][1]
