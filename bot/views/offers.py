"""What a form's select offers to put time on, and the buttons of next steps that many offer."""

from bot.domain.tasks.finding import Offer
from bot.views.message import Block, Option, OptionGroup, button


def connect_a_tool() -> Block:
    """The button that leads admins to a tool's form."""
    return button("Connect a tool", "connect.choose", style="primary")


def search_tasks(pending_id: int = 0) -> Block:
    """The button that opens the search of tasks to start, or for what a command kept."""
    return button("Search tasks", "track.search", str(pending_id or ""))


def log_time() -> Block:
    """The button that opens an empty *Log time*."""
    return button("Log time", "log.open")


def groups(offer: Offer) -> list[OptionGroup]:
    """What the select offers: tasks, then projects as such."""
    tasks = [Option(one.on.name, one.value, one.on.project_name) for one in offer.tasks]
    projects = [Option(one.on.project_name, one.value) for one in offer.projects]
    named = (OptionGroup("Tasks", tasks), OptionGroup("Projects, without a task", projects))
    return [group for group in named if group.options]
