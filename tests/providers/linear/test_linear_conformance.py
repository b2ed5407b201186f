"""Linear keeps the contract."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest

from bot.integrations.conformance import Conformance, HookWorld, World
from bot.integrations.context import AdapterContext
from bot.integrations.hooks import HookRequest
from bot.providers.linear.adapter import Linear
from tests.providers.hook_listener import HookListener, listening
from tests.providers.linear.hooks import headers
from tests.providers.linear.stand_in import LinearStandIn
from tests.providers.linear.world import identity, key_of
from tests.providers.worked import worked

SECRET = "what only Linear and Hourlink know"


def sent_with(told: bytes) -> dict[str, str]:
    """Linear's headers as they arrive."""
    return {name.lower(): value for name, value in headers(told, SECRET).items()}


class TestLinear(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    async def listener(self) -> AsyncIterator[HookListener]:
        """Give a place where webhooks arrive."""
        async with listening(Linear) as made:
            yield made

    @pytest.fixture
    def world(
        self, linear: LinearStandIn, context: AdapterContext, listener: HookListener
    ) -> World:
        """Give the world of the stand-in."""
        linear.hooks.stand("https://elsewhere.test/hook", secret="theirs")
        numbers = count(1)
        eng, sec, old, ops = linear.teams
        mia, ana, bo, _, guest, _ = linear.people
        people = [one for one in linear.people.values() if not one.is_app]

        async def change() -> str:
            task_id = next(iter(linear.titles()))
            linear.now += timedelta(minutes=1)
            linear.retitle(task_id, "Changed")
            await linear.hooks.tell("update", task_id, title="Task 1")
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
            open_own=lambda: Linear({"key": key_of(ana)}, context),
            own_account_id=ana,
            changeable_task_id=next(iter(linear.titles())),
            worklog=lambda: worked(
                next(iter(linear.titles())), marker=f"m{next(numbers)}", by=mia, name="Mia K"
            ),
            change=change,
            now=lambda: linear.now,
            hooks=HookWorld(
                address=listener.address,
                secret=SECRET,
                sent=lambda: listener.sent,
                sign=lambda told: HookRequest(listener.address, sent_with(told), told),
                standing=linear.hooks.addresses,
            ),
        )
