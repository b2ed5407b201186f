"""W2: one record, whatever gets lost, dies or breaks on the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.writing.worklogs import Trouble, WorklogState
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderRateLimited,
    ProviderRefused,
    ProviderSurprised,
    ProviderUnavailable,
)
from storage.people.account_links import AccountLinkRow
from tests.jobs.writing_desk import HOURS_LATER, OFF, WRITTEN, WritingDesk, owed


async def test_an_answer_that_was_lost_does_not_make_two(desk: WritingDesk) -> None:
    """The tool wrote it, and the answer never came: it is looked for, and kept."""
    desk.tool.after = [ProviderUnavailable("board")]
    desk.office.logs(3600)
    await desk.delivers()
    assert desk.states() == [(WorklogState.PENDING, Trouble.NO_ANSWER)]
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls == {"write": 1, "find": 1}


async def test_a_lost_answer_and_an_edit_make_one_record(desk: WritingDesk) -> None:
    """What was found is brought up to what the entry says by now."""
    desk.tool.after = [ProviderUnavailable("board")]
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.office.edits(entry, seconds=7200)
    await desk.delivers(minutes=1)
    assert desk.tool.only.seconds == 7200
    assert desk.tool.calls == {"write": 1, "find": 1, "update": 1}


async def test_a_lost_update_is_no_conflict(desk: WritingDesk) -> None:
    """The record changed because we changed it, also where it was edited again meanwhile."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board"), ProviderUnavailable("board")]
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls["update"] == 1
    desk.office.edits(entry, seconds=9000)
    await desk.delivers()
    desk.office.edits(entry, seconds=1800)
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.only.seconds == 1800


async def test_two_lost_updates_are_no_conflict(desk: WritingDesk) -> None:
    """The first arrived and the second did not: what is there is still ours."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board")]
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    desk.tool.before = [ProviderUnavailable("board")]
    desk.office.edits(entry, seconds=1800)
    await desk.delivers(minutes=1)
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.only.seconds == 1800


async def test_a_lost_delete_is_repeated(desk: WritingDesk) -> None:
    """It is gone, whichever of them did it."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board")]
    desk.office.deletes(entry)
    await desk.delivers()
    await desk.delivers(minutes=1)
    assert desk.tool.records == {}
    assert desk.states() == [OFF]


async def test_restored_after_a_lost_delete_it_is_written_again(desk: WritingDesk) -> None:
    """Nobody else removed it; and a second call that gets lost does not make it look like that."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board")]
    gone = desk.office.deletes(entry)
    await desk.delivers()
    assert desk.tool.records == {}
    desk.office.undoing.undo(who=desk.office.ana, step=gone.step, now=desk.now)
    desk.tool.before = [ProviderUnavailable("board")]
    await desk.delivers(minutes=1)
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.only.seconds == 3600


async def test_a_crash_before_it_was_noted_does_not_make_two(
    desk: WritingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between the tool's answer and our commit."""

    def dies(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    desk.office.logs(3600)
    with monkeypatch.context() as patched:
        patched.setattr(desk.writing, "wrote", dies)
        await desk.delivers()
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls["write"] == 1


async def test_a_worker_that_overslept_does_not_call_the_tool(
    desk: WritingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was held up for so long that another has taken the work up, and may be writing."""
    desk.office.logs(3600)
    began, team = desk.writing.begins, desk.office.world.team_id

    def overslept(*arguments: Any, **values: Any) -> None:  # noqa: ANN401 - as ``begins``
        monkeypatch.undo()
        assert desk.outbox.take({team: 9}, desk.now + timedelta(minutes=1))
        began(*arguments, **values)

    monkeypatch.setattr(desk.writing, "begins", overslept)
    await desk.delivers()
    assert not desk.tool.calls
    await desk.delivers(minutes=3)
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls["write"] == 1


async def test_a_call_that_may_still_arrive_is_not_looked_for(desk: WritingDesk) -> None:
    """A busy tool goes on with what a dead process sent; looking at once would prove nothing."""
    desk.tool.after = [ProviderUnavailable("board")]
    desk.office.logs(3600)
    await desk.delivers()
    await desk.delivers(minutes=0.1)
    assert desk.tool.calls == {"write": 1}
    await desk.delivers(minutes=1)
    assert desk.tool.calls == {"write": 1, "find": 1}
    assert desk.states() == [WRITTEN]


async def test_dying_at_every_try_is_given_up_in_sight(desk: WritingDesk) -> None:
    """Nothing stays on its way for ever."""
    desk.office.logs(3600)
    desk.tool.after = [ProviderUnavailable("board")]
    await desk.delivers()
    for _ in range(12):
        (item,) = desk.outbox.take({desk.office.world.team_id: 9}, desk.now + timedelta(days=1))
        desk.outbox.hand_back(desk.now)
        assert item.kind == "worklog.write"
        if item.attempts >= 11:
            break
    await desk.delivers()
    assert desk.states() == [(WorklogState.FAILED, Trouble.NO_ANSWER)]
    assert owed(desk) == 0


async def test_an_edit_while_it_is_being_written_is_not_lost(
    desk: WritingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is owed again by the same transaction that notes the older one as written."""
    entry = desk.office.logs(3600)
    began = desk.writing.begins

    def edits_meanwhile(*arguments: Any, **values: Any) -> None:  # noqa: ANN401 - as ``begins``
        began(*arguments, **values)
        monkeypatch.undo()
        desk.office.edits(entry, seconds=5400)

    monkeypatch.setattr(desk.writing, "begins", edits_meanwhile)
    await desk.delivers()
    assert desk.tool.only.seconds == 5400
    assert desk.tool.calls == {"write": 1, "find": 1, "update": 1}
    assert desk.states() == [WRITTEN]
    assert owed(desk) == 0


async def test_giving_up_is_seen(desk: WritingDesk) -> None:
    """After a day without an answer; the next edit tries again, and looks first."""
    desk.tool.before = [ProviderUnavailable("board") for _ in range(99)]
    entry = desk.office.logs(3600)
    await desk.delivers()
    for _ in range(12):
        await desk.delivers(minutes=HOURS_LATER)
    assert desk.states() == [(WorklogState.FAILED, Trouble.NO_ANSWER)]
    assert owed(desk) == 0
    desk.tool.before = []
    desk.office.edits(entry, note="again")
    await desk.delivers()
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls["find"] > 0


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (lambda: ProviderRefused("board", reason="The issue is closed."), "The issue is closed."),
        (lambda: ProviderRefused("board", reason="No."), "No."),
        (lambda: ProviderAuthFailed("board"), Trouble.CREDENTIALS),
    ],
)
async def test_a_refusal_is_told_in_the_tools_words(
    desk: WritingDesk, error: Callable[[], Exception], reason: str
) -> None:
    """At once, and it is not asked again by itself."""
    desk.tool.before = [error(), error()]
    desk.office.logs(3600)
    await desk.delivers()
    await desk.delivers(minutes=HOURS_LATER)
    assert desk.states() == [(WorklogState.FAILED, reason)]
    assert desk.tool.records == {}


@pytest.mark.parametrize("own", [False, True])
async def test_a_token_that_is_exchanged_meanwhile_is_no_dead_key(
    desk: WritingDesk, *, own: bool
) -> None:
    """Some tools end the old one at once; it is written with the new one, and nobody is told."""

    def exchanged() -> None:
        if own:
            desk.office.change(AccountLinkRow, 1, sealed_token="renewed")
        else:
            desk.choose(sealed_credentials="renewed")

    if own:
        desk.office.change(AccountLinkRow, 1, sealed_token="mine")
    desk.tool.meanwhile = exchanged
    desk.tool.before = [ProviderAuthFailed("board")]
    desk.office.logs(3600)
    await desk.delivers()
    assert desk.states() == [(WorklogState.PENDING, "")]
    await desk.delivers(minutes=HOURS_LATER)
    assert desk.states() == [WRITTEN]
    assert len(desk.tool.records) == 1
    assert desk.tool.opened[-1] == ("renewed" if own else None)


async def test_a_tool_that_makes_no_sense_is_not_asked_for_a_day(desk: WritingDesk) -> None:
    """Writes to the same task wait behind it."""
    desk.tool.before = [ProviderSurprised("board") for _ in range(6)]
    desk.office.logs(3600)
    await desk.delivers()
    for _ in range(6):
        await desk.delivers(minutes=60)
    assert desk.states() == [(WorklogState.FAILED, Trouble.NO_ANSWER)]


async def test_a_tool_that_asks_to_wait_is_left_alone_so_long(desk: WritingDesk) -> None:
    """Its own word counts."""
    desk.tool.before = [ProviderRateLimited("board", retry_after=120)]
    desk.office.logs(3600)
    await desk.delivers()
    assert desk.states() == [(WorklogState.PENDING, Trouble.BUSY)]
    await desk.delivers(minutes=1.5)
    assert desk.tool.records == {}
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
