"""Integrations as the people features see them: sites where people have accounts."""

from dataclasses import replace
from itertools import groupby

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, TeamId
from bot.domain.linking.integrations import Integration
from bot.domain.people.account_links import AccountLink, Site, Standing
from bot.domain.people.people import Member
from bot.domain.people.people_errors import SiteDisconnected
from bot.domain.states import AccountLinkState, IntegrationState
from storage.linking import integrations
from storage.people import standings as stored
from storage.people.account_links import FIRST
from storage.unit_of_work import Tx

_LIVE = {
    AccountLinkState.INVITED,
    AccountLinkState.AWAITING_APPROVAL,
    AccountLinkState.CONNECTED,
}
"""In these states a further account is worth showing."""

ASKED = _LIVE | {AccountLinkState.EXPIRED, AccountLinkState.DECLINED}
"""Where a guest may stand who was asked by name."""


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


def standings(tx: Tx, who: Member) -> list[Standing]:
    """Every connected site, and where the member stands there: once for each account."""
    found: list[Standing] = []
    every = stored.of_member(tx, who.team_id, who.id)
    for site, there in groupby(every, key=lambda one: one.site):
        shown = [one for one in there if one.link and _is_shown(one.link)]
        found += shown or [Standing(site, None)]
    if who.is_guest:
        return [replace(one, waits_to_be_asked=not _was_asked(one)) for one in found]
    return found


def _was_asked(one: Standing) -> bool:
    return one.link is not None and one.link.state in ASKED


def _is_shown(link: AccountLink) -> bool:
    return link.slot == FIRST or link.state in _LIVE
