"""Trello keeps the contract."""

from datetime import date, timedelta
from itertools import count

import pytest

from bot.integrations.api import Worklog
from bot.integrations.conformance import Conformance, World
from bot.integrations.context import AdapterContext
from bot.providers.trello import Trello
from tests.providers.trello.stand_in import TrelloStandIn
from tests.providers.trello.world import identity, token_of


class TestTrello(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    def world(self, trello: TrelloStandIn, context: AdapterContext) -> World:
        """Give the world of the stand-in."""
        web, plans, old, recipes, handbook = trello.boards
        mia, ana, bo, gone, guest = trello.people

        numbers = count(1)

        async def change() -> str:
            task_id = next(iter(trello.titles()))
            trello.now += timedelta(minutes=1)
            trello.retitle(task_id, "Changed")
            return task_id

        return World(
            open=lambda: Trello(trello.credentials, context),
            open_wrong=lambda: Trello({**trello.credentials, "token": "wrong"}, context),
            project_id=web,
            project_ids={web, plans, recipes, handbook},
            archived_ids={old},
            task_ids=set(trello.titles()),
            done_ids={row.id for row in trello.tasks.values() if row.is_done},
            unknown_project_id=identity(99, "b"),
            unknown_task_id=identity(9999, "d"),
            unknown_account_id=identity(99, "a"),
            emails={mia: "mia@acme.test", ana: None, bo: None, gone: None, guest: None},
            access={web: {mia, ana, guest}, plans: {mia, ana, bo}, recipes: {mia}, handbook: None},
            open_own=lambda: Trello({**trello.credentials, "token": token_of(ana)}, context),
            own_account_id=ana,
            changeable_task_id=next(iter(trello.titles())),
            worklog=lambda: Worklog(
                marker=f"m{next(numbers)}",
                task_id=next(iter(trello.titles())),
                seconds=5400,
                day=date(2026, 11, 20),
                started_at=None,
                note="header",
                account_id=mia,
                member_name="Mia K",
            ),
            change=change,
            now=lambda: trello.now,
        )
