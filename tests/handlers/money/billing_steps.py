"""Steps to clients and billing at an admin's desk."""

from bot.services.projects.summary import ProjectSummaries
from bot.views.projects.money import money
from tests.builders import NOON
from tests.handlers.projects_desk import Desk


def makes(desk: Desk, name: str, currency: str = "EUR") -> str:
    """A new client; its id."""
    desk.lists_clients()
    desk.clicks("New client")
    assert desk.submits(name=name, currency=currency) is None
    return desk.looks_up("clients.find", name)[0].rpartition(": ")[2]


def project(desk: Desk, name: str = "Website") -> None:
    """A project's page."""
    desk.opens()
    desk.clicks("Open", on=name)


def seen(desk: Desk) -> str:
    """What the admin reads about billing on the page of Website."""
    found = ProjectSummaries(desk.office.world.uow).summary(
        who=desk.who, project_id=desk.office.website, now=NOON
    )
    return str(money(found.money, found.id, is_admin=False))
