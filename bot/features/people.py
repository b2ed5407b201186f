"""The features about people: their accounts, who is asked, who administers."""

from collections.abc import Mapping
from functools import partial

from bot.domain.values import dataclass
from bot.integrations.registry import Registry
from bot.jobs.deliveries.admins import AdminDeliveries
from bot.jobs.deliveries.audit import AuditDeliveries
from bot.jobs.deliveries.people import PeopleDeliveries
from bot.jobs.directory import Directory
from bot.jobs.outbox import Delivery
from bot.services.operating.auditing import Auditing
from bot.services.people.account_links import AccountLinks
from bot.services.people.account_search import AccountSearch
from bot.services.people.add_users import AddUsers
from bot.services.people.admins import Admins
from bot.services.people.approvals import Approvals
from bot.services.people.batches import PeopleBatches
from bot.services.people.deadlines import Deadlines
from bot.services.people.invitations import Invitations
from bot.services.people.listing import PeopleLists
from bot.services.people.own_keys import OwnKeys
from bot.services.people.tool_sign_ins import ToolSignIns
from bot.services.tracking.kept import KeptEntries
from bot.services.vault import Vault
from bot.views.providers import tool
from bot.wiring import Core, Makers
from handlers.grammar.link_values import Audit, LinkCommand, LinkUsers, NameAdmin
from handlers.linking.link import VerbHandler
from handlers.operating.audit import AuditHandlers
from handlers.people.accounts import PeopleHandlers
from handlers.people.add_users import AddUsersHandlers
from handlers.people.admins import AdminHandlers
from handlers.people.listing import PeopleListHandlers
from handlers.people.own_keys import CheckOwn, OwnKeyHandlers
from handlers.routes import Routes
from handlers.whom import Whom


@dataclass(frozen=True, slots=True)
class PeopleFeatures:
    """What the others need of them."""

    accounts: AccountLinks
    invitations: Invitations
    deadlines: Deadlines
    directory: Directory
    whom: Whom
    own: PeopleHandlers
    add_users: AddUsersHandlers
    people_list: PeopleListHandlers
    admins: AdminHandlers
    own_keys: OwnKeyHandlers
    keys: OwnKeys
    audit: AuditHandlers
    deliveries: Mapping[str, Delivery]

    @property
    def verbs(self) -> Mapping[type[LinkCommand], VerbHandler]:
        """Those of ``/link`` that are about people."""
        return {
            LinkUsers: self.add_users.command,
            NameAdmin: self.admins.command,
            Audit: self.audit.command,
        }

    def register(self, routes: Routes) -> None:
        """Every button and form."""
        every = (self.own, self.add_users, self.people_list, self.admins, self.own_keys, self.audit)
        for handlers in every:
            handlers.register(routes)


def build_people(
    core: Core,
    makers: Makers,
    registry: Registry,
    vault: Vault,
    *,
    sign_ins: ToolSignIns,
    check_own: CheckOwn,
) -> PeopleFeatures:
    """Joins them."""
    faces = {one.slug: one for one in registry.descriptors()}
    kept = KeptEntries(core.uow, makers.new_marker, partial(tool, faces))
    uow, pool, slack = core.uow, core.pool, core.slack
    new_marker = makers.new_marker
    keys = OwnKeys(uow, registry, vault, new_marker)
    accounts = AccountLinks(uow, new_marker)
    search = AccountSearch(uow)
    invitations = Invitations(uow, new_marker)
    approvals = Approvals(uow, new_marker)
    admins = Admins(uow, new_marker)
    auditing = Auditing(uow, new_marker)
    directory = Directory(slack, core.members, pool, makers.clock)
    whom = Whom(invitations, directory.refresh, pool)
    return PeopleFeatures(
        whom=whom,
        accounts=accounts,
        invitations=invitations,
        deadlines=Deadlines(uow, new_marker),
        directory=directory,
        own=PeopleHandlers(accounts, search, kept, faces),
        add_users=AddUsersHandlers(
            links=accounts,
            users=AddUsers(uow),
            invitations=invitations,
            search=search,
            refresh_people=directory.refresh,
            pool=pool,
            faces=faces,
        ),
        people_list=PeopleListHandlers(
            lists=PeopleLists(uow),
            batches=PeopleBatches(uow, invitations, new_marker),
            links=accounts,
            invitations=invitations,
            approvals=approvals,
            faces=faces,
        ),
        admins=AdminHandlers(admins, whom, pool),
        own_keys=OwnKeyHandlers(keys, sign_ins, kept, check=check_own, pool=pool, faces=faces),
        keys=keys,
        audit=AuditHandlers(auditing),
        deliveries={
            **AuditDeliveries(slack, pool, auditing).kinds(),
            **AdminDeliveries(slack, pool, admins).kinds(),
            **PeopleDeliveries(
                slack, pool, approvals, faces, kept=kept, clock=makers.clock
            ).kinds(),
        },
    )
