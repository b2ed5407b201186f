"""What is Linear's own: errors within good answers, the trash, teams for projects."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from bot.integrations.answers import Answer
from bot.integrations.api import ProviderTask
from bot.integrations.context import AdapterContext
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderError,
    ProviderRateLimited,
    ProviderRefused,
    ProviderSurprised,
    ProviderUnavailable,
)
from bot.providers.linear import issues
from bot.providers.linear.adapter import Linear
from bot.providers.linear.limits import seconds_to_wait
from tests.http_server import Say
from tests.providers.linear.stand_in import LinearStandIn
from tests.providers.linear.world import key_of

AT_NOON = {"date": "Fri, 20 Nov 2026 12:00:00 GMT"}
THROTTLED = b'{"errors": [{"message": "x", "extensions": {"code": "RATELIMITED"}}]}'


async def every_task(
    adapter: Linear, team_id: str, since: datetime | None = None
) -> dict[str, ProviderTask]:
    """The issues of a team, page by page."""
    pages = adapter.tasks(team_id, since)
    return {task.external_id: task async for page in pages for task in page.items}


def failing(kind: str, *, status: int = 200, words: str = "") -> Say:
    """An answer with an error of this kind."""
    more = {"type": kind, "userPresentableMessage": words} if words else {"type": kind}
    return Say(status, {"data": None, "errors": [{"message": "m", "extensions": more}]})


@pytest.mark.parametrize(
    ("say", "kind"),
    [
        (failing("authentication error"), ProviderAuthFailed),
        (failing("authentication error", status=400), ProviderAuthFailed),
        (failing("authentication error", status=401), ProviderAuthFailed),
        (failing("forbidden"), ProviderRefused),
        (failing("forbidden", status=400), ProviderRefused),
        (failing("lock timeout"), ProviderUnavailable),
        (failing("internal error"), ProviderUnavailable),
        (failing("a new one"), ProviderRefused),
        (Say(body={"data": None}), ProviderSurprised),
        (Say(body={"errors": "many"}), ProviderSurprised),
    ],
)
async def test_errors_are_told_by_their_kind(
    linear: LinearStandIn, context: AdapterContext, say: Say, kind: type[ProviderError]
) -> None:
    """The status is 200 or 400 whatever went wrong."""
    linear.spoil(lambda _: say)
    with pytest.raises(kind):
        await Linear(linear.credentials, context).check()


async def test_refusal_is_told_in_linears_words_for_people(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """Not in those for programs."""
    linear.spoil(lambda _: failing("forbidden", words="Ask an admin."))
    with pytest.raises(ProviderRefused) as caught:
        await Linear(linear.credentials, context).check()
    assert caught.value.reason == "Ask an admin."


async def test_key_is_sent_as_it_is(linear: LinearStandIn, context: AdapterContext) -> None:
    """As a bearer's it would be refused."""
    await Linear({"key": f" {linear.credentials['key']}\n"}, context).check()
    assert linear.seen[-1].headers["authorization"] == linear.credentials["key"]


@pytest.mark.parametrize(
    ("status", "headers", "body", "seconds"),
    [
        (200, {}, b"{}", None),
        (200, {}, b'{"data": {"title": "RATELIMITED"}}', None),
        (400, {}, b'{"errors": [{"message": "x"}]}', None),
        (400, {}, THROTTLED, 60),
        (429, {}, b"", 60),
        (429, {"retry-after": "7"}, b"", None),
        (
            400,
            {
                **AT_NOON,
                "x-ratelimit-requests-remaining": "0",
                "x-ratelimit-requests-reset": "1795176090000",
                "x-ratelimit-complexity-remaining": "12.5",
                "x-ratelimit-complexity-reset": "1795179000000",
            },
            THROTTLED,
            90,
        ),
        (
            400,
            {**AT_NOON, "x-ratelimit-complexity-remaining": "0"},
            THROTTLED,
            60,
        ),
    ],
)
def test_limits_are_read_as_linear_states_them(
    status: int, headers: Mapping[str, str], body: bytes, seconds: float | None
) -> None:
    """The code is in the body, the moment in the headers of whatever is spent."""
    assert seconds_to_wait(Answer(status, headers, body)) == seconds


async def test_spent_limit_lets_the_sync_wait(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """It does not look like a refusal, though it comes with 400."""
    body = {"errors": [{"message": "x", "extensions": {"code": "RATELIMITED"}}]}
    linear.spoil(lambda _: Say(400, body))
    with pytest.raises(ProviderRateLimited) as caught:
        await Linear(linear.credentials, context).check()
    assert caught.value.retry_after == 60


async def test_an_issues_details_arrive(linear: LinearStandIn, context: AdapterContext) -> None:
    """Everything that people see of a task in Slack; its address holds no title."""
    ana = list(linear.people)[1]
    first, *_ = linear.tasks
    found = await every_task(Linear(linear.credentials, context), linear.project_id)
    task = found[first]
    assert (task.title, task.key, task.number) == ("Task 1", "ENG-1", None)
    assert (task.status, task.section, task.labels) == ("In Progress", "Checkout", ("bug",))
    assert (task.assignee_ids, task.url) == ((ana,), "https://linear.app/acme/issue/ENG-1")


@pytest.mark.parametrize("state", ["Done", "Released", "Canceled", "Duplicate"])
async def test_closed_is_more_than_done(
    linear: LinearStandIn, context: AdapterContext, state: str
) -> None:
    """Nobody is offered a duplicate."""
    first = next(iter(linear.tasks))
    linear.change(first, state=state)
    task = await Linear(linear.credentials, context).task(first)
    assert task is not None
    assert task.is_done


async def test_archived_issues_stay_in_the_list(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """Linear archives by itself what was closed long ago; that is no deletion."""
    first = next(iter(linear.tasks))
    linear.change(first, archived="2026-11-01T00:00:00.000Z")
    found = await every_task(Linear(linear.credentials, context), linear.project_id)
    assert found[first].is_done


async def test_what_lies_in_the_trash_is_gone(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """Among the changes it is over at once; the next full list misses it, and it is not there."""
    adapter = Linear(linear.credentials, context)
    first = next(iter(linear.tasks))
    linear.change(first, trashed=True, archived="2026-11-20T12:00:00.000Z")
    changed = await every_task(adapter, linear.project_id, linear.now)
    assert (changed[first].is_done, changed[first].status) == (True, "Deleted")
    assert first not in await every_task(adapter, linear.project_id)
    assert await adapter.task(first) is None


async def test_moved_issue_is_the_same_task(linear: LinearStandIn, context: AdapterContext) -> None:
    """Its key and team change, its id does not (S5)."""
    adapter = Linear(linear.credentials, context)
    eng, sec, *_ = linear.teams
    first = next(iter(linear.tasks))
    linear.move(first, sec)
    after = await adapter.task(first)
    assert after is not None
    assert (after.key, after.project_id) == ("SEC-1", sec)
    assert first not in await every_task(adapter, eng)
    assert first in await every_task(adapter, sec)


async def test_edits_while_paging_lose_nothing(
    linear: LinearStandIn, context: AdapterContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the moment of the last edit, an edited issue would jump over the ones not yet read."""
    monkeypatch.setattr(issues, "_LIMIT", 5)
    linear.before = lambda _: linear.change(next(iter(linear.tasks)))
    found = await every_task(Linear(linear.credentials, context), linear.project_id)
    assert found.keys() == linear.titles().keys()


async def test_more_changes_than_a_page_are_not_counted(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """Each team is read then."""
    adapter = Linear(linear.credentials, context)
    long_ago = linear.now - timedelta(days=365)
    assert await adapter.changed_projects(list(linear.teams), long_ago) is None
    assert await adapter.changed_projects([], long_ago) == frozenset()


async def test_hidden_team_is_as_little_there_as_a_deleted_one(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """And its issues are refused, not an empty list."""
    sec = list(linear.teams)[1]
    secret = linear.add_task("Rotate keys", sec)
    bo = Linear({"key": key_of(list(linear.people)[2])}, context)
    assert await bo.project(sec) is None
    assert await bo.task(secret) is None
    with pytest.raises(ProviderRefused, match="not there"):
        await every_task(bo, sec)
    with pytest.raises(ProviderRefused, match="not there"):
        await bo.access(sec)


async def test_public_team_of_a_workspace_without_guests_is_everyones(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """Nothing has to be counted up."""
    for person in linear.people.values():
        person.is_guest = False
    assert await Linear(linear.credentials, context).access(linear.project_id) is None


async def test_who_may_see_teams_comes_with_them(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """A hundred teams are not a hundred requests."""
    adapter = Linear(linear.credentials, context)
    _ = [page async for page in adapter.projects()]
    _ = [page async for page in adapter.accounts()]
    before = adapter.requests
    for team in linear.teams:
        await adapter.access(team)
    assert adapter.requests == before


async def test_large_team_is_read_to_its_end(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """Fifty members come with the team; the rest page by page."""
    sec = linear.teams[list(linear.teams)[1]]
    sec.members += [linear.person(f"Person {number}") for number in range(300)]
    assert await Linear(linear.credentials, context).access(sec.id) == frozenset(sec.members)


async def test_guests_key_calls_nobody_gone(linear: LinearStandIn, context: AdapterContext) -> None:
    """To a guest Linear shows colleagues only; the others are hidden."""
    *_, bo, _, guest, robot = linear.people
    adapter = Linear({"key": key_of(guest)}, context)
    assert (await adapter.check()).warnings != ()
    with pytest.raises(ProviderRefused, match="guest"):
        await adapter.account(bo)
    assert await Linear(linear.credentials, context).account(robot) is None


async def test_apps_are_nobody(linear: LinearStandIn, context: AdapterContext) -> None:
    """Neither as users nor under the addresses that integrations have."""
    ana = list(linear.people)[1]
    linear.people[ana].email = "7f1c@oauthapp.linear.app"
    pages = [page async for page in Linear(linear.credentials, context).accounts()]
    names = {person.name for page in pages for person in page.items}
    assert names == {"Mia K", "Bo Lund", "Gone G", "Gil Guest"}
