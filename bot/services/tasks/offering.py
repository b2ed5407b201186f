"""What a form offers to put time on."""

from bot.domain.tasks.finding import Offer
from bot.services.tracking.desk import Desk

_MOST_TASKS = 80
_MOST_PROJECTS = 20
"""Options in a select are a hundred at most."""


def offer(desk: Desk, text: str) -> Offer:
    """Tasks and projects that fit some words."""
    tasks = desk.finder.tasks(text).candidates
    return Offer(tasks[:_MOST_TASKS], tuple(desk.finder.projects(text)[:_MOST_PROJECTS]))
