"""Direct messages about an integration that somebody disconnected."""

from collections.abc import Mapping

from bot.domain.ids import IntegrationId, MemberId
from bot.domain.outbox import OutboxItem
from bot.integrations.errors import ProviderUnavailable
from bot.jobs.outbox import ATTEMPTS, Delivery
from bot.services.linking.disconnecting import DISCONNECTED, FORGET, Disconnecting
from bot.services.pool import Pool
from bot.slack import Slack
from bot.views.linking import disconnecting as views
from bot.views.providers import Faces, tool


class DisconnectDeliveries:
    """Tells the people whose connections ended, and the other admins, once.

    One of which it is not known whether it arrived is not sent again: the Home tab shows it.
    """

    def __init__(
        self, slack: Slack, pool: Pool, disconnecting: Disconnecting, faces: Faces
    ) -> None:
        self._slack = slack
        self._pool = pool
        self._disconnecting = disconnecting
        self._faces = faces

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {FORGET: self.forget, DISCONNECTED: self.told}

    async def forget(self, item: OutboxItem) -> None:
        """``integration.forget``: the credentials go once nothing is owed any more.

        Raises:
            ProviderUnavailable: something is; it is looked at again later, for a day.
        """
        is_last = item.attempts + 1 >= ATTEMPTS
        integration_id = IntegrationId(item.id_of("integration_id"))
        if not await self._pool(
            self._disconnecting.forget, item.team_id, integration_id, is_last=is_last
        ):
            raise ProviderUnavailable("hourlink", "time is still to be written there")

    async def told(self, item: OutboxItem) -> None:
        """``integration.disconnected``."""
        if item.may_have_happened:
            return
        found = await self._pool(
            self._disconnecting.notice,
            item.team_id,
            IntegrationId(item.id_of("integration_id")),
            member_id=MemberId(item.id_of("member_id")),
            by=MemberId(item.id_of("by")),
            had=str(item.payload["had"]),
        )
        if found is not None:
            message = views.told(found, tool(self._faces, found.provider))
            await self._slack.post(item.team_id, found.slack_user_id, message, marker=item.marker)
