"""GitHub keeps the contract."""

from datetime import date, timedelta
from itertools import count

import pytest

from bot.integrations.api import Worklog
from bot.integrations.conformance import Conformance, World
from bot.integrations.context import AdapterContext
from bot.providers.github import GitHub
from tests.providers.github.stand_in import GitHubStandIn, token_of


class TestGitHub(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    def world(self, github: GitHubStandIn, context: AdapterContext) -> World:
        """Give the world of the stand-in."""
        web, ops, old, dotfiles, _ = github.repos
        delivery, _, last_year, plans = github.boards

        numbers = count(1)

        async def change() -> str:
            task_id = next(iter(github.titles()))
            github.now += timedelta(minutes=1)
            github.retitle(task_id, "Changed")
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
            worklog=lambda: Worklog(
                marker=f"m{next(numbers)}",
                task_id=next(iter(github.titles())),
                seconds=5400,
                day=date(2026, 11, 20),
                started_at=None,
                note="header",
                account_id=None,
                member_name="Ana Ruiz",
            ),
            change=change,
            now=lambda: github.now,
        )
