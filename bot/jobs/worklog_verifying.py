"""Comparing what tools have with what they should have: asks, and changes nothing (W2)."""

from collections.abc import AsyncIterator, Iterable

from bot.domain.writing.worklog_checks import Difference, difference, needs_a_look, unknown
from bot.domain.writing.worklog_work import WorklogWork, key_of, new_author, wish_of
from bot.domain.writing.worklogs import Author, Record, Wanted
from bot.integrations.api import Adapter, KeepsTime, Worklog
from bot.integrations.errors import ProviderError
from bot.integrations.registry import ProviderUnknown
from bot.jobs.adapters import Adapters


async def differences(
    works: Iterable[WorklogWork], adapters: Adapters
) -> AsyncIterator[Difference | None]:
    """One answer for each worklog that the tool was asked about; None where nothing differs."""
    opened: dict[tuple[str, str | None, str | None], Adapter] = {}
    for work in works:
        if not needs_a_look(work) or work.place.sealed is None:
            continue
        author = work.stored.author or new_author(work)
        key = (work.place.provider, work.place.sealed, key_of(work, author))
        try:
            if key not in opened:
                opened[key] = adapters.open(*key)
            found = await _found(opened[key], work, author)
        except ProviderError as error:
            yield unknown(work, str(error))
        except ProviderUnknown:
            yield unknown(work, "its adapter is not installed")
        else:
            yield difference(work, found)


async def _found(adapter: Adapter, work: WorklogWork, author: Author) -> Record | None:
    if not isinstance(adapter, KeepsTime):
        return None
    stored, entry, wish = work.stored, work.found.entry, wish_of(work)
    wanted = wish.said.task if isinstance(wish, Wanted) else ""
    tried = stored.tried.task if stored.tried else ""
    for task in dict.fromkeys(filter(None, (stored.task, tried, wanted))):
        found = await adapter.find_time(
            Worklog(
                marker=stored.marker,
                task_id=task,
                seconds=entry.seconds or 0,
                day=entry.work_date,
                started_at=entry.started_at or work.work_begins,
                note=entry.note,
                account_id=author.account,
                member_name=work.member,
                zone=work.zone,
            )
        )
        if found is not None:
            return Record(found.external_id, found.version, found.seconds, found.day)
    return None
