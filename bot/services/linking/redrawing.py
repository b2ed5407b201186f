"""Owing announcements a new look, inside the transactions that change what they tell."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from bot.domain.ids import IntegrationId, ProviderProjectId, TeamId
from storage import outbox
from storage.linking import announced_projects, integration_ending
from storage.unit_of_work import Tx

ANNOUNCEMENT_UPDATE = "announcement.update"
"""Outbox kind of the work to draw an announcement anew; its payload names it."""


def draw_announcements(
    tx: Tx,
    team_id: TeamId,
    ids: Sequence[ProviderProjectId],
    *,
    now: datetime,
    new_marker: Callable[[], str],
) -> None:
    """Owes the channel messages that name these provider projects a new look."""
    named = announced_projects.naming(tx, team_id, ids)
    _draw(tx, team_id, named, now, new_marker)


def draw_open_announcements(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    *,
    now: datetime,
    new_marker: Callable[[], str],
) -> None:
    """Owes an integration's messages that still have something to decide a new look."""
    still_open = integration_ending.open_announcements(tx, team_id, integration_id)
    _draw(tx, team_id, still_open, now, new_marker)


def _draw(
    tx: Tx,
    team_id: TeamId,
    ids: Iterable[int],
    now: datetime,
    new_marker: Callable[[], str],
) -> None:
    for announcement_id in ids:
        outbox.add(
            tx,
            team_id,
            kind=ANNOUNCEMENT_UPDATE,
            subject=f"announcement:{announcement_id}",
            payload={"announcement_id": announcement_id},
            marker=new_marker(),
            now=now,
        )
