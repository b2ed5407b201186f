"""The App Home: a person's own time, and for admins the Overview."""

from collections.abc import Sequence
from typing import Any

from bot.domain.account_links import Standing
from bot.domain.overview import Overview
from bot.domain.timesheet import Day
from bot.domain.tracking import Status
from bot.views import overview, people_standing, projects_list, timesheet, tracking
from bot.views.message import Block, actions, button, context, divider, escaped, header, section
from bot.views.providers import Faces

_MOST_BLOCKS = 100
_NAMED_ADMINS = 3


def home(
    *,
    status: Status,
    day: Day,
    standings: Sequence[Standing],
    faces: Faces,
    admins: Sequence[str],
    found: Overview | None,
) -> dict[str, Any]:
    """A person's App Home.

    Args:
        status: What they track now.
        day: Their time today.
        standings: Where they stand with each site.
        faces: What is known of each adapter.
        admins: Whom a member can ask.
        found: The Overview, for admins; None for everybody else.
    """
    blocks: list[Block] = []
    if found is not None:
        blocks += overview.overview(found, faces).blocks
        if not found.integrations:
            return _view([header("Welcome to Hourlink"), *blocks])
        blocks.append(divider())
    elif not standings:
        return _view([header("Welcome to Hourlink"), section(_waiting_for(admins))])
    blocks.append(header("Your time"))
    blocks += tracking.status(status).blocks
    blocks += timesheet.show_day(day).blocks
    blocks += [header("Your accounts"), *people_standing.standings(standings, faces).blocks]
    if found is None:
        blocks.append(actions(button("My projects", projects_list.OPEN)))
    blocks.append(context("`/track start TASK-12` starts a timer. `/track help` lists the rest."))
    return _view(blocks)


def _waiting_for(admins: Sequence[str]) -> str:
    named = ", ".join(escaped(name) for name in admins[:_NAMED_ADMINS])
    whom = f" Ask {named}." if named else " Ask an admin of this workspace."
    return (
        "Your team has not connected a tool yet. Once an admin has, you connect your own account "
        f"here and track time on its tasks.{whom}"
    )


def _view(blocks: list[Block]) -> dict[str, Any]:
    if len(blocks) > _MOST_BLOCKS:
        note = context("There is more than fits here: `/track today` and `/link` show the rest.")
        blocks = [*blocks[: _MOST_BLOCKS - 1], note]
    return {"type": "home", "blocks": blocks}
