"""*Connect projects*: the form, what its selects find, and the buttons that link."""

from bot.domain.ids import ProjectId, ProviderProjectId
from bot.domain.linking.linking import (
    AlreadyLinked,
    IntegrationDisconnected,
    LinkWish,
    ProviderProjectArchived,
    ProviderProjectGone,
    ProviderProjectIgnored,
    TargetArchived,
    UnlinkedProject,
)
from bot.domain.people.people import Member
from bot.services.linking.linking import Linking
from bot.views.linking import link_form as views
from bot.views.linking import linking as outcomes
from bot.views.message import Modal
from bot.views.providers import Faces
from handlers.asking import Click, Fields, Lookup, Submission, row_id
from handlers.replies import (
    Choices,
    CloseModals,
    Ephemeral,
    FieldErrors,
    OpenModal,
    Reply,
    Update,
    UpdateModal,
)
from handlers.routes import Routes


class LinkFormHandlers:
    """The form behind ``/link project`` and *Choose*."""

    def __init__(self, linking: Linking, faces: Faces) -> None:
        self._linking = linking
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """Buttons, selects and the form."""
        routes.click("link.choose", self.choose, admin=True)
        routes.click("link.add_row", self.add_row, admin=True)
        routes.click("link.pick", self.pick, admin=True)
        routes.click("link.notice", self.notice, admin=True)
        routes.click("link.find_unlinked", self.source_chosen, admin=True)
        routes.lookup("link.find_unlinked", self.find_unlinked, admin=True)
        routes.lookup("link.find_project", self.find_project, admin=True)
        routes.submission(views.PROJECTS, self.submitted, admin=True)

    def form(self, who: Member) -> Modal:
        """The form with its first rows.

        Raises:
            IntegrationUnknown: no tool is connected.
        """
        self._linking.check_tools(who=who)
        return views.projects_form(rows=views.FIRST_ROWS)

    def begun(self, who: Member, chosen: UnlinkedProject) -> Modal:
        """The same with a provider project in its first row."""
        former = self._linking.former(who=who, ids=[chosen.id])
        before = dict(enumerate(former.items()))
        return views.projects_form(rows=views.FIRST_ROWS, chosen=chosen, former=before)

    def choose(self, ask: Click) -> Reply:
        """*Connect projects*, *Choose*, *Open list*."""
        return OpenModal(self.form(ask.who))

    def add_row(self, ask: Click) -> Reply:
        """One row more; Slack keeps what is chosen, because the rows keep their ids."""
        return self._drawn(ask, min(row_id(ask.metadata) + 1, views.MOST_ROWS))

    def source_chosen(self, ask: Click) -> Reply:
        """A provider project was chosen: what was linked before may be resumed or made anew."""
        return self._drawn(ask, min(row_id(ask.metadata), views.MOST_ROWS))

    def _drawn(self, ask: Click, rows: int) -> Reply:
        chosen = {
            row: ProviderProjectId(row_id(source))
            for row, (source, _) in _rows(ask.fields, rows).items()
            if source
        }
        found = self._linking.former(who=ask.who, ids=list(set(chosen.values())))
        former = {row: (one, found[one]) for row, one in chosen.items() if one in found}
        return UpdateModal(views.projects_form(rows=rows, former=former))

    def find_unlinked(self, ask: Lookup) -> Reply:
        """Somebody types into a row's first select."""
        found = self._linking.unlinked(who=ask.who, text=ask.query)
        return Choices(groups=views.source_groups(self._faces, found))

    def find_project(self, ask: Lookup) -> Reply:
        """Somebody types into a row's second select."""
        return Choices(views.target_options(self._linking.targets(who=ask.who, text=ask.query)))

    def submitted(self, ask: Submission) -> Reply:
        """Links every row, or says under its field what is wrong with one."""
        rows = _rows(ask.fields, min(row_id(ask.metadata), views.MOST_ROWS))
        if wrong := _wrong(rows):
            return FieldErrors(wrong)
        wishes = [
            LinkWish(
                ProviderProjectId(row_id(source)),
                ProjectId(row_id(target)) if target else None,
                fresh=bool(ask.fields.choices(views.fresh_block(row, row_id(source)))),
            )
            for row, (source, target) in rows.items()
        ]
        try:
            made = self._linking.link_many(who=ask.who, wishes=wishes, now=ask.now)
        except (*_OF_SOURCE, TargetArchived) as error:
            return self._under_field(ask, wishes, list(rows), error)
        return CloseModals(outcomes.linked(made))

    def pick(self, ask: Click) -> Reply:
        """One of several that were meant: link it, or ask to what."""
        source, _, target = ask.value.partition(":")
        if not target:
            source_id = ProviderProjectId(row_id(source))
            chosen = self._linking.open_one(who=ask.who, provider_project_id=source_id)
            return OpenModal(self.begun(ask.who, chosen))
        made = self._linking.link(
            who=ask.who,
            provider_project_id=ProviderProjectId(row_id(source)),
            project_id=None if target == "new" else ProjectId(row_id(target)),
            now=ask.now,
        )
        return Update(outcomes.linked([made]))

    def notice(self, ask: Click) -> Reply:
        """*Stop ignoring*."""
        found = self._linking.notice_again(
            who=ask.who, provider_project_id=ProviderProjectId(row_id(ask.value)), now=ask.now
        )
        return Ephemeral(outcomes.noticed(found))

    def _under_field(
        self,
        ask: Submission,
        wishes: list[LinkWish],
        rows: list[int],
        error: Exception,
    ) -> Reply:
        """The error stands under the row it is about: the first one that fails by itself."""
        for row, wish in zip(rows, wishes, strict=True):
            problem = self._linking.problem_of(who=ask.who, wish=wish)
            if problem is not None:
                under_target = isinstance(problem, TargetArchived)
                block = views.target_block(row) if under_target else views.source_block(row)
                return FieldErrors({block: views.field_error(problem)})
        raise error


_OF_SOURCE = (
    AlreadyLinked,
    ProviderProjectGone,
    ProviderProjectArchived,
    ProviderProjectIgnored,
    IntegrationDisconnected,
)


def _rows(fields: Fields, count: int) -> dict[int, tuple[str, str]]:
    """The rows in which anything is chosen."""
    every = {
        row: (fields.choice(views.source_block(row)), fields.choice(views.target_block(row)))
        for row in range(count)
    }
    return {row: chosen for row, chosen in every.items() if any(chosen)}


def _wrong(rows: dict[int, tuple[str, str]]) -> dict[str, str]:
    if not rows:
        return {views.source_block(0): views.NO_ROW}
    wrong: dict[str, str] = {}
    seen: set[str] = set()
    for row, (source, _) in rows.items():
        if not source:
            wrong[views.source_block(row)] = views.NO_SOURCE
        elif source in seen:
            wrong[views.source_block(row)] = views.TWICE
        seen.add(source)
    return wrong
