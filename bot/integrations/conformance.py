"""Does an adapter keep the contract? The suite every adapter passes, ours and strangers'.

In a test file of your package (pytest with pytest-asyncio in auto mode)::

    class TestMyAdapter(Conformance):
        @pytest.fixture
        def world(self) -> World:
            return World(open=..., open_wrong=..., ...)

What the provider cannot do is not asked of it: the tests of a capability pass at once when the
adapter does not declare it.
"""

from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.integrations.api import (
    Capability,
    CompletesTasks,
    KeepsTime,
    NamesChangedProjects,
    Page,
    ProviderAccount,
    ProviderProject,
    ProviderTask,
    ReportsAccess,
    Worklog,
)
from bot.integrations.conformance_hooks import HookChecks
from bot.integrations.conformance_world import HookWorld, World, expect, fail
from bot.integrations.errors import ProviderAuthFailed, ProviderRefused
from bot.integrations.inspection import disagreements

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)

__all__ = ["Conformance", "HookWorld", "World"]

Item = TypeVar("Item", ProviderProject, ProviderTask, ProviderAccount)


class Conformance(HookChecks):
    """Inherit from it, and give a ``world`` fixture."""

    async def test_declaration_and_methods_agree(self, world: World) -> None:
        """The registry would let this adapter in."""
        problems = disagreements(type(world.open()))
        expect(not problems, " ".join(problems))

    async def test_wrong_credentials_are_told_apart(self, world: World) -> None:
        """A wrong key is a matter for a person, not for another try."""
        try:
            await world.open_wrong().check()
        except ProviderAuthFailed:
            return
        fail("check() took wrong credentials")

    async def test_check_names_the_site_and_its_account(self, world: World) -> None:
        """The same credentials open the same site every time, and people can tell which."""
        adapter = world.open()
        site, again = await adapter.check(), await world.open().check()
        expect(bool(site.external_id and site.name), f"the site has no id or no name: {site}")
        expect(bool(site.account_name), "nobody is told in whose name the credentials act")
        expect(site.external_id == again.external_id, "the site's id is another one each time")
        expect(adapter.requests > 0, "a check was made and no request counted")

    async def test_own_credentials_say_whose_they_are(self, world: World) -> None:
        """Whoever signs in is believed to be the account that the provider names, and no other."""
        adapter = world.open()
        if not adapter.descriptor.own_credentials:
            return
        if world.open_own is None or world.own_account_id is None:
            fail("own_credentials need the world's open_own and own_account_id")
        site, own = await adapter.check(), await world.open_own().check()
        expect(own.external_id == site.external_id, "they open another site", site, own)
        wanted = world.own_account_id
        expect(own.account_id == wanted, "they are somebody else's", wanted, own.account_id)
        listed = _ids(await _all(world.open().accounts()))
        expect(wanted in listed, "their account is in no list of accounts", wanted, set(listed))
        expect(site.account_id != wanted, "the integration's credentials are that person's too")

    async def test_projects_are_listed_once_with_stable_ids(self, world: World) -> None:
        """Ids are what a link rests on: the same in every listing, and never twice."""
        wanted = set(world.project_ids)
        for _ in range(2):
            found = _ids(await _all(world.open().projects()))
            expect(wanted <= found.keys(), "projects are missing", wanted, set(found))
            expect(all(p.name.strip() for p in found.values()), "a project has no name")

    async def test_archived_projects_are_flagged_or_absent(self, world: World) -> None:
        """Nobody may start a timer on an archived project."""
        found = _ids(await _all(world.open().projects()))
        for project_id in world.archived_ids:
            project = found.get(project_id)
            expect(project is None or project.is_archived, f"{project_id} looks alive")
        expect(not found[world.project_id].is_archived, "the live project looks archived")

    async def test_tasks_are_those_of_the_project_done_ones_too(self, world: World) -> None:
        """No task of a sub-project leaks in, and a done task does not look deleted."""
        tasks = _ids(await _all(world.open().tasks(world.project_id)))
        expect(tasks.keys() == set(world.task_ids), "other tasks", set(world.task_ids), set(tasks))
        done = {key for key, task in tasks.items() if task.is_done}
        expect(done == set(world.done_ids), "other tasks are done", set(world.done_ids), done)
        for task in tasks.values():
            expect(task.project_id == world.project_id, f"{task.external_id} is elsewhere")
            expect(bool(task.title.strip()), f"{task.external_id} has no title")
            aware = task.updated_at is None or task.updated_at.utcoffset() == timedelta(0)
            expect(aware, f"{task.external_id} was updated at a moment that is not UTC")

    async def test_every_listing_can_be_resumed(self, world: World) -> None:
        """A crash between two pages costs neither a row nor a second copy."""
        project_id = world.project_id
        await _resumes(lambda cursor: world.open().projects(cursor), world.project_ids)
        await _resumes(lambda cursor: world.open().tasks(project_id, cursor=cursor), world.task_ids)
        await _resumes(lambda cursor: world.open().accounts(cursor), world.emails)

    async def test_one_project_is_read_again(self, world: World) -> None:
        """The single item says the same as the list, and None when there is none."""
        listed = _ids(await _all(world.open().projects()))[world.project_id]
        found = await world.open().project(world.project_id)
        expect(found == listed, "project() and projects() disagree", listed, found)
        unknown = await world.open().project(world.unknown_project_id)
        expect(unknown is None, "project() found what is not there", unknown)

    async def test_one_task_is_read_again(self, world: World) -> None:
        """The single item says the same as the list, and None when there is none."""
        for listed in (await _all(world.open().tasks(world.project_id)))[:3]:
            found = await world.open().task(listed.external_id)
            expect(found == listed, "task() and tasks() disagree", listed, found)
        unknown = await world.open().task(world.unknown_task_id)
        expect(unknown is None, "task() found what is not there", unknown)

    async def test_one_account_is_read_again(self, world: World) -> None:
        """Nobody loses a connection to a short list: the single item says who is really gone."""
        listed = _ids(await _all(world.open().accounts()))
        for account_id in world.emails:
            found = await world.open().account(account_id)
            expect(found == listed[account_id], "account() disagrees", listed[account_id], found)
        unknown = await world.open().account(world.unknown_account_id)
        expect(unknown is None, "account() found who is not there", unknown)

    async def test_tasks_of_an_unknown_project_are_refused(self, world: World) -> None:
        """An empty list would look like a project whose tasks were all deleted."""
        try:
            await _all(world.open().tasks(world.unknown_project_id))
        except ProviderRefused:
            return
        fail("tasks() listed a project that is not there")

    async def test_people_have_their_addresses(self, world: World) -> None:
        """Matching people rests on addresses: the right ones, on the right accounts."""
        found = _ids(await _all(world.open().accounts()))
        for account_id, email in world.emails.items():
            expect(account_id in found, f"account {account_id} is missing")
            account = found[account_id]
            expect(account.email == email, f"another address for {account_id}", email, account)
            expect(bool(account.name.strip()), f"account {account_id} has no name")
            vouched = account.email is not None or not account.email_is_verified
            expect(vouched, f"account {account_id}: an address that is not there is verified")

    async def test_access_is_reported(self, world: World) -> None:
        """Capability.ACCESS: exactly those who may see a project, or everyone."""
        adapter = world.open()
        if not isinstance(adapter, ReportsAccess):
            return
        expect(bool(world.access), "ACCESS is declared, and the world says nothing about it")
        for project_id, expected in world.access.items():
            found = await adapter.access(project_id)
            wanted = None if expected is None else set(expected)
            expect(found == wanted, f"access to {project_id}", wanted, found)

    async def test_since_shows_what_changed(self, world: World) -> None:
        """Capability.INCREMENTAL: a change is never missed, and the rest may be left out."""
        if not _declares(world, Capability.INCREMENTAL):
            return
        if world.now is None or world.change is None:
            fail("INCREMENTAL needs the world's now and change")
        before = world.now()
        changed = await world.change()
        found = _ids(await _all(world.open().tasks(world.project_id, since=before)))
        expect(changed in found, f"the change of {changed} was missed", changed, set(found))
        future = before + timedelta(days=2)
        later = await _all(world.open().tasks(world.project_id, since=future))
        expect(not later, "tasks that did not change since are listed as changed", None, later)
        every = await _all(world.open().tasks(world.project_id, since=_LONG_AGO))
        expect(_ids(every).keys() == set(world.task_ids), "an early moment leaves tasks out")

    async def test_changed_projects_are_named(self, world: World) -> None:
        """Capability.CHANGED_PROJECTS: what it does not name is not read, so it misses nothing."""
        adapter = world.open()
        if not isinstance(adapter, NamesChangedProjects):
            return
        if world.now is None or world.change is None:
            fail("CHANGED_PROJECTS needs the world's now and change")
        before = world.now()
        await world.change()
        named = await adapter.changed_projects(world.project_ids, before)
        missed = named is not None and world.project_id not in named
        expect(not missed, f"{world.project_id} changed and is not named", None, named)
        strange = (named or frozenset()) - set(world.project_ids)
        expect(not strange, "projects are named that nobody asked about", None, strange)
        later = await adapter.changed_projects(world.project_ids, before + timedelta(days=2))
        expect(not later, "projects without a change are named", frozenset(), later)

    async def test_time_lives_through_write_update_delete(self, world: World) -> None:
        """Capability.TIME: one record per entry, found by its marker for as long as it is there."""
        adapter, other = world.open(), world.open()
        if not isinstance(adapter, KeepsTime) or not isinstance(other, KeepsTime):
            return
        worklog = _worklog(world)
        expect(await adapter.find_time(worklog) is None, "a marker was found before it was used")
        written = await adapter.write_time(worklog)
        try:
            found = await other.find_time(worklog)
            expect(found == written, "the record is not found by its marker", written, found)
            off = abs(written.seconds - worklog.seconds)
            expect(off <= world.rounding_seconds, f"the record is {off} s off")
            expect(written.day == worklog.day, "the record is on another day", written)
            await _updates(adapter, written.external_id, worklog)
        finally:
            await adapter.delete_time(written.external_id)
        expect(await adapter.find_time(worklog) is None, "a deleted record was found")
        await adapter.delete_time(written.external_id)

    async def test_updating_a_record_that_is_gone_is_refused(self, world: World) -> None:
        """Capability.TIME: somebody deleted it there; that is a conflict, not a success."""
        adapter = world.open()
        if not isinstance(adapter, KeepsTime):
            return
        worklog = _worklog(world)
        written = await adapter.write_time(worklog)
        await adapter.delete_time(written.external_id)
        try:
            await adapter.update_time(written.external_id, worklog)
        except ProviderRefused:
            return
        fail("update_time() changed a record that is gone")

    async def test_a_task_is_completed_and_reopened(self, world: World) -> None:
        """Capability.COMPLETION: what it returns is what the provider then shows."""
        adapter = world.open()
        if not isinstance(adapter, CompletesTasks):
            return
        task_id = world.changeable_task_id
        if task_id is None:
            fail("COMPLETION needs the world's changeable_task_id")
        for _ in range(2):  # the second time nothing is left to do, and that is fine
            done = await adapter.complete(task_id)
            expect(done.is_done, "complete() returned an open task")
        expect(await world.open().task(task_id) == done, "complete() and task() disagree")
        for _ in range(2):
            reopened = await adapter.reopen(task_id)
            expect(not reopened.is_done, "reopen() returned a done task")
        expect(await world.open().task(task_id) == reopened, "reopen() and task() disagree")


def _declares(world: World, capability: Capability) -> bool:
    return capability in world.open().descriptor.capabilities


def _worklog(world: World) -> Worklog:
    if world.worklog is None:
        fail("TIME needs the world's worklog")
    return world.worklog()


async def _all(pages: AsyncIterator[Page[Item]]) -> list[Item]:
    return [item async for page in pages for item in page.items]


def _ids(items: list[Item]) -> dict[str, Item]:
    """Items by their ids, each of which may be there once."""
    found: dict[str, Item] = {}
    for item in items:
        expect(bool(item.external_id), f"an item without an id: {item}")
        expect(item.external_id not in found, f"{item.external_id} is listed twice")
        found[item.external_id] = item
    return found


async def _resumes(
    listing: Callable[[str | None], AsyncIterator[Page[Item]]], wanted: Collection[str]
) -> None:
    """From every cursor, what is left follows. What was already read may come once more.

    Only what the world knows of is counted: on a shared server other tests come and go.
    """
    pages = [page async for page in listing(None)]
    expect(bool(pages), "a listing without a single page")
    expect(pages[-1].cursor is None, "the last page has a cursor")
    _ids([item for page in pages for item in page.items])
    read: set[str] = set()
    for page in pages[:-1]:
        read.update(item.external_id for item in page.items)
        if page.cursor is None:
            fail("a page in the middle has no cursor")
        rest = _ids(await _all(listing(page.cursor)))
        lost = set(wanted) - read - rest.keys()
        expect(not lost, f"cursor {page.cursor} loses items", set(), lost)
        first = {item.external_id for item in pages[0].items}
        expect(not first or not first <= rest.keys(), f"cursor {page.cursor} starts over")


async def _updates(adapter: KeepsTime, external_id: str, worklog: Worklog) -> None:
    """An update changes length and day, and the marker still finds the same record."""
    changed = replace(worklog, seconds=worklog.seconds + 1800, day=worklog.day - _DAY)
    before = await adapter.find_time(worklog)
    updated = await adapter.update_time(external_id, changed)
    found = await adapter.find_time(changed)
    expect(found == updated, "an updated record is not found by its marker", updated, found)
    expect(updated.external_id == external_id, "an update made another record", updated)
    expect(updated.day == changed.day, "the record stayed on its day", changed.day, updated)
    if before is not None:
        longer = updated.seconds - before.seconds
        expect(longer > 0, "the record did not get longer", before, updated)
        other = before.version != updated.version or not updated.version
        expect(other, "the record changed and its version did not", before, updated)
