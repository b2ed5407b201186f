"""Jira keeps the contract, on Cloud and on Data Center."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest

from bot.integrations.conformance import Conformance, HookWorld, World
from bot.integrations.context import AdapterContext
from bot.integrations.hooks import HookRequest
from bot.providers.jira.adapter import Jira
from tests.providers.hook_listener import HookListener, listening
from tests.providers.jira.base import JiraStandIn, token_of
from tests.providers.jira.hooks import headers
from tests.providers.worked import worked

SECRET = "what only Jira and Hourlink know"


def _sent_with(body: bytes) -> dict[str, str]:
    return {name.lower(): value for name, value in headers(body, SECRET).items()}


class TestJira(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    async def listener(self) -> AsyncIterator[HookListener]:
        """Give a place where webhooks arrive."""
        async with listening(Jira) as made:
            yield made

    @pytest.fixture
    def world(self, jira: JiraStandIn, context: AdapterContext, listener: HookListener) -> World:
        """Give the world of the stand-in."""
        web, ops, old = jira.projects
        jira.hooks.stand("https://elsewhere.test/hook")
        numbers = count(1)
        own = {**jira.credentials, "token": token_of("5b10ana")}
        if jira.deployment == "Cloud":
            own["email"] = "ana@acme.test"

        async def change() -> str:
            task_id = next(iter(jira.titles()))
            jira.now += timedelta(minutes=1)
            jira.retitle(task_id, "Changed")
            await jira.hooks.tell("jira:issue_updated", jira.tasks[task_id], "summary")
            return task_id

        return World(
            open=lambda: Jira(jira.credentials, context),
            open_own=lambda: Jira(own, context),
            own_account_id="5b10ana",
            open_wrong=lambda: Jira({**jira.credentials, "token": "wrong"}, context),
            project_id=web,
            project_ids={web, ops},
            archived_ids={old},
            task_ids=set(jira.titles()),
            done_ids={row.id for row in jira.tasks.values() if row.is_done},
            unknown_project_id="99999",
            unknown_task_id="99999",
            unknown_account_id="5b10nobody",
            emails={one.id: one.email for one in jira.people.values() if one.kind != "app"},
            access={web: {"5b10ac8d", "5b10ana", "5b10bo"}, ops: {"5b10ac8d"}},
            changeable_task_id=next(iter(jira.titles())),
            worklog=lambda: worked(
                next(iter(jira.titles())), marker=f"m{next(numbers)}", by=jira.me, name="Mia K"
            ),
            change=change,
            now=lambda: jira.now,
            hooks=HookWorld(
                address=listener.address,
                secret=SECRET,
                sent=lambda: listener.sent,
                sign=lambda body: HookRequest(listener.address, _sent_with(body), body),
                standing=jira.hooks.addresses,
            ),
        )
