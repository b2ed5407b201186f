"""The features about how time is kept: settings, forgotten timers, locks, timesheets."""

from bot.features.ground import Ground
from bot.features.offered import Offered
from bot.jobs.deliveries.forgotten import ForgottenDeliveries
from bot.jobs.deliveries.unlocks import UnlockDeliveries
from bot.jobs.deliveries.week_sheets import WeekSheetDeliveries
from bot.jobs.reminding import each_due
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
from handlers.grammar.link_values import CloseMonth, LinkSettings
from handlers.grammar.track_values import Approvals, SubmitWeek, TrackSettings, UnlockTime
from handlers.settings.member import OwnSettingsHandlers
from handlers.settings.team import TeamSettingsHandlers
from handlers.tracking.forgotten import ForgottenHandlers


def build_rules(ground: Ground) -> Offered:
    """Constructs them."""
    uow, pool, slack, clock = ground.core.uow, ground.pool, ground.slack, ground.clock
    new_marker = ground.new_marker
    timers = ForgottenTimers(uow, new_marker)
    unlocked, preferences = Unlocked(uow), Preferences(uow)
    submitting, deciding = WeekSubmitting(uow, new_marker), WeekDeciding(uow, new_marker)
    reminding = WeekReminding(uow, new_marker)
    answers = ForgottenAnswers(uow, new_marker, ground.provider_name)
    team, own = TeamSettingsHandlers(preferences), OwnSettingsHandlers(preferences)
    closing = ClosingHandlers(MonthClosing(uow))
    unlocks = UnlockHandlers(Unlocking(uow, new_marker), unlocked)
    weeks = WeekSheetHandlers(submitting, deciding)
    return Offered(
        handlers=(team, own, ForgottenHandlers(answers), closing, unlocks, weeks),
        track_verbs={
            TrackSettings: own.command,
            UnlockTime: unlocks.command,
            SubmitWeek: weeks.submit,
            Approvals: weeks.approvals,
        },
        link_verbs={LinkSettings: team.command, CloseMonth: closing.command},
        deliveries={
            **ForgottenDeliveries(slack, pool, timers, clock).kinds(),
            **UnlockDeliveries(slack, pool, unlocked, clock).kinds(),
            **WeekSheetDeliveries(
                slack, pool, submitting, deciding, reminding=reminding, clock=clock
            ).kinds(),
        },
        reminders=(
            each_due(
                "tend forgotten timers",
                pool,
                clock,
                timers.due,
                lambda one, now: timers.tend(*one, now),
                at_once=4,
            ),
            each_due("remind of weeks", pool, clock, reminding.due, reminding.look),
        ),
    )
