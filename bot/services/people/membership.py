"""Who belongs to a project by the integration's policy (L5).

Called inside other use cases' transactions: when a project is linked, when somebody connects,
and when an admin wants a changed policy to hold for what is there.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import IntegrationId, MemberId, ProjectId, TeamId
from storage.projects import project_members
from storage.unit_of_work import Tx


def join_project(tx: Tx, team_id: TeamId, project_id: ProjectId, now: datetime) -> int:
    """Adds to a linked project everybody its integrations' policies add; how many are new."""
    return join_projects(tx, team_id, [project_id], now)[project_id]


def join_projects(
    tx: Tx, team_id: TeamId, project_ids: Sequence[ProjectId], now: datetime
) -> Counter[ProjectId]:
    """The same for many at once; how many are new on each."""
    return project_members.join_projects(tx, team_id, project_ids, now)


def join_integration(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, now: datetime
) -> Counter[ProjectId]:
    """Adds whom an integration's policy gives its linked projects; how many are new on each."""
    return Counter(project_members.join_integration(tx, team_id, integration_id, now))


def join_member(
    tx: Tx, team_id: TeamId, member_id: MemberId, integration_id: IntegrationId, now: datetime
) -> int:
    """Adds a newly connected member to the integration's linked projects; how many are new."""
    return project_members.join_member(tx, team_id, member_id, integration_id, now)
