"""Two processes that write the same new thing at once: one makes it, the other finds it made."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people.people import SlackPerson
from storage import members, teams
from storage.operating import installations
from storage.operating.installations import InstallationRow, Stored
from storage.sql import table
from storage.tasks import channel_defaults
from storage.teams import TeamRow
from storage.unit_of_work import Tx
from tests.builders import NOON, World

LATER = NOON + timedelta(seconds=1)

ACME = Stored(
    team_id="T0ACME",
    enterprise_id="",
    name="Acme",
    bot_id="B0BOT",
    bot_user_id="U0BOT",
    scopes="commands",
    expires_at=None,
    installed_by="U0ANA",
    sealed_tokens="first",
)


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    """Give a team. SQLite has one writer anyway."""
    made = World(postgresql_url)
    yield made
    made.close()


def in_turns(world: World, first: Callable[[Tx], object], second: Callable[[Tx], object]) -> None:
    """Begins the second while the first is not committed."""

    def do() -> None:
        with world.uow.begin() as tx:
            second(tx)

    with ThreadPoolExecutor(1) as other:
        with world.uow.begin() as tx:
            first(tx)
            done = other.submit(do)
            wait([done], timeout=0.2)  # it gets as far as it can
        done.result()


def test_somebody_whom_two_processes_meet(world: World) -> None:
    """Somebody new acts twice at once: whichever comes second refreshes what is known of them."""
    ana = SlackPerson(SlackUserId("U0ANA"), "Ana", None, "Europe/Berlin")
    renamed = replace(ana, name="Ana Lima")
    in_turns(
        world,
        lambda tx: members.save(tx, world.team_id, ana, NOON),
        lambda tx: members.save(tx, world.team_id, renamed, LATER),
    )
    with world.uow.read() as tx:
        assert [one.name for one in members.active(tx, world.team_id)] == ["Ana Lima"]


def test_a_team_that_two_processes_meet(world: World) -> None:
    """Two processes that start for the first time with the same token both start."""
    new = TeamId("T0NEW")
    in_turns(
        world,
        lambda tx: teams.save_installed(tx, new, name="One", bot_user_id="U1", now=NOON),
        lambda tx: teams.save_installed(tx, new, name="Two", bot_user_id="U2", now=LATER),
    )
    row = table(TeamRow).c
    with world.uow.read() as tx:
        found = tx.execute(select(row.name, row.installed_at).where(row.id == new)).one()
    assert tuple(found) == ("Two", NOON)


@pytest.mark.parametrize(
    "stored", [ACME, replace(ACME, team_id="", enterprise_id="E0ACME")], ids=["team", "enterprise"]
)
def test_an_installation_that_comes_back_twice(world: World, stored: Stored) -> None:
    """Two admins install at once: the later token is kept, once."""
    again = replace(stored, sealed_tokens="second", installed_by="U0BEN")
    in_turns(
        world,
        lambda tx: installations.save(tx, stored, NOON),
        lambda tx: installations.save(tx, again, LATER),
    )
    row = table(InstallationRow).c
    with world.uow.read() as tx:
        found = tx.execute(select(row.sealed_tokens, row.installed_at)).one()
    assert tuple(found) == ("second", LATER)


def test_a_channel_of_which_two_admins_choose_the_project(world: World) -> None:
    """Both are told that it is done, and the later choice holds."""
    ana, ben = world.member("ana", admin=True), world.member("ben", admin=True)
    web, shop = world.project("Website", "WEB"), world.project("Shop", "SHOP")
    here = (world.team_id, "C0WEB")
    in_turns(
        world,
        lambda tx: channel_defaults.put(tx, *here, web, by=ana.id, now=NOON),
        lambda tx: channel_defaults.put(tx, *here, shop, by=ben.id, now=LATER),
    )
    with world.uow.read() as tx:
        found = channel_defaults.find(tx, *here)
    assert found is not None
    assert (found.project_id, found.by) == (shop, "Ben")
