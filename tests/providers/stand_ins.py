"""Every stand-in there is: one line here, and the tests for all adapters run with it."""

from collections.abc import Callable, Mapping

from tests.providers.jira import cloud as jira_cloud
from tests.providers.jira import data_center as jira_data_center
from tests.providers.stand_in import StandIn

STAND_INS: Mapping[str, Callable[[], StandIn]] = {
    "Jira Cloud": lambda: small(jira_cloud.acme(tasks=12)),
    "Jira Data Center": lambda: small(jira_data_center.acme(tasks=12)),
}


def small(stand_in: StandIn, *, page_size: int = 5) -> StandIn:
    """The same API with small pages, so that a few tasks fill several."""
    stand_in.page_size = page_size
    return stand_in
