"""Finding a provider account by what somebody types."""

from collections.abc import Sequence

from bot.domain.account_links import Account, AccountsFound
from bot.domain.account_matching import nearest_first, words_of
from bot.domain.errors import NotYourButton, Vanished
from bot.domain.ids import AccountLinkId, IntegrationId, ProviderAccountId
from bot.domain.people import Member
from bot.services import rights
from storage import account_links, provider_accounts
from storage.unit_of_work import Tx, UnitOfWork


class AccountSearch:
    """Accounts of a provider that nobody is connected with."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def for_link(self, who: Member, link_id: AccountLinkId, text: str, limit: int) -> AccountsFound:
        """What a member may pick from as their own; names like theirs come first.

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
            free = _free(tx, who, link.site.id)
        return _found(free, text, who.name, limit, with_email=False)

    def for_admin(
        self, who: Member, integration_id: IntegrationId, text: str, limit: int
    ) -> AccountsFound:
        """What an admin may choose for somebody.

        Raises:
            AdminOnly: who asks is none.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            free = _free(tx, who, integration_id)
        return _found(free, text, "", limit, with_email=True)

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


def _free(tx: Tx, who: Member, integration_id: IntegrationId) -> list[Account]:
    held = account_links.held_accounts(tx, who.team_id, integration_id)
    everyone = provider_accounts.active(tx, who.team_id, integration_id)
    return [account for account in everyone if account.id not in held]


def _found(
    accounts: Sequence[Account], text: str, name: str, limit: int, *, with_email: bool
) -> AccountsFound:
    wanted = words_of(text)

    def fits(account: Account) -> bool:
        there = "".join(words_of(account.name))
        if with_email or account.email == text.strip().lower():
            there += f" {' '.join(words_of(account.email or ''))}"
        return all(word in there for word in wanted)

    matches = [account for account in accounts if fits(account)]
    return AccountsFound(tuple(nearest_first(name, matches, limit)), len(matches))
