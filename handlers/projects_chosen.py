"""What is done with everything that is ticked: the question first, then the result in its place."""

from bot.domain.ids import ProjectId
from bot.services.projects_archiving import ProjectArchiving
from bot.services.projects_list import ProjectLists
from bot.views import projects_chosen as views
from bot.views import projects_forms as forms
from bot.views import projects_summary as summaries
from bot.views.projects_place import Place, Room
from handlers.asking import Ask, Click, Submission, row_id
from handlers.projects import ProjectsHandlers, place_of
from handlers.replies import Reply, UpdateModal
from handlers.routes import Routes


class ProjectsChosenHandlers:
    """Forms that serve one project and many alike."""

    def __init__(
        self, lists: ProjectLists, archiving: ProjectArchiving, one: ProjectsHandlers
    ) -> None:
        self._lists = lists
        self._archiving = archiving
        self._one = one

    def register(self, routes: Routes) -> None:
        """Buttons and forms."""
        routes.click(views.CHOSEN, self.chosen_clicked, admin=True)
        routes.click(summaries.ARCHIVE, self.archive_clicked, admin=True)
        routes.submission(summaries.ARCHIVE, self.archived, admin=True)
        routes.click(summaries.RESTORE, self.restore_clicked, admin=True)
        routes.submission(summaries.RESTORE, self.restored, admin=True)

    def chosen(self, ask: Ask, place: Place, note: str = "") -> Reply:
        """What can be done with what is ticked."""
        found = self._lists.chosen(who=ask.who, query=place.query)
        return UpdateModal(views.chosen(found, place, note=note))

    def chosen_clicked(self, ask: Click) -> Reply:
        """*Back*, from a question."""
        return self.chosen(ask, place_of(ask))

    def archive_clicked(self, ask: Click) -> Reply:
        """*Archive...*: what it will do."""
        place = _from(ask)
        ids = self.projects(ask, place)
        preview = self._archiving.preview(who=ask.who, project_ids=ids, now=ask.now)
        return UpdateModal(forms.archive_form(preview, place))

    def archived(self, ask: Submission) -> Reply:
        """*Archive*."""
        place = place_of(ask)
        ids = self.projects(ask, place)
        done = self._archiving.archive(who=ask.who, project_ids=ids, now=ask.now)
        return self.result(ask, place, forms.archived(done))

    def restore_clicked(self, ask: Click) -> Reply:
        """*Bring back*: at once for one project, after a question for many."""
        place = _from(ask)
        ids = self.projects(ask, place)
        if place.room is not Room.PROJECT:
            preview = self._archiving.preview(who=ask.who, project_ids=ids, now=ask.now)
            return UpdateModal(forms.restore_form(preview, place))
        done = self._archiving.restore(who=ask.who, project_ids=ids, now=ask.now)
        return self.result(ask, place, forms.restored(done))

    def restored(self, ask: Submission) -> Reply:
        """*Bring back*, of many."""
        place = place_of(ask)
        ids = self.projects(ask, place)
        done = self._archiving.restore(who=ask.who, project_ids=ids, now=ask.now)
        return self.result(ask, place, forms.restored(done))

    def projects(self, ask: Ask, place: Place) -> list[ProjectId]:
        """The one project of the page, or all that are ticked."""
        if place.room is Room.PROJECT:
            return [ProjectId(place.id)]
        return self._lists.project_ids(who=ask.who, query=place.query)

    def result(self, ask: Ask, place: Place, note: str) -> Reply:
        """What was done, where it was asked for."""
        if place.room is Room.PROJECT:
            return UpdateModal(self._one.page(ask, place, ProjectId(place.id), note))
        return self.chosen(ask, place, note)


def _from(ask: Click) -> Place:
    """A project's own button names it; that of many names none."""
    place = place_of(ask)
    if ask.value:
        return place.at(Room.PROJECT, row_id(ask.value))
    return place.at(Room.CHOSEN)
