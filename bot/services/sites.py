"""Integrations as the people features see them: sites where people have accounts."""

from bot.domain.account_links import Site
from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, TeamId
from bot.domain.integrations import Integration
from bot.domain.people_errors import SiteDisconnected
from bot.domain.states import IntegrationState
from storage import integrations
from storage.unit_of_work import Tx


def connected(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> Integration:
    """The integration, where people can still connect.

    Raises:
        Vanished: there is no such integration.
        SiteDisconnected: it is not connected any more.
    """
    found = integrations.by_id(tx, team_id, integration_id)
    if found is None:
        raise Vanished("integration")
    if found.state is IntegrationState.DISCONNECTED:
        raise SiteDisconnected(found.site_name)
    return found


def site_of(found: Integration) -> Site:
    """The site of an integration that is not disconnected."""
    return Site(
        id=found.id,
        provider=found.provider,
        name=found.site_name,
        writes_time=found.write_back.is_on,
        is_connected=True,
        is_broken=found.state is IntegrationState.BROKEN,
    )
