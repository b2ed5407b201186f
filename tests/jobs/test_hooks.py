"""Webhooks: what changes in the tool shows within seconds, and nobody else can bring it about."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.sync.hooks import HookAnswer, HookGone, HookUnknown
from bot.integrations.api import AlsoIn
from bot.integrations.errors import ProviderAuthFailed, ProviderRefused, ProviderUnavailable
from bot.integrations.hooks import HookForged, Watch
from tests.jobs.hooked_provider import Asked, HookedAdapter, told
from tests.jobs.sync_world import PUBLIC_URL, SyncWorld, opened
from tests.statements import heard


class HookedWorld(SyncWorld):
    """A linked project with two tasks, and the webhooks that its first syncs asked for."""

    def __init__(self, database_url: str) -> None:
        self.asked = HookedAdapter.asked = Asked()
        super().__init__(database_url, factory=HookedAdapter)

    async def begin(self) -> None:
        """Everything is linked and in step."""
        self.site.project("p1", "Acme Web", key="WEB")
        self.site.project("p2", "Unlinked")
        self.site.task("t1", "p1", "Header", key="WEB-1", updated_at=self.now)
        self.site.task("t2", "p1", "Footer", key="WEB-2", updated_at=self.now)
        await self.job.run(self.here)
        self.link_new("p1")
        await self.sync()

    @property
    def token(self) -> str:
        """The part of the address that says whose it is."""
        address = self.addresses.of(self.here)
        assert address is not None
        return address.removeprefix(f"{PUBLIC_URL}/hooks/")

    @property
    def secret(self) -> str:
        """What the provider signs with."""
        return self.asked.watches[-1][1]

    def tell(self, *, secret: str | None = None, behind: str = "", **changes: object) -> HookAnswer:
        """The provider tells of changes, some seconds after they were made."""
        headers, body = told(self.secret if secret is None else secret, **changes)
        return self.hooks.hear(
            token=self.token, behind=behind, headers=headers, body=body, now=self.now
        )

    async def soon(self) -> int:
        """A few seconds later whoever looks for work looks; tells how many were due."""
        self.later(seconds=3)
        due = self.syncing.due(self.now)
        for one in due:
            await self.job.run(one)
        return len(due)

    def change(self, task_id: str, title: str) -> None:
        """Somebody edits a task in the provider."""
        known = self.site.tasks[task_id]
        self.site.tasks[task_id] = replace(known, title=title, updated_at=self.now)

    def titles(self) -> dict[str, str]:
        """What is here."""
        found = self.rows("SELECT external_id, title FROM task WHERE gone_at IS NULL")
        return {str(row.external_id): str(row.title) for row in found}


@pytest.fixture
async def hooked(database_url: str) -> AsyncIterator[HookedWorld]:
    """Give a world with webhooks, on each kind of database."""
    world = HookedWorld(database_url)
    async with opened(world):
        await world.begin()
        yield world


async def test_change_shows_within_seconds_at_the_least_cost(hooked: HookedWorld) -> None:
    """One list of changes is read, of one project; the next ordinary sync comes when it would."""
    usual = hooked.one("SELECT next_sync_at FROM integration").next_sync_at
    hooked.later(seconds=30)
    hooked.change("t1", "New header")
    before = hooked.site.calls.copy()
    assert hooked.tell(projects=["p1"]).is_news
    assert await hooked.soon() == 1
    assert hooked.titles()["t1"] == "New header"
    assert hooked.site.calls - before == {"tasks": 1}
    assert hooked.one("SELECT next_sync_at FROM integration").next_sync_at == usual
    run = hooked.last_run()
    assert (run.state, bool(run.heard), run.changed) == ("done", True, 1)
    assert await hooked.soon() == 0


async def test_burst_is_read_once(hooked: HookedWorld) -> None:
    """Fifty edits of one project are one list of changes."""
    hooked.later(seconds=30)
    for number in range(50):
        hooked.change("t1", f"Draft {number}")
        hooked.tell(projects=["p1"], number=number)
    before = hooked.site.calls["tasks"]
    assert await hooked.soon() == 1
    assert hooked.site.calls["tasks"] == before + 1
    assert hooked.titles()["t1"] == "Draft 49"


async def test_repeated_request_brings_about_nothing(hooked: HookedWorld) -> None:
    """A provider's retry, or a copy that somebody took on the way, under whatever headers."""
    hooked.later(seconds=30)
    headers, body = told(hooked.secret, projects=["p1"], at=1)
    answers = [
        hooked.hooks.hear(
            token=hooked.token,
            behind="",
            headers={**headers, "x-delivery": str(number)},
            body=body,
            now=hooked.now,
        )
        for number in range(3)
    ]
    assert [answer.is_news for answer in answers] == [True, False, False]
    assert await hooked.soon() == 1
    assert await hooked.soon() == 0


async def test_forged_request_changes_nothing(hooked: HookedWorld) -> None:
    """Whoever knows the address alone can do nothing with it."""
    with pytest.raises(HookForged):
        hooked.tell(secret="a guess", projects=["p1"])
    with pytest.raises(HookForged):
        hooked.tell(secret="", projects=["p1"])
    with pytest.raises(HookForged):
        hooked.tell(behind="/p1", projects=["p1"])
    assert hooked.rows("SELECT * FROM hook_news") == []
    assert await hooked.soon() == 0


@pytest.mark.parametrize("token", ["", "1", "1-", "1-x", "-", "x-y", "1-\xe9", "9" * 99, "\x00-a"])
async def test_guessed_address_asks_the_database_nothing(hooked: HookedWorld, token: str) -> None:
    """A flood of guesses costs one digest each."""
    guesses = [token, f"{hooked.here + 1}-{hooked.token.partition('-')[2]}", hooked.token + "x"]
    with heard(hooked.engine) as said:
        for guess in guesses:
            assert not hooked.hooks.is_address(guess)
            with pytest.raises(HookUnknown):
                hooked.hooks.hear(token=guess, behind="", headers={}, body=b"", now=hooked.now)
    assert said == []


@pytest.mark.parametrize(
    "end",
    [
        "UPDATE integration SET state = 'disconnected'",
        "UPDATE team SET uninstalled_at = '2026-11-20 12:00:00'",
    ],
)
async def test_provider_of_what_is_over_may_stop(hooked: HookedWorld, end: str) -> None:
    """After a disconnect or an uninstall nothing is taken in any more."""
    hooked.run(end)
    with pytest.raises(HookGone):
        hooked.tell(projects=["p1"])


async def test_other_integrations_are_left_alone(hooked: HookedWorld) -> None:
    """An address and its secret open one integration of one team, whatever a body names."""
    other = hooked.another(hooked.site)
    await hooked.job.run(other)
    before = hooked.rows("SELECT * FROM sync_run WHERE integration_id = :i", i=other)
    hooked.later(seconds=30)
    hooked.tell(projects=["p1"])
    await hooked.soon()
    assert hooked.rows("SELECT * FROM sync_run WHERE integration_id = :i", i=other) == before


async def test_unlinked_projects_are_no_news(hooked: HookedWorld) -> None:
    """A busy project that nobody tracks on costs nothing."""
    assert not hooked.tell(projects=["p2"]).is_news
    assert not hooked.tell(projects=["p2"], tasks=["x9"]).is_news
    assert not hooked.tell().is_news
    assert await hooked.soon() == 0


async def test_deleted_task_disappears_at_once(hooked: HookedWorld) -> None:
    """Otherwise it would be seen by the daily sweep only."""
    del hooked.site.tasks["t2"]
    hooked.tell(tasks=["t2"])
    assert await hooked.soon() == 1
    assert hooked.titles().keys() == {"t1"}
    assert hooked.last_run().gone == 1


async def test_moved_task_is_the_same_at_once(hooked: HookedWorld) -> None:
    """Into a project that is linked or not: its row and its time stay."""
    row = hooked.one("SELECT id FROM task WHERE external_id = 't1'").id
    hooked.site.tasks["t1"] = replace(hooked.site.tasks["t1"], project_id="p2")
    hooked.tell(tasks=["t1"])
    await hooked.soon()
    moved = hooked.one("SELECT * FROM task WHERE external_id = 't1'")
    assert (moved.id, moved.provider_project_id) == (row, hooked.source("p2"))


async def test_single_new_task_arrives(hooked: HookedWorld) -> None:
    """Some tools tell of a new task and not where it is."""
    hooked.site.task("t3", "p1", "New one", key="WEB-3")
    hooked.site.task("x1", "p2", "Elsewhere")
    hooked.tell(tasks=["t3", "x1"])
    await hooked.soon()
    assert hooked.titles().keys() == {"t1", "t2", "t3"}


async def test_dead_token_deletes_nothing(hooked: HookedWorld) -> None:
    """To somebody without credentials everything is gone; the check says so first."""
    hooked.site.tasks.clear()
    hooked.site.fails("check", lambda: ProviderAuthFailed("fake", "revoked"))
    hooked.tell(tasks=["t1", "t2"])
    await hooked.soon()
    assert hooked.titles().keys() == {"t1", "t2"}
    assert hooked.one("SELECT state FROM integration").state == "broken"
    hooked.tell(projects=["p1"])
    assert await hooked.soon() == 0


async def test_killed_in_the_middle_it_goes_on(hooked: HookedWorld) -> None:
    """What was told is not forgotten with the process."""
    hooked.later(seconds=30)
    hooked.change("t1", "New header")
    del hooked.site.tasks["t2"]
    hooked.tell(projects=["p1"], tasks=["t2"])
    usual = hooked.one("SELECT next_sync_at FROM integration").next_sync_at
    hooked.site.fails("task", lambda: ProviderUnavailable("fake", "down"))
    await hooked.soon()
    assert hooked.last_run().state == "running"
    hooked.later(minutes=2)
    await hooked.new_job().run(hooked.here)
    assert hooked.last_run().state == "done"
    assert hooked.titles() == {"t1": "New header"}
    assert hooked.one("SELECT next_sync_at FROM integration").next_sync_at == usual


async def test_records_of_webhooks_are_kept_for_a_week(hooked: HookedWorld) -> None:
    """A busy tool makes thousands of them; an ordinary run that found something stays."""
    hooked.later(seconds=30)
    hooked.change("t1", "New header")
    hooked.tell(projects=["p1"])
    await hooked.soon()
    news = "SELECT count(*) AS n FROM sync_run WHERE created + changed > 0"
    ordinary = hooked.one(f"{news} AND NOT heard").n
    assert ordinary
    hooked.syncing.tidy(hooked.now + timedelta(days=6))
    assert hooked.one(news).n == ordinary + 1
    hooked.syncing.tidy(hooked.now + timedelta(days=8))
    assert hooked.one(news).n == ordinary


async def test_new_projects_bring_an_ordinary_sync_forward(hooked: HookedWorld) -> None:
    """Announced within seconds; a flood of such news is one sync in half a minute."""
    hooked.later(seconds=10)
    hooked.site.project("p3", "Brand new")
    assert hooked.tell(wide=True, number=1).is_news
    assert await hooked.soon() == 0
    hooked.later(seconds=30)
    hooked.tell(wide=True, number=2)
    assert await hooked.soon() == 1
    assert hooked.source("p3")
    assert not hooked.last_run().heard


async def test_webhooks_follow_the_links(hooked: HookedWorld) -> None:
    """Asked for once, again when other projects are linked, and removed with the last one."""
    address = hooked.addresses.of(hooked.here)
    assert [(one[0], one[2]) for one in hooked.asked.watches] == [(address, ("p1",))]
    await hooked.sync()
    assert len(hooked.asked.watches) == 1
    hooked.link_new("p2")
    await hooked.sync()
    assert [one[2] for one in hooked.asked.watches[1:]] == [("p1", "p2")]
    hooked.run("UPDATE project_link SET state = 'ended'")
    await hooked.sync()
    assert [one[2] for one in hooked.asked.watches[2:]] == [()]
    assert len({one[1] for one in hooked.asked.watches}) == 1


async def test_expiring_webhooks_are_renewed(hooked: HookedWorld) -> None:
    """Some live for thirty days."""
    hooked.asked.renew_at = hooked.now + timedelta(days=20)
    hooked.link_new("p2")
    await hooked.sync()
    count = len(hooked.asked.watches)
    hooked.later(days=19)
    await hooked.sync()
    assert len(hooked.asked.watches) == count
    hooked.later(days=2)
    await hooked.sync()
    assert len(hooked.asked.watches) == count + 1


async def test_refused_webhooks_fail_no_sync(hooked: HookedWorld) -> None:
    """The token is no administrator's: noted, asked again tomorrow, and polling goes on."""
    hooked.asked.error = ProviderRefused("fake", "403", status=403, reason="Only administrators.")
    hooked.link_new("p2")
    await hooked.sync()
    assert hooked.last_run().state == "done"
    assert hooked.one("SELECT problem FROM hook").problem == "Only administrators."
    count = len(hooked.asked.watches)
    await hooked.sync()
    assert len(hooked.asked.watches) == count
    hooked.asked.error = ProviderUnavailable("fake", "down")
    await hooked.sweep()
    await hooked.sync()
    assert len(hooked.asked.watches) == count + 2
    hooked.asked.error = None
    await hooked.sync()
    assert hooked.one("SELECT problem FROM hook").problem is None
    assert hooked.last_run().state == "done"


async def test_handshake_is_believed_only_while_we_ask(hooked: HookedWorld) -> None:
    """Anybody could bring a secret of their own along, and sign with it ever after."""

    def shakes(secret: str, behind: str) -> HookAnswer:
        return hooked.hooks.hear(
            token=hooked.token,
            behind=behind,
            headers={"x-secret": secret},
            body=b"{}",
            now=hooked.now,
        )

    with pytest.raises(HookForged):
        shakes("a stranger's", "/p1")
    hooked.run("UPDATE hook SET asked_until = '2027-01-01 00:00:00'")
    assert shakes("the provider's", "/p1").headers == {"X-Secret": "the provider's"}
    with pytest.raises(HookForged):
        shakes("a stranger's", "/p1")
    assert hooked.tell(secret="the provider's", behind="/p1", projects=["p1"]).is_news


async def test_secret_that_the_provider_makes_is_kept(hooked: HookedWorld) -> None:
    """Where it takes none of ours."""
    hooked.asked.answer = Watch({"": "made there"})
    hooked.link_new("p2")
    await hooked.sync()
    assert hooked.tell(secret="made there", projects=["p1"]).is_news
    sealed = hooked.one("SELECT sealed_secrets FROM hook").sealed_secrets
    assert "made there" not in sealed


async def test_shared_task_that_is_told_of_is_read_where_it_is_linked(hooked: HookedWorld) -> None:
    """The tool names a project first that nobody linked."""
    hooked.site.project("p9", "Elsewhere")
    await hooked.sync()
    hooked.site.task("t9", "p9", "Shared", also_in=(AlsoIn("p1"),))
    assert hooked.tell(tasks=["t9"]).is_news
    await hooked.soon()
    assert hooked.titles()["t9"] == "Shared"
