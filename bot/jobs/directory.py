"""The list of a workspace's people, asked for when somebody needs all of them."""

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta

from bot.domain.clock import Clock
from bot.domain.ids import TeamId
from bot.services.members import Members
from bot.services.pool import Pool
from bot.slack import Slack

FRESH = timedelta(minutes=2)
"""How long a list is good enough; ``user_change`` events keep it so meanwhile."""


class Directory:
    """Slack's list of people, taken in whole."""

    def __init__(self, slack: Slack, members: Members, pool: Pool, clock: Clock) -> None:
        self._slack = slack
        self._members = members
        self._pool = pool
        self._clock = clock
        self._read: dict[TeamId, datetime] = {}
        self._reading: defaultdict[TeamId, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def refresh(self, team_id: TeamId) -> None:
        """Takes in everybody; whoever asks meanwhile, or shortly after, waits for the same list.

        Raises:
            SlackError: Slack would not list them; what was known stays known.
        """
        async with self._reading[team_id]:
            last = self._read.get(team_id)
            if last is not None and self._clock() - last < FRESH:
                return
            people = await self._slack.people(team_id)
            now = self._clock()
            await self._pool(self._members.save_many, team_id, people, now)
            self._read[team_id] = now
