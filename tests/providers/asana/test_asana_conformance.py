"""Asana keeps the contract."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest

from bot.integrations.conformance import Conformance, HookWorld, World
from bot.integrations.context import AdapterContext
from bot.integrations.hooks import HookRequest
from bot.providers.asana.adapter import Asana
from tests.providers.asana.hooks import headers
from tests.providers.asana.stand_in import AsanaStandIn
from tests.providers.asana.world import token_of
from tests.providers.hook_listener import HookListener, listening
from tests.providers.worked import worked

SECRET = "what only Asana and Hourlink know"


def _sent_with(body: bytes) -> dict[str, str]:
    return {name.lower(): value for name, value in headers(body, SECRET).items()}


class TestAsana(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    async def listener(self) -> AsyncIterator[HookListener]:
        """Give a place where webhooks arrive."""
        async with listening(Asana) as made:
            yield made

    @pytest.fixture
    def world(self, asana: AsanaStandIn, context: AdapterContext, listener: HookListener) -> World:
        """Give the world of the stand-in."""
        asana.hooks.stand("https://elsewhere.test/hook")
        web, ops, old, plans = asana.projects
        ana, mia, bo, _ = asana.people
        numbers = count(1)

        async def change() -> str:
            task_id = next(iter(asana.titles()))
            asana.now += timedelta(minutes=1)
            asana.retitle(task_id, "Changed")
            await asana.hooks.tell("changed", asana.tasks[task_id], "name")
            return task_id

        return World(
            open=lambda: Asana(asana.credentials, context),
            open_own=lambda: Asana({**asana.credentials, "token": token_of(mia)}, context),
            own_account_id=mia,
            open_wrong=lambda: Asana({**asana.credentials, "token": "wrong"}, context),
            project_id=web,
            project_ids={web, ops, plans},
            archived_ids={old},
            task_ids=set(asana.titles()),
            done_ids={row.id for row in asana.tasks.values() if row.is_done},
            unknown_project_id="99999",
            unknown_task_id="99999",
            unknown_account_id="99999",
            emails={one.id: one.email for one in asana.people.values() if one.is_active},
            access={web: {ana, mia, bo}, ops: {ana, mia}, plans: {ana}},
            changeable_task_id=next(iter(asana.titles())),
            worklog=lambda: worked(next(iter(asana.titles())), marker=f"m{next(numbers)}", by=ana),
            change=change,
            now=lambda: asana.now,
            hooks=HookWorld(
                address=listener.address,
                secret=SECRET,
                sent=lambda: listener.sent,
                sign=lambda body: HookRequest(listener.address, _sent_with(body), body),
                secret_of=listener.secret_of,
                standing=asana.hooks.addresses,
            ),
        )
