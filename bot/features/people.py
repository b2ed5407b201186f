"""The features about people: their accounts, who is asked, who administers."""

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.features.offered import Offered
from bot.features.signing_in import SignInFeatures
from bot.jobs.deliveries.admins import AdminDeliveries
from bot.jobs.deliveries.people import PeopleDeliveries
from bot.jobs.directory import Directory
from bot.jobs.runner import Guarded
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
from bot.services.tracking.kept import KeptEntries
from handlers.grammar.link_values import LinkUsers, NameAdmin
from handlers.grammar.track_values import ConnectAccount
from handlers.people.accounts import PeopleHandlers
from handlers.people.add_users import AddUsersHandlers
from handlers.people.admins import AdminHandlers
from handlers.people.listing import PeopleListHandlers
from handlers.people.own_keys import OwnKeyHandlers
from handlers.whom import Whom


@dataclass(frozen=True, slots=True)
class PeopleFeatures:
    """What the others need of them."""

    accounts: AccountLinks
    directory: Directory
    whom: Whom
    keys: OwnKeys
    offered: Offered


def build_people(ground: Ground, signing: SignInFeatures) -> PeopleFeatures:
    """Constructs them."""
    uow, pool, slack, faces = ground.core.uow, ground.pool, ground.slack, ground.faces
    new_marker = ground.new_marker
    kept = KeptEntries(uow, new_marker, ground.provider_name)
    keys = OwnKeys(uow, ground.registry, ground.vault, new_marker)
    accounts = AccountLinks(uow, new_marker)
    search = AccountSearch(uow)
    invitations = Invitations(uow, new_marker)
    approvals = Approvals(uow, new_marker)
    admins = Admins(uow, new_marker)
    directory = Directory(slack, ground.core.members, pool, ground.clock)
    whom = Whom(invitations, directory.refresh, pool)
    deadlines = Deadlines(uow, new_marker)

    async def expire() -> None:
        await pool(deadlines.expire_due, ground.clock())

    async def remind() -> None:
        await pool(deadlines.remind_due, ground.clock())

    own = PeopleHandlers(accounts, search, kept, faces)
    add_users = AddUsersHandlers(
        links=accounts,
        users=AddUsers(uow),
        invitations=invitations,
        search=search,
        refresh_people=directory.refresh,
        pool=pool,
        faces=faces,
    )
    people_list = PeopleListHandlers(
        lists=PeopleLists(uow),
        batches=PeopleBatches(uow, invitations, new_marker),
        links=accounts,
        invitations=invitations,
        approvals=approvals,
        faces=faces,
    )
    naming = AdminHandlers(admins, whom, pool)
    own_keys = OwnKeyHandlers(
        keys, signing.sign_ins, kept, check=signing.check_own, pool=pool, faces=faces
    )
    offered = Offered(
        handlers=(own, add_users, people_list, naming, own_keys),
        track_verbs={ConnectAccount: own.command},
        link_verbs={LinkUsers: add_users.command, NameAdmin: naming.command},
        deliveries={
            **AdminDeliveries(slack, pool, admins).kinds(),
            **PeopleDeliveries(
                slack, pool, approvals, faces, kept=kept, clock=ground.clock
            ).kinds(),
        },
        reminders=(Guarded("expire requests", expire), Guarded("remind of requests", remind)),
    )
    return PeopleFeatures(accounts, directory, whom, keys, offered)
