"""The features about running it for a team: the audit log, and tokens for programs."""

from collections.abc import Mapping

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.jobs.deliveries.audit import AuditDeliveries
from bot.jobs.outbox import Delivery
from bot.services.operating.api_tokens import ApiTokens
from bot.services.operating.auditing import Auditing
from handlers.grammar.link_values import Audit, LinkCommand
from handlers.grammar.track_values import TrackCommand
from handlers.linking.link import VerbHandler as LinkVerb
from handlers.operating.api_tokens import ApiTokenHandlers
from handlers.operating.audit import AuditHandlers
from handlers.routes import Routes
from handlers.tracking.track import VerbHandler as TrackVerb


@dataclass(frozen=True, slots=True)
class OperatingFeatures:
    """What the others need of them."""

    tokens: ApiTokens
    api_tokens: ApiTokenHandlers
    audit: AuditHandlers
    deliveries: Mapping[str, Delivery]

    @property
    def link_verbs(self) -> Mapping[type[LinkCommand], LinkVerb]:
        """Those of ``/link``."""
        return {Audit: self.audit.command}

    @property
    def track_verbs(self) -> Mapping[type[TrackCommand], TrackVerb]:
        """Those of ``/track``."""
        return self.api_tokens.verbs

    def register(self, routes: Routes) -> None:
        """Every button and form."""
        self.api_tokens.register(routes)
        self.audit.register(routes)


def build_operating(ground: Ground) -> OperatingFeatures:
    """Joins them."""
    uow, new_marker = ground.core.uow, ground.new_marker
    auditing = Auditing(uow, new_marker)
    tokens = ApiTokens(uow, ground.vault, new_marker)
    return OperatingFeatures(
        tokens=tokens,
        api_tokens=ApiTokenHandlers(tokens, ground.core.settings.public_url),
        audit=AuditHandlers(auditing),
        deliveries=AuditDeliveries(ground.slack, ground.pool, auditing).kinds(),
    )
