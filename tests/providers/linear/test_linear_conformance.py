"""Linear keeps the contract."""

from datetime import timedelta

import pytest

from bot.integrations.conformance import Conformance, World
from bot.integrations.context import AdapterContext
from bot.providers.linear import Linear
from tests.providers.linear.stand_in import LinearStandIn
from tests.providers.linear.world import identity


class TestLinear(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    def world(self, linear: LinearStandIn, context: AdapterContext) -> World:
        """Give the world of the stand-in."""
        eng, sec, old, ops = linear.teams
        mia, ana, bo, _, guest, _ = linear.people
        people = [one for one in linear.people.values() if not one.is_app]

        async def change() -> str:
            task_id = next(iter(linear.titles()))
            linear.now += timedelta(minutes=1)
            linear.retitle(task_id, "Changed")
            return task_id

        return World(
            open=lambda: Linear(linear.credentials, context),
            open_wrong=lambda: Linear({"key": "lin_api_wrong"}, context),
            project_id=eng,
            project_ids={eng, sec, ops},
            archived_ids={old},
            task_ids=set(linear.titles()),
            done_ids={row.id for row in linear.tasks.values() if linear.is_done(row)},
            unknown_project_id=identity(99, "b"),
            unknown_task_id=identity(9999, "d"),
            unknown_account_id=identity(99, "a"),
            emails={one.id: one.email for one in people},
            access={eng: {mia, ana, bo, guest}, sec: {mia}, ops: {mia, ana, bo}},
            change=change,
            now=lambda: linear.now,
        )
