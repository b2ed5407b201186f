"""A team in which people are asked to connect, for tests of the services that link people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import SQLModel, col

from bot.domain.ids import AccountLinkId, IntegrationId, MemberId, ProviderAccountId
from bot.domain.people.account_links import AccountLink, Answer, Candidate, Choice
from bot.domain.people.add_users import UsersQuery
from bot.domain.people.people import Member
from bot.domain.people.people_lists import PeopleQuery
from bot.domain.states import OutboxState
from bot.services.people.account_links import AccountLinks
from bot.services.people.add_users import AddUsers
from bot.services.people.approvals import Approvals
from bot.services.people.batches import PeopleBatches
from bot.services.people.deadlines import Deadlines
from bot.services.people.invitations import Invitations
from bot.services.people.listing import PeopleLists
from storage.linking.integrations import IntegrationRow
from storage.members import MemberRow
from storage.operating.audit import AuditRow
from storage.outbox import OutboxRow
from storage.people import account_links
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from tests.builders import NOON, World

LATER = NOON + timedelta(hours=1)


@dataclass(frozen=True)
class Owed:
    """A message that is owed."""

    kind: str
    payload: dict[str, object]


@dataclass
class Office:
    """Ana administers, a board is connected, and people can be asked."""

    world: World

    def __post_init__(self) -> None:
        marker = self.world.new_marker()
        self.links = AccountLinks(self.world.uow, marker)
        self.invitations = Invitations(self.world.uow, marker)
        self.users = AddUsers(self.world.uow)
        self.lists = PeopleLists(self.world.uow)
        self.batches = PeopleBatches(self.world.uow, self.invitations, marker)
        self.deadlines = Deadlines(self.world.uow, marker)
        self.approvals = Approvals(self.world.uow, marker)
        self.ana = self.world.member("ana", admin=True)
        self.board: IntegrationId = self.world.integration(self.ana)

    def asked(
        self,
        member: Member,
        account: ProviderAccountId | None = None,
        *,
        chosen: bool = False,
        now: datetime = NOON,
    ) -> AccountLink:
        """The member was asked by Ana, with this account."""
        choice = Choice(member.id, account, chosen=chosen)
        invited = self.invitations.invite(self.ana, self.board, [choice], now)
        assert invited.invited == (member.id,), invited.skipped
        return self.link(member)

    def link(self, member: Member, integration: IntegrationId | None = None) -> AccountLink:
        """The member's link as it is now."""
        with self.world.uow.read() as tx:
            found = account_links.between(tx, member.team_id, member.id, integration or self.board)
        assert found is not None
        return found

    def candidates(self, *users: Member, who: Member | None = None) -> list[Candidate]:
        """These people as *Add users* lists them."""
        names = tuple(user.slack_user_id for user in users)
        page = self.users.page(who or self.ana, UsersQuery(self.board, users=names))
        return list(page.candidates)

    def standing(self, who: Member | None = None, **narrowed: Any) -> list[AccountLink]:  # noqa: ANN401
        """The first page of the list of people."""
        return list(self.lists.page(who or self.ana, PeopleQuery(self.board, **narrowed)).links)

    def ticked(self, *links: AccountLink) -> PeopleQuery:
        """A list in which these are ticked."""
        page = self.lists.start_choosing(self.ana, PeopleQuery(self.board), NOON)
        ids = [link.id for link in links]
        self.lists.tick(self.ana, page.query, shown=ids, ticked=ids)
        return page.query

    def confirms(self, member: Member, now: datetime = LATER) -> Answer:
        """The member clicks *Connect* in the newest message."""
        link = self.link(member)
        return self.links.confirm(member, link.id, link.request, now)

    def picks(self, member: Member, account: ProviderAccountId, now: datetime = LATER) -> Answer:
        """The member picks an account from the newest list."""
        link = self.link(member)
        return self.links.pick(member, link.id, link.request, account, now)

    def owed(self, kind: str | None = None) -> list[Owed]:
        """What came to be owed to Slack since the last look, oldest first."""
        owed = col(OutboxRow.state) == OutboxState.PENDING
        with self.world.uow.begin() as tx:
            columns = (col(OutboxRow.kind), col(OutboxRow.payload))
            rows = tx.execute(select(*columns).where(owed).order_by(col(OutboxRow.id))).all()
            tx.execute(update(OutboxRow).where(owed).values(state=OutboxState.DONE))
        return [Owed(row[0], row[1]) for row in rows if kind in {None, row[0]}]

    def audited(self) -> list[str]:
        """The actions in the audit log, oldest first."""
        with self.world.uow.read() as tx:
            return list(
                tx.execute(select(col(AuditRow.action)).order_by(col(AuditRow.id))).scalars()
            )

    def sets(self, row: type[SQLModel], row_id: int, **values: object) -> None:
        """Changes a row behind everybody's back."""
        with self.world.uow.begin() as tx:
            tx.execute(update(row).where(col(row.id) == row_id).values(**values))  # type: ignore[attr-defined]

    def switches_off(self, account: ProviderAccountId) -> None:
        """The provider deactivates an account."""
        self.sets(ProviderAccountRow, account, is_active=False)

    def disconnects_board(self) -> None:
        """The integration is disconnected."""
        self.sets(IntegrationRow, self.board, state="disconnected")

    def deactivates(self, member: MemberId) -> None:
        """The person leaves Slack."""
        self.sets(MemberRow, member, deactivated_at=NOON)

    def puts(self, link: AccountLinkId, **values: object) -> None:
        """Puts a link into a state directly."""
        self.sets(AccountLinkRow, link, **values)
