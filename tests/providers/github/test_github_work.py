"""Comments on a GitHub's issues, and closing them."""

from dataclasses import replace

import pytest

from bot.integrations.api import Worklog
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.providers.github.adapter import GitHub
from tests.http_server import Seen
from tests.providers.github.stand_in import GitHubStandIn, token_of
from tests.providers.worked import worked


@pytest.fixture
def worklog(github: GitHubStandIn) -> Worklog:
    """Give time on the first issue."""
    return worked(next(iter(github.titles())), note="asked @bo about #2")


def items(github: GitHubStandIn) -> tuple[str, str]:
    """The issue and the draft on the board."""
    issue, draft, *_ = github.titles(next(iter(github.boards)))
    return issue, draft


async def test_comment_names_the_member_and_hides_the_marker(
    github: GitHubStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """It stands there in the token owner's name, so whose time it is has to be said."""
    record = await GitHub(github.credentials, context).write_time(worklog)
    (kept,) = github.work.kept.values()
    assert kept["author"] == 501
    said = "Ana Ruiz tracked 1 h 30 m on 20 November 2026: asked @\N{ZERO WIDTH SPACE}bo about #2"
    assert kept["body"] == f"{said} <!-- [hl:7f1c] -->"
    assert record.external_id == f"812345001/1/{kept['id']}"


async def test_time_on_a_board_is_a_comment_on_its_issue(
    github: GitHubStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """Whichever way it was tracked, there is one place for it; a draft has none."""
    adapter = GitHub(github.credentials, context)
    issue, draft = items(github)
    written = await adapter.write_time(replace(worklog, task_id=issue))
    assert await adapter.find_time(worklog) == written
    changed = replace(worklog, task_id=issue, seconds=60)
    assert (await adapter.update_time(written.external_id, changed)).seconds == 60
    with pytest.raises(ProviderRefused) as caught:
        await adapter.write_time(replace(worklog, task_id=draft))
    assert caught.value.reason.startswith("This is a draft")


async def test_changed_task_moves_the_comment_once(
    github: GitHubStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """There is a new one before the old one goes; a crash between the two doubles none."""
    adapter = GitHub(github.credentials, context)
    written = await adapter.write_time(worklog)
    elsewhere = replace(worklog, task_id=list(github.titles())[1])
    await adapter.write_time(elsewhere)  # and then the process died
    moved = await adapter.update_time(written.external_id, elsewhere)
    assert len(github.work.kept) == 1
    assert await adapter.find_time(elsewhere) == moved
    with pytest.raises(ProviderRefused, match="404"):
        await adapter.update_time(written.external_id, elsewhere)


async def test_quoted_marker_is_not_ours(
    github: GitHubStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """Somebody answers and quotes; what Hourlink would change then is not theirs."""
    row = github.tasks[worklog.task_id]
    github.work.write(row, "> Ana Ruiz tracked 1 h <!-- [hl:7f1c] --> Really?", 502)
    assert await GitHub(github.credentials, context).find_time(worklog) is None


async def test_comment_is_found_behind_many_others(
    github: GitHubStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """The newest are read first: after an answer that got lost, it is among them."""
    adapter = GitHub(github.credentials, context)
    written = await adapter.write_time(worklog)
    for number in range(12):
        github.work.write(github.tasks[worklog.task_id], f"Comment {number}", 502)
    github.work.page_size = 5
    before = adapter.requests
    assert await adapter.find_time(worklog) == written
    assert adapter.requests - before == 3


async def test_what_somebody_changed_in_a_comment_is_seen(
    github: GitHubStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """A conflict for a person, not something to overlook."""
    adapter = GitHub(github.credentials, context)
    written = await adapter.write_time(worklog)
    (kept,) = github.work.kept.values()
    kept["body"] = kept["body"].replace("1 h 30 m", "2 h")
    found = await adapter.find_time(worklog)
    assert found is not None
    assert (found.seconds, written.seconds) == (7200, 5400)
    assert found.version != written.version


async def test_own_token_writes_in_that_persons_name(
    github: GitHubStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """And nobody else's changes it."""
    own = GitHub({**github.credentials, "token": token_of(502)}, context)
    written = await own.write_time(worklog)
    (kept,) = github.work.kept.values()
    assert kept["author"] == 502
    with pytest.raises(ProviderRefused):
        await GitHub(github.credentials, context).update_time(written.external_id, worklog)


async def test_locked_issue_says_why(
    github: GitHubStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """People read GitHub's own words at the entry."""
    github.change(worklog.task_id, locked=True)
    with pytest.raises(ProviderRefused) as caught:
        await GitHub(github.credentials, context).write_time(worklog)
    assert caught.value.reason == "Unable to create comment because issue is locked."


async def test_removing_what_is_gone_is_no_error(
    github: GitHubStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """The comment, or the whole repository."""
    adapter = GitHub(github.credentials, context)
    written = await adapter.write_time(worklog)
    await adapter.delete_time(written.external_id)
    await adapter.delete_time(written.external_id)
    await GitHub(github.credentials, context).delete_time("99999/1/42")
    assert github.work.kept == {}


async def test_issue_on_a_board_is_closed_and_opened(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """Marking the card done closes the issue behind it, as completed (W5)."""
    adapter = GitHub(github.credentials, context)
    issue, draft = items(github)
    done = await adapter.complete(issue)
    assert (done.external_id, done.is_done) == (issue, True)
    row = github.tasks["812345001/1"]
    assert (row.is_done, row.more["reason"]) == (True, "COMPLETED")
    assert not (await adapter.reopen(issue)).is_done
    assert row.more["reason"] == "REOPENED"
    with pytest.raises(ProviderRefused) as caught:
        await adapter.complete(draft)
    assert caught.value.reason.startswith("This is a draft")


async def test_closed_as_not_planned_stays_that(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """It is done already; nothing is written."""
    github.change("812345001/2", is_done=True, reason="NOT_PLANNED")
    done = await GitHub(github.credentials, context).complete("812345001/2")
    assert done.status == "Closed as not planned"
    assert not any(_writes(seen) for seen in github.seen)


async def test_who_may_not_close_is_told_so(github: GitHubStandIn, context: AdapterContext) -> None:
    """In GitHub's own words."""
    github.repos[github.project_id].pushers = {502}
    with pytest.raises(ProviderRefused) as caught:
        await GitHub(github.credentials, context).complete("812345001/1")
    assert caught.value.status == 403


def _writes(seen: Seen) -> bool:
    return seen.method in {"PATCH", "DELETE"}
