"""``hourlink write-back --verify``: every difference is found, and nothing is changed (W2)."""

from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from bot.domain.linking.write_back import WriteMode
from bot.domain.writing.worklog_checks import Kind
from bot.integrations.errors import ProviderRefused, ProviderUnavailable
from bot.jobs.worklog_verifying import differences
from bot.services.writing.checking import WorklogChecking
from storage.tables import METADATA
from tests.jobs.writing_desk import WritingDesk

if TYPE_CHECKING:
    from bot.jobs.adapters import Adapters


async def verified(desk: WritingDesk) -> list[tuple[Kind, int, int | None]]:
    """Kind, ours and theirs of each difference; nothing was changed on either side."""

    def everything() -> str:
        with desk.office.world.engine.connect() as connection:
            return str([connection.execute(select(one)).all() for one in METADATA.sorted_tables])

    before, records = everything(), dict(desk.tool.records)
    calls = desk.tool.calls.copy()
    works = WorklogChecking(desk.office.world.uow).works()
    adapters = cast("Adapters", desk.tool)
    found = [one async for one in differences(works, adapters) if one is not None]
    assert (everything(), desk.tool.records) == (before, records)
    assert set(desk.tool.calls - calls) <= {"find"}
    return [(one.kind, one.seconds, one.theirs_seconds) for one in found]


async def test_where_everything_is_right_nothing_is_listed(desk: WritingDesk) -> None:
    """Rounding is no difference."""
    for seconds in (3600, 1810, 20):
        desk.office.logs(seconds)
    await desk.delivers()
    assert await verified(desk) == []


async def test_every_kind_of_difference_is_listed(desk: WritingDesk) -> None:
    """What was changed, removed or left in the tool, what is not written, what it does not say."""
    for seconds in (600, 1200, 1800, 2400, 3000):
        desk.office.logs(seconds)
    last = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.change("r1", seconds=6000)
    desk.tool.records.pop("r2")
    desk.tool.change("r3", text="Somebody's words")
    desk.office.deletes(last)
    desk.tool.before = [ProviderRefused("board", reason="Closed.") for _ in range(2)]
    desk.office.logs(4200)
    desk.tool.looking = [ProviderUnavailable("board")]
    assert await verified(desk) == [
        (Kind.UNKNOWN, 600, None),
        (Kind.MISSING, 1200, None),
        (Kind.CHANGED, 1800, 1800),
        (Kind.LEFT_OVER, 0, 3600),
        (Kind.OWED, 4200, None),
    ]
    await desk.delivers()
    assert (await verified(desk))[0] == (Kind.DIFFERENT, 600, 6000)


async def test_what_is_switched_off_is_not_compared(desk: WritingDesk) -> None:
    """The tool may have what it likes."""
    desk.office.logs(3600)
    await desk.delivers()
    desk.choose(write_mode=WriteMode.OFF)
    desk.tool.change("r1", seconds=6000)
    assert await verified(desk) == []
