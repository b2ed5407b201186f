"""Trello keeps the contract."""

from datetime import timedelta

import pytest

from bot.integrations.conformance import Conformance, World
from bot.integrations.context import AdapterContext
from bot.providers.trello import Trello
from tests.providers.trello.stand_in import TrelloStandIn
from tests.providers.trello.world import identity


class TestTrello(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    def world(self, trello: TrelloStandIn, context: AdapterContext) -> World:
        """Give the world of the stand-in."""
        web, plans, old, recipes, handbook = trello.boards
        mia, ana, bo, gone, guest = trello.people

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
            change=change,
            now=lambda: trello.now,
        )
