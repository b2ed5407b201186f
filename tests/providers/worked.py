"""The time that tests of every tool write."""

from datetime import UTC, date, datetime

from bot.integrations.api import Worklog

SINCE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def worked(
    task_id: str,
    *,
    marker: str = "7f1c",
    since: datetime | None = None,
    note: str = "header",
    by: str | None = None,
    name: str = "Ana Ruiz",
) -> Worklog:
    """An hour and a half on 20 November, with clock times where there is a ``since``."""
    return Worklog(
        marker=marker,
        task_id=task_id,
        seconds=5400,
        day=date(2026, 11, 20),
        started_at=since,
        note=note,
        account_id=by,
        member_name=name,
    )
