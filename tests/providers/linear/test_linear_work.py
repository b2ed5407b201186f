"""Comments and statuses of a Linear's issues."""

from dataclasses import replace

import pytest

from bot.integrations.api import Worklog
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused, ProviderUnavailable
from bot.providers.linear.adapter import Linear
from tests.http_server import Say
from tests.providers.linear.stand_in import LinearStandIn
from tests.providers.linear.world import STATES, key_of
from tests.providers.worked import worked


@pytest.fixture
def worklog(linear: LinearStandIn) -> Worklog:
    """Give time on the first issue."""
    return worked(next(iter(linear.titles())))


async def test_comment_names_the_member(
    linear: LinearStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """It stands there in the key owner's name, so whose time it is has to be said."""
    await Linear(linear.credentials, context).write_time(worklog)
    (kept,) = linear.comments.kept.values()
    assert kept["user"] == linear.me
    said = "Ana Ruiz tracked 1 h 30 m on 20 November 2026: header [hl:7f1c]"
    assert kept["body"] == said


async def test_repeated_write_is_there_once(
    linear: LinearStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """Its id is made of the marker, and Linear takes an id once."""
    adapter = Linear(linear.credentials, context)
    written = await adapter.write_time(worklog)
    assert await adapter.write_time(worklog) == written
    assert len(linear.comments.kept) == 1


async def test_time_that_was_removed_can_come_back(
    linear: LinearStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """A removed entry was restored: its comment's id is spent, and another one does."""
    adapter = Linear(linear.credentials, context)
    first = await adapter.write_time(worklog)
    await adapter.delete_time(first.external_id)
    second = await adapter.write_time(worklog)
    assert second.external_id != first.external_id
    assert await adapter.find_time(worklog) == second


async def test_lost_answer_is_not_written_twice(
    linear: LinearStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """Whether a write arrived is unknown then; it is not repeated without looking."""
    linear.spoil(lambda _: Say(502, "<html>"), on=1, lasts=1)
    adapter = Linear(linear.credentials, context)
    with pytest.raises(ProviderUnavailable):
        await adapter.write_time(worklog)
    assert await adapter.find_time(worklog) is not None
    assert len(linear.comments.kept) == 1


async def test_markdown_that_linear_rewrites_is_read_the_same(
    linear: LinearStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """A backslash before a bracket is nobody's change."""
    linear.comments.escapes = True
    adapter = Linear(linear.credentials, context)
    written = await adapter.write_time(worklog)
    assert written.seconds == 5400
    assert await adapter.find_time(worklog) == written


async def test_rewritten_comment_is_found_and_told(
    linear: LinearStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """Even without its marker: a conflict for a person, not a second comment."""
    adapter = Linear(linear.credentials, context)
    written = await adapter.write_time(worklog)
    (kept,) = linear.comments.kept.values()
    kept["body"] = "I was ill."
    found = await adapter.find_time(worklog)
    assert found is not None
    assert (found.external_id, found.seconds) == (written.external_id, 0)
    assert found.version != written.version


async def test_quoted_marker_is_not_ours(
    linear: LinearStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """Somebody answers and quotes; what Hourlink would change then is not theirs."""
    ana = list(linear.people)[1]
    linear.comments.put(worklog.task_id, "> 1 h [hl:7f1c] Really?", ana)
    longer = "Ana Ruiz tracked 1 h on 20 November 2026 [hl:7f1c2]"
    linear.comments.put(worklog.task_id, longer, linear.me)
    assert await Linear(linear.credentials, context).find_time(worklog) is None


async def test_changed_task_moves_the_comment_once(
    linear: LinearStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """There is a new one before the old one goes; a crash between the two doubles none."""
    adapter = Linear(linear.credentials, context)
    written = await adapter.write_time(worklog)
    elsewhere = replace(worklog, task_id=list(linear.titles())[1])
    await adapter.write_time(elsewhere)  # and then the process died
    moved = await adapter.update_time(written.external_id, elsewhere)
    assert len(linear.comments.kept) == 1
    assert await adapter.find_time(elsewhere) == moved
    with pytest.raises(ProviderRefused) as caught:
        await adapter.update_time(written.external_id, elsewhere)
    assert caught.value.status == 404


async def test_comment_that_is_gone_is_told_as_gone(
    linear: LinearStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """Of a missing thing Linear says what it says of a wrong question."""
    adapter = Linear(linear.credentials, context)
    written = await adapter.write_time(worklog)
    linear.comments.kept.clear()
    with pytest.raises(ProviderRefused) as caught:
        await adapter.update_time(written.external_id, worklog)
    assert caught.value.status == 404


async def test_somebody_elses_comment_is_neither_changed_nor_removed(
    linear: LinearStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """The refusal is Linear's own, and no conflict."""
    ana = list(linear.people)[1]
    written = await Linear(linear.credentials, context).write_time(worklog)
    other = Linear({"key": key_of(ana)}, context)
    for asking in (
        other.update_time(written.external_id, worklog),
        other.delete_time(written.external_id),
    ):
        with pytest.raises(ProviderRefused) as caught:
            await asking
        assert caught.value.reason == "You can only change your own comments."
        assert caught.value.status == 403


async def test_first_status_of_the_team_is_chosen(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """By its type and place; teams call it what they like."""
    adapter = Linear(linear.credentials, context)
    issue = next(iter(linear.titles()))
    assert (await adapter.complete(issue)).status == "Done"
    assert (await adapter.reopen(issue)).status == "In Progress"
    linear.change(issue, state="Canceled")
    assert (await adapter.complete(issue)).status == "Canceled"  # closed is done enough


async def test_archived_issue_cannot_be_reopened(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """The refusal says what a person has to do."""
    issue = next(iter(linear.titles()))
    linear.change(issue, state="Done", archived="2026-11-01T00:00:00.000Z")
    with pytest.raises(ProviderRefused, match="Restore it in Linear"):
        await Linear(linear.credentials, context).reopen(issue)


async def test_issue_that_is_gone_cannot_be_completed(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """Trashed meanwhile."""
    issue = next(iter(linear.titles()))
    linear.change(issue, trashed=True)
    with pytest.raises(ProviderRefused, match="not there any more"):
        await Linear(linear.credentials, context).complete(issue)


async def test_team_without_an_open_status_is_refused(
    linear: LinearStandIn, context: AdapterContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No status of another kind is taken instead."""
    done = tuple(one for one in STATES if one[1] == "completed")
    monkeypatch.setattr("tests.providers.linear.stand_in.STATES", done)
    issue = next(iter(linear.titles()))
    for row in linear.tasks.values():
        row.more["state"] = "Done"
    with pytest.raises(ProviderRefused, match="no status that is open"):
        await Linear(linear.credentials, context).reopen(issue)
