"""The features about projects: the Projects section, one project's page, who is on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.services.linking import Linking
from bot.services.projects_archiving import ProjectArchiving
from bot.services.projects_editing import ProjectEditing
from bot.services.projects_list import ProjectLists
from bot.services.projects_people import ProjectPeople
from bot.services.projects_summary import ProjectSummaries
from bot.services.sync_asking import SyncAsking
from bot.views.providers import Faces
from bot.wiring import Core, Makers
from handlers.grammar.link_values import LinkCommand, NameManager
from handlers.link import VerbHandler
from handlers.projects import ProjectsHandlers
from handlers.projects_chosen import ProjectsChosenHandlers
from handlers.projects_list import ProjectsListHandlers
from handlers.projects_people import ProjectPeopleHandlers
from handlers.routes import Routes
from handlers.whom import Whom


@dataclass(frozen=True, slots=True)
class ProjectsFeatures:
    """What the others need of them."""

    one: ProjectsHandlers
    chosen: ProjectsChosenHandlers
    listed: ProjectsListHandlers
    people: ProjectPeopleHandlers

    @property
    def verbs(self) -> Mapping[type[LinkCommand], VerbHandler]:
        """Those of ``/link`` that are about projects."""
        return {NameManager: self.people.manager}

    def register(self, routes: Routes) -> None:
        """Every button and form."""
        for handlers in (self.one, self.chosen, self.listed, self.people):
            handlers.register(routes)


def build_projects(
    core: Core,
    makers: Makers,
    linking: Linking,
    syncs: SyncAsking,
    faces: Faces,
    *,
    whom: Whom,
) -> ProjectsFeatures:
    """Joins them."""
    uow, new_marker = core.uow, makers.new_marker
    lists = ProjectLists(uow)
    one = ProjectsHandlers(
        summaries=ProjectSummaries(uow),
        lists=lists,
        editing=ProjectEditing(uow),
        linking=linking,
        syncs=syncs,
        faces=faces,
    )
    chosen = ProjectsChosenHandlers(lists, ProjectArchiving(uow, new_marker), one)
    return ProjectsFeatures(
        one=one,
        chosen=chosen,
        listed=ProjectsListHandlers(lists, faces, chosen.chosen),
        people=ProjectPeopleHandlers(ProjectPeople(uow, new_marker), whom, core.pool),
    )
