"""Links to tasks, shown as what they lead to (T10)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from bot.domain.ids import TaskId, TeamId
from bot.domain.tasks.task_urls import pages_above, spellings
from bot.domain.tasks.unfurls import Linked, Unfurl
from storage import outbox, teams
from storage.tasks import channel_defaults, task_previews, unfurls
from storage.unit_of_work import Tx, UnitOfWork

UNFURL = "link.unfurl"
"""Outbox kind; its payload names channel, message, task and the address as it was posted."""

REST = timedelta(minutes=30)
"""How long a channel is not shown the same task again."""

MOST = 3
"""Tasks in one message that are shown; more are a list, and its links speak for themselves."""

_MOST_LINKS = 10
_LONGEST_ADDRESS = 2000


class Unfurling:
    """What everybody in a channel may see, and no more."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def posted(
        self,
        team_id: TeamId,
        *,
        channel_id: str,
        message_ts: str,
        urls: Sequence[str],
        is_ours_alone: bool,
        now: datetime,
    ) -> None:
        """Somebody posted links: tasks among them are shown, each once in half an hour.

        Args:
            team_id: Where.
            channel_id: In which conversation.
            message_ts: In which message.
            urls: The links, as Slack has them.
            is_ours_alone: Slack says that nobody from outside reads the conversation.
            now: When.
        """
        with self._uow.begin() as tx:
            team = teams.find(tx, team_id)
            if team is None or not team.is_installed:
                return
            linked = _linked(tx, team_id, urls)
            for one in linked if len(linked) <= MOST else []:
                since = now - REST
                if unfurls.take(tx, team_id, channel_id, one.task_id, now=now, since=since):
                    outbox.add(
                        tx,
                        team_id,
                        kind=UNFURL,
                        subject=f"unfurl:{channel_id}:{message_ts}",
                        payload={
                            "channel_id": channel_id,
                            "message_ts": message_ts,
                            "task_id": one.task_id,
                            "url": one.url,
                            "ours_alone": int(is_ours_alone),
                        },
                        marker=self._new_marker(),
                        now=now,
                    )

    def shown(self, team_id: TeamId, channel_id: str, task_id: TaskId) -> Unfurl | None:
        """What to show; None where the task cannot be tracked on any more.

        Everybody in a channel sees an unfurl. Details are for the channel whose default project
        the task's is; elsewhere who reads along may not be on it.
        """
        with self._uow.read() as tx:
            found = task_previews.of_task(tx, team_id, task_id)
            if found is None:
                return None
            own = channel_defaults.find(tx, team_id, channel_id)
            is_own = own is not None and own.project_id == found.project_id
            return found if is_own else replace(found, details=None)


def _linked(tx: Tx, team_id: TeamId, urls: Sequence[str]) -> list[Linked]:
    """The tasks at these addresses, each once, in order."""
    posted = [url for url in dict.fromkeys(urls) if len(url) <= _LONGEST_ADDRESS]
    if len(posted) > _MOST_LINKS:
        return []
    pages = {url: [*spellings(url), *chain.from_iterable(pages_above(url))] for url in posted}
    every = set(chain.from_iterable(pages.values()))
    known = task_previews.at_addresses(tx, team_id, sorted(every)) if every else {}
    found: dict[TaskId, Linked] = {}
    for url in posted:
        task = next((known[one] for one in pages[url] if one in known), None)
        if task is not None:
            found.setdefault(task, Linked(task, url))
    return list(found.values())
