"""No team reaches another one, whatever ids, words and forms its people send."""

import asyncio
import shutil
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.demo_board import write_demo_board
from bot.domain.ids import TeamId
from bot.domain.preferences import TeamSettings
from handlers.linking import link
from handlers.tracking import track
from storage import teams
from tests.builders import NOON, World
from tests.isolation.crawl import Crawl, Found, copied, for_nobody, numberless
from tests.isolation.desk import Asked, Desk, Entrance, opened
from tests.isolation.harvest import words_in
from tests.isolation.planted import (
    FIRST,
    TEAM,
    plant,
    references,
    standing,
    word,
)

pytestmark = pytest.mark.long

ACME, ANA = TeamId("T0ACME"), "U0ANA"

_FORM = "opens or draws an empty form"
_CHOICE = "keeps a choice about the asker's own team or about themselves"
_HELP = "shows what can be typed"
ABOUT_NOTHING: Mapping[Entrance, str] = {
    ("click", "track.help"): _HELP,
    ("click", "link.help"): _HELP,
    ("click", "track.search"): _FORM,
    ("click", "settings.team"): _FORM,
    ("click", "settings.member"): _FORM,
    ("click", "settings.hours"): _FORM,
    ("click", "sheet.wish"): _FORM,
    ("click", "connect.choose"): _FORM,
    ("click", "connect.provider"): _FORM,
    ("click", "connect.channel"): _FORM,
    ("click", "connect.sign_in"): _FORM,
    ("click", "link.choose"): _FORM,
    ("click", "clients.new"): _FORM,
    ("click", "rates.open"): _FORM,
    ("click", "close.chosen"): _FORM,
    ("click", "token.new"): _FORM,
    ("submission", "sheet.submit"): "submits the asker's own week, by its first day",
    ("submission", "token.make"): "makes something for the asker alone",
    ("submission", "settings.team"): _CHOICE,
    ("submission", "settings.member"): _CHOICE,
    ("submission", "close.months"): _CHOICE,
}
"""Entrances through which nothing of a team is reached, with the reason."""


def typed() -> list[Asked]:
    """Every verb, with every word that means something to the other team."""
    one, other = word("project", "name", 0), word("provider_project", "name", 0)
    client, member = word("client", "name", 0), word("member", "name", 0)
    words = [
        *("ZQX-0", str(FIRST), "https://zqx0.test/t/ZQX-0", f'"{one}"', other, f'"{client}"'),
        *(
            "<@U0ZQX0>",
            f"@{member}",
            f'"{one}" <@U0ZQX0>',
            f'"{one}" <@U0ANA>',
            f'<#C0OPS> "{one}"',
        ),
        *(f'"{other}" to "{one}"', f'"{other}" to "Website"', f"1h ZQX-0 {one}", f"for {one}"),
    ]
    verbs = [(link.NAME, verb.name) for verb in link.OFFERED]
    verbs += [(track.NAME, verb.name) for verb in track.OFFERED]
    return [Asked("command", name, f"{verb} {one}") for name, verb in verbs for one in words]


FENCED_ELSEWHERE = (
    # A budget's hours come from the index on projects alone; the budget itself was fenced.
    "SELECT (SELECT coalesce(sum(time_entry.seconds), ?) AS coalesce_1 FROM time_entry WHERE",
    # So do the sums of reports; the ids of the team's projects were read first.
    "WITH every AS (SELECT time_entry.project_id AS",
    "SELECT sum(time_entry.seconds) AS sum_1 FROM time_entry WHERE time_entry.project_id IN (",
)
"""How a statement begins that need not name the team."""


class Stranger:
    """An admin of a team of their own, who sends what the other team's people could send."""

    def __init__(self, desk: Desk, world: World, kept: Path | None) -> None:
        """Begins to send.

        Args:
            desk: What is asked.
            world: Both teams.
            kept: A file for SQLite, into which the beginning is kept: after each request that
                writes, everything is as it was. Without it, what they typed earlier stays theirs.
        """
        self._desk = desk
        self._world = world
        self._kept = kept
        self._live = Path(world.engine.url.database or "")
        if kept is not None:
            copied(self._live, kept)
        self._before = standing(world.engine)
        self._typed: set[str] = set()
        self.problems: list[str] = []

    async def sends(self, every: Iterable[Asked]) -> None:
        """Sends each; notes what comes of it that should not."""
        for asked in every:
            self._desk.wrote = False
            answers = await self._desk.asks(ACME, ANA, asked)
            shown = repr(answers)
            self._typed |= words_in(repr(asked))
            own = words_in(repr(asked)) if self._kept else self._typed
            if leaked := words_in(shown) - own:
                self.problems.append(f"{asked} shows {sorted(leaked)}")
            if "BROKEN" in shown:
                self.problems.append(f"{asked} breaks")
            if self._desk.wrote and self._kept:
                self._looks(asked)
            elsewhere = for_nobody(asked)
            if self._kept and elsewhere != asked:
                self._desk.wrote = False
                others = await self._desk.asks(ACME, ANA, elsewhere)
                if numberless(others) != numberless(answers):
                    self.problems.append(f"{asked} tells that it is there")
                if self._desk.wrote:
                    copied(self._kept, self._live)

    def looks_back(self) -> None:
        """Where nothing was taken back, everything that was done shows at the end."""
        self._looks(Asked("command", "", "one of all"))

    def _looks(self, asked: Asked) -> None:
        """After something was written: where?"""
        after = standing(self._world.engine)
        if after != self._before:
            changed = [name for name in after if after[name] != self._before[name]]
            self.problems.append(f"{asked} changes {changed}")
            self._before = after
        if found := references(self._world.engine):
            self.problems.append(f"{asked} is kept in {found}")
        if self._kept is not None:
            copied(self._kept, self._live)
            self._before = standing(self._world.engine)


def lived_in(database_url: str) -> World:
    """A team with a little of everything, beside the planted one."""
    world = World(database_url)
    ana, bo = world.member("ana", admin=True), world.member("bo")
    site = world.integration(ana)
    provider_project = world.provider_project(site)
    account = world.account(site, "Ana R", "ana@acme.test")
    world.connected(ana, site, account)
    project = world.project()
    world.link(provider_project, project)
    for member in (ana, bo):
        world.joins(member, project)
    task = world.task(site, provider_project)
    world.entry(ana, project, task, NOON - timedelta(hours=3), NOON - timedelta(hours=2))
    with world.uow.begin() as tx:
        teams.save_settings(tx, ACME, TeamSettings(timesheets=True))
    plant(world.engine)
    return world


def crawled(database_url: str, folder: Path) -> Found:
    """What the planted team's own people find."""
    world = World(database_url)
    plant(world.engine)
    world.close()

    async def crawl() -> Found:
        async with opened(database_url, str(folder)) as desk:
            return await Crawl(desk, database_url, folder / "crawled.db").all()

    return asyncio.run(crawl())


def sent(database_url: str, folder: Path, found: Found, *, kept: Path | None = None) -> list[str]:
    """What goes wrong when a stranger sends all of it."""
    world = lived_in(database_url)

    async def send() -> list[str]:
        async with opened(database_url, str(folder)) as desk:
            stranger = Stranger(desk, world, kept)
            await stranger.sends(typed())
            await stranger.sends(found.asked)
            stranger.looks_back()
            # A forged button may have begun a timer on what they did last.
            await desk.asks(ACME, ANA, Asked("command", track.NAME, "stop"))
            started = await desk.asks(ACME, ANA, Asked("command", track.NAME, "start WEB-12"))
            assert "Started" in repr(started), "the stranger's own team still works"
            assert TEAM not in desk.teams, "the other team was never asked for"
        return stranger.problems

    try:
        return asyncio.run(send())
    finally:
        world.close()


def test_no_entrance_leads_to_another_team(
    sqlite_url: str, postgresql_url: str, tmp_path: Path
) -> None:
    """Nothing of it is shown, told of, changed or linked to; no entrance is left untried."""
    write_demo_board(tmp_path)
    mine = Path(make_url(sqlite_url).database or "")
    theirs = mine.with_name("theirs.db")
    shutil.copyfile(mine, theirs)
    found = crawled(f"sqlite:///{theirs}", tmp_path)
    assert found.broken == []
    assert set(found.entrances) - {asked.entrance for asked in found.asked} == set()
    assert {one for one in found.unfenced if not one.startswith(FENCED_ELSEWHERE)} == set()
    blind = set(found.entrances) - found.reached
    assert blind == set(ABOUT_NOTHING), "write a case in cases.py, or why it is about nothing"
    wrong = sent(sqlite_url, tmp_path, found, kept=mine.with_name("kept.db"))
    wrong += sent(postgresql_url, tmp_path, found)
    assert not wrong, "\n".join(wrong)
