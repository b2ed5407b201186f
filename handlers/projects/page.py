"""One project, or one provider project that is not linked: its page and its forms."""

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId
from bot.domain.input_errors import BadInput
from bot.domain.linking.linking import ProjectExists
from bot.domain.projects.projects import CodeTaken, CodeUnfit, Edit
from bot.services.linking.linking import Linking
from bot.services.projects.editing import ProjectEditing
from bot.services.projects.listing import ProjectLists
from bot.services.projects.summary import ProjectSummaries
from bot.services.reports.burn_charts import BurnCharts
from bot.services.sync.asking import SyncAsking
from bot.views.entries import files as file_views
from bot.views.field_errors import plain_sentence
from bot.views.linking import link_form, linking
from bot.views.message import Modal
from bot.views.projects import entries as entry_list
from bot.views.projects import forms
from bot.views.projects import listing as lists
from bot.views.projects import place as projects_place
from bot.views.projects import source as sources
from bot.views.projects import summary as views
from bot.views.projects import table as tables
from bot.views.projects.place import Place, Room
from bot.views.providers import Faces
from handlers.asking import Ask, Click, Submission, row_id
from handlers.replies import FieldErrors, OpenModal, Reply, Told, UpdateModal
from handlers.routes import Routes


class ProjectsHandlers:
    """What is done about one at a time."""

    def __init__(
        self,
        *,
        summaries: ProjectSummaries,
        lists: ProjectLists,
        editing: ProjectEditing,
        linking: Linking,
        syncs: SyncAsking,
        faces: Faces,
        burns: BurnCharts,
    ) -> None:
        self._burns = burns
        self._summaries = summaries
        self._lists = lists
        self._editing = editing
        self._linking = linking
        self._syncs = syncs
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """Buttons and forms."""
        routes.click(lists.PROJECT, self.shown)
        routes.click(views.ENTRIES, self.entries_shown)
        routes.click(lists.SOURCE, self.source_shown, admin=True)
        routes.click(views.TABLE, self.table_clicked)
        routes.click(views.CHART, self.chart_clicked)
        routes.click(views.EDIT, self.edit_clicked, admin=True)
        routes.submission(views.EDIT, self.edited, admin=True)
        routes.click(views.RESYNC, self.resync_clicked, admin=True)
        routes.click(sources.CREATE, self.create_clicked, admin=True)
        routes.click(sources.LINK_TO, self.link_to_clicked, admin=True)
        routes.click(sources.IGNORE, self.ignore_clicked, admin=True)
        routes.click(sources.NOTICE, self.notice_clicked, admin=True)

    def shown(self, ask: Click) -> Reply:
        """*Open*: in the section itself, or from a message."""
        place = projects_place.read(ask.metadata)
        page = self.page(ask, place or Place(), ProjectId(row_id(ask.value)))
        return OpenModal(page) if place is None else UpdateModal(page)

    def page(self, ask: Ask, place: Place, project_id: ProjectId, note: str = "") -> Modal:
        """A project's page."""
        found = self._summaries.summary(who=ask.who, project_id=project_id, now=ask.now)
        return views.summary(found, place, self._faces, note=note)

    def entries_shown(self, ask: Click) -> Reply:
        """*All entries*, *Newer* and *Older*."""
        project, _, page = ask.value.partition(":")
        found = self._summaries.entries(
            who=ask.who, project_id=ProjectId(row_id(project)), page=row_id(page)
        )
        return UpdateModal(entry_list.entries(found, place_of(ask)))

    def table_clicked(self, ask: Click) -> Reply:
        """*As a table*: a message, because forms show none."""
        project_id = ProjectId(row_id(ask.value))
        found = self._summaries.summary(who=ask.who, project_id=project_id, now=ask.now)
        return Told(tables.as_message(found))

    def chart_clicked(self, ask: Click) -> Reply:
        """*Chart*: how its budget fills up, or how its time went."""
        project_id = ProjectId(row_id(ask.value))
        place = place_of(ask)
        comes = self._burns.ask(who=ask.who, project_id=project_id, now=ask.now)
        note = file_views.CHART_ASKED if comes else file_views.NOTHING_DRAWN
        return UpdateModal(self.page(ask, place, project_id, note))

    def source_shown(self, ask: Click) -> Reply:
        """*Open*, on what is not linked."""
        return self._source(ask, ProviderProjectId(row_id(ask.value)))

    def _source(self, ask: Click, id_: ProviderProjectId, note: str = "") -> Reply:
        found = self._lists.source(who=ask.who, provider_project_id=id_)
        return UpdateModal(sources.source(found, place_of(ask), self._faces, note=note))

    # The project's own facts

    def edit_clicked(self, ask: Click) -> Reply:
        """*Name, code, colour*."""
        project_id = ProjectId(row_id(ask.value))
        found = self._editing.form(who=ask.who, project_id=project_id)
        place = place_of(ask).at(Room.PROJECT, project_id)
        return UpdateModal(forms.edit_form(found, place, self._faces))

    def edited(self, ask: Submission) -> Reply:
        """*Save*."""
        place = place_of(ask)
        fields = ask.fields
        has_name = forms.NAME in fields.blocks()
        edit = Edit(
            fields.text(forms.NAME) if has_name else None,
            fields.text(forms.CODE),
            forms.colour_of(fields.choice(forms.COLOUR)),
            bool(fields.choices(forms.WRITES)) if forms.WRITES in fields.blocks() else None,
        )
        project_id = ProjectId(place.id)
        try:
            done = self._editing.edit(who=ask.who, project_id=project_id, edit=edit, now=ask.now)
        except (CodeTaken, CodeUnfit) as error:
            return FieldErrors({forms.CODE: plain_sentence(error)})
        except (ProjectExists, BadInput) as error:
            return FieldErrors({forms.NAME: plain_sentence(error)})
        return UpdateModal(self.page(ask, place, project_id, forms.edited(done)))

    def resync_clicked(self, ask: Click) -> Reply:
        """*Resync tasks*: what one tool feeds the project is read again, and nothing else there."""
        place = place_of(ask)
        project_id = ProjectId(place.id)
        asked = self._syncs.ask_for(
            who=ask.who,
            project_ids=[project_id],
            now=ask.now,
            of=IntegrationId(row_id(ask.value)),
        )
        return UpdateModal(self.page(ask, place, project_id, linking.syncing(asked).text))

    # What is not linked

    def create_clicked(self, ask: Click) -> Reply:
        """*Create & link*: the project it has now."""
        made = self._linking.link(
            who=ask.who, provider_project_id=ProviderProjectId(row_id(ask.value)), now=ask.now
        )
        note = linking.linked([made]).text
        return UpdateModal(self.page(ask, place_of(ask), made.project_id, note))

    def link_to_clicked(self, ask: Click) -> Reply:
        """*Link to...*: the form, with what is linked filled in."""
        id_ = ProviderProjectId(row_id(ask.value))
        chosen = self._linking.open_one(who=ask.who, provider_project_id=id_)
        return OpenModal(link_form.projects_form(rows=link_form.FIRST_ROWS, chosen=chosen))

    def ignore_clicked(self, ask: Click) -> Reply:
        """*Ignore*."""
        id_ = ProviderProjectId(row_id(ask.value))
        done = self._linking.ignore(who=ask.who, provider_project_id=id_, now=ask.now)
        return self._source(ask, id_, linking.ignored(done).text)

    def notice_clicked(self, ask: Click) -> Reply:
        """*Stop ignoring*."""
        id_ = ProviderProjectId(row_id(ask.value))
        self._linking.notice_again(who=ask.who, provider_project_id=id_, now=ask.now)
        return self._source(ask, id_)


def place_of(ask: Click | Submission) -> Place:
    """Where in the section this comes from.

    Raises:
        Vanished: from somewhere else, or from a form of an older version.
    """
    place = projects_place.read(ask.metadata)
    if place is None:
        raise Vanished("list")
    return place
