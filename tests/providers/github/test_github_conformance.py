"""GitHub keeps the contract."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest

from bot.integrations.conformance import Conformance, HookWorld, World
from bot.integrations.context import AdapterContext
from bot.integrations.hooks import HookRequest
from bot.providers.github.adapter import GitHub
from tests.providers.github.hooks import headers
from tests.providers.github.stand_in import GitHubStandIn, token_of
from tests.providers.hook_listener import HookListener, listening
from tests.providers.worked import worked

SECRET = "what only GitHub and Hourlink know"


def _sent_with(body: bytes) -> dict[str, str]:
    sent = headers("issues", body, SECRET)
    return {name.lower(): value for name, value in sent.items()}


class TestGitHub(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    async def listener(self) -> AsyncIterator[HookListener]:
        """Give a place where webhooks arrive."""
        async with listening(GitHub) as made:
            yield made

    @pytest.fixture
    def world(
        self, github: GitHubStandIn, context: AdapterContext, listener: HookListener
    ) -> World:
        """Give the world of the stand-in."""
        github.hooks.stand("orgs/acme", "https://elsewhere.test/hook")
        github.hooks.stand("repos/mia/dotfiles", "https://elsewhere.test/hook")
        web, ops, old, dotfiles, _ = github.repos
        delivery, _, last_year, plans = github.boards

        numbers = count(1)

        async def change() -> str:
            task_id = next(iter(github.titles()))
            github.now += timedelta(minutes=1)
            github.retitle(task_id, "Changed")
            row = github.tasks[task_id]
            told = github.hooks.about(row, "edited")
            await github.hooks.tell("issues", github.repos[row.project], told)
            return task_id

        return World(
            open=lambda: GitHub(github.credentials, context),
            open_own=lambda: GitHub({**github.credentials, "token": token_of(502)}, context),
            own_account_id="502",
            open_wrong=lambda: GitHub({**github.credentials, "token": "wrong"}, context),
            project_id=web,
            project_ids={web, ops, dotfiles, delivery, plans},
            archived_ids={old, last_year},
            task_ids=set(github.titles()),
            done_ids={row.id for row in github.tasks.values() if row.is_done},
            unknown_project_id="99999",
            unknown_task_id="99999/1",
            unknown_account_id="99999",
            emails={"501": "mia@acme.test", "502": "ana@acme.test", "503": None, "504": None},
            access={
                web: {"501", "502", "503"},
                ops: {"501"},
                dotfiles: None,
                delivery: {"501", "502", "503"},
                plans: {"501"},
            },
            changeable_task_id=next(iter(github.titles())),
            worklog=lambda: worked(next(iter(github.titles())), marker=f"m{next(numbers)}"),
            change=change,
            now=lambda: github.now,
            hooks=HookWorld(
                address=listener.address,
                secret=SECRET,
                sent=lambda: listener.sent,
                sign=lambda body: HookRequest(listener.address, _sent_with(body), body),
                standing=github.hooks.addresses,
            ),
        )
