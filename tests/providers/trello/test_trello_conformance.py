"""Trello keeps the contract."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest

from bot.integrations.conformance import Conformance, HookWorld, World
from bot.integrations.context import AdapterContext
from bot.integrations.hooks import HookRequest
from bot.providers.trello.adapter import Trello
from tests.providers.hook_listener import HookListener, listening
from tests.providers.trello.hooks import headers
from tests.providers.trello.stand_in import TrelloStandIn
from tests.providers.trello.world import SECRET, identity, token_of
from tests.providers.worked import worked


class TestTrello(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    async def listener(self) -> AsyncIterator[HookListener]:
        """Give a place where webhooks arrive."""
        async with listening(Trello) as made:
            yield made

    @pytest.fixture
    def world(
        self, trello: TrelloStandIn, context: AdapterContext, listener: HookListener
    ) -> World:
        """Give the world of the stand-in."""
        trello.hooks.stand("https://elsewhere.test/hook", list(trello.boards)[1])

        def sent_with(body: bytes) -> dict[str, str]:
            sent = headers(body, listener.address)
            return {name.lower(): value for name, value in sent.items()}

        web, plans, old, recipes, handbook = trello.boards
        mia, ana, bo, gone, guest = trello.people

        numbers = count(1)

        async def change() -> str:
            task_id = next(iter(trello.titles()))
            trello.now += timedelta(minutes=1)
            trello.retitle(task_id, "Changed")
            await trello.hooks.tell("updateCard", task_id)
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
            worklog=lambda: worked(
                next(iter(trello.titles())), marker=f"m{next(numbers)}", by=mia, name="Mia K"
            ),
            change=change,
            now=lambda: trello.now,
            hooks=HookWorld(
                address=listener.address,
                secret=SECRET,
                sent=lambda: listener.sent,
                sign=lambda body: HookRequest(listener.address, sent_with(body), body),
                standing=trello.hooks.addresses,
            ),
        )
