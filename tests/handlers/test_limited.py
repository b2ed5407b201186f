"""What costs work in the background is counted by itself, wherever it is asked for."""

from pathlib import Path

from bot.domain.operating.limits import Kind, Limits, TooOften
from bot.domain.sync.pacing import Allowance
from bot.views import failures
from handlers import limited
from tests.builders import World
from tests.isolation.desk import Asked, opened


async def test_each_kind_of_work_has_its_limit(sqlite_url: str, tmp_path: Path) -> None:
    """The second time is refused in words, before anything is looked up; other work goes on."""
    world = World(sqlite_url)
    world.member("ana", admin=True)
    world.close()
    async with opened(sqlite_url, str(tmp_path)) as desk:
        every = {
            **{Asked("click", name): kind for name, kind in limited.CLICKS.items()},
            **{Asked("submission", name): kind for name, kind in limited.SUBMISSIONS.items()},
            Asked("command", "/link", "sync"): Kind.RESYNC,
            Asked("command", "/track", "report week CSV"): Kind.EXPORT,
            # A picture is a file that is made and uploaded in the background as well.
            Asked("command", "/track", "report week chart"): Kind.EXPORT,
            Asked("click", "report.chart"): Kind.EXPORT,
            Asked("click", "projects.chart"): Kind.EXPORT,
        }
        for asked, kind in every.items():
            desk.limits(Limits({kind: Allowance(1, 0.001)}))
            first = repr(await desk.asks(world.team_id, "U0ANA", asked))
            again = repr(await desk.asks(world.team_id, "U0ANA", asked))
            said = failures.sentence(TooOften(kind, 1000)).text
            assert said not in first, asked
            assert said in again, asked
            status = await desk.asks(world.team_id, "U0ANA", Asked("command", "/track", "status"))
            assert "No timer" in repr(status)


async def test_a_whole_team_has_a_limit_and_strangers_cost_no_query(
    sqlite_url: str, tmp_path: Path
) -> None:
    """One who asks without end does not keep the database from the others."""
    world = World(sqlite_url)
    world.member("ana")
    world.member("bo")
    world.close()
    status = Asked("command", "/track", "status")
    async with opened(sqlite_url, str(tmp_path)) as desk:
        desk.limits(Limits({Kind.TEAM: Allowance(1, 0.001)}))
        assert "No timer" in repr(await desk.asks(world.team_id, "U0ANA", status))
        desk.teams.clear()
        assert "Your workspace" in repr(await desk.asks(world.team_id, "U0BO", status))
        assert desk.teams == set()
