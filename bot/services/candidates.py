"""Everybody who could be asked to connect, as *Add users* lists them: a pure function."""

from collections.abc import Sequence

from bot.domain.account_links import Account, AccountLink, Candidate, Person
from bot.domain.account_matching import Someone, suggest
from bot.domain.people import Member
from bot.domain.states import AccountLinkState

_S = AccountLinkState


def candidates_of(
    people: Sequence[Member], links: Sequence[AccountLink], accounts: Sequence[Account]
) -> list[Candidate]:
    """Each person with where they stand, and the account that is, or is probably, theirs.

    What an admin chose and what waits for approval stays with its person; everything else is
    suggested anew.
    """
    by_member = {link.person.id: link for link in links}
    by_account = {account.id: account for account in accounts}
    held = {
        link.account.id for link in links if link.state is _S.CONNECTED and link.account is not None
    }
    named = {
        link.person.id: link.account.id
        for link in links
        if link.account is not None
        and link.account.id not in held
        and (link.chosen_by_admin or link.state is _S.AWAITING_APPROVAL)
    }
    open_ = [
        Someone(person.id, person.name, person.email)
        for person in people
        if person.id not in named and not _is_connected(by_member.get(person.id))
    ]
    found = suggest(open_, accounts, held=held | set(named.values()))
    made: list[Candidate] = []
    for person in people:
        link, hint = by_member.get(person.id), found.get(person.id)
        if hint is not None:
            account = by_account[hint.account_id]
            made.append(Candidate(_person(person), link, account, hint.strength))
            continue
        keeps = link is not None and (person.id in named or _is_connected(link))
        made.append(Candidate(_person(person), link, link.account if link and keeps else None))
    return made


def _is_connected(link: AccountLink | None) -> bool:
    return link is not None and link.state is _S.CONNECTED


def _person(member: Member) -> Person:
    return Person(
        id=member.id,
        slack_user_id=member.slack_user_id,
        name=member.name,
        zone=member.zone,
        is_guest=member.is_guest,
        is_active=member.is_active,
    )
