"""W2, W3: a tool that gives a removed record's id to another keeps what is somebody else's."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.writing.worklogs import Choice, StoredWorklog, WorklogState
from bot.integrations.api import Worklog, WorklogRecord
from bot.integrations.errors import ProviderRefused, ProviderUnavailable
from tests.jobs.time_keeper import Kept, TimeKeeper
from tests.jobs.writing_desk import OFF, WRITTEN, WritingDesk
from tests.services.editor import TODAY, Editor

THEIRS = Kept("", "9", 27_000, TODAY, "by hand", "7", None)


class Recaller(TimeKeeper):
    """Says whose a record is, as it gives ids anew."""

    hides = False
    """It shows nothing, and says so of one that is asked for by its id."""

    async def recall_time(self, external_id: str, worklog: Worklog) -> WorklogRecord | None:
        """By task and person."""
        if self.hides:
            raise ProviderRefused("board", status=403, reason="It is hidden.")
        kept = self.records.get(external_id)
        is_same = kept is not None and (kept.task, kept.person) == (
            worklog.task_id,
            worklog.account_id,
        )
        return self._record(external_id) if is_same else None


def decides(desk: WritingDesk, choice: Choice) -> StoredWorklog:
    """Ana answers the question about her only record; it as it was before."""
    (stored,) = desk.stored()
    desk.deciding.decide(who=desk.office.ana, worklog_id=stored.id, choice=choice, now=desk.now)
    return stored


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[WritingDesk]:
    """Give Ana's office such a tool."""
    made = WritingDesk(Editor(database_url), Recaller())
    yield made
    made.close()


async def test_a_deletion_leaves_what_has_its_id_by_now(desk: WritingDesk) -> None:
    """Somebody removed ours, and somebody's own record came in its place."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.records["r1"] = THEIRS
    desk.office.deletes(entry)
    await desk.delivers()
    assert desk.tool.only == THEIRS
    assert desk.states() == [OFF]


async def test_what_lost_only_its_mark_was_changed_and_not_removed(desk: WritingDesk) -> None:
    """Person, task, day and length are ours: it is asked about as what it is, and marked again."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.change("r1", marker="", text="tidied")
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    assert "Somebody changed your time" in desk.mailbox.last
    assert "acme board: 1 h on" in desk.mailbox.last
    stored = decides(desk, Choice.OURS)
    await desk.delivers()
    assert desk.states() == [WRITTEN]
    assert (desk.tool.only.marker, desk.tool.only.seconds) == (stored.marker, 7200)


async def test_theirs_without_a_mark_goes_on_being_ours(desk: WritingDesk) -> None:
    """Whoever keeps it is not asked again at the next edit."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.change("r1", marker="", text="tidied")
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    stored = decides(desk, Choice.THEIRS)
    desk.office.edits(entry, seconds=1800)
    await desk.delivers()
    assert desk.states() == [WRITTEN]
    assert (desk.tool.only.marker, desk.tool.only.seconds) == (stored.marker, 1800)
    desk.office.deletes(entry)
    await desk.delivers()
    assert desk.tool.records == {}


async def test_what_is_hidden_is_not_called_removed(
    desk: WritingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archived project is in no list. Nobody is asked to delete here what is there."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    hidden = dict(desk.tool.records)
    desk.tool.records.clear()
    monkeypatch.setattr(Recaller, "hides", True)
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    assert desk.states() == [(WorklogState.FAILED, "It is hidden.")]
    monkeypatch.setattr(Recaller, "hides", False)
    desk.tool.records.update(hidden)
    (stored,) = desk.stored()
    desk.deciding.retry(who=desk.office.ana, worklog_id=stored.id, now=desk.now)
    await desk.delivers()
    assert desk.states() == [WRITTEN]
    assert desk.tool.only.seconds == 7200


@pytest.mark.parametrize("is_own", [False, True])
async def test_ours_is_written_beside_what_has_its_id_by_now(
    desk: WritingDesk, *, is_own: bool
) -> None:
    """*Keep ours* of one that is gone overwrites nothing, not even of the same person's."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    other = replace(desk.tool.only, marker="", seconds=60, day=date(2026, 11, 2))
    theirs = other if is_own else THEIRS
    desk.tool.records["r1"] = theirs
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    decides(desk, Choice.OURS)
    await desk.delivers()
    assert desk.states() == [WRITTEN]
    assert desk.tool.records["r1"] == theirs
    assert desk.tool.records["r2"].seconds == 7200


async def test_a_lost_deletion_is_not_repeated_on_another(desk: WritingDesk) -> None:
    """It went, and its id was given away before we looked."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board")]
    desk.office.deletes(entry)
    await desk.delivers()
    desk.tool.records["r1"] = THEIRS
    await desk.delivers(minutes=1)
    assert desk.tool.only == THEIRS
    assert desk.states() == [OFF]


async def test_a_lost_answer_to_ours_leaves_what_has_the_old_id(desk: WritingDesk) -> None:
    """Ours was written beside it, and is found once nothing was heard of that."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.records["r1"] = THEIRS
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board")]
    decides(desk, Choice.OURS)
    await desk.delivers()
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.records["r1"] == THEIRS
    assert desk.tool.records["r2"].seconds == 7200


async def test_restored_after_a_lost_delete_it_is_written_again(desk: WritingDesk) -> None:
    """Nobody else removed it; and a second call that gets lost does not make it look like that."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board")]
    gone = desk.office.deletes(entry)
    await desk.delivers()
    desk.office.undoing.undo(who=desk.office.ana, step=gone.step, now=desk.now)
    desk.tool.before = [ProviderUnavailable("board")]
    await desk.delivers(minutes=1)
    await desk.delivers(minutes=1)
    assert desk.mailbox.sent == []
    assert desk.states() == [WRITTEN]
    assert desk.tool.only.seconds == 3600
