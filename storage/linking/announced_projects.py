"""Which announcements name which provider projects."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from bot.domain.ids import AnnouncementId, ProviderProjectId, TeamId
from storage.chunks import chunked
from storage.linking.announcements import AnnouncedProjectRow
from storage.unit_of_work import Tx

_T = AnnouncedProjectRow


def naming(tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]) -> list[AnnouncementId]:
    """The announcements in which any of these provider projects stands, oldest first."""
    found: set[int] = set()
    for some in chunked(ids):
        query = select(col(_T.announcement_id)).where(
            col(_T.team_id) == team_id, col(_T.provider_project_id).in_(some)
        )
        found.update(tx.execute(query.distinct()).scalars())
    return [AnnouncementId(announcement_id) for announcement_id in sorted(found)]
