"""The Projects section: pages of projects, and what is ticked in them (L11)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import MemberId, ProjectId, ProviderProjectId
from bot.domain.people.people import Member
from bot.domain.projects.project_lists import (
    LONGEST_SEARCH,
    PAGE_SIZE,
    Chosen,
    ListedProject,
    ListedSource,
    ListQuery,
    ProjectsPage,
    SiteChoice,
    Ticks,
)
from bot.domain.projects.projects import NothingTicked
from bot.domain.slack_text import clean
from bot.services import rights
from storage import selections
from storage.linking import integrations, link_targets
from storage.projects import project_figures, project_lists
from storage.selections import Kind
from storage.unit_of_work import Tx, UnitOfWork


class ProjectLists:
    """Lists for admins, who see everything, and for members, who see what they belong to (A1)."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def page(self, *, who: Member, query: ListQuery, now: datetime) -> ProjectsPage:
        """A page, as near as there is to the one asked for.

        Raises:
            AdminOnly: a member asks for what only admins see.
            Vanished: what was ticked is forgotten, or somebody else's.
        """
        with self._uow.read() as tx:
            return _page(tx, who, query, now)

    def source(self, *, who: Member, provider_project_id: ProviderProjectId) -> ListedSource:
        """One provider project without a link.

        Raises:
            AdminOnly: who asks may not see it.
            Vanished: there is none, or it is linked.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = project_lists.source(tx, who.team_id, provider_project_id)
            if found is None:
                raise Vanished("provider project")
            return found

    def start_choosing(self, *, who: Member, query: ListQuery, now: datetime) -> ProjectsPage:
        """*Choose several*: the same page with a tick box at each row.

        Raises:
            AdminOnly: who asks may not act on several.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            selection = selections.begin(tx, who.team_id, who.id, now)
            return _page(tx, who, replace(query, selection=selection), now)

    def tick(
        self,
        *,
        who: Member,
        query: ListQuery,
        shown: Collection[int],
        ticked: Collection[int],
    ) -> Ticks:
        """Keeps what is ticked on a page, and tells how much is ticked in all.

        Raises:
            AdminOnly: who asks may not act on several.
            Vanished: the list is forgotten, or somebody else's.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            selection = _selection(tx, who, query)
            kind = _kind(query)
            selections.tick(tx, who.team_id, selection, kind, shown=shown, ticked=ticked)
            return _ticks(tx, who, selection)

    def tick_all(self, *, who: Member, query: ListQuery) -> Ticks:
        """Everything that the list shows on all its pages.

        Raises: as ``tick``.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            selection = _selection(tx, who, query)
            which = project_lists.matching(who.team_id, _cleaned(query))
            selections.tick_all(tx, who.team_id, selection, _kind(query), which)
            return _ticks(tx, who, selection)

    def chosen(self, *, who: Member, query: ListQuery) -> Chosen:
        """What is ticked, as it is now.

        Raises: as ``tick``.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            selection = _selection(tx, who, query)
            projects = selections.chosen(who.team_id, selection, Kind.PROJECT)
            sources = selections.chosen(who.team_id, selection, Kind.PROVIDER_PROJECT)
            return Chosen(
                project_lists.chosen_projects(tx, who.team_id, projects),
                project_lists.chosen_sources(tx, who.team_id, sources),
            )

    def project_ids(self, *, who: Member, query: ListQuery) -> list[ProjectId]:
        """The projects that are ticked.

        Raises: as ``tick``.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            selection = _selection(tx, who, query)
            ticked = selections.chosen(who.team_id, selection, Kind.PROJECT)
            found = link_targets.existing(tx, who.team_id, ticked)
            if not found:
                raise NothingTicked
            return found

    def source_ids(self, *, who: Member, query: ListQuery) -> list[ProviderProjectId]:
        """The provider projects that are ticked.

        Raises: as ``tick``.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            selection = _selection(tx, who, query)
            ticked = selections.chosen(who.team_id, selection, Kind.PROVIDER_PROJECT)
            found = [ProviderProjectId(one) for one in tx.execute(ticked).scalars()]
            if not found:
                raise NothingTicked
            return found

    def clear(self, *, who: Member, query: ListQuery) -> None:
        """Nothing is ticked any more, on any page.

        Raises: as ``tick``.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            selections.clear(tx, who.team_id, _selection(tx, who, query))


def _page(tx: Tx, who: Member, query: ListQuery, now: datetime) -> ProjectsPage:
    mine = None if who.is_admin else who.id
    if who.is_admin:
        rights.admin(tx, who)
    elif not query.shown.is_ours or query.selection is not None:
        raise AdminOnly
    query = _cleaned(query)
    total = project_lists.count(tx, who.team_id, query, mine=mine)
    last = max(0, -(-total // PAGE_SIZE) - 1)
    query = replace(query, page=min(max(query.page, 0), last))
    page = ProjectsPage(
        query=query,
        total=total,
        counts=tuple(project_lists.counts(tx, who.team_id, mine=mine).items()),
        sites=tuple(
            SiteChoice(one.id, one.provider, one.site_name)
            for one in integrations.live(tx, who.team_id)
        ),
        is_admin=who.is_admin,
    )
    if query.shown.is_ours:
        found = project_lists.projects(tx, who.team_id, query, mine=mine, limit=PAGE_SIZE)
        page = replace(page, projects=tuple(_told(tx, who, found, mine, now)))
    else:
        listed = project_lists.sources(tx, who.team_id, query, limit=PAGE_SIZE)
        page = replace(page, sources=tuple(listed))
    return page if query.selection is None else _with_ticks(tx, who, page)


def _cleaned(query: ListQuery) -> ListQuery:
    return replace(query, text=clean(query.text[:LONGEST_SEARCH]))


def _told(
    tx: Tx, who: Member, found: list[ListedProject], mine: MemberId | None, now: datetime
) -> list[ListedProject]:
    """The projects with people, this month's time and running timers."""
    ids: list[ProjectId] = [one.id for one in found]
    first = month_start(who, now)
    people = project_figures.people_on(tx, who.team_id, ids)
    seconds = project_figures.seconds_since(tx, who.team_id, ids, first, of=mine)
    running = project_figures.running_on(tx, who.team_id, ids) if mine is None else {}
    return [
        replace(
            one,
            people=people.get(one.id, 0),
            seconds=seconds.get(one.id, 0),
            running=running.get(one.id, 0),
        )
        for one in found
    ]


def month_start(who: Member, now: datetime) -> date:
    """The first day of the month that it is where the member is."""
    return work_date(now, zone_of(who.zone)).replace(day=1)


def _with_ticks(tx: Tx, who: Member, page: ProjectsPage) -> ProjectsPage:
    selection = _selection(tx, who, page.query)
    ids: list[int] = [one.id for one in page.projects] or [one.source.id for one in page.sources]
    ticked = selections.among(tx, who.team_id, selection, _kind(page.query), ids)
    return replace(page, ticked=frozenset(ticked), ticks=_ticks(tx, who, selection))


def _selection(tx: Tx, who: Member, query: ListQuery) -> int:
    found = query.selection
    if found is None or not selections.is_theirs(tx, who.team_id, who.id, found):
        raise Vanished("list")
    return found


def _ticks(tx: Tx, who: Member, selection: int) -> Ticks:
    projects = selections.chosen(who.team_id, selection, Kind.PROJECT)
    sources = selections.chosen(who.team_id, selection, Kind.PROVIDER_PROJECT)
    return Ticks(*project_lists.standing(tx, who.team_id, projects, sources))


def _kind(query: ListQuery) -> Kind:
    return Kind.PROJECT if query.shown.is_ours else Kind.PROVIDER_PROJECT
