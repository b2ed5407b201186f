"""Every stand-in there is: one line here, and the tests for all adapters run with it."""

from collections.abc import Callable, Mapping

from tests.providers.asana import stand_in as asana
from tests.providers.clickup import stand_in as clickup
from tests.providers.github import world as github
from tests.providers.jira import cloud as jira_cloud
from tests.providers.jira import data_center as jira_data_center
from tests.providers.linear import stand_in as linear
from tests.providers.redmine import stand_in as redmine
from tests.providers.stand_in import StandIn
from tests.providers.trello import stand_in as trello

STAND_INS: Mapping[str, Callable[[int], StandIn]] = {
    "Asana": lambda tasks: asana.acme(tasks=tasks),
    "ClickUp": lambda tasks: clickup.acme(tasks=tasks),
    "GitHub": lambda tasks: github.acme(tasks=tasks),
    "GitHub Projects": lambda tasks: github.planning(tasks=tasks),
    "Jira Cloud": lambda tasks: jira_cloud.acme(tasks=tasks),
    "Jira Data Center": lambda tasks: jira_data_center.acme(tasks=tasks),
    "Linear": lambda tasks: linear.acme(tasks=tasks),
    "Redmine": lambda tasks: redmine.harbour(tasks=tasks),
    "Trello": lambda tasks: trello.acme(tasks=tasks),
}
"""What makes each, with so many tasks in its first project."""


def small(name: str, *, tasks: int = 12, page_size: int = 5) -> StandIn:
    """The API with small pages, so that a few tasks fill several."""
    stand_in = STAND_INS[name](tasks)
    stand_in.page_size = page_size
    return stand_in
