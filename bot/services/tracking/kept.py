"""What was refused because an account is not connected, kept until it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.domain.entries.entries import PendingEntry, TaskLabel
from bot.domain.errors import HourlinkError
from bot.domain.people.account_links import AccountLink, Answer, Reply
from bot.domain.people.people import Member
from bot.domain.tasks.finding import Found
from bot.domain.tasks.task_refs import KeyRef, TaskRef
from bot.domain.tracking.tracking import KeptOffer
from bot.domain.tracking.tracking_errors import AccountNotConnected
from bot.services.tasks.finder import Finder
from bot.services.tracking.desk import AtDesk
from storage import members
from storage.tracking import pending_entries
from storage.tracking.pending_entries import Awaited, Refused
from storage.unit_of_work import UnitOfWork


class Wish:
    """What somebody asks to track, as far as it was understood."""

    entry: PendingEntry | None = None
    ref: TaskRef | None = None
    """Of what; a key is looked for again, as its task may not have been read yet."""


@contextmanager
def kept_if_refused(uow: UnitOfWork, who: Member, now: datetime) -> Iterator[Wish]:
    """Around a transaction: a wish refused for want of an account is kept until there is one.

    Raises:
        AccountNotConnected: the same refusal, once the wish is kept.
    """
    wish = Wish()
    try:
        yield wish
    except AccountNotConnected as refused:
        if wish.entry is not None:
            key = wish.ref.key if isinstance(wish.ref, KeyRef) else ""
            awaits = Awaited(refused.integration_id, refused.target, key)
            with uow.begin(brief=True) as tx:
                pending_entries.keep(tx, who.team_id, who.id, wish.entry, now, awaits=awaits)
        raise


class KeptEntries(AtDesk):
    """What can be done once an account is connected, whichever way that came about."""

    def offer_to(self, answer: Answer, now: datetime) -> KeptOffer | None:
        """The same as ``offer``, where that answer connected the account."""
        return self.offer(answer.link, now) if answer.reply is Reply.CONNECTED else None

    def offer(self, link: AccountLink, now: datetime) -> KeptOffer | None:
        """What was refused last there, if it can be done by now; None where it is done or old."""
        with self._uow.read() as tx:
            kept = pending_entries.refused(tx, link.team_id, link.person.id, link.site.id, now)
            who = members.by_id(tx, link.team_id, link.person.id)
            if kept is None or who is None:
                return None
            finder = self._looking(tx, who, now).finder
            on: TaskLabel | None = None
            if kept.target is not None:
                try:
                    on = finder.by_target(kept.target, may_log=kept.is_log).on
                except HourlinkError:
                    return None
            elif kept.key:
                on = _by_key(finder, kept)
            return KeptOffer(kept.id, on, kept.is_log, kept.seconds, kept.note)


def _by_key(finder: Finder, kept: Refused) -> TaskLabel | None:
    """The one task that has the key by now."""
    try:
        found = finder.find(KeyRef(kept.key), may_log=kept.is_log)
    except HourlinkError:
        return None
    return found.candidate.on if isinstance(found, Found) else None
