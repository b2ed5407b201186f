"""What one member may track, and what of it is their own."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import MemberId, ProviderProjectId, TeamId
from bot.domain.people.account_links import Standing
from bot.domain.people.people import Member
from bot.domain.states import AccountLinkState
from bot.domain.tasks.finding import Candidate, Place
from bot.domain.tasks.task_terms import owner_term
from storage import teams
from storage.prepared import ask_together
from storage.tasks import free_places, trackable
from storage.tasks.task_search import Hit
from storage.tracking import recent_work
from storage.unit_of_work import Tx

_RECENT = timedelta(days=30)
_MOST_RECENT = 50


class Reach:
    """Looked up once each in one transaction, and only what is asked for."""

    def __init__(
        self, tx: Tx, who: Member, today: date, standings: Iterable[Standing] | None = None
    ) -> None:
        """Looks nothing up yet; ``standings`` are the member's, where they are known already."""
        self.tx = tx
        self.who = who
        self.team_id = who.team_id
        self._today = today
        self._standings = standings

    def look_up(self) -> None:
        """Asks at once for what a search will need: places, owners and what was tracked lately."""
        looks = (
            free_places.look_for_member(self.who),
            trackable.look_for_own_accounts(self.team_id, self.who.id),
            recent_work.look_for_tasks(*self._lately),
        )
        ask_together(self.tx, looks)

    @cached_property
    def places(self) -> list[Place]:
        """Every project they may track on, once for each provider project that feeds it."""
        return free_places.of_member(self.tx, self.who)

    @cached_property
    def sources(self) -> Mapping[ProviderProjectId, Place]:
        """The same by provider project."""
        return {place.source.id: place for place in self.places if place.source is not None}

    @cached_property
    def owners(self) -> frozenset[str]:
        """The terms of tasks that are assigned to them."""
        if self._standings is None:
            accounts = trackable.own_accounts(self.tx, self.team_id, self.who.id)
            return frozenset(owner_term(site, account) for site, account in accounts)
        return frozenset(
            owner_term(one.site.id, one.link.account.external_id)
            for one in self._standings
            if one.link and one.link.account and one.link.state is AccountLinkState.CONNECTED
        )

    @cached_property
    def lately(self) -> list[tuple[Hit, int]]:
        """The tasks they tracked last, the latest first; the later, the higher the number."""
        return recent_work.tasks(self.tx, *self._lately)

    @cached_property
    def may_do_without_task(self) -> bool:
        """Time may be tracked on a project as such."""
        return teams.settings(self.tx, self.team_id).time_without_task

    @property
    def _lately(self) -> tuple[TeamId, MemberId, date, int]:
        return self.team_id, self.who.id, self._today - _RECENT, _MOST_RECENT

    def candidate(self, hit: Hit) -> Candidate:
        """A hit within reach, with its project."""
        place = self.sources[hit.source]
        on = TaskLabel(place.project_id, place.project_name, hit.id, hit.key, hit.title, hit.url)
        return Candidate(on, place, is_done=hit.is_done)


def projects_among(places: Iterable[Place]) -> list[Candidate]:
    """Projects as such: each once, by the place with the least in the way."""
    best: dict[int, Place] = {}
    for place in places:
        known = best.get(place.project_id)
        if known is None or (known.obstacle is not None and place.obstacle is None):
            best[place.project_id] = place
    return [Candidate(TaskLabel(p.project_id, p.project_name), p) for p in best.values()]
