"""ClickUp keeps the contract."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest

from bot.integrations.conformance import Conformance, HookWorld, World
from bot.integrations.context import AdapterContext
from bot.integrations.hooks import HookRequest
from bot.providers.clickup.adapter import ClickUp
from tests.providers.clickup.hooks import headers
from tests.providers.clickup.stand_in import ClickUpStandIn
from tests.providers.clickup.words import token_of
from tests.providers.hook_listener import HookListener, listening
from tests.providers.worked import worked

SECRET = "what only ClickUp and Hourlink know"


def _sent_with(body: bytes) -> dict[str, str]:
    return {name.lower(): value for name, value in headers(body, SECRET).items()}


class TestClickUp(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    async def listener(self) -> AsyncIterator[HookListener]:
        """Give a place where webhooks arrive."""
        async with listening(ClickUp) as made:
            yield made

    @pytest.fixture
    def world(
        self, clickup: ClickUpStandIn, context: AdapterContext, listener: HookListener
    ) -> World:
        """Give the world of the stand-in."""
        clickup.hooks.stand("https://elsewhere.test/hook")
        numbers = count(1)
        web, ops, old, plans = clickup.lists
        ana, mia, bo = clickup.people

        async def change() -> str:
            task_id = next(iter(clickup.titles()))
            clickup.now += timedelta(minutes=1)
            clickup.retitle(task_id, "Changed")
            await clickup.hooks.tell("taskUpdated", clickup.tasks[task_id])
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
            worklog=lambda: worked(
                next(iter(clickup.titles())), marker=f"m{next(numbers)}", by=ana
            ),
            hooks=HookWorld(
                address=listener.address,
                secret=SECRET,
                sent=lambda: listener.sent,
                sign=lambda body: HookRequest(listener.address, _sent_with(body), body),
                standing=clickup.hooks.addresses,
            ),
        )
