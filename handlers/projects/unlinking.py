"""``/link unlink`` and *Unlink...*: one provider project, or many at once."""

from bot.domain.ids import ProjectId, ProviderProjectId
from bot.domain.projects.project_lists import LONGEST_SEARCH, ListQuery, Shown
from bot.domain.tasks.task_refs import ref_words
from bot.services.linking.unlinking import Unlinking
from bot.services.projects.listing import ProjectLists
from bot.views.message import Message, Modal
from bot.views.projects import listing as projects_list
from bot.views.projects import place as projects_place
from bot.views.projects import unlink as views
from bot.views.projects.place import Place, Room
from bot.views.providers import Faces
from handlers.asking import Ask, Click, Command, Submission, row_id
from handlers.grammar.link_values import Unlink
from handlers.linking import write_back
from handlers.projects.chosen import ProjectsChosenHandlers
from handlers.projects.page import place_of
from handlers.replies import CloseModals, Ephemeral, OpenModal, Reply, UpdateModal
from handlers.routes import Routes


class UnlinkingHandlers:
    """The question says what will happen; the answer, where it was asked, what did."""

    def __init__(
        self,
        unlinking: Unlinking,
        lists: ProjectLists,
        chosen: ProjectsChosenHandlers,
        faces: Faces,
    ) -> None:
        self._unlinking = unlinking
        self._lists = lists
        self._chosen = chosen
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """Buttons and the form; the command comes through ``/link``."""
        routes.click(views.ONE, self.one_clicked, admin=True)
        routes.click(views.SEVERAL, self.several_clicked, admin=True)
        routes.click(views.UNLINK, self.many_clicked, admin=True)
        routes.submission(views.UNLINK, self.confirmed, admin=True)

    def command(self, ask: Command, command: Unlink) -> Reply:
        """``/link unlink [project]``: the list to choose from, or what the words mean."""
        if command.project is None:
            return self._choose(ask, "")
        found = self._unlinking.linked(who=ask.who, ref=command.project)
        if len(found) > 1:
            text = ref_words(command.project).strip('"')[:LONGEST_SEARCH]
            return Ephemeral(views.which(found, text, self._faces))
        place = Place().at(Room.LINK, found[0].provider_project_id)
        return OpenModal(self._form(ask, place, [found[0].provider_project_id]))

    def several_clicked(self, ask: Click) -> Reply:
        """*Choose several*, below those that were meant."""
        return self._choose(ask, ask.value[:LONGEST_SEARCH])

    def _choose(self, ask: Ask, text: str) -> Reply:
        query = ListQuery(Shown.CONNECTED, text=text)
        page = self._lists.start_choosing(who=ask.who, query=query, now=ask.now)
        if not page.total and not text:
            return Ephemeral(views.NOTHING_LINKED)
        return OpenModal(projects_list.projects_list(page, self._faces, note=views.HOW_TO_CHOOSE))

    def one_clicked(self, ask: Click) -> Reply:
        """*Unlink...*, beside one provider project."""
        id_ = ProviderProjectId(row_id(ask.value))
        place = projects_place.read(ask.metadata)
        if place is None:
            return OpenModal(self._form(ask, Place().at(Room.LINK, id_), [id_]))
        below = place.id if place.room is Room.PROJECT else 0
        return UpdateModal(self._form(ask, place.at(Room.LINK, id_, below), [id_]))

    def many_clicked(self, ask: Click) -> Reply:
        """*Unlink...*, of everything that is ticked."""
        place = place_of(ask).at(Room.CHOSEN)
        return UpdateModal(self._form(ask, place, self._ids(ask, place)))

    def confirmed(self, ask: Submission) -> Reply:
        """*Unlink*."""
        place = place_of(ask)
        ids = self._ids(ask, place)
        done = self._unlinking.unlink(
            who=ask.who,
            provider_project_ids=ids,
            now=ask.now,
            writes_owed=write_back.writes_owed(ask.fields),
        )
        note = views.unlinked(done)
        if place.room is Room.CHOSEN:
            return self._chosen.result(ask, place, note)
        if not place.page:
            return CloseModals(Message(note))
        return self._chosen.result(ask, place.at(Room.PROJECT, place.page), note)

    def _ids(self, ask: Ask, place: Place) -> list[ProviderProjectId]:
        if place.room is Room.LINK:
            return [ProviderProjectId(place.id)]
        ids: list[ProjectId] = self._lists.project_ids(who=ask.who, query=place.query)
        return self._unlinking.feeding(who=ask.who, project_ids=ids)

    def _form(self, ask: Ask, place: Place, ids: list[ProviderProjectId]) -> Modal:
        preview = self._unlinking.preview(who=ask.who, provider_project_ids=ids, now=ask.now)
        return views.unlink_form(preview, place, self._faces)
