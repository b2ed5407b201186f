"""The features about how time is kept: settings, forgotten timers, locks, timesheets."""

from collections.abc import Mapping

import structlog

from bot.domain.errors import DatabaseAway
from bot.domain.values import dataclass
from bot.jobs.deliveries.forgotten import ForgottenDeliveries
from bot.jobs.deliveries.unlocks import UnlockDeliveries
from bot.jobs.deliveries.week_sheets import WeekSheetDeliveries
from bot.jobs.outbox import Delivery
from bot.jobs.runner import Work
from bot.services.approval.month_closing import MonthClosing
from bot.services.approval.unlocked import Unlocked
from bot.services.approval.unlocking import Unlocking
from bot.services.approval.week_deciding import WeekDeciding
from bot.services.approval.week_reminding import WeekReminding
from bot.services.approval.week_submitting import WeekSubmitting
from bot.services.preferences import Preferences
from bot.services.tasks.typed import ProviderName
from bot.services.tracking.forgotten import ForgottenTimers
from bot.services.tracking.forgotten_answers import ForgottenAnswers
from bot.wiring import Core, Makers
from handlers.approval.closing import ClosingHandlers
from handlers.approval.unlocks import UnlockHandlers
from handlers.approval.week_sheets import WeekSheetHandlers
from handlers.grammar.link_values import CloseMonth, LinkCommand, LinkSettings
from handlers.grammar.track_values import (
    Approvals,
    SubmitWeek,
    TrackCommand,
    TrackSettings,
    UnlockTime,
)
from handlers.linking.link import VerbHandler as LinkVerb
from handlers.routes import Routes
from handlers.settings import SettingsHandlers
from handlers.tracking.forgotten import ForgottenHandlers
from handlers.tracking.track import VerbHandler as TrackVerb

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RulesFeatures:
    """What the others need of them."""

    settings: SettingsHandlers
    forgotten: ForgottenHandlers
    closing: ClosingHandlers
    unlocks: UnlockHandlers
    weeks: WeekSheetHandlers
    deliveries: Mapping[str, Delivery]
    remind: Work
    """What only the time of day brings about."""

    @property
    def link_verbs(self) -> Mapping[type[LinkCommand], LinkVerb]:
        """Those of ``/link``."""
        return {LinkSettings: self.settings.team, CloseMonth: self.closing.command}

    @property
    def track_verbs(self) -> Mapping[type[TrackCommand], TrackVerb]:
        """Those of ``/track``."""
        return {
            TrackSettings: self.settings.own,
            UnlockTime: self.unlocks.command,
            SubmitWeek: self.weeks.submit,
            Approvals: self.weeks.approvals,
        }

    def register(self, routes: Routes) -> None:
        """Every button and form."""
        for handlers in (self.settings, self.forgotten, self.closing, self.unlocks, self.weeks):
            handlers.register(routes)


def build_rules(core: Core, makers: Makers, provider_name: ProviderName) -> RulesFeatures:
    """Joins them."""
    uow, pool, clock = core.uow, core.pool, makers.clock
    timers = ForgottenTimers(uow, makers.new_marker)
    unlocked = Unlocked(uow)
    deciding = WeekDeciding(uow, makers.new_marker)
    reminding = WeekReminding(uow, makers.new_marker)

    async def remind() -> None:
        for one in await pool(timers.due, clock()):
            try:
                await pool(timers.tend, *one, clock())
            except DatabaseAway:
                raise
            except Exception:
                # One that cannot be tended keeps nobody else from being asked.
                log.exception("timer_not_tended", time_entry_id=one[2])
        for team_id in await pool(reminding.due, clock()):
            await pool(reminding.look, team_id, clock())

    return RulesFeatures(
        settings=SettingsHandlers(Preferences(uow)),
        forgotten=ForgottenHandlers(ForgottenAnswers(uow, makers.new_marker, provider_name)),
        closing=ClosingHandlers(MonthClosing(uow)),
        unlocks=UnlockHandlers(Unlocking(uow, makers.new_marker), unlocked),
        weeks=WeekSheetHandlers(WeekSubmitting(uow, makers.new_marker), deciding),
        deliveries={
            **ForgottenDeliveries(core.slack, pool, timers, clock).kinds(),
            **UnlockDeliveries(core.slack, pool, unlocked, clock).kinds(),
            **WeekSheetDeliveries(core.slack, pool, deciding, reminding, clock).kinds(),
        },
        remind=remind,
    )
