"""Direct messages about connecting accounts.

Slack has no way to look for a direct message, so one of which it is not known whether it arrived
is sent again: a second copy answers the same request and changes nothing twice, while a lost one
would leave a person uninvited.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from bot.domain.asked_messages import AskedMessage
from bot.domain.clock import Clock
from bot.domain.ids import AccountLinkId, MemberId, ProviderAccountId
from bot.domain.outbox import OutboxItem
from bot.domain.people.account_links import AccountLink
from bot.domain.slack_errors import SlackRefused
from bot.domain.states import AccountLinkState
from bot.domain.tracking.tracking import KeptOffer
from bot.jobs.deliveries.one_message import show_in
from bot.jobs.outbox import Delivery
from bot.services.people.account_moves import (
    APPROVAL,
    APPROVAL_OVER,
    APPROVED,
    CONTESTED,
    ENDED,
    GONE,
    INVITATION,
    PROVEN,
    REFUSED,
    REMINDER,
    STANDS,
    SWITCHED_OFF,
    TAKEN,
)
from bot.services.people.approvals import AdminNote, Approvals
from bot.services.pool import Pool
from bot.services.tracking.kept import KeptEntries
from bot.slack import Posted, Slack
from bot.views.message import Message
from bot.views.people import accounts as views
from bot.views.people import approvals as approval_views
from bot.views.providers import Faces

_S = AccountLinkState


class _Offering(Protocol):
    """Words about a connected account."""

    def __call__(self, link: AccountLink, faces: Faces, *, offer: KeptOffer | None) -> Message:
        """With what can be done by now."""
        ...


class PeopleDeliveries:
    """Tells members and admins; what is over by the time it is sent is not said any more."""

    def __init__(
        self,
        slack: Slack,
        pool: Pool,
        approvals: Approvals,
        faces: Faces,
        *,
        kept: KeptEntries,
        clock: Clock,
    ) -> None:
        self._slack = slack
        self._pool = pool
        self._approvals = approvals
        self._faces = faces
        self._kept = kept
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {
            INVITATION: self.invitation,
            REMINDER: self.reminder,
            APPROVED: self.approved,
            PROVEN: self.proven,
            REFUSED: self.refused,
            TAKEN: self.taken,
            ENDED: self.ended,
            GONE: self.gone,
            SWITCHED_OFF: self.switched_off,
            APPROVAL: self.approval,
            APPROVAL_OVER: self.approval_over,
            STANDS: self.stands,
            CONTESTED: self.contested,
        }

    async def invitation(self, item: OutboxItem) -> None:
        """``invitation.send``."""
        await self._tell(item, {_S.INVITED}, views.invitation)

    async def reminder(self, item: OutboxItem) -> None:
        """``invitation.remind``."""
        await self._tell(item, {_S.INVITED}, views.reminder)

    async def approved(self, item: OutboxItem) -> None:
        """``account.approved``."""
        await self._tell_offering(item, views.approved)

    async def proven(self, item: OutboxItem) -> None:
        """``account.proven``."""
        await self._tell_offering(item, views.connected)

    async def refused(self, item: OutboxItem) -> None:
        """``account.refused``."""
        await self._tell(item, {_S.INVITED}, views.refused)

    async def taken(self, item: OutboxItem) -> None:
        """``account.taken``."""
        await self._tell(item, {_S.INVITED}, views.taken)

    async def ended(self, item: OutboxItem) -> None:
        """``account.ended``."""
        await self._tell(item, {_S.ENDED}, views.ended_by_admin)

    async def gone(self, item: OutboxItem) -> None:
        """``account.gone``."""
        await self._tell(item, {_S.ENDED, _S.WITHDRAWN}, views.account_gone)

    async def switched_off(self, item: OutboxItem) -> None:
        """``account.switched_off``."""
        await self._tell(item, {_S.CONNECTED}, views.account_switched_off)

    async def approval(self, item: OutboxItem) -> None:
        """``approval.ask``."""
        note = await self._note(item)
        link = note.link
        waits = link.state is _S.AWAITING_APPROVAL and link.request == item.id_of("request")
        if waits and link.site.is_connected:
            asked = approval_views.question(link, self._faces)
            posted = await self._tell_admin(item, note, asked)
            message = AskedMessage(note.admin.id, posted.channel_id, posted.ts)
            request = item.id_of("request")
            await self._pool(
                self._approvals.asked, item.team_id, link.id, request, message, self._clock()
            )

    async def approval_over(self, item: OutboxItem) -> None:
        """``approval.over``; another choice of the same person is asked about by itself."""
        link_id = AccountLinkId(item.id_of("account_link_id"))
        link = await self._pool(self._approvals.link, item.team_id, link_id)
        await show_in(self._slack, item, approval_views.settled(link, self._faces))

    async def stands(self, item: OutboxItem) -> None:
        """``account.stands``: where the member reads that they wait they see what became of it."""
        link_id = AccountLinkId(item.id_of("account_link_id"))
        link = await self._pool(self._approvals.link, item.team_id, link_id)
        await show_in(self._slack, item, views.stands(link, self._faces))

    async def contested(self, item: OutboxItem) -> None:
        """``account.contested``."""
        note = await self._note(item)
        message = approval_views.contested(note.link, note.account, note.holder, self._faces)
        await self._tell_admin(item, note, message)

    async def _tell(
        self,
        item: OutboxItem,
        only_in: Collection[AccountLinkState],
        say: Callable[[AccountLink, Faces], Message],
    ) -> None:
        """Says it to the member."""
        link = await self._as_it_is(item, only_in)
        if link is not None:
            await self._post(item, link, say(link, self._faces))

    async def _tell_offering(self, item: OutboxItem, say: "_Offering") -> None:
        """Says that an account is connected, with what was refused for want of it."""
        link = await self._as_it_is(item, {_S.CONNECTED})
        if link is not None:
            offer = await self._pool(self._kept.offer, link, self._clock())
            await self._post(item, link, say(link, self._faces, offer=offer))

    async def _as_it_is(
        self, item: OutboxItem, only_in: Collection[AccountLinkState]
    ) -> AccountLink | None:
        """The link; None where there is nothing to say of it any more."""
        link_id = AccountLinkId(item.id_of("account_link_id"))
        link = await self._pool(self._approvals.link, item.team_id, link_id)
        same = link.state in only_in and link.request == item.id_of("request")
        return link if same and link.person.is_active and link.site.is_connected else None

    async def _post(self, item: OutboxItem, link: AccountLink, message: Message) -> None:
        try:
            await self._slack.post(
                item.team_id, link.person.slack_user_id, message, marker=item.marker
            )
        except SlackRefused as refused:
            await self._pool(self._approvals.unreachable, item.team_id, link.id, refused.code)
            raise
        if link.unreachable is not None:
            await self._pool(self._approvals.unreachable, item.team_id, link.id, None)

    async def _note(self, item: OutboxItem) -> AdminNote:
        return await self._pool(
            self._approvals.note,
            item.team_id,
            AccountLinkId(item.id_of("account_link_id")),
            admin_id=MemberId(item.id_of("admin_id")),
            account_id=ProviderAccountId(item.id_of("account_id")),
        )

    async def _tell_admin(self, item: OutboxItem, note: AdminNote, message: Message) -> Posted:
        return await self._slack.post(
            item.team_id, note.admin.slack_user_id, message, marker=item.marker
        )
