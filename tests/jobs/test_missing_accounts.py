"""Accounts that vanish from their tool, are merged there, hidden, or switched off (A2, U5, U7)."""

import pytest

from bot.domain.errors import HourlinkError
from bot.domain.ids import ProviderAccountId
from bot.domain.people.people import Member
from bot.domain.people.people_lists import PeopleQuery
from bot.domain.states import AccountLinkState as S
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Started
from bot.domain.tracking.tracking_errors import NothingToTrackOn
from bot.integrations.api import ProviderAccount
from bot.integrations.errors import ProviderAuthFailed, ProviderRefused, ProviderUnavailable
from bot.services.people import missing_accounts
from bot.services.people.account_links import AccountLinks
from bot.services.people.listing import PeopleLists
from bot.services.tracking.timer import Tracking
from tests.jobs.sync_world import SyncWorld


class Office:
    """Mia and Bob are connected, and track on a project that everybody sees."""

    def __init__(self, world: SyncWorld) -> None:
        self.world, self.site = world, world.site
        self.tracking = Tracking(world.uow, world.marker, str)

    async def begins(self) -> "Office":
        """Links, syncs, connects."""
        world, site = self.world, self.site
        site.project("p1", "Acme Web", key="WEB")
        site.task("t1", "p1", "Task", key="WEB-1")
        for name in ("a1", "a2", "a3"):
            site.accounts[name] = ProviderAccount(name, name)
        await world.job.run(world.here)
        project = world.link_new("p1")
        await world.sync()
        self.mia, self.bob = world.member("mia"), world.member("bob")
        for who, account in ((self.mia, "a1"), (self.bob, "a2")):
            world.connected(who, world.here, self.account(account))
            world.joins(who, project)
        world.run("DELETE FROM outbox")
        return self

    def account(self, external_id: str) -> ProviderAccountId:
        """Our id of an account."""
        query = "SELECT id FROM provider_account WHERE external_id = :e"
        return ProviderAccountId(self.world.one(query, e=external_id).id)

    def state(self, who: Member) -> str:
        """Where somebody stands."""
        query = "SELECT state FROM account_link WHERE member_id = :m AND slot = 0"
        return str(self.world.one(query, m=who.id).state)

    def told(self) -> list[str]:
        """What people are owed about accounts and timers."""
        kinds = ("account.", "timer.")
        return sorted(one.kind for one in self.world.owed() if str(one.kind).startswith(kinds))

    def starts(self, who: Member) -> object:
        """Somebody starts a timer."""
        return self.tracking.start(who=who, ref=KeyRef("WEB-1"), now=self.world.now)

    def asked(self) -> int:
        """How often the tool was asked about one account."""
        return self.site.calls["account"]


@pytest.fixture
async def office(world: SyncWorld) -> Office:
    """Give the office on each kind of database."""
    return await Office(world).begins()


async def test_who_is_deleted_or_merged_there_is_disconnected_here(office: Office) -> None:
    """The timer is kept, the own key destroyed, the person told once, and admins see why."""
    world = office.world
    assert isinstance(office.starts(office.mia), Started)
    world.run("UPDATE account_link SET sealed_token = 'x' WHERE member_id = :m", m=office.mia.id)
    del office.site.accounts["a1"]
    await world.sync()
    assert office.state(office.mia) == S.ENDED
    assert office.told() == ["account.gone", "timer.stopped"]
    entry = world.one("SELECT seconds, stopped_because FROM time_entry")
    assert (entry.seconds, entry.stopped_because) == (360, "account_link_ended")
    assert world.one("SELECT count(*) AS n FROM account_link WHERE sealed_token IS NOT NULL").n == 0
    said = world.one("SELECT action, label, after FROM audit WHERE actor_id IS NULL")
    assert (said.action, "gone in the tool" in str(said.after)) == ("account_link.end", True)
    with pytest.raises(HourlinkError):
        office.starts(office.mia)
    page = PeopleLists(world.uow).page(world.admin, PeopleQuery(world.here))
    (gone,) = [link for link in page.links if link.person.id == office.mia.id]
    assert gone.account is not None
    assert gone.account.is_gone
    for _ in range(2):
        await world.sweep()
    assert office.told() == ["account.gone", "timer.stopped"]
    assert (office.asked(), office.state(office.bob)) == (1, S.CONNECTED)


async def test_a_short_list_ends_nobodys_connection(office: Office) -> None:
    """Who is there after all stays, and is asked about once, then once a day."""
    world, there = office.world, office.site.accounts.pop("a1")
    real = dict(office.site.accounts)

    class Short(dict[str, ProviderAccount]):
        """The list leaves Mia out; asked about her alone, the tool knows her."""

        def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
            return there if key == "a1" else super().get(key)

    office.site.accounts = Short(real)
    for _ in range(3):
        await world.sync()
    assert (office.state(office.mia), office.told(), office.asked()) == (S.CONNECTED, [], 1)
    assert isinstance(office.starts(office.mia), Started)
    await world.sweep()
    assert (office.state(office.mia), office.told(), office.asked()) == (S.CONNECTED, [], 2)
    office.site.accounts = {"a1": there, **real}
    await world.sync()
    query = "SELECT count(*) AS n FROM provider_account WHERE unlisted_at IS NOT NULL"
    assert world.one(query).n == 0


@pytest.mark.parametrize("error", [ProviderRefused, ProviderUnavailable, ProviderAuthFailed])
async def test_what_is_not_known_ends_nothing(office: Office, error: type[Exception]) -> None:
    """Hidden from these credentials, no answer, a dead key: none of them says that somebody left.

    Where the run could not go on, the next one asks again.
    """
    world = office.world
    account = office.site.accounts.pop("a1")
    office.site.fails("account", lambda: error("fake", "no"))
    await world.sync()
    assert office.state(office.mia) == S.CONNECTED
    office.site.accounts["a1"] = account
    world.ask(world.admin)
    await world.sync()
    assert (office.state(office.mia), office.told()) == (S.CONNECTED, [])
    assert isinstance(office.starts(office.mia), Started)


async def test_a_dead_key_that_lists_nobody_ends_nothing(office: Office) -> None:
    """Before anything is called gone, the credentials have to open the door."""
    office.site.accounts.clear()
    office.site.fails("check", lambda: ProviderAuthFailed("fake", "dead"))
    await office.world.sync()
    assert (office.state(office.mia), office.state(office.bob)) == (S.CONNECTED, S.CONNECTED)
    assert office.asked() == 0


async def test_an_account_that_waits_for_approval_and_vanishes(office: Office) -> None:
    """The admin cannot approve what is not there; who asked for it is told, and may choose anew."""
    world = office.world
    world.run(
        "UPDATE account_link SET state = 'awaiting_approval', provider_account_id = :a "
        "WHERE member_id = :m",
        a=office.account("a3"),
        m=office.bob.id,
    )
    del office.site.accounts["a3"]
    await world.sync()
    assert (office.state(office.bob), office.told()) == (S.WITHDRAWN, ["account.gone"])
    links = AccountLinks(world.uow, world.marker)
    begun = links.connect_alone(office.bob, world.here, world.now)
    assert begun.link.state is S.INVITED


async def test_who_comes_back_can_be_connected_again(office: Office) -> None:
    """A deleted account that is restored is one like any other; its person confirms again."""
    world, account = office.world, office.site.accounts.pop("a1")
    await world.sync()
    office.site.accounts["a1"] = account
    await world.sync()
    assert office.state(office.mia) == S.ENDED
    links = AccountLinks(world.uow, world.marker)
    begun = links.connect_alone(office.mia, world.here, world.now).link
    links.pick(office.mia, begun.id, begun.request, office.account("a1"), world.now)
    assert office.state(office.mia) == S.AWAITING_APPROVAL


async def test_a_second_account_goes_on(office: Office) -> None:
    """One of two accounts is merged away; what the other sees is tracked on, without a stop."""
    world = office.world
    world.run(
        "INSERT INTO account_link (team_id, member_id, integration_id, slot, provider_account_id, "
        "state, chosen_by_admin, request, asked_at) SELECT team_id, member_id, integration_id, 1, "
        ":a, state, chosen_by_admin, request, asked_at FROM account_link WHERE member_id = :m",
        a=office.account("a3"),
        m=office.mia.id,
    )
    assert isinstance(office.starts(office.mia), Started)
    del office.site.accounts["a1"]
    await world.sync()
    assert office.told() == ["account.gone"]
    assert world.one("SELECT count(*) AS n FROM time_entry WHERE seconds IS NULL").n == 1


async def test_many_are_looked_at_in_several_runs(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that lost thousands does not make one run ask about each of them."""
    monkeypatch.setattr(missing_accounts, "AT_ONCE", 1)
    office.site.accounts.clear()
    await office.world.sync()
    assert office.asked() == 1
    await office.world.sync()
    assert [office.state(one) for one in (office.mia, office.bob)] == [S.ENDED, S.ENDED]


async def test_who_is_switched_off_is_told_once_without_a_timer(office: Office) -> None:
    """Once, whatever else changes about the account; again only after it was switched on."""
    world = office.world
    for name in ("a1", "Mia Locked", "Mia Moved"):
        office.site.accounts["a1"] = ProviderAccount("a1", name, is_active=False)
        await world.sync()
    assert (office.told(), office.state(office.mia)) == (["account.switched_off"], S.CONNECTED)
    with pytest.raises(NothingToTrackOn):
        office.starts(office.mia)
    office.site.accounts["a1"] = ProviderAccount("a1", "a1")
    await world.sync()
    assert isinstance(office.starts(office.mia), Started)
    office.site.accounts["a1"] = ProviderAccount("a1", "a1", is_active=False)
    await world.sync()
    assert office.told() == ["account.switched_off", "account.switched_off", "timer.stopped"]
