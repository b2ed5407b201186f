"""Every feature, constructed and joined: services, what leads to them, what they owe to others."""

from collections.abc import Callable, Iterable, Mapping

from bot.domain.values import dataclass
from bot.features.entries import build_entries
from bot.features.ground import lay_ground
from bot.features.linking import build_linking
from bot.features.offered import Offered
from bot.features.operating import build_operating
from bot.features.people import build_people
from bot.features.projects import build_projects
from bot.features.reports import build_time
from bot.features.rules import build_rules
from bot.features.signing_in import build_sign_ins, sign_in_door
from bot.features.syncs import build_syncs
from bot.features.tasks import build_tasks
from bot.features.tracking import build_tracking
from bot.features.writing import build_writing
from bot.integrations.context import AdapterContext
from bot.jobs.outbox import Delivery
from bot.jobs.reminding import all_of
from bot.jobs.runner import Work
from bot.jobs.sync import SyncJob
from bot.services.operating.api_tokens import ApiTokens
from bot.services.sync.hooks import Hooks
from bot.services.sync.syncing import Syncing
from bot.services.tracking.timer import Tracking
from bot.signing_in import SignInDoor
from bot.wiring import Core, Makers
from handlers.linking.link import LinkHandlers
from handlers.routes import Routes


@dataclass(frozen=True, slots=True)
class Features:
    """What the edge and the runners need of all features together."""

    routes: Routes
    deliveries: Mapping[str, Delivery]
    sync: SyncJob
    syncing: Syncing
    hooks: Hooks
    tokens: ApiTokens
    sign_in: Callable[[Callable[[], None]], SignInDoor]
    """The pages for it, given what wakes the runner."""
    remind: Work
    """What only the time of day brings about."""
    renew: Work
    """Exchanges tools' tokens before they end."""


def build_features(core: Core, makers: Makers, context: AdapterContext) -> Features:
    """Constructs and joins every feature."""
    ground = lay_ground(core, makers, context)
    signing = build_sign_ins(ground)
    links = build_linking(ground, signing)
    syncs = build_syncs(ground, links.connecting, announce=links.announcing.collect)
    people = build_people(ground, signing)
    rules = build_rules(ground)
    time = build_time(ground)
    tasks = build_tasks(ground, links.linking)
    writing = build_writing(ground)
    operating = build_operating(ground)
    tracking = Tracking(core.uow, ground.new_marker, ground.provider_name)
    entries = build_entries(ground, tracking, time.timesheets)
    projects = build_projects(
        ground,
        links.linking,
        syncs.asking,
        whom=people.whom,
        refresh_people=people.directory.refresh,
        burns=time.burns,
    )
    parts = (time, links, tasks, operating, syncs)
    others = [people.offered, rules, *(one.offered for one in parts), entries, projects, writing]
    own = build_tracking(
        ground,
        tracking,
        completing=tasks.completing,
        accounts=people.accounts,
        day=time.timesheets.drawn,
        undo_done=tasks.done.undo_last,
        others={verb: answer for one in others for verb, answer in one.track_verbs.items()},
    )
    link = LinkHandlers(
        linking=links.linking,
        syncs=syncs.asking,
        form=links.form,
        faces=ground.faces,
        overview=own.home.command,
        others={verb: answer for one in others for verb, answer in one.link_verbs.items()},
    )
    every = [own.offered, Offered(handlers=(link,)), *others]
    return Features(
        routes=_routes(every),
        deliveries={kind: work for one in every for kind, work in one.deliveries.items()},
        sync=syncs.job,
        syncing=syncs.syncing,
        hooks=syncs.hooks,
        tokens=operating.tokens,
        sign_in=lambda wake: sign_in_door(
            signing, connecting=links.connecting, own_keys=people.keys, wake=wake
        ),
        remind=all_of([reminder for one in every for reminder in one.reminders]),
        renew=signing.tokens.renew_due,
    )


def _routes(every: Iterable[Offered]) -> Routes:
    routes = Routes()
    for one in every:
        for handlers in one.handlers:
            handlers.register(routes)
    return routes
