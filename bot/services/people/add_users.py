"""*Add users*: who is meant, and with which accounts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.ids import MemberId, ProviderAccountId
from bot.domain.people.account_links import Choice
from bot.domain.people.add_users import (
    NOT_ASKED,
    PAGE_SIZE,
    THEIR_CHOICE,
    Hint,
    UsersPage,
    UsersQuery,
)
from bot.domain.people.people import Member
from bot.services import rights
from bot.services.people import sites
from bot.services.people.candidates import candidates, suggestions
from storage import members
from storage.people import askable
from storage.unit_of_work import Tx, UnitOfWork


class AddUsers:
    """What the form shows, and whom it means."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def page(self, who: Member, query: UsersQuery) -> UsersPage:
        """One page of who is meant, each with the account that is suggested.

        Raises:
            AdminOnly: who asks is none.
            Vanished: there is no such integration.
            SiteDisconnected: it is not connected any more.
        """
        team_id, there = who.team_id, query.integration_id
        with self._uow.read() as tx:
            rights.admin(tx, who)
            sites.connected(tx, team_id, there)
            found = suggestions(tx, team_id, there)
            able = askable.number_askable(tx, team_id, there)
            listed = self._meant(tx, who, query)
            strangers = 0 if query.everyone else len(query.users) - len(listed)
            hints: Counter[Hint] = Counter()
            if query.everyone:
                of = {one: Hint.of(found[one].strength if one in found else None) for one in listed}
                hints = Counter(of.values())
                if query.hint is not Hint.ALL:
                    listed = [one for one in listed if of[one] is query.hint]
            pages = max(1, -(-len(listed) // PAGE_SIZE))
            query = replace(query, page=min(max(query.page, 0), pages - 1))
            start = query.page * PAGE_SIZE
            shown = listed[start : start + PAGE_SIZE]
            return UsersPage(
                query=query,
                candidates=tuple(candidates(tx, team_id, there, shown, found)),
                listed=len(listed),
                counts=askable.counts(tx, team_id, there),
                able=able,
                hints=hints,
                strangers=strangers,
            )

    def choices(
        self, who: Member, query: UsersQuery, picks: Mapping[MemberId, ProviderAccountId]
    ) -> list[Choice]:
        """Everybody who is meant, with the account picked for them, kept, or suggested.

        Raises:
            AdminOnly: who asks is none.
            Vanished: there is no such integration.
            SiteDisconnected: it is not connected any more.
        """
        team_id, there = who.team_id, query.integration_id
        with self._uow.read() as tx:
            rights.admin(tx, who)
            sites.connected(tx, team_id, there)
            meant = self._meant(tx, who, replace(query, words=""))
            found = suggestions(tx, team_id, there)
            kept = askable.kept(tx, team_id, there, None if query.everyone else meant)
        made: list[Choice] = []
        for member_id in meant:
            pick = picks.get(member_id)
            if pick == NOT_ASKED:
                continue
            hint = found.get(member_id)
            account = kept.get(member_id) or (hint.account_id if hint else None)
            if pick is not None:
                account = None if pick == THEIR_CHOICE else pick
            chosen = pick is not None and pick != THEIR_CHOICE
            made.append(Choice(member_id, account, chosen=chosen, named=not query.everyone))
        return made

    def _meant(self, tx: Tx, who: Member, query: UsersQuery) -> list[MemberId]:
        if query.everyone:
            return askable.everyone(tx, who.team_id, query.integration_id, query.words)
        found = members.by_slack_ids(tx, who.team_id, query.users)
        return [member.id for member in found]
