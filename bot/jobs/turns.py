"""Whose turn it is: slots for work are dealt so that no team starves another."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from itertools import count

from bot.domain.ids import TeamId


class Turns:
    """Deals a number of slots, one by one, to the team that has the fewest of them.

    Among equals it is the one that waited longest since its last slot. A team never has all
    slots: what is slow for one of them leaves room for the others.
    """

    def __init__(self, slots: int, team_slots: int) -> None:
        self._free = slots
        self._team_slots = team_slots
        self._held = Counter[TeamId]()
        self._resting: dict[TeamId, datetime] = {}
        self._last: dict[TeamId, int] = {}
        self._turn = count(1)

    @property
    def free(self) -> int:
        """Slots that nobody has."""
        return self._free

    def deal(self, teams: Collection[TeamId]) -> dict[TeamId, int]:
        """How many of the free slots each of these teams may take."""
        having = {team: self._held[team] for team in teams}
        dealt = Counter[TeamId]()
        for _ in range(self._free):
            below = [team for team, slots in having.items() if slots < self._team_slots]
            if not below:
                break
            first = min(below, key=lambda team: (having[team], self._last.get(team, 0)))
            having[first] += 1
            dealt[first] += 1
        return dict(dealt)

    def take(self, team: TeamId) -> None:
        """A slot is the team's."""
        self._free -= 1
        self._held[team] += 1
        self._last[team] = next(self._turn)

    def give_back(self, team: TeamId) -> None:
        """A slot is free again."""
        self._free += 1
        self._held[team] -= 1

    def rest(self, team: TeamId, until: datetime) -> None:
        """Slack is not called for the team before this moment."""
        self._resting[team] = max(until, self._resting.get(team, until))

    def resting(self, teams: Collection[TeamId], now: datetime) -> set[TeamId]:
        """Those of the teams for whom Slack is not called now."""
        return {team for team in teams if team in self._resting and now < self._resting[team]}
