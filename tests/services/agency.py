"""An office that bills: two projects, a client, rates; shared by the tests of team reports."""

from datetime import date

from bot.domain.ids import ClientId, MemberId, ProjectId, TaskId
from bot.domain.money.billing import ALWAYS, Method, Terms
from bot.domain.people.people import Member
from bot.services.projects.people import ProjectPeople
from storage.money import billing, clients, unbilled_tasks
from tests.builders import NOON
from tests.services.office import Office


class Agency(Office):
    """Ana manages Website, which is billed to Acme by the hour; Bo works on it and on Shop."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.bo = self.world.member("bo")
        self.shop = self.world.project("Shop", "SHOP")
        self.acme = self.client("Acme Corp", "EUR")
        self.bill(self.website, Terms(ALWAYS, Method.PROJECT_RATE, "EUR", self.acme))
        self.rate((self.website, None), "EUR", 9000)
        self.manages(self.ana, self.website)

    def client(self, name: str, currency: str) -> ClientId:
        """A client."""
        with self.world.uow.begin() as tx:
            return clients.add(tx, self.world.team_id, name, currency, by=self.admin.id, now=NOON)

    def bill(self, project: ProjectId, *terms: Terms) -> None:
        """How a project's time is billed."""
        with self.world.uow.begin() as tx:
            billing.replace_terms(
                tx, self.world.team_id, {project: list(terms)}, by=self.admin.id, now=NOON
            )

    def rate(
        self,
        whose: tuple[ProjectId | None, MemberId | None],
        currency: str,
        per_hour: int,
        from_day: date = ALWAYS,
    ) -> None:
        """What an hour earns."""
        with self.world.uow.begin() as tx:
            billing.set_rates(
                tx,
                self.world.team_id,
                [whose],
                currency=currency,
                per_hour=per_hour,
                from_day=from_day,
                by=self.admin.id,
                now=NOON,
            )

    def not_billed(self, task: TaskId) -> None:
        """Nobody is billed for time on it."""
        with self.world.uow.begin() as tx:
            unbilled_tasks.set_billed(
                tx, self.world.team_id, [task], billed=False, by=self.admin.id, now=NOON
            )

    def manages(self, who: Member, project: ProjectId, *, manages: bool = True) -> None:
        """Named, or not any more."""
        ProjectPeople(self.world.uow, self.world.new_marker()).set_manager(
            who=self.admin, member_id=who.id, project_id=project, manages=manages, now=NOON
        )
