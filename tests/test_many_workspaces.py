"""Tokens of many workspaces: found, exchanged before they end, believed for seconds only."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from bot.domain.errors import TeamNotInstalled
from bot.domain.ids import TeamId
from bot.domain.operating.installations import Installation
from bot.domain.slack_errors import SlackTryLater, TokenRejected
from bot.many_workspaces import FRESH, ManyWorkspaces
from bot.one_workspace import granted_scopes
from bot.services.linking.overview import Overviews
from bot.services.operating.granted import Granted
from bot.services.operating.install_states import InstallStates
from bot.services.operating.installations import Installations
from bot.services.operating.operating import Operating
from bot.services.pool import Pool
from bot.services.vault import Vault
from tests import installed
from tests.builders import NOON, World

ACME, SUN = TeamId("T0ACME"), TeamId("T0SUN")
VAULT = Vault([Fernet.generate_key().decode()])
ORGANISATION = replace(
    installed.ACME, team_id=None, enterprise_id="E0ORG", name="Org", token="xoxb-org"
)
ENDING = replace(
    installed.ACME,
    token="xoxe.xoxb-1",
    refresh_token="xoxe-1",
    expires_at=NOON + timedelta(hours=12),
)


class Desk:
    """Processes over one database, beside a Slack that exchanges each refresh token once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = NOON
        self.installations = Installations(world.uow, VAULT, world.new_marker())
        self.pool = Pool(1)
        self.exchanged: list[str] = []
        self.trouble: Exception | None = None

    def process(self) -> ManyWorkspaces:
        """One more process."""
        return ManyWorkspaces(self.installations, self.pool, self.rotate, self.clock, self.sleep)

    def clock(self) -> datetime:
        """The moment."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Lets others go on; a busy machine needs more looks than the product would have."""
        del seconds
        await asyncio.sleep(0.005)

    async def rotate(self, one: Installation) -> Installation:
        """Slack's side of it."""
        await asyncio.sleep(0)
        if self.trouble is not None:
            raise self.trouble
        assert one.refresh_token is not None
        assert one.refresh_token not in self.exchanged, "a refresh token was used twice"
        self.exchanged.append(one.refresh_token)
        number = len(self.exchanged) + 1
        return replace(
            one,
            token=f"xoxe.xoxb-{number}",
            refresh_token=f"xoxe-{number}",
            expires_at=self.now + timedelta(hours=12),
        )


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Give a database in which nobody has installed anything."""
    made = Desk(World(database_url))
    yield made
    made.pool.close()
    made.world.close()


async def test_each_team_is_answered_with_its_own_token(desk: Desk) -> None:
    """And one that installed nothing with none."""
    desk.installations.save(installed.ACME, NOON)
    desk.installations.save(
        replace(installed.ACME, team_id=SUN, name="Sun", token="xoxb-sun"), NOON
    )
    many = desk.process()
    assert await many.token(ACME) == "xoxb-acme"
    assert await many.token(SUN) == "xoxb-sun"
    with pytest.raises(TeamNotInstalled):
        await many.token(TeamId("T0NOBODY"))
    assert await many.authorize("T0NOBODY", None) is None
    assert await many.authorize(None, None) is None
    found = await many.authorize(ACME, None)
    assert found is not None
    assert (found.bot_token, found.bot_user_id) == ("xoxb-acme", "U1")


async def test_a_token_in_the_database_is_not_readable(desk: Desk) -> None:
    """A stolen copy opens no workspace."""
    desk.installations.save(ENDING, NOON)
    with desk.world.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM installation")).one()
    assert "xox" not in str(row)
    assert "xox" not in repr(desk.installations.find(ACME))


async def test_an_organisation_speaks_for_its_workspaces(desk: Desk) -> None:
    """Also in the background, where no request names the organisation; its own token goes first."""
    desk.installations.save(ORGANISATION, NOON)
    many = desk.process()
    assert await many.authorize(SUN, "E0ELSE") is None
    found = await many.authorize(SUN, "E0ORG")
    assert found is not None
    assert found.bot_token == "xoxb-org"
    assert await desk.process().token(SUN) == "xoxb-org"
    desk.installations.save(replace(installed.ACME, team_id=SUN, enterprise_id="E0ORG"), NOON)
    assert await desk.process().token(SUN) == "xoxb-acme"


async def test_a_token_is_exchanged_once_by_whichever_process_needs_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it is exchanged with is good only once: a second use would lock the team out."""
    monkeypatch.setattr("bot.many_workspaces.PATIENCE", 10_000)
    desk.installations.save(ENDING, NOON)
    desk.now = NOON + timedelta(hours=11)
    processes = [desk.process() for _ in range(4)]
    tokens = await asyncio.gather(*(one.token(ACME) for one in processes for _ in range(3)))
    assert desk.exchanged == ["xoxe-1"]
    assert set(tokens) <= {"xoxe.xoxb-1", "xoxe.xoxb-2"}  # the old one works for another hour
    desk.now += FRESH + timedelta(seconds=1)
    assert [await one.token(ACME) for one in processes] == ["xoxe.xoxb-2"] * 4
    assert desk.exchanged == ["xoxe-1"]


async def test_after_a_long_night_everybody_waits_for_the_one_exchange(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old token is dead, so nobody goes on with it."""
    monkeypatch.setattr("bot.many_workspaces.PATIENCE", 10_000)
    desk.installations.save(ENDING, NOON)
    desk.now = NOON + timedelta(hours=20)
    processes = [desk.process() for _ in range(4)]
    tokens = await asyncio.gather(*(one.token(ACME) for one in processes))
    assert tokens == ["xoxe.xoxb-2"] * 4
    assert desk.exchanged == ["xoxe-1"]


async def test_slacks_trouble_costs_nothing_while_the_old_token_works(desk: Desk) -> None:
    """It is tried again half a minute later, by somebody."""
    desk.installations.save(ENDING, NOON)
    desk.now, desk.trouble = NOON + timedelta(hours=11), SlackTryLater(retry_after=5)
    assert await desk.process().token(ACME) == "xoxe.xoxb-1"
    desk.trouble = None
    desk.now += timedelta(seconds=31)
    assert await desk.process().token(ACME) == "xoxe.xoxb-2"


async def test_a_dead_token_that_slack_does_not_exchange_now_is_waited_for(desk: Desk) -> None:
    """A message is sent later, not given up."""
    desk.installations.save(ENDING, NOON)
    desk.now, desk.trouble = NOON + timedelta(hours=13), SlackTryLater(retry_after=5)
    with pytest.raises(SlackTryLater):
        await desk.process().token(ACME)


async def test_another_process_hears_of_an_end_within_half_a_minute(desk: Desk) -> None:
    """The one that Slack told knows at once; its time stays."""
    desk.installations.save(installed.ACME, NOON)
    told, other = desk.process(), desk.process()
    assert await told.token(ACME) == await other.token(ACME)
    await told.forget(ACME, None, NOON)
    with pytest.raises(TeamNotInstalled):
        await told.token(ACME)
    desk.now += FRESH + timedelta(seconds=1)
    with pytest.raises(TeamNotInstalled):
        await other.token(ACME)
    with desk.world.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM installation")).scalar() == 0
        ended = connection.execute(text("SELECT uninstalled_at FROM team")).scalar()
        assert ended is not None


async def test_an_organisation_that_leaves_takes_all_its_workspaces_along(desk: Desk) -> None:
    """But not one that had installed it for itself."""
    desk.installations.save(ORGANISATION, NOON)
    desk.installations.save(replace(installed.ACME, enterprise_id="E0ORG"), NOON)
    many = desk.process()
    await many.authorize(SUN, "E0ORG")
    await many.forget(SUN, "E0ORG", NOON)
    with pytest.raises(TeamNotInstalled):
        await many.token(SUN)
    assert await many.authorize(TeamId("T0NEW"), "E0ORG") is None
    assert await many.token(ACME) == "xoxb-acme"


@pytest.mark.parametrize(("organisation", "one"), [(None, installed.ACME), ("E0ORG", ORGANISATION)])
async def test_a_removal_told_of_late_ends_nothing_installed_since(
    desk: Desk, organisation: str | None, one: Installation
) -> None:
    """Slack repeats for hours what it could not deliver; people's keys would be lost with it."""
    many = desk.process()
    desk.installations.save(one, NOON)
    await many.authorize(ACME, organisation)
    removed, again = NOON + timedelta(hours=1), NOON + timedelta(hours=1, seconds=1)
    desk.installations.save(replace(one, token="xoxb-new"), again)
    await many.forget(ACME, organisation, removed)
    assert await many.token(ACME) == "xoxb-new"
    with desk.world.engine.connect() as connection:
        assert connection.execute(text("SELECT uninstalled_at FROM team")).scalar() is None
    await many.forget(ACME, organisation, again)
    with pytest.raises(TeamNotInstalled):
        await many.token(ACME)


@pytest.mark.parametrize(("organisation", "one"), [(None, installed.ACME), ("E0ORG", ORGANISATION)])
async def test_a_token_that_slack_takes_no_more_ends_the_work(
    desk: Desk, organisation: str | None, one: Installation
) -> None:
    """Nothing told of the removal. A token that came in its place meanwhile keeps the team."""
    desk.installations.save(one, NOON)
    many = desk.process()
    await many.authorize(ACME, organisation)
    await many.lose(ACME, "xoxb-of-before")
    assert await many.token(ACME) == one.token
    kept = desk.installations.find(ACME)
    assert kept is not None
    desk.installations.save(replace(one, token="xoxb-new"), NOON)
    assert desk.installations.lose(kept, NOON) == []
    many.renew(one.team_id)
    assert await many.token(ACME) == "xoxb-new"
    await many.lose(ACME, "xoxb-new")
    with pytest.raises(TeamNotInstalled):
        await many.token(ACME)
    with desk.world.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM installation")).scalar() == 0
        assert connection.execute(text("SELECT uninstalled_at FROM team")).scalar() is not None


async def test_a_token_that_ended_and_is_exchanged_no_more_ends_the_work(desk: Desk) -> None:
    """There is none to tell it by. One that came in its place meanwhile has not ended."""
    desk.installations.save(ENDING, NOON)
    many = desk.process()
    desk.now = NOON + timedelta(hours=11)
    await many.lose(ACME, None)
    assert await many.token(ACME) == "xoxe.xoxb-2"
    desk.now += timedelta(hours=12)
    await many.lose(ACME, None)
    with pytest.raises(TeamNotInstalled):
        await many.token(ACME)


async def test_a_refused_exchange_costs_nothing_while_the_old_token_works(desk: Desk) -> None:
    """Slack may say so in an outage; when the old one is over, it is what deliveries hear."""
    desk.installations.save(ENDING, NOON)
    desk.now = NOON + timedelta(hours=11)
    desk.trouble = TokenRejected("invalid_refresh_token")
    assert await desk.process().token(ACME) == "xoxe.xoxb-1"
    desk.now = NOON + timedelta(hours=13)
    with pytest.raises(TokenRejected):
        await desk.process().token(ACME)
    desk.now += timedelta(minutes=1)
    assert await desk.process().authorize(ACME, None) is None


async def test_installed_again_it_works_with_the_new_token(desk: Desk) -> None:
    """Scopes and token of before are gone; there is one installation."""
    desk.installations.save(installed.ACME, NOON)
    many = desk.process()
    await many.token(ACME)
    desk.installations.save(replace(installed.ACME, token="xoxb-new"), NOON)
    many.renew(ACME)
    assert await many.token(ACME) == "xoxb-new"
    with desk.world.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM installation")).scalar() == 1


def test_a_state_is_good_once_and_for_ten_minutes(desk: Desk) -> None:
    """A link that somebody else made installs nothing."""
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    states, soon = InstallStates([old]), NOON + timedelta(minutes=9)
    mine = states.make("c0ffee", NOON)
    ends = states.ends(mine, soon)
    assert ends == NOON + timedelta(minutes=10)
    assert InstallStates([new, old]).ends(mine, soon) == ends
    assert InstallStates([new]).ends(mine, soon) is None
    for forged in ("", "forged", mine[:-1], f"9{mine[1:]}", mine.replace("c0ffee", "c0ffeE")):
        assert states.ends(forged, soon) is None
    assert desk.installations.use_state(mine, ends)
    assert not desk.installations.use_state(mine, ends)
    assert states.ends(mine, ends) is None
    desk.installations.tidy(ends)
    with desk.world.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM oauth_state")).scalar() == 0


WANTED = {"commands": "Commands.", "files:write": "Files.", "im:write": "Direct messages."}


async def test_added_scopes_take_effect_and_missing_ones_are_named(desk: Desk) -> None:
    """Of an app that was installed by an older version, until somebody adds it again."""
    ana = desk.world.member("ana", admin=True)
    desk.installations.save(installed.ACME, NOON)
    there = desk.process()
    assert await there.token(ACME) == "xoxb-acme"
    url = "https://hourlink.test/slack/install"
    overviews = Overviews(desk.world.uow, Granted(WANTED, url))
    lacking = overviews.everything(who=ana).lacking
    assert lacking is not None
    assert list(lacking.scopes) == ["files:write", "im:write"]
    short = Operating(desk.world.uow).short_of_scopes(WANTED)
    assert short == [("Acme", ["files:write", "im:write"])]
    desk.installations.save(replace(installed.ACME, scopes=tuple(WANTED), token="xoxb-more"), NOON)
    assert overviews.everything(who=ana).lacking is None
    assert Operating(desk.world.uow).short_of_scopes(WANTED) == []
    desk.now += FRESH + timedelta(seconds=1)
    assert await there.token(ACME) == "xoxb-more", "the process that did not hear of it"


def test_an_organisation_answers_for_its_workspaces_scopes(desk: Desk) -> None:
    """Unless one of them has an installation of its own."""
    ana = desk.world.member("ana", admin=True)
    desk.installations.save(replace(ORGANISATION, scopes=tuple(WANTED)), NOON)
    desk.installations.met(ACME, ORGANISATION, NOON)
    overviews = Overviews(desk.world.uow, Granted(WANTED, "https://hourlink.test"))
    assert overviews.everything(who=ana).lacking is None
    desk.installations.save(replace(installed.ACME, enterprise_id="E0ORG"), NOON)
    assert overviews.everything(who=ana).lacking is not None


def test_the_one_workspaces_scopes_are_what_slack_says(desk: Desk) -> None:
    """Before it has said anything nobody is alarmed."""
    ana = desk.world.member("ana", admin=True)
    granted = Granted(WANTED)
    overviews = Overviews(desk.world.uow, granted)
    assert overviews.everything(who=ana).lacking is None
    granted.told(granted_scopes({"X-OAuth-Scopes": "commands, im:write"}))
    lacking = overviews.everything(who=ana).lacking
    assert lacking is not None
    assert (list(lacking.scopes), lacking.install_url) == (["files:write"], None)
