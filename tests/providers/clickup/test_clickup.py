"""What is ClickUp's own: lists as projects, pages that shift, 401s of many meanings, texts."""

from datetime import datetime, timedelta

import pytest

from bot.integrations.answers import Answer
from bot.integrations.api import AlsoIn, ProviderTask
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed, ProviderRateLimited, ProviderRefused
from bot.providers.clickup.adapter import ClickUp
from bot.providers.clickup.limits import seconds_to_wait
from tests.http_server import Say, Seen
from tests.providers.clickup.stand_in import ClickUpStandIn
from tests.providers.clickup.words import TEAM, token_of


async def every_task(
    adapter: ClickUp, list_id: str, since: datetime | None = None
) -> list[ProviderTask]:
    """The tasks of a list, page by page."""
    return [task async for page in adapter.tasks(list_id, since) for task in page.items]


def opened(clickup: ClickUpStandIn, context: AdapterContext, **filled: str) -> ClickUp:
    """An adapter with the right credentials, but for these."""
    return ClickUp({**clickup.credentials, **filled}, context)


async def test_token_comes_as_it_is(clickup: ClickUpStandIn, context: AdapterContext) -> None:
    """With "Bearer" before it a personal token is none."""
    site = await opened(clickup, context).check()
    assert (site.external_id, site.name, site.account_name) == (TEAM, "Acme", "Ana Ruiz")
    assert not clickup.seen[0].headers["authorization"].startswith("Bearer")


async def test_workspace_that_the_token_does_not_open_is_told(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """The form says what it opens."""
    clickup.teams["90150002"] = "Client"
    with pytest.raises(ProviderRefused) as caught:
        await opened(clickup, context, workspace="Acne").check()
    assert caught.value.reason.endswith("It opens Acme, Client.")


async def test_401_of_something_hidden_keeps_the_token(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """To ClickUp, what is not there is not authorised; that stops no integration."""
    adapter = opened(clickup, context)
    assert await adapter.task("86c999") is None
    _, mia, *_ = clickup.people
    *_, plans = clickup.lists
    theirs = opened(clickup, context, token=token_of(mia))
    with pytest.raises(ProviderRefused) as caught:
        await every_task(theirs, plans)
    assert caught.value.status == 401
    assert await theirs.project(plans) is None
    clickup.spoil(lambda _: Say(401, {"err": "Token invalid", "ECODE": "OAUTH_025"}))
    with pytest.raises(ProviderAuthFailed):
        await adapter.task("86c999")


async def test_lists_are_projects_and_spaces_their_workspaces(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """Half of all lists are called List: the folder's name stands before it."""
    pages = [page async for page in opened(clickup, context).projects()]
    told = {
        one.name: (one.workspace_name, one.is_archived, one.is_personal)
        for page in pages
        for one in page.items
    }
    assert told == {
        "Acme Web / List": ("Product", False, False),
        "Operations": ("Product", False, False),
        "Old intranet": ("Product", True, False),
        "Plans": ("Mine", False, True),
    }


async def test_lists_of_an_archived_space_are_archived(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """They do not say so themselves."""
    space = clickup.space("Last year", is_archived=True)
    old = clickup.list_in(space, "Campaign")
    adapter = opened(clickup, context)
    listed = {one.external_id: one async for page in adapter.projects() for one in page.items}
    assert listed[old].is_archived
    again = await opened(clickup, context).project(old)
    assert again == listed[old]


async def test_guest_sees_what_is_shared_with_them(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """No Space shows it to them."""
    web, *_ = clickup.lists
    *_, bo = clickup.people
    clickup.spaces[clickup.lists[web].space].members = tuple(clickup.people)[:1]
    theirs = opened(clickup, context, token=token_of(bo))
    found = [one.external_id async for page in theirs.projects() for one in page.items]
    assert found == [web]


async def test_a_tasks_details_arrive(clickup: ClickUpStandIn, context: AdapterContext) -> None:
    """Moments are texts of milliseconds; closed is a type of status, whatever its name."""
    ana, *_ = clickup.people
    parent, task_id, *_ = clickup.titles()
    clickup.change(
        task_id, key="OPS-12", who=(ana,), tags=("infra",), estimate=5_400_000, parent=parent
    )
    task = await opened(clickup, context).task(task_id)
    assert task is not None
    assert (task.title, task.key, task.status, task.is_done) == ("Task 2", "OPS-12", "to do", False)
    assert (task.assignee_ids, task.labels) == ((ana,), ("infra",))
    assert task.estimate_seconds == 5400
    assert task.updated_at == clickup.now
    assert task.url == f"https://app.clickup.com/t/{task_id}"


async def test_task_in_two_lists_is_in_both(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """The list that is not its home has to be asked for it."""
    web, ops, *_ = clickup.lists
    task_id = clickup.add_task("Move servers", ops, also=(web,))
    adapter = opened(clickup, context)
    in_web = {task.external_id: task for task in await every_task(adapter, web)}[task_id]
    in_ops = {task.external_id: task for task in await every_task(adapter, ops)}[task_id]
    assert (in_web.project_id, in_web.also_in) == (web, (AlsoIn(ops),))
    assert (in_ops.project_id, in_ops.also_in) == (ops, (AlsoIn(web),))
    assert await adapter.task(task_id) == in_ops


async def test_archived_task_is_gone(clickup: ClickUpStandIn, context: AdapterContext) -> None:
    """No list shows it, and by itself it still answers."""
    task_id = next(iter(clickup.titles()))
    clickup.change(task_id, archived=True)
    adapter = opened(clickup, context)
    assert await adapter.task(task_id) is None
    with pytest.raises(ProviderRefused, match="archived"):
        await adapter.complete(task_id)


async def test_nothing_is_missed_when_tasks_go_while_paging(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """What is deleted shifts all that is behind it; page numbers alone would skip some."""
    clickup.page_size = 50
    doomed = list(clickup.titles())[-40:]
    pages = 0

    def between(seen: Seen) -> None:
        nonlocal pages
        pages += clickup.lists_tasks(seen)
        if pages == 2:
            while doomed:
                clickup.remove(doomed.pop())

    clickup.before = between
    found = await every_task(opened(clickup, context), clickup.project_id)
    assert clickup.titles().keys() <= {task.external_id for task in found}
    assert len(found) == len({task.external_id for task in found})


async def test_tasks_made_in_the_same_moment_are_all_read(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """An import makes hundreds of them at once: more than a page."""
    for row in clickup.tasks.values():
        row.more["made"] = clickup.now
    found = await every_task(opened(clickup, context), clickup.project_id)
    assert {task.external_id for task in found} == clickup.titles().keys()


async def test_filters_that_are_ignored_are_made_up_for(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """ClickUp says nothing about parameters it does not know; the list still ends."""
    clickup.ignores_filters = True
    for row in clickup.tasks.values():
        row.is_done = False
    found = await every_task(opened(clickup, context), clickup.project_id)
    assert {task.external_id for task in found} == clickup.titles().keys()


async def test_changes_are_asked_for_in_milliseconds(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """The one that was edited at that very moment is among them."""
    task_id = next(iter(clickup.titles()))
    clickup.retitle(task_id, "Changed")
    found = await every_task(opened(clickup, context), clickup.project_id, clickup.now)
    assert [task.external_id for task in found] == [task_id]


async def test_changes_of_shared_tasks_name_every_list(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """A list that is not its home would not hear of it else."""
    web, ops, *_ = clickup.lists
    before = clickup.now
    clickup.now += timedelta(minutes=1)
    clickup.add_task("Move servers", ops, also=(web,))
    adapter = opened(clickup, context)
    assert await adapter.changed_projects((web,), before) == frozenset({web})


async def test_very_many_changes_are_read_list_by_list(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """More pages than lists would be more work."""
    clickup.page_size = 10
    found = await opened(clickup, context).changed_projects(
        clickup.lists, datetime.min.replace(year=2026, tzinfo=clickup.now.tzinfo)
    )
    assert found is None


async def test_done_is_a_type_of_status(clickup: ClickUpStandIn, context: AdapterContext) -> None:
    """Each list has names of its own; the first that is open, and one that is closed, are taken."""
    web, *_ = clickup.lists
    clickup.lists[web].statuses = {
        "to do": "open",
        "later": "open",
        "shipped": "done",
        "complete": "closed",
    }
    task_id = next(iter(clickup.titles()))
    adapter = opened(clickup, context)
    assert (await adapter.complete(task_id)).status == "complete"
    assert (await adapter.reopen(task_id)).status == "to do"
    clickup.lists[web].statuses = {"to do": "open", "shipped": "done"}
    assert (await adapter.complete(task_id)).status == "shipped"
    clickup.change(task_id, status="to do")
    clickup.lists[web].statuses = {"to do": "open"}
    with pytest.raises(ProviderRefused) as caught:
        await adapter.complete(task_id)
    assert caught.value.reason == "Its list in ClickUp has no status that would make it done."


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (200, {"date": "Fri, 20 Nov 2026 12:00:00 GMT", "x-ratelimit-reset": "1795176030"}, None),
        (429, {"date": "Fri, 20 Nov 2026 12:00:00 GMT", "x-ratelimit-reset": "1795176030"}, 30),
        (429, {"date": "Fri, 20 Nov 2026 12:00:00 GMT", "x-ratelimit-reset": "1795175999"}, 0),
        (429, {"date": "Fri, 20 Nov 2026 12:00:00 GMT", "x-ratelimit-reset": "soon"}, None),
        (429, {"date": "Fri, 20 Nov 2026 12:00:00 GMT"}, None),
        (429, {"x-ratelimit-reset": "1795176030"}, None),
        (429, {"retry-after": "7", "x-ratelimit-reset": "1795176030"}, None),
    ],
)
def test_limit_names_the_moment_it_ends(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    """In seconds of Unix time, on ClickUp's own clock."""
    assert seconds_to_wait(Answer(status, headers, b"")) == seconds


async def test_spent_limit_is_waited_for(clickup: ClickUpStandIn, context: AdapterContext) -> None:
    """The sync hears how long, and lets the integration rest until then."""
    headers = {"Date": "Fri, 20 Nov 2026 12:00:00 GMT", "X-RateLimit-Reset": "1795176030"}
    clickup.spoil(lambda _: Say(429, {"err": "Rate limit reached"}, headers))
    with pytest.raises(ProviderRateLimited) as caught:
        await opened(clickup, context).check()
    assert caught.value.retry_after == 30
