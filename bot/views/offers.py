"""What a form's select offers to put time on."""

from bot.domain.finding import Offer
from bot.views.message import Option, OptionGroup


def groups(offer: Offer) -> list[OptionGroup]:
    """What the select offers: tasks, then projects as such."""
    tasks = [Option(one.on.name, one.value, one.on.project_name) for one in offer.tasks]
    projects = [Option(one.on.project_name, one.value) for one in offer.projects]
    named = (OptionGroup("Tasks", tasks), OptionGroup("Projects, without a task", projects))
    return [group for group in named if group.options]
