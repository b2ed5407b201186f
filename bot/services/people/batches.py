"""What is done to many people's accounts at once (U5, U7): looked at first, then done."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.entries.entries import StopReason, TimersOf
from bot.domain.ids import AccountLinkId, MemberId, ProviderAccountId
from bot.domain.people.account_links import AccountLink, Choice
from bot.domain.people.people import Member
from bot.domain.people.people_lists import (
    FROM,
    BatchAction,
    BatchDone,
    BatchPreview,
    Chosen,
    LeftAlone,
    NobodySelected,
    PeopleQuery,
    SelectionChanged,
)
from bot.domain.states import AccountLinkState, Proof
from bot.services import rights
from bot.services.people import sites
from bot.services.people.account_endings import end_tracking
from bot.services.people.account_moves import APPROVED, ENDED, Moves, told
from bot.services.people.candidates import suggestions
from bot.services.people.invitations import Asked, Invitations
from bot.services.people.listing import selection_of
from storage import selections
from storage.operating import audit
from storage.people import account_link_changes, account_links
from storage.projects import project_members
from storage.selections import Kind
from storage.tracking import running_timers
from storage.unit_of_work import Tx, UnitOfWork

_S = AccountLinkState


class PeopleBatches:
    """Everything that is ticked, at once; each use case is one transaction."""

    def __init__(
        self, uow: UnitOfWork, invitations: Invitations, new_marker: Callable[[], str]
    ) -> None:
        self._uow = uow
        self._invitations = invitations
        self._moves = Moves(new_marker)

    def chosen(self, who: Member, query: PeopleQuery) -> Chosen:
        """How many are ticked, and for how many of them each action means something.

        Raises:
            AdminOnly: who asks is none.
            Vanished: there is no such integration, or what was ticked is forgotten.
            SiteDisconnected: it is not connected any more.
            NobodySelected: nobody is ticked.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            site = sites.site_of(sites.connected(tx, who.team_id, query.integration_id))
            links = self._ticked(tx, who, query)
            states = Counter(link.state for link in links)
            fits = {one: sum(states[state] for state in FROM[one]) for one in BatchAction}
            return Chosen(site, len(links), fits)

    def preview(
        self, who: Member, query: PeopleQuery, action: BatchAction, now: datetime
    ) -> BatchPreview:
        """What it would do.

        Raises: as ``chosen``.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return self._preview(tx, who, query, action, now)

    def do(
        self,
        who: Member,
        query: PeopleQuery,
        action: BatchAction,
        fingerprint: str,
        now: datetime,
    ) -> BatchDone:
        """Does it to exactly those whom the preview showed.

        Raises:
            SelectionChanged: somebody of them stands elsewhere by now: look again.
            others: as ``chosen``.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            account_links.hold(tx, who.team_id, query.integration_id)
            preview = self._preview(tx, who, query, action, now)
            if preview.fingerprint != fingerprint:
                raise SelectionChanged
            match action:
                case BatchAction.INVITE:
                    self._invite(tx, who, preview, now)
                case BatchAction.WITHDRAW:
                    self._withdraw(tx, who, preview, now)
                case BatchAction.APPROVE:
                    self._approve(tx, who, preview, now)
                case BatchAction.DISCONNECT:
                    return BatchDone(preview, self._disconnect(tx, who, preview, now))
            return BatchDone(preview)

    # Inside a transaction

    def _ticked(self, tx: Tx, who: Member, query: PeopleQuery) -> list[AccountLink]:
        chosen = selections.chosen(who.team_id, selection_of(tx, who, query), Kind.ACCOUNT_LINK)
        ids = [AccountLinkId(one) for one in tx.execute(chosen).scalars()]
        found = account_links.by_ids(tx, who.team_id, ids)
        links = [link for link in found if link.site.id == query.integration_id]
        if not links:
            raise NobodySelected
        return sorted(links, key=lambda link: (link.person.name.casefold(), link.id))

    def _preview(
        self, tx: Tx, who: Member, query: PeopleQuery, action: BatchAction, now: datetime
    ) -> BatchPreview:
        site = sites.site_of(sites.connected(tx, who.team_id, query.integration_id))
        links = self._ticked(tx, who, query)
        held = account_links.held_accounts(tx, who.team_id, query.integration_id)
        claims = Counter(
            link.account.id
            for link in links
            if link.account is not None and link.state in FROM[action]
        )
        affected: list[AccountLink] = []
        left: defaultdict[LeftAlone, list[str]] = defaultdict(list)
        for link in links:
            reason = _left_alone(link, action, held, claims)
            if reason is None:
                affected.append(link)
            else:
                left[reason].append(link.person.name)
        preview = BatchPreview(
            action, site, tuple(affected), {why: tuple(names) for why, names in left.items()}
        )
        if action is not BatchAction.DISCONNECT:
            return preview
        members = frozenset(link.person.id for link in affected)
        which = TimersOf(members=members, integrations=frozenset({site.id}))
        timers = [] if not members else running_timers.running_where(tx, who.team_id, which, now)
        keys = sum(link.has_own_key for link in affected)
        return replace(preview, timers=len(timers), keys=keys)

    def _invite(self, tx: Tx, who: Member, preview: BatchPreview, now: datetime) -> None:
        found = suggestions(tx, who.team_id, preview.site.id)
        held = account_links.held_accounts(tx, who.team_id, preview.site.id)
        asked: list[Asked] = []
        for link in preview.affected:
            account = link.account
            hint = found.get(link.person.id)
            usable = account is not None and account.is_active and account.id not in held
            suggested = hint.account_id if hint is not None and link.slot == 0 else None
            choice = Choice(
                link.person.id,
                account.id if account is not None and usable else suggested,
                chosen=link.chosen_by_admin and usable,
            )
            asked.append(Asked(choice, link, link.slot))
        self._invitations.ask(tx, who, preview.site.id, asked, now=now)

    def _withdraw(self, tx: Tx, who: Member, preview: BatchPreview, now: datetime) -> None:
        self._settle(tx, who, preview, now, "account_link.withdraw", state=_S.WITHDRAWN)

    def _approve(self, tx: Tx, who: Member, preview: BatchPreview, now: datetime) -> None:
        self._settle(
            tx,
            who,
            preview,
            now,
            "account_link.approve",
            state=_S.CONNECTED,
            proof=Proof.ADMIN,
            expires_at=None,
            unreachable=None,
        )
        members = [link.person.id for link in preview.affected]
        project_members.join_members(tx, who.team_id, members, preview.site.id, now)
        self._moves.owe_all(tx, APPROVED, preview.affected, now)

    def _disconnect(self, tx: Tx, who: Member, preview: BatchPreview, now: datetime) -> int:
        self._settle(tx, who, preview, now, "account_link.end", state=_S.ENDED, sealed_token=None)
        members = [link.person.id for link in preview.affected]
        stopped = end_tracking(
            tx,
            who.team_id,
            members,
            preview.site.id,
            because=StopReason.ACCOUNT_LINK_ENDED,
            now=now,
            new_marker=self._moves.new_marker,
        )
        others = [link for link in preview.affected if link.person.id != who.id]
        self._moves.owe_all(tx, ENDED, others, now)
        return len(stopped)

    def _settle(
        self,
        tx: Tx,
        who: Member,
        preview: BatchPreview,
        now: datetime,
        action: str,
        **values: object,
    ) -> None:
        """Moves every link at once; they are held since they were read."""
        ids = [link.id for link in preview.affected]
        account_link_changes.settle(
            tx, who.team_id, ids, decided_by=who.id, decided_at=now, **values
        )
        for link in preview.affected:
            self._moves.approval_over(tx, link, now)
        becomes = {"state": values["state"]}
        audit.record_many(
            tx,
            who.team_id,
            actor=who.id,
            action=action,
            now=now,
            before={f"account_link:{link.id}": told(link) for link in preview.affected},
            after=[(f"account_link:{one.id}", told(one) | becomes) for one in preview.affected],
        )


def _left_alone(
    link: AccountLink,
    action: BatchAction,
    held: Mapping[ProviderAccountId, MemberId],
    claims: Mapping[ProviderAccountId, int],
) -> LeftAlone | None:
    """Why this one is left alone; None when it is not."""
    if link.state not in FROM[action]:
        return LeftAlone.WRONG_STATE
    if action in {BatchAction.INVITE, BatchAction.APPROVE} and not link.person.is_active:
        return LeftAlone.DEACTIVATED
    if action is not BatchAction.APPROVE:
        return None
    if link.account is None or not link.account.is_active:
        return LeftAlone.ACCOUNT_UNAVAILABLE
    if link.account.id in held:
        return LeftAlone.ACCOUNT_HELD
    return LeftAlone.CLAIMED_TWICE if claims[link.account.id] > 1 else None
