"""The Redmine adapter keeps the contract against a real Redmine."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest

from bot.integrations.api import Worklog
from bot.integrations.client import HttpPool
from bot.integrations.conformance import Conformance, HookWorld, World
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed, ProviderRefused
from bot.providers.redmine import adapter as adapter_module
from bot.providers.redmine import people
from bot.providers.redmine.adapter import Redmine
from tests.conftest import RedmineServer
from tests.providers.redmine.hooks import signed_by_redmine
from tests.providers.redmine.site import Site, Workshop
from tests.providers.worked import SINCE, worked

pytestmark = pytest.mark.redmine

PAGE = 10
ISSUES = 25

HOOK = "https://hourlink.test/hooks/1-x"
SECRET = "what only Redmine and Hourlink know"


@dataclass(frozen=True)
class Made:
    """What the module's tests work on."""

    workshop: Workshop
    public: int
    """With 25 issues, two of them closed, and a sub-project."""
    private: int
    """Alice's, and a group's in which Erin is."""
    issues: tuple[str, ...]
    private_issue: str


@pytest.fixture(scope="module")
def site(redmine: RedmineServer) -> Site:
    """Give the real Redmine."""
    return Site(redmine.url, redmine.admin_key, redmine.seed)


@pytest.fixture(scope="module")
def made(site: Site) -> Iterator[Made]:
    """Make projects of our own; other tests work on the same server."""
    workshop = Workshop(site)
    try:
        public = workshop.project()
        workshop.member(public, site.user_id("alice"), "Manager")
        workshop.member(public, site.user_id("bob"), "Developer")
        workshop.member(public, site.user_id("carol"), "Reporter")
        issues = tuple(workshop.issue(public, f"Issue {n}") for n in range(ISSUES))
        for closed in issues[3], issues[14]:
            workshop.change(closed, status_id=site.seed["statuses"]["Closed"])
        child = workshop.project(parent=public)
        workshop.issue(child, "Not the parent's")
        private = workshop.project(is_public=False)
        workshop.member(private, site.user_id("alice"), "Manager")
        workshop.member(private, workshop.group(site.user_id("erin")), "Developer")
        yield Made(workshop, public, private, issues, workshop.issue(private, "Secret"))
    finally:
        workshop.clear()


@pytest.fixture
async def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AdapterContext]:
    """Give what the composition root gives, and small pages, so that there are several."""
    monkeypatch.setattr(adapter_module, "_LIMIT", PAGE)
    pool = HttpPool(clock=lambda: datetime.now(UTC), sleep=asyncio.sleep)
    yield AdapterContext(pool, tmp_path, pool.clock, pool.sleep)
    await pool.aclose()


class Door:
    """Opens adapters of the real Redmine with anybody's key."""

    def __init__(self, site: Site, context: AdapterContext) -> None:
        self._site = site
        self._context = context

    def with_key(self, key: str) -> Redmine:
        """Open with this key."""
        return Redmine({"url": f"{self._site.url}/", "api_key": key}, self._context)

    def admin(self) -> Redmine:
        """Open as the administrator."""
        return self.with_key(self._site.key)

    def person(self, login: str) -> Redmine:
        """Open as a seeded person."""
        return self.with_key(self._site.user_key(login))


@pytest.fixture
def door(site: Site, context: AdapterContext) -> Door:
    """Give the way in."""
    return Door(site, context)


def worklog(task_id: str, account_id: int | None = None) -> Worklog:
    """An hour and a half with a marker of its own."""
    return worked(
        task_id,
        marker=uuid4().hex,
        since=SINCE,
        note="header | 100 % 任务",
        by=None if account_id is None else str(account_id),
    )


class TestRedmine(Conformance):
    """Every promise of the contract, with an administrator's key."""

    @pytest.fixture
    def world(self, site: Site, made: Made, door: Door) -> World:
        """Give the world of the projects above."""
        changes = count(1)
        alice = site.user_id("alice")

        async def change() -> str:
            made.workshop.change(made.issues[7], subject=f"Changed {next(changes)} times")
            return made.issues[7]

        people = ("alice", "bob", "carol", "dave", "erin", "frank")
        return World(
            open=door.admin,
            open_wrong=lambda: door.with_key("b" * 40),
            open_own=lambda: door.person("alice"),
            own_account_id=str(alice),
            project_id=str(made.public),
            project_ids={str(made.public), str(made.private)},
            archived_ids={str(site.seed["projects"]["legacy_archived"])},
            task_ids=set(made.issues),
            done_ids={made.issues[3], made.issues[14]},
            unknown_project_id="99999999",
            unknown_task_id="99999999",
            unknown_account_id="99999999",
            emails={str(site.user_id(p)): site.seed["users"][p]["mail"] for p in people},
            access={
                str(made.public): None,
                str(made.private): {"1", str(alice), str(site.user_id("erin"))},
            },
            changeable_task_id=made.issues[9],
            change=change,
            now=lambda: datetime.now(UTC),
            worklog=lambda: worklog(made.issues[5], alice),
            hooks=HookWorld(  # this Redmine has none yet; its form of them is documented
                address=HOOK,
                secret=SECRET,
                sent=tuple,
                sign=lambda body: signed_by_redmine(HOOK, body, SECRET),
            ),
        )


async def test_a_locked_persons_key_asks_for_a_person(door: Door) -> None:
    """Frank left: his key answers 401 with an empty body."""
    with pytest.raises(ProviderAuthFailed):
        await door.person("frank").check()


async def test_a_key_without_admin_rights_says_what_it_cannot_see(door: Door) -> None:
    """The connect form warns before people wonder why nobody is matched."""
    site = await door.person("alice").check()
    assert site.account_name == "Alice Müller"
    assert any("e-mail" in warning for warning in site.warnings)
    assert (await door.admin().check()).warnings == ()


async def test_a_key_without_admin_rights_still_meets_people(
    site: Site, made: Made, door: Door
) -> None:
    """Names come from the projects it sees, each person once."""
    pages = [page async for page in door.person("alice").accounts()]
    found = [account for page in pages for account in page.items]
    ids = [account.external_id for account in found]
    assert len(ids) == len(set(ids))
    assert {str(site.user_id(p)) for p in ("alice", "bob", "carol", "erin")} <= set(ids)
    assert pages[-1].cursor is None
    assert all(account.email is None for account in found)
    del made


async def test_the_archived_and_the_hidden_read_as_gone(site: Site, made: Made, door: Door) -> None:
    """Redmine says 403 to both; a task in them cannot be tracked."""
    archived = str(site.seed["projects"]["legacy_archived"])
    assert await door.admin().project(archived) is None
    assert await door.person("bob").project(str(made.private)) is None
    assert await door.person("bob").task(made.private_issue) is None
    assert await door.person("alice").task(made.private_issue) is not None
    with pytest.raises(ProviderRefused):
        _ = [page async for page in door.person("bob").tasks(str(made.private))]


async def test_a_dead_key_does_not_make_things_look_gone(door: Door, made: Made) -> None:
    """401 is raised, never answered with None."""
    with pytest.raises(ProviderAuthFailed):
        await door.with_key("b" * 40).task(made.issues[0])


async def test_time_is_booked_in_the_members_own_name(site: Site, made: Made, door: Door) -> None:
    """An administrator's key books for Bob; with no account, the name is in the comment."""
    admin = door.admin()
    for_bob, for_nobody = worklog(made.issues[1], site.user_id("bob")), worklog(made.issues[1])
    booked, named = await admin.write_time(for_bob), await admin.write_time(for_nobody)
    try:
        entry = site.call("GET", f"time_entries/{booked.external_id}.json")["time_entry"]
        assert entry["user"]["id"] == site.user_id("bob")
        assert entry["comments"] == f"{for_bob.note} [hl:{for_bob.marker}]"
        assert entry["activity"]["name"] == "Development"
        entry = site.call("GET", f"time_entries/{named.external_id}.json")["time_entry"]
        assert entry["user"]["id"] == 1
        assert entry["comments"].startswith("Ana Ruiz: header")
    finally:
        await admin.delete_time(booked.external_id)
        await admin.delete_time(named.external_id)


async def test_time_that_cannot_be_booked_says_why(site: Site, made: Made, door: Door) -> None:
    """Frank is locked; Bob's role may not book for Alice; a stranger sees no private issue."""
    for adapter, entry in (
        (door.admin(), worklog(made.issues[1], site.user_id("frank"))),
        (door.person("bob"), worklog(made.issues[1], site.user_id("alice"))),
        (door.person("bob"), worklog(made.private_issue, site.user_id("bob"))),
    ):
        with pytest.raises(ProviderRefused) as caught:
            await adapter.write_time(entry)
        assert caught.value.reason
        assert await door.admin().find_time(entry) is None


async def test_an_update_moves_time_to_another_issue(site: Site, made: Made, door: Door) -> None:
    """The entry keeps its person and its activity, and is found where it is now."""
    admin = door.admin()
    entry = worklog(made.issues[1], site.user_id("bob"))
    written = await admin.write_time(entry)
    try:
        moved = replace(entry, task_id=made.issues[2])
        updated = await admin.update_time(written.external_id, moved)
        assert updated.version != written.version
        assert await admin.find_time(entry) == updated
        shown = site.call("GET", f"time_entries/{written.external_id}.json")["time_entry"]
        assert (shown["issue"]["id"], shown["user"]["id"]) == (
            int(made.issues[2]),
            site.user_id("bob"),
        )
    finally:
        await admin.delete_time(written.external_id)


async def test_odd_lengths_come_back_as_whole_minutes(made: Made, door: Door) -> None:
    """Two decimals of an hour are coarser than a minute, and still the minute is known."""
    admin = door.admin()
    for seconds, kept in ((1, 60), (100, 120), (3_599, 3600), (40 * 60 + 29, 40 * 60)):
        written = await admin.write_time(replace(worklog(made.issues[1]), seconds=seconds))
        try:
            assert written.seconds == kept
        finally:
            await admin.delete_time(written.external_id)


async def test_what_the_workflow_forbids_is_said(made: Made, door: Door) -> None:
    """Carol reports only: Redmine would answer 204 and do nothing."""
    with pytest.raises(ProviderRefused) as caught:
        await door.person("carol").complete(made.issues[11])
    assert "kept" in caught.value.reason
    task = await door.admin().task(made.issues[11])
    assert task is not None
    assert not task.is_done


async def test_an_open_subtask_keeps_its_parent_open(made: Made, door: Door) -> None:
    """The refusal names what may be in the way."""
    parent = made.workshop.issue(made.private, "Parent")
    made.workshop.issue(made.private, "Child", parent_issue_id=int(parent))
    with pytest.raises(ProviderRefused, match="subtask"):
        await door.admin().complete(parent)


async def test_reopening_goes_back_to_where_it_was(site: Site, made: Made, door: Door) -> None:
    """Undo of a completion puts *In Progress* back, not *New*."""
    issue = made.workshop.issue(made.private, "Busy")
    made.workshop.change(issue, status_id=site.seed["statuses"]["In Progress"])
    done = await door.admin().complete(issue)
    assert (done.status, done.is_done) == ("Closed", True)
    assert (await door.admin().reopen(issue)).status == "In Progress"


async def test_people_are_read_page_by_page(
    site: Site, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From any cursor on, in another process, nobody is lost."""
    monkeypatch.setattr(people, "_LIMIT", 3)
    monkeypatch.setattr(people, "_OVERLAP", 1)
    pages = [page async for page in door.admin().accounts()]
    everybody = {str(person["id"]) for person in site.seed["users"].values()}
    read: set[str] = set()
    for page in pages:
        read |= {account.external_id for account in page.items}
        if page.cursor is not None:
            rest = [a async for left in door.admin().accounts(page.cursor) for a in left.items]
            assert everybody <= read | {account.external_id for account in rest}
    assert len(pages) > 2
    assert everybody <= read


async def test_requests_are_counted(door: Door) -> None:
    """Run history shows how much a sync asked of the server."""
    adapter = door.admin()
    await adapter.check()
    assert adapter.requests == 1
