"""The features about timers: ``/track``, the Home tab, and what is told of a timer that ended."""

from collections.abc import Callable, Mapping

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.features.offered import Offered
from bot.jobs.deliveries.timers import TimerDeliveries
from bot.services.linking.overview import Overviews
from bot.services.linking.own_overview import OwnOverviews
from bot.services.people.account_links import AccountLinks
from bot.services.tasks.completing import Completing
from bot.services.tracking.bare import BareTasks
from bot.services.tracking.home import Homes
from bot.services.tracking.stopping import StoppedTimers
from bot.services.tracking.stopping_others import OthersTimers, StoppedByOthers
from bot.services.tracking.team_timers import TeamTiming
from bot.services.tracking.time_log import TimeLog
from bot.services.tracking.timer import Tracking
from bot.services.tracking.undoing import Undoing
from bot.views.message import Message
from handlers.asking import Ask, Command
from handlers.grammar.track_values import TeamStatus, TrackCommand
from handlers.replies import Reply
from handlers.tracking.bare import BareTaskHandlers
from handlers.tracking.home import HomeHandlers
from handlers.tracking.team_timers import TeamTimerHandlers
from handlers.tracking.track import TrackHandlers, VerbHandler


@dataclass(frozen=True, slots=True)
class TrackingFeatures:
    """What the others need of them."""

    home: HomeHandlers
    offered: Offered


def build_tracking(
    ground: Ground,
    tracking: Tracking,
    *,
    completing: Completing,
    accounts: AccountLinks,
    day: Callable[[Ask, str], Message],
    undo_done: Callable[[Command], Reply | None],
    others: Mapping[type[TrackCommand], VerbHandler],
) -> TrackingFeatures:
    """Constructs them; ``others`` are the verbs that other features answer."""
    uow = ground.core.uow
    parts = (uow, ground.new_marker, ground.provider_name)
    timers = TimerDeliveries(
        ground.slack, ground.pool, StoppedTimers(uow), StoppedByOthers(uow), ground.clock
    )
    team = TeamTimerHandlers(TeamTiming(uow), OthersTimers(*parts), tracking)
    track = TrackHandlers(
        tracking=tracking,
        time_log=TimeLog(*parts),
        undoing=Undoing(*parts),
        completing=completing,
        day=day,
        bare=BareTaskHandlers(BareTasks(*parts)),
        undo_done=undo_done,
        others={TeamStatus: team.command, **others},
    )
    home = HomeHandlers(
        homes=Homes(uow),
        overviews=Overviews(uow, ground.core.granted),
        own=OwnOverviews(uow),
        accounts=accounts,
        faces=ground.faces,
    )
    return TrackingFeatures(home, Offered(handlers=(home, track, team), deliveries=timers.kinds()))
