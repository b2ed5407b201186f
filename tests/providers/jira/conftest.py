"""A running Jira of either kind, and what opens it."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.providers.jira import site
from tests.providers.jira import cloud, data_center
from tests.providers.jira.base import JiraStandIn
from tests.providers.jira.cloud import JiraCloud
from tests.providers.jira.data_center import JiraDataCenter


@pytest.fixture(params=[cloud.acme, data_center.acme], ids=["cloud", "data_center"])
async def jira(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[JiraStandIn]:
    """Give a running Jira; at the end nothing may have departed from its description."""
    make: Callable[[], JiraStandIn] = request.param
    made = make()
    async with made.running():
        monkeypatch.setattr(site, "GATEWAY", made.url)
        yield made
    assert (made.violations, made.unrouted) == ([], [])


@pytest.fixture
async def on_cloud(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[JiraCloud]:
    """Give a running Jira Cloud with a few issues."""
    made = cloud.acme(tasks=12)
    async with made.running():
        monkeypatch.setattr(site, "GATEWAY", made.url)
        yield made
    assert (made.violations, made.unrouted) == ([], [])


@pytest.fixture
async def on_server() -> AsyncIterator[JiraDataCenter]:
    """Give a running Jira Data Center with a few issues."""
    made = data_center.acme(tasks=12)
    async with made.running():
        yield made
    assert made.unrouted == []
