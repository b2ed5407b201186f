"""Finding a provider account by what somebody types."""

from collections.abc import Sequence

from bot.domain.errors import NotYourButton, Vanished
from bot.domain.ids import AccountLinkId, IntegrationId, ProviderAccountId
from bot.domain.people.account_links import Account, AccountsFound, ascii_lower
from bot.domain.people.account_matching import nearest_first, words_of
from bot.domain.people.people import Member
from bot.services import rights
from storage.people import account_links, account_search, provider_accounts
from storage.unit_of_work import UnitOfWork

_MOST_HELD = 5


class AccountSearch:
    """Accounts of a provider, above all those that nobody is connected with."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def for_link(self, who: Member, link_id: AccountLinkId, text: str, limit: int) -> AccountsFound:
        """What a member may pick from as their own; names like theirs come first.

        Who types a name finds those that others hold, too: picking one tells the admins.

        Raises:
            Vanished: there is no such request.
            NotYourButton: it was sent to somebody else.
        """
        with self._uow.read() as tx:
            link = account_links.by_id(tx, who.team_id, link_id)
            if link is None:
                raise Vanished("request")
            if link.person.id != who.id:
                raise NotYourButton
            name, words = words_of(who.name), words_of(text)
            email = ascii_lower(text) if "@" in text else ""
            held = account_search.held(
                tx, who.team_id, link.site.id, words, but=who.id, limit=_MOST_HELD, email=email
            )
            limit -= len(held)
            found, total = account_search.search(
                tx,
                who.team_id,
                link.site.id,
                words,
                near=[word for word in name if len(word) > 1],
                limit=limit,
                email=email,
            )
        return AccountsFound(tuple(nearest_first(who.name, found, limit)), total, tuple(held))

    def for_admin(
        self, who: Member, integration_id: IntegrationId, text: str, limit: int
    ) -> AccountsFound:
        """What an admin may choose for somebody.

        Raises:
            AdminOnly: who asks is none.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found, total = account_search.search(
                tx, who.team_id, integration_id, words_of(text), near=(), limit=limit, in_email=True
            )
        return AccountsFound(tuple(found[:limit]), total)

    def named(
        self, who: Member, integration_id: IntegrationId, ids: Sequence[ProviderAccountId]
    ) -> dict[ProviderAccountId, Account]:
        """Accounts that an admin chose before, by id.

        Raises:
            AdminOnly: who asks is none.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return provider_accounts.of(tx, who.team_id, integration_id, ids)
