"""The list of people and their accounts (U5): pages, and what is ticked in them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import AccountLinkId
from bot.domain.people.people import Member
from bot.domain.people.people_lists import LONGEST_SEARCH, PAGE_SIZE, PeoplePage, PeopleQuery
from bot.services import rights
from bot.services.people import sites
from storage import selections
from storage.linking import integrations
from storage.people import people_lists
from storage.selections import Kind
from storage.unit_of_work import Tx, UnitOfWork


class PeopleLists:
    """Where everybody stands, for admins."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def page(self, who: Member, query: PeopleQuery) -> PeoplePage:
        """A page, as near as there is to the one asked for.

        Raises:
            AdminOnly: who asks is none.
            Vanished: there is no such integration, or what was ticked is forgotten.
            SiteDisconnected: it is not connected any more.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return _page(tx, who, query)

    def start_choosing(self, who: Member, query: PeopleQuery, now: datetime) -> PeoplePage:
        """*Choose several*: the same page with a tick box at each row.

        Raises: as ``page``.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            selection = selections.begin(tx, who.team_id, who.id, now)
            return _page(tx, who, replace(query, selection=selection))

    def tick(
        self,
        who: Member,
        query: PeopleQuery,
        *,
        shown: Collection[int],
        ticked: Collection[int],
    ) -> None:
        """Keeps what is ticked on a page.

        Raises: as ``page``.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            kind, chosen = Kind.ACCOUNT_LINK, selection_of(tx, who, query)
            selections.tick(tx, who.team_id, chosen, kind, shown=shown, ticked=ticked)

    def tick_all(self, who: Member, query: PeopleQuery) -> None:
        """Everything that the list shows on all its pages.

        Raises: as ``page``.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            which = people_lists.ids(who.team_id, query)
            chosen = selection_of(tx, who, query)
            selections.tick_all(tx, who.team_id, chosen, Kind.ACCOUNT_LINK, which)

    def clear(self, who: Member, query: PeopleQuery) -> None:
        """Nothing is ticked any more, on any page.

        Raises: as ``page``.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            selections.clear(tx, who.team_id, selection_of(tx, who, query))


def selection_of(tx: Tx, who: Member, query: PeopleQuery) -> int:
    """The ticks of a list, where they are the asker's own.

    Raises:
        Vanished: they are forgotten, or somebody else's.
    """
    found = query.selection
    if found is None or not selections.is_theirs(tx, who.team_id, who.id, found):
        raise Vanished("list")
    return found


def _page(tx: Tx, who: Member, query: PeopleQuery) -> PeoplePage:
    team_id = who.team_id
    site = sites.site_of(sites.connected(tx, team_id, query.integration_id))
    query = replace(query, words=" ".join(query.words.split())[:LONGEST_SEARCH])
    total = people_lists.count(tx, team_id, query)
    last = max(0, -(-total // PAGE_SIZE) - 1)
    query = replace(query, page=min(max(query.page, 0), last))
    page = PeoplePage(
        query=query,
        site=site,
        sites=tuple(sites.site_of(one) for one in integrations.live(tx, team_id)),
        links=tuple(people_lists.page(tx, team_id, query)),
        total=total,
        counts=people_lists.counts(tx, team_id, query.integration_id),
        not_asked=people_lists.not_asked(tx, team_id, query.integration_id),
    )
    if query.selection is None:
        return page
    kind, chosen = Kind.ACCOUNT_LINK, selection_of(tx, who, query)
    shown = [link.id for link in page.links]
    ticked = selections.among(tx, team_id, chosen, kind, shown)
    return replace(
        page,
        ticked=frozenset(AccountLinkId(one) for one in ticked),
        ticks=selections.counts(tx, team_id, chosen).get(kind, 0),
    )
