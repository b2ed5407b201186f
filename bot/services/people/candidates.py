"""People who could be asked to connect, each with the account that is, or may be, theirs."""

from collections.abc import Collection

from bot.domain.ids import IntegrationId, MemberId, TeamId
from bot.domain.people.account_links import Candidate, Person, Suggestion
from bot.domain.people.account_matching import suggest
from bot.domain.people.people import Member
from bot.domain.states import AccountLinkState
from storage import members
from storage.people import account_links, askable, provider_accounts
from storage.unit_of_work import Tx


def suggestions(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId
) -> dict[MemberId, Suggestion]:
    """The account suggested to everybody who has none there, where one is."""
    people = askable.unmatched(tx, team_id, integration_id)
    return suggest(people, askable.free(tx, team_id, integration_id))


def candidates(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    member_ids: Collection[MemberId],
    found: dict[MemberId, Suggestion],
) -> list[Candidate]:
    """These people, in this order, with where they stand.

    What an admin chose and what waits for approval stays with its person; everything else is
    suggested anew.
    """
    people = members.by_ids(tx, team_id, member_ids)
    links = account_links.firsts(tx, team_id, integration_id, list(member_ids))
    kept = askable.kept(tx, team_id, integration_id, member_ids)
    wanted = [found[one].account_id for one in member_ids if one in found]
    accounts = provider_accounts.of(tx, team_id, integration_id, wanted)
    made: list[Candidate] = []
    for member_id in member_ids:
        person, link, hint = people[member_id], links.get(member_id), found.get(member_id)
        if hint is not None and hint.account_id in accounts:
            account = accounts[hint.account_id]
            made.append(Candidate(person_of(person), link, account, hint.strength))
            continue
        is_theirs = link is not None and (
            member_id in kept or link.state is AccountLinkState.CONNECTED
        )
        made.append(
            Candidate(person_of(person), link, link.account if link and is_theirs else None)
        )
    return made


def person_of(member: Member) -> Person:
    """The member as account links name them."""
    return Person(
        id=member.id,
        slack_user_id=member.slack_user_id,
        name=member.name,
        zone=member.zone,
        is_guest=member.is_guest,
        is_active=member.is_active,
    )
