"""The features about running it for a team: the audit log, and tokens for programs."""

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.features.offered import Offered
from bot.jobs.deliveries.audit import AuditDeliveries
from bot.services.operating.api_tokens import ApiTokens
from bot.services.operating.auditing import Auditing
from handlers.grammar.link_values import Audit
from handlers.operating.api_tokens import ApiTokenHandlers
from handlers.operating.audit import AuditHandlers


@dataclass(frozen=True, slots=True)
class OperatingFeatures:
    """What the others need of them."""

    tokens: ApiTokens
    offered: Offered


def build_operating(ground: Ground) -> OperatingFeatures:
    """Constructs them."""
    uow, new_marker = ground.core.uow, ground.new_marker
    auditing = Auditing(uow, new_marker)
    tokens = ApiTokens(uow, ground.vault, new_marker)
    api_tokens = ApiTokenHandlers(tokens, ground.core.settings.public_url)
    audit = AuditHandlers(auditing)
    offered = Offered(
        handlers=(api_tokens, audit),
        deliveries=AuditDeliveries(ground.slack, ground.pool, auditing).kinds(),
        track_verbs=api_tokens.verbs,
        link_verbs={Audit: audit.command},
    )
    return OperatingFeatures(tokens, offered)
