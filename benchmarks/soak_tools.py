"""The tools of the soak's teams: stand-ins that grow, and fail 5 % of their calls."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from benchmarks import soak_names as names
from tests.http_server import Say, Seen
from tests.providers.github.stand_in import GitHubStandIn
from tests.providers.github.world import acme as github_acme
from tests.providers.jira.data_center import JiraDataCenter
from tests.providers.redmine.stand_in import RedmineStandIn
from tests.providers.stand_in import Refusal, StandIn, route

TASKS = 8
"""In the first project of each."""

OFTEN = 0.05
"""Of the calls, this part goes wrong while there is trouble."""

REFUSED, BROKEN, LOST = 0.018, 0.026, 0.034
"""Below these a call is refused (429), breaks (500), or breaks after it was done."""

SILENT = 0.003
"""The part that is not answered within half a minute."""

NEVER = 40.0


class Redmine(RedmineStandIn):
    """With more people."""

    def people_are(self, count: int) -> None:
        """So many, and an administrator."""
        self.people = {
            str(who + 1): {
                "id": who + 1,
                "login": f"p{who}",
                "firstname": "Member",
                "lastname": f"{who:03}",
                "mail": f"p{who}@acme.test",
            }
            for who in range(count + 1)
        }

    @route("GET", r"/projects/(?P<number>[^/]+)/memberships\.json")
    def members(self, seen: Seen, number: str) -> object:
        """Everybody is in it."""
        del number
        people = [
            {"id": one["id"] + 500, "user": {"id": one["id"], "name": one["lastname"]}, "roles": []}
            for one in self.people.values()
        ]
        return self._page(seen, "memberships", people)


@dataclass(slots=True)
class Tool:
    """One tool of one team."""

    team: int
    slug: str
    writes: bool
    """Time is written back to it."""
    site: StandIn
    tracked: bool = True
    """People track on its tasks."""

    def described(self) -> dict[str, object]:
        """For another process."""
        credentials = dict(self.site.credentials)
        return {
            "team": self.team,
            "slug": self.slug,
            "writes": self.writes,
            "tracked": self.tracked,
            "credentials": credentials,
        }

    def records(self) -> dict[str, tuple[str, int, str]]:
        """What was written: task, seconds and text by the record's id."""
        if not isinstance(self.site, JiraDataCenter):
            return {}
        return {
            number: (str(one["issueId"]), int(one["timeSpentSeconds"]), str(one["comment"]))
            for number, one in self.site.worklogs.kept.items()
        }


def of_team(team: int, members: int) -> list[Tool]:
    """Four: two Jiras that time is written to, a Redmine, and a GitHub that is only read."""
    return [
        Tool(team, "jira", writes=True, site=_jira(team, "A", members)),
        Tool(team, "jira", writes=True, site=_jira(team, "B", members)),
        Tool(team, "redmine", writes=False, site=_redmine(members)),
        Tool(team, "github", writes=False, site=_github(), tracked=False),
    ]


def _jira(team: int, letter: str, members: int) -> JiraDataCenter:
    jira = JiraDataCenter()
    for who in range(members + 1):
        jira.person(f"{team}{letter}{who}", names.account(who), None, login=f"p{who}")
    project = jira.project(f"Work {letter}", f"W{letter}")
    for number in range(TASKS):
        jira.add_task(f"Task {number}", project)
    return jira


def _redmine(members: int) -> Redmine:
    redmine = Redmine()
    redmine.people_are(members)
    redmine.add_project("Harbour")
    for number in range(TASKS):
        redmine.add_task(f"Quay {number}")
    return redmine


def _github() -> GitHubStandIn:
    return github_acme(tasks=TASKS)


class Weather:
    """What becomes of calls, while there is trouble."""

    def __init__(self, seed: int) -> None:
        self.is_bad = False
        self.met = 0
        self.calls = 0
        self._rolls = random.Random(seed)  # noqa: S311 - trouble, not secrets

    def over(self, tool: Tool) -> None:
        """This tool is in it from now on."""
        roll = 1.0

        def before(_: Seen) -> None:
            nonlocal roll
            self.calls += 1
            tool.site.seen.clear()  # nobody looks at them, and there are many
            tool.site.now = datetime.now(UTC)
            roll = self._rolls.random() if self.is_bad else 1.0
            self.met += roll < OFTEN
            if roll < REFUSED:
                raise Refusal(429, {}, {"Retry-After": "1"})
            if roll < BROKEN:
                raise Refusal(500)

        def after(say: Say) -> Say:
            # Answers are made in one go with their call, so this is still that call's roll.
            if roll < BROKEN or roll >= OFTEN:
                return say
            if roll < LOST:
                return Say(500, "")
            if roll < LOST + SILENT:
                return replace(say, wait=NEVER)
            return replace(say, cut_after=0)

        tool.site.before = before
        tool.site.spoil(after)


def grow(tool: Tool, name: str) -> None:
    """Somebody makes a project with a task in it, and a task in the first project."""
    project = tool.site.add_project(name)
    tool.site.add_task(f"First of {name}", project)
    tool.site.add_task(f"Beside {name}")
