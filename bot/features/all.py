"""Every feature, constructed and joined: services, what leads to them, what they owe to others."""

from collections.abc import Callable, Mapping
from functools import partial

import structlog

from bot.domain.values import dataclass
from bot.features.entries import build_entries
from bot.features.linking import build_linking
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
from bot.integrations.registry import Registry
from bot.jobs.adapters import Adapters
from bot.jobs.deliveries.syncs import SyncDeliveries
from bot.jobs.outbox import Delivery
from bot.jobs.runner import Work
from bot.jobs.sync import SyncJob
from bot.services.operating.api_tokens import ApiTokens
from bot.services.sync.asking import SyncAsking
from bot.services.sync.hooks import Hooks
from bot.services.sync.syncing import Syncing
from bot.services.sync.telling import SyncReports
from bot.services.tracking.timer import Tracking
from bot.services.vault import Vault
from bot.signing_in import SignInDoor
from bot.views.providers import tool
from bot.wiring import Core, Makers
from handlers.grammar.track_values import ConnectAccount, Edit, LogTime
from handlers.linking.link import LinkHandlers
from handlers.operating.api_tokens import ApiTokenHandlers
from handlers.routes import Routes
from handlers.sync.hooks import HookHandlers

log = structlog.get_logger(__name__)


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


def build_features(core: Core, makers: Makers, context: AdapterContext) -> Features:
    """Joins every feature."""
    settings, uow, pool, slack = core.settings, core.uow, core.pool, core.slack
    clock, new_marker = makers.clock, makers.new_marker
    registry = Registry.load()
    for skipped in registry.skipped:
        log.warning("adapter_left_out", name=skipped.name, target=skipped.target)
    faces = {one.slug: one for one in registry.descriptors()}
    vault = Vault([key.get_secret_value() for key in settings.secret_keys])
    signing = build_sign_ins(core, makers, registry, vault, context)
    sign_ins = signing.sign_ins
    provider_name = partial(tool, faces)
    links = build_linking(
        core, makers, registry, vault, faces, sign_ins=sign_ins, check=signing.check
    )
    announce = links.announcing.collect
    reading = build_syncs(core, makers, registry, vault, context, announce=announce)
    reports = SyncReports(uow)
    tracking = Tracking(uow, new_marker, provider_name)
    people = build_people(
        core, makers, registry, vault, sign_ins=sign_ins, check_own=signing.check_own
    )
    rules = build_rules(core, makers, provider_name)
    time = build_time(core, makers)
    entries = build_entries(core, makers, provider_name, tracking, time.timesheets)
    adapters = Adapters(registry, vault, context)
    tasks = build_tasks(
        core,
        makers,
        links.linking,
        adapters,
        faces,
        provider_name=provider_name,
    )
    writing = build_writing(core, makers, adapters, provider_name=provider_name)
    tokens = ApiTokens(uow, vault, new_marker)
    token_handlers = ApiTokenHandlers(tokens, settings.public_url)
    own = build_tracking(
        core,
        makers,
        tracking,
        faces,
        provider_name=provider_name,
        completing=tasks.completing,
        accounts=people.accounts,
        day=time.timesheets.drawn,
        others={
            ConnectAccount: people.own.command,
            Edit: entries.changing.command,
            LogTime: entries.log_time.opened,
            **time.verbs,
            **rules.track_verbs,
            **tasks.track_verbs,
            **token_handlers.verbs,
        },
    )
    asking = SyncAsking(uow, links.connecting)
    projects = build_projects(
        core,
        makers,
        links.linking,
        asking,
        faces,
        whom=people.whom,
        refresh_people=people.directory.refresh,
        burns=time.burns,
    )
    link = LinkHandlers(
        linking=links.linking,
        syncs=asking,
        form=links.form,
        faces=faces,
        overview=own.home.command,
        others={
            **people.verbs,
            **links.verbs,
            **projects.verbs,
            **rules.link_verbs,
            **tasks.link_verbs,
        },
    )
    routes = Routes()
    hooks = HookHandlers(reading.hook_setup, faces)
    theirs = (own, time, entries, rules, token_handlers)
    for handlers in (*theirs, people, links, link, projects, tasks, writing, hooks):
        handlers.register(routes)
    syncs = SyncDeliveries(slack, pool, reports, faces)

    async def remind() -> None:
        await signing.tokens.renew_due()
        await pool(people.deadlines.expire_due, clock())
        await pool(people.deadlines.remind_due, clock())
        await rules.remind()
        await time.remind()
        for team_id in await pool(projects.warnings.due):
            await pool(projects.warnings.look, team_id, clock())

    return Features(
        routes=routes,
        deliveries={
            **syncs.kinds(),
            **own.deliveries,
            **entries.deliveries,
            **time.deliveries,
            **people.deliveries,
            **projects.deliveries,
            **links.deliveries,
            **rules.deliveries,
            **tasks.deliveries,
            **writing.deliveries,
        },
        sync=reading.job,
        syncing=reading.syncing,
        hooks=reading.hooks,
        tokens=tokens,
        sign_in=lambda wake: sign_in_door(
            core,
            makers,
            signing,
            connecting=links.connecting,
            own_keys=people.keys,
            faces=faces,
            wake=wake,
        ),
        remind=remind,
    )
