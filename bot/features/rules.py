"""The features about how time is kept: settings, forgotten timers, locks, timesheets."""

from collections.abc import Mapping, Sequence

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.jobs.deliveries.forgotten import ForgottenDeliveries
from bot.jobs.deliveries.unlocks import UnlockDeliveries
from bot.jobs.deliveries.week_sheets import WeekSheetDeliveries
from bot.jobs.outbox import Delivery
from bot.jobs.reminding import one_by_one
from bot.jobs.runner import Guarded
from bot.services.approval.month_closing import MonthClosing
from bot.services.approval.unlocked import Unlocked
from bot.services.approval.unlocking import Unlocking
from bot.services.approval.week_deciding import WeekDeciding
from bot.services.approval.week_reminding import WeekReminding
from bot.services.approval.week_submitting import WeekSubmitting
from bot.services.preferences import Preferences
from bot.services.tracking.forgotten import ForgottenTimers
from bot.services.tracking.forgotten_answers import ForgottenAnswers
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
from handlers.settings.member import OwnSettingsHandlers
from handlers.settings.team import TeamSettingsHandlers
from handlers.tracking.forgotten import ForgottenHandlers
from handlers.tracking.track import VerbHandler as TrackVerb


@dataclass(frozen=True, slots=True)
class RulesFeatures:
    """What the others need of them."""

    team: TeamSettingsHandlers
    own: OwnSettingsHandlers
    forgotten: ForgottenHandlers
    closing: ClosingHandlers
    unlocks: UnlockHandlers
    weeks: WeekSheetHandlers
    deliveries: Mapping[str, Delivery]
    reminders: Sequence[Guarded]
    """What only the time of day brings about."""

    @property
    def link_verbs(self) -> Mapping[type[LinkCommand], LinkVerb]:
        """Those of ``/link``."""
        return {LinkSettings: self.team.command, CloseMonth: self.closing.command}

    @property
    def track_verbs(self) -> Mapping[type[TrackCommand], TrackVerb]:
        """Those of ``/track``."""
        return {
            TrackSettings: self.own.command,
            UnlockTime: self.unlocks.command,
            SubmitWeek: self.weeks.submit,
            Approvals: self.weeks.approvals,
        }

    def register(self, routes: Routes) -> None:
        """Every button and form."""
        every = (self.team, self.own, self.forgotten, self.closing, self.unlocks, self.weeks)
        for handlers in every:
            handlers.register(routes)


def build_rules(ground: Ground) -> RulesFeatures:
    """Joins them."""
    uow, pool, slack, clock = ground.core.uow, ground.pool, ground.slack, ground.clock
    new_marker = ground.new_marker
    timers = ForgottenTimers(uow, new_marker)
    unlocked, preferences = Unlocked(uow), Preferences(uow)
    deciding = WeekDeciding(uow, new_marker)
    reminding = WeekReminding(uow, new_marker)
    answers = ForgottenAnswers(uow, new_marker, ground.provider_name)
    return RulesFeatures(
        team=TeamSettingsHandlers(preferences),
        own=OwnSettingsHandlers(preferences),
        forgotten=ForgottenHandlers(answers),
        closing=ClosingHandlers(MonthClosing(uow)),
        unlocks=UnlockHandlers(Unlocking(uow, new_marker), unlocked),
        weeks=WeekSheetHandlers(WeekSubmitting(uow, new_marker), deciding),
        deliveries={
            **ForgottenDeliveries(slack, pool, timers, clock).kinds(),
            **UnlockDeliveries(slack, pool, unlocked, clock).kinds(),
            **WeekSheetDeliveries(slack, pool, deciding, reminding, clock).kinds(),
        },
        reminders=(
            one_by_one(
                "tend forgotten timers",
                pool,
                clock,
                timers.due,
                lambda one, now: timers.tend(*one, now),
            ),
            one_by_one("remind of weeks", pool, clock, reminding.due, reminding.look),
        ),
    )
