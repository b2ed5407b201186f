"""Asana keeps the contract."""

from datetime import date, timedelta
from itertools import count

import pytest

from bot.integrations.api import Worklog
from bot.integrations.conformance import Conformance, World
from bot.integrations.context import AdapterContext
from bot.providers.asana import Asana
from tests.providers.asana.stand_in import AsanaStandIn
from tests.providers.asana.world import token_of


class TestAsana(Conformance):
    """Every promise of the contract, over HTTP."""

    @pytest.fixture
    def world(self, asana: AsanaStandIn, context: AdapterContext) -> World:
        """Give the world of the stand-in."""
        web, ops, old, plans = asana.projects
        ana, mia, bo, _ = asana.people
        numbers = count(1)

        async def change() -> str:
            task_id = next(iter(asana.titles()))
            asana.now += timedelta(minutes=1)
            asana.retitle(task_id, "Changed")
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
            worklog=lambda: Worklog(
                marker=f"m{next(numbers)}",
                task_id=next(iter(asana.titles())),
                seconds=5400,
                day=date(2026, 11, 20),
                started_at=None,
                note="header",
                account_id=ana,
                member_name="Ana Ruiz",
            ),
            change=change,
            now=lambda: asana.now,
        )
