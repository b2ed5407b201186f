"""The features about integrations and links: connecting tools, linking their projects."""

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.features.offered import Offered
from bot.features.signing_in import SignInFeatures
from bot.jobs.deliveries.announcements import AnnouncementDeliveries
from bot.jobs.deliveries.disconnects import DisconnectDeliveries
from bot.services.linking.announcing import Announcing
from bot.services.linking.connecting import Connecting
from bot.services.linking.disconnecting import Disconnecting
from bot.services.linking.link_all import ConnectAll
from bot.services.linking.linking import Linking
from bot.services.linking.policies import LinkPolicies
from bot.services.linking.starting_fresh import StartingFresh
from bot.services.linking.unlinking import Unlinking
from handlers.grammar.link_values import ConnectIntegration, LinkAll, SetChannel, SetPolicy
from handlers.linking.announcements import Announcements
from handlers.linking.connect import ConnectHandlers
from handlers.linking.disconnecting import DisconnectHandlers
from handlers.linking.integration_settings import IntegrationSettingsHandlers
from handlers.linking.link_all import LinkAllHandlers
from handlers.linking.link_form import LinkFormHandlers
from handlers.linking.link_fresh import FreshHandlers


@dataclass(frozen=True, slots=True)
class LinkingFeatures:
    """What the others need of them."""

    connecting: Connecting
    linking: Linking
    announcing: Announcing
    form: LinkFormHandlers
    offered: Offered


def build_linking(ground: Ground, signing: SignInFeatures) -> LinkingFeatures:
    """Constructs them."""
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
    connect = ConnectHandlers(
        connecting, signing.sign_ins, check=signing.check, look=slack.channel, pool=pool
    )
    policies = IntegrationSettingsHandlers(
        LinkPolicies(uow, new_marker), connecting, slack.channel, pool, faces
    )
    offered = Offered(
        handlers=(
            connect,
            form,
            connect_all,
            policies,
            DisconnectHandlers(disconnecting, faces),
            FreshHandlers(StartingFresh(uow, new_marker), Unlinking(uow, new_marker)),
            Announcements(announcing, linking, connect_all, form, faces),
        ),
        deliveries={**announcements.kinds(), **disconnects.kinds()},
        link_verbs={
            ConnectIntegration: connect.command,
            LinkAll: connect_all.command,
            SetPolicy: policies.policy,
            SetChannel: policies.channel,
        },
    )
    return LinkingFeatures(connecting, linking, announcing, form, offered)
