"""The features about projects: the Projects section, one project's page, who is on it."""

from bot.features.ground import Ground
from bot.features.offered import Offered
from bot.jobs.deliveries.budgets import BudgetDeliveries
from bot.jobs.deliveries.projects import ProjectDeliveries
from bot.jobs.reminding import each_due
from bot.services.linking.link_all import ConnectAll
from bot.services.linking.linking import Linking
from bot.services.linking.unlinking import Unlinking
from bot.services.money.billing import Billing
from bot.services.money.budget_warnings import BudgetWarnings
from bot.services.money.budgets import Budgets
from bot.services.money.clients import Clients
from bot.services.money.rates import Rates
from bot.services.projects.archiving import ProjectArchiving
from bot.services.projects.deciding import ProjectDeciding
from bot.services.projects.editing import ProjectEditing
from bot.services.projects.listing import ProjectLists
from bot.services.projects.memberships import ProjectMembership
from bot.services.projects.people import ProjectPeople
from bot.services.projects.summary import ProjectSummaries
from bot.services.projects.telling import ManagerNotices
from bot.services.reports.burn_charts import BurnCharts
from bot.services.sync.asking import SyncAsking
from bot.services.sync.run_history import RunHistories
from handlers.grammar.link_values import ListClients, NameManager, Unlink
from handlers.money.billing import BillingHandlers
from handlers.money.budgets import BudgetHandlers
from handlers.money.clients import ClientHandlers
from handlers.projects.chosen import Deeds, ProjectsChosenHandlers
from handlers.projects.listing import ProjectsListHandlers
from handlers.projects.page import ProjectsHandlers
from handlers.projects.people import ProjectPeopleHandlers
from handlers.projects.unlinking import UnlinkingHandlers
from handlers.sync.run_history import RunHistoryHandlers
from handlers.whom import Refresh, Whom


def build_projects(
    ground: Ground,
    linking: Linking,
    syncs: SyncAsking,
    *,
    whom: Whom,
    refresh_people: Refresh,
    burns: BurnCharts,
) -> Offered:
    """Constructs them."""
    uow, pool, slack, faces = ground.core.uow, ground.pool, ground.slack, ground.faces
    new_marker = ground.new_marker
    lists = ProjectLists(uow)
    warnings = BudgetWarnings(uow, new_marker)
    warn = each_due("warn of budgets", pool, ground.clock, lambda _: warnings.due(), warnings.look)
    one = ProjectsHandlers(
        summaries=ProjectSummaries(uow),
        lists=lists,
        editing=ProjectEditing(uow),
        linking=linking,
        syncs=syncs,
        faces=faces,
        burns=burns,
    )
    deeds = Deeds(
        archiving=ProjectArchiving(uow, new_marker),
        membership=ProjectMembership(uow, new_marker),
        deciding=ProjectDeciding(uow, new_marker),
        linking=ConnectAll(uow, new_marker),
        syncs=syncs,
    )
    chosen = ProjectsChosenHandlers(lists, deeds, one, refresh_people=refresh_people, pool=pool)
    unlinking = UnlinkingHandlers(Unlinking(uow, new_marker), lists, chosen, faces)
    people = ProjectPeopleHandlers(ProjectPeople(uow, new_marker), whom, pool)
    clients = ClientHandlers(Clients(uow))
    return Offered(
        handlers=(
            one,
            chosen,
            ProjectsListHandlers(lists, faces, chosen.chosen),
            unlinking,
            RunHistoryHandlers(RunHistories(uow), faces),
            people,
            clients,
            BillingHandlers(
                Billing(uow), Rates(uow), chosen, refresh_people=refresh_people, pool=pool
            ),
            BudgetHandlers(Budgets(uow, new_marker), chosen),
        ),
        link_verbs={
            NameManager: people.manager,
            Unlink: unlinking.command,
            ListClients: clients.command,
        },
        deliveries={
            **ProjectDeliveries(slack, pool, ManagerNotices(uow)).kinds(),
            **BudgetDeliveries(slack, pool, warnings).kinds(),
        },
        reminders=(warn,),
    )
