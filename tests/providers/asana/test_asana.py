"""What is Asana's own: workspaces, fields to ask for, subtasks, marks that expire, guests."""

from datetime import datetime, timedelta

import pytest

from bot.integrations.api import AlsoIn, ProviderTask
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed, ProviderRateLimited, ProviderRefused
from bot.providers.asana.adapter import Asana
from tests.http_server import Say, Seen
from tests.providers.asana.stand_in import AsanaStandIn
from tests.providers.asana.world import WORKSPACE, token_of


async def every_task(
    adapter: Asana, project_id: str, since: datetime | None = None
) -> list[ProviderTask]:
    """The tasks of a project, page by page."""
    return [task async for page in adapter.tasks(project_id, since) for task in page.items]


def opened(asana: AsanaStandIn, context: AdapterContext, **filled: str) -> Asana:
    """An adapter with the right credentials, but for these."""
    return Asana({**asana.credentials, **filled}, context)


@pytest.mark.parametrize("filled", ["Acme", "acme", WORKSPACE, "What it was called once"])
async def test_workspace_is_known_by_name_or_number(
    asana: AsanaStandIn, context: AdapterContext, filled: str
) -> None:
    """The only one there is keeps its integration when people rename it."""
    site = await opened(asana, context, workspace=filled).check()
    assert (site.external_id, site.name, site.account_name) == (WORKSPACE, "Acme", "Ana Ruiz")


async def test_one_of_several_workspaces_is_named(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """Nobody's private workspace is connected by a slip, and the form says what there is."""
    asana.workspaces["5501"] = "Personal projects"
    assert (await opened(asana, context).check()).external_id == WORKSPACE
    with pytest.raises(ProviderRefused) as caught:
        await opened(asana, context, workspace="Acne").check()
    assert caught.value.reason == (
        "This token opens no workspace Acne. It opens Acme, Personal projects."
    )
    asana.workspaces["5501"] = "ACME"
    with pytest.raises(ProviderRefused, match="no such workspace") as caught:
        await opened(asana, context).check()
    assert caught.value.reason.endswith("Fill in one: 5500, 5501.")


async def test_dead_token_makes_nothing_look_gone(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """A 404 counts only from an Asana that still knows us."""
    adapter = opened(asana, context)
    await adapter.check()
    asana.spoil(lambda say: say if say.status == 404 else Say(401, {"errors": []}))
    with pytest.raises(ProviderAuthFailed):
        await adapter.task("99999")


async def test_fields_are_asked_for(asana: AsanaStandIn, context: AdapterContext) -> None:
    """Asana tells nothing but a name unless it is asked, and we have all that people see."""
    ana, *_ = asana.people
    task_id = next(iter(asana.titles()))
    key = {"gid": "88", "resource_type": "custom_field", "representation_type": "custom_id"}
    estimate = {
        "gid": "89",
        "resource_type": "custom_field",
        "representation_type": "number",
        "asana_created_field": "estimated_time",
        "number_value": 90,
    }
    fields = [{**key, "display_value": "WEB-12"}, estimate]
    asana.change(
        task_id, assignee=ana, tags=("infra",), custom_fields=fields, approval="changes_requested"
    )
    task = await opened(asana, context).task(task_id)
    assert task is not None
    assert (task.title, task.key, task.section) == ("Task 1", "WEB-12", "Doing")
    assert (task.labels, task.assignee_ids, task.estimate_seconds) == (("infra",), (ana,), 5400)
    assert task.status == "changes requested"
    assert task.url == f"https://app.asana.com/1/{WORKSPACE}/task/{task_id}"
    assert task.updated_at == asana.now


async def test_projects_of_ones_own_are_personal(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """Private and shared with nobody; what a team shares is not, and keys have a prefix."""
    (page,) = [page async for page in opened(asana, context).projects()]
    told = {one.name: (one.is_personal, one.is_archived, one.key) for one in page.items}
    assert told == {
        "Acme Web": (False, False, "WEB"),
        "Operations": (False, False, None),
        "Old intranet": (False, True, None),
        "My plans": (True, False, None),
    }
    assert {one.workspace_name for one in page.items} == {"Acme"}


async def test_subtasks_are_tasks_too(asana: AsanaStandIn, context: AdapterContext) -> None:
    """No list holds them, at any depth; one in a project of its own is in that project's list."""
    web, ops, *_ = asana.projects
    parent = next(iter(asana.titles()))
    below = asana.add_subtask("Write", parent)
    deep = asana.add_subtask("Proofread", below)
    elsewhere = asana.add_subtask("Publish", parent)
    asana.move(elsewhere, (ops, "Doing"))
    adapter = opened(asana, context)
    found = {task.external_id: task for task in await every_task(adapter, web)}
    assert {found[below].project_id, found[deep].project_id} == {web}
    assert elsewhere not in found
    assert await adapter.task(deep) == found[deep]
    assert elsewhere in {task.external_id for task in await every_task(adapter, ops)}


async def test_subtasks_are_read_in_pieces(asana: AsanaStandIn, context: AdapterContext) -> None:
    """A hundred requests for one page would outlast a limit, and be made again each time."""
    for parent in list(asana.titles()):
        asana.add_subtask("Write", parent)
    pages = [page async for page in opened(asana, context).tasks(asana.project_id)]
    assert max(len(page.items) for page in pages) == 40
    every = {task.external_id for page in pages for task in page.items}
    assert len(every) == 460
    read: set[str] = set()
    for page in pages[:-1]:
        read |= {task.external_id for task in page.items}
        rest = opened(asana, context).tasks(asana.project_id, cursor=page.cursor)
        first = await anext(rest)
        assert not read & {task.external_id for task in first.items}
    asana.expire_marks()
    again = opened(asana, context).tasks(asana.project_id, cursor=pages[7].cursor)
    assert {task.external_id async for page in again for task in page.items} == every


async def test_lines_between_tasks_are_no_tasks(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """People type them as tasks that end in a colon."""
    line = asana.add_task("Next week:", separator=True)
    adapter = opened(asana, context)
    assert line not in {task.external_id for task in await every_task(adapter, asana.project_id)}
    assert await adapter.task(line) is None


async def test_task_in_two_projects_is_in_both_lists(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """Each list shows it in its own section, and says where else it is."""
    web, ops, *_ = asana.projects
    shared = asana.add_task("Move servers")
    asana.move(shared, (web, "Doing"), (ops, "Later"))
    adapter = opened(asana, context)
    in_web = {task.external_id: task for task in await every_task(adapter, web)}[shared]
    in_ops = {task.external_id: task for task in await every_task(adapter, ops)}[shared]
    assert (in_web.section, in_web.also_in) == ("Doing", (AlsoIn(ops, "Later"),))
    assert (in_ops.section, in_ops.also_in) == ("Later", (AlsoIn(web, "Doing"),))
    assert await adapter.task(shared) == in_web


async def test_task_without_a_project_is_gone(asana: AsanaStandIn, context: AdapterContext) -> None:
    """It left every project; in *My tasks* of its assignee nobody tracks time."""
    task_id, *_ = asana.titles()
    below = asana.add_subtask("Write", task_id)
    asana.move(task_id)
    adapter = opened(asana, context)
    assert await adapter.task(task_id) is None
    assert await adapter.task(below) is None


async def test_mark_that_expired_starts_the_list_again(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """After a night's rest Asana does not know where we were; nothing is lost."""
    adapter = opened(asana, context)
    pages = adapter.tasks(asana.project_id)
    first = await anext(pages)
    asana.expire_marks()
    rest = [
        task.external_id
        async for page in opened(asana, context).tasks(asana.project_id, cursor=first.cursor)
        for task in page.items
    ]
    assert set(rest) == asana.titles().keys()
    with pytest.raises(ProviderRefused):
        await every_task(adapter, "99999")


async def test_task_dragged_down_while_paging_comes_once_a_page(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """Tasks stand as people arranged them, so one may be met again further down."""
    asana.page_size = 100
    first = next(iter(asana.titles()))
    pages = 0

    def between(seen: Seen) -> None:
        nonlocal pages
        pages += asana.lists_tasks(seen)
        if pages == 2:
            asana.tasks[first].more["place"] = 150

    asana.before = between
    found = await every_task(opened(asana, context), asana.project_id)
    assert {task.external_id for task in found} == asana.titles().keys()


async def test_deleted_task_is_missed_by_changes_and_found_by_itself(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """Asana lists no deletions: the daily sweep asks for each that is missing."""
    adapter = opened(asana, context)
    task_id = next(iter(asana.titles()))
    before = asana.now
    asana.now += timedelta(minutes=1)
    asana.remove(task_id)
    assert await every_task(adapter, asana.project_id, since=before) == []
    assert await adapter.task(task_id) is None


async def test_guests_need_to_be_members(asana: AsanaStandIn, context: AdapterContext) -> None:
    """What is open to the organization is not open to its guests; without any, to everyone."""
    _, ops, *_ = asana.projects
    ana, mia, bo, _ = asana.people
    adapter = opened(asana, context)
    assert await adapter.access(ops) == frozenset({ana, mia})
    asana.projects[ops].members = (ana, bo)
    assert await opened(asana, context).access(ops) == frozenset({ana, mia, bo})
    asana.people[bo].is_guest = False
    assert await opened(asana, context).access(ops) is None


async def test_team_of_an_older_project_sees_it(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """Such projects belong to a team, and it is not among their members."""
    ana, mia, bo, _ = asana.people
    old = asana.project(
        "Older", privacy="private_to_team", team=asana.team(mia, bo), members=(ana,)
    )
    assert await opened(asana, context).access(old) == frozenset({ana, mia, bo})


async def test_plan_without_search_reads_every_list(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """The free plan answers 402, which is no failure."""
    asana.is_paid = False
    found = await opened(asana, context).changed_projects(asana.projects, asana.now)
    assert found is None


async def test_search_that_is_full_names_every_project(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """It has no second page, so what it leaves out may be anywhere."""
    web, ops, *_ = asana.projects
    adapter = opened(asana, context)
    before = asana.now
    asana.now += timedelta(minutes=1)
    assert await adapter.changed_projects((web, ops), before) == frozenset()
    for task_id in list(asana.titles())[:100]:
        asana.change(task_id)
    assert await adapter.changed_projects((web, ops), before) == frozenset({web, ops})


async def test_search_looks_further_back_than_asked(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """Its index is a minute late, and what it misses would stay unseen until the daily sweep."""
    web, ops, *_ = asana.projects
    asana.change(next(iter(asana.titles())))
    since = asana.now + timedelta(minutes=3)
    assert await opened(asana, context).changed_projects((web, ops), since) == frozenset({web})


async def test_who_left_is_told_from_who_is_switched_off(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """One of them may come back."""
    *_, gone = asana.people
    adapter = opened(asana, context)
    switched_off = await adapter.account(gone)
    assert switched_off is not None
    assert not switched_off.is_active
    del asana.people[gone]
    assert await opened(asana, context).account(gone) is None


async def test_refusals_are_told_in_asanas_words(
    asana: AsanaStandIn, context: AdapterContext
) -> None:
    """And a limit says how long to wait."""
    _, mia, *_ = asana.people
    plans = list(asana.projects)[-1]
    theirs = opened(asana, context, token=token_of(mia))
    with pytest.raises(ProviderRefused) as caught:
        await every_task(theirs, plans)
    assert caught.value.reason == "You do not have access to this project."
    assert await theirs.project(plans) is None
    asana.spoil(lambda _: Say(429, {"errors": []}, {"Retry-After": "30"}))
    with pytest.raises(ProviderRateLimited) as limited:
        await theirs.check()
    assert limited.value.retry_after == 30
