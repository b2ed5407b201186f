"""ClickUp keeps the contract."""

from datetime import timedelta

import pytest

from bot.integrations.conformance import Conformance, World
from bot.integrations.context import AdapterContext
from bot.providers.clickup import ClickUp
from tests.providers.clickup.stand_in import ClickUpStandIn
from tests.providers.clickup.world import token_of


class TestClickUp(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    def world(self, clickup: ClickUpStandIn, context: AdapterContext) -> World:
        """Give the world of the stand-in."""
        web, ops, old, plans = clickup.lists
        ana, mia, bo = clickup.people

        async def change() -> str:
            task_id = next(iter(clickup.titles()))
            clickup.now += timedelta(minutes=1)
            clickup.retitle(task_id, "Changed")
            return task_id

        return World(
            open=lambda: ClickUp(clickup.credentials, context),
            open_own=lambda: ClickUp({**clickup.credentials, "token": token_of(mia)}, context),
            own_account_id=mia,
            open_wrong=lambda: ClickUp({**clickup.credentials, "token": "wrong"}, context),
            project_id=web,
            project_ids={web, ops, plans},
            archived_ids={old},
            task_ids=set(clickup.titles()),
            done_ids={row.id for row in clickup.tasks.values() if row.is_done},
            unknown_project_id="99999",
            unknown_task_id="99999",
            unknown_account_id="99999",
            emails={one.id: one.email for one in clickup.people.values()},
            access={web: {ana, mia, bo}, ops: {ana, mia}, plans: {ana}},
            changeable_task_id=next(iter(clickup.titles())),
            change=change,
            now=lambda: clickup.now,
        )
