"""The features about integrations and links: connecting tools, linking their projects."""

from collections.abc import Mapping

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.features.signing_in import SignInFeatures
from bot.jobs.deliveries.announcements import AnnouncementDeliveries
from bot.jobs.deliveries.disconnects import DisconnectDeliveries
from bot.jobs.outbox import Delivery
from bot.services.linking.announcing import Announcing
from bot.services.linking.connecting import Connecting
from bot.services.linking.disconnecting import Disconnecting
from bot.services.linking.link_all import ConnectAll
from bot.services.linking.linking import Linking
from bot.services.linking.policies import LinkPolicies
from bot.services.linking.starting_fresh import StartingFresh
from bot.services.linking.unlinking import Unlinking
from handlers.grammar.link_values import (
    ConnectIntegration,
    LinkAll,
    LinkCommand,
    SetChannel,
    SetPolicy,
)
from handlers.linking.announcements import Announcements
from handlers.linking.connect import ConnectHandlers
from handlers.linking.disconnecting import DisconnectHandlers
from handlers.linking.integration_settings import IntegrationSettingsHandlers
from handlers.linking.link import VerbHandler
from handlers.linking.link_all import LinkAllHandlers
from handlers.linking.link_form import LinkFormHandlers
from handlers.linking.link_fresh import FreshHandlers
from handlers.routes import Routes


@dataclass(frozen=True, slots=True)
class LinkingFeatures:
    """What the others need of them."""

    connecting: Connecting
    linking: Linking
    announcing: Announcing
    connect: ConnectHandlers
    form: LinkFormHandlers
    connect_all: LinkAllHandlers
    policies: IntegrationSettingsHandlers
    disconnect: DisconnectHandlers
    fresh: FreshHandlers
    decided: Announcements
    deliveries: Mapping[str, Delivery]

    @property
    def link_verbs(self) -> Mapping[type[LinkCommand], VerbHandler]:
        """Those of ``/link`` that are about integrations."""
        return {
            ConnectIntegration: self.connect.command,
            LinkAll: self.connect_all.command,
            SetPolicy: self.policies.policy,
            SetChannel: self.policies.channel,
        }

    def register(self, routes: Routes) -> None:
        """Every button and form."""
        every = (self.connect, self.form, self.connect_all, self.policies, self.disconnect)
        for handlers in (*every, self.fresh, self.decided):
            handlers.register(routes)


def build_linking(ground: Ground, signing: SignInFeatures) -> LinkingFeatures:
    """Joins them."""
    uow, pool, slack, faces = ground.core.uow, ground.pool, ground.slack, ground.faces
    new_marker = ground.new_marker
    connecting = Connecting(uow, ground.registry, ground.vault, new_marker)
    linking = Linking(uow, new_marker)
    announcing = Announcing(uow, new_marker)
    disconnecting = Disconnecting(uow, new_marker)
    disconnects = DisconnectDeliveries(slack, pool, disconnecting, faces)
    announcements = AnnouncementDeliveries(slack, pool, announcing, faces, ground.clock)
    form = LinkFormHandlers(linking, faces)
    connect_all = LinkAllHandlers(ConnectAll(uow, new_marker), connecting, faces)
    return LinkingFeatures(
        connecting=connecting,
        linking=linking,
        announcing=announcing,
        connect=ConnectHandlers(
            connecting, signing.sign_ins, check=signing.check, look=slack.channel, pool=pool
        ),
        form=form,
        connect_all=connect_all,
        policies=IntegrationSettingsHandlers(
            LinkPolicies(uow, new_marker), connecting, slack.channel, pool, faces
        ),
        disconnect=DisconnectHandlers(disconnecting, faces),
        fresh=FreshHandlers(StartingFresh(uow, new_marker), Unlinking(uow, new_marker)),
        decided=Announcements(announcing, linking, connect_all, form, faces),
        deliveries={**announcements.kinds(), **disconnects.kinds()},
    )
