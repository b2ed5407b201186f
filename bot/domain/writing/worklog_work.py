"""What it takes to bring one worklog up to its entry, as it is read for a delivery."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.entries.entries import LabelledEntry
from bot.domain.ids import AccountLinkId, MemberId
from bot.domain.linking.write_back import WriteBack, WriteMode, worklog_text
from bot.domain.outbox import OutboxItem
from bot.domain.values import dataclass
from bot.domain.writing.worklogs import (
    Author,
    Said,
    StoredWorklog,
    Trouble,
    Unwanted,
    Wanted,
    Wish,
)


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A member's account in an integration, and their own key where they gave one."""

    link_id: AccountLinkId
    account: str | None
    """The provider's id; None where none is connected."""
    sealed: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """The integration that a worklog is in."""

    provider: str
    """The adapter's slug."""
    site: str
    sealed: str | None
    """Its credentials; None where they were destroyed."""
    chosen: WriteBack


@dataclass(frozen=True, slots=True)
class WorklogWork:
    """One worklog, its entry as it is now, and everything around."""

    stored: StoredWorklog
    found: LabelledEntry
    """Also where it was deleted."""
    task: str | None
    """The provider's id of the entry's task; None where it is on no task of this integration."""
    gone_tasks: frozenset[str]
    """Of that task and those where its record may be: what the last sync did not find any more."""
    is_approved: bool
    is_kept_back: bool
    """Nothing of its project, or of its person, is written."""
    place: Place
    member_id: MemberId
    member: str
    zone: ZoneInfo
    """The member's."""
    work_begins: datetime | None
    """When the member's work begins on the entry's day; only of a length without clock times."""
    own: OwnKey | None
    """The member's connected account there."""
    author_key: OwnKey | None
    """The account with whose key it was written, as it is now."""
    item: OutboxItem | None = None
    """With which it was taken up: only whoever took it up last calls the tool."""

    @property
    def is_task_gone(self) -> bool:
        """The last sync did not find the entry's task any more."""
        return self.task in self.gone_tasks

    @property
    def reduces_estimate(self) -> bool:
        """The task's remaining estimate moves with the record.

        A record that is there, or may be, goes on as it was first written: nothing is given back
        that was never taken off. Any other is written as is chosen now.
        """
        stored = self.stored
        may_be_there = stored.record or (stored.tried and stored.tried.at)
        if may_be_there and stored.reduces_estimate is not None:
            return stored.reduces_estimate
        return self.place.chosen.reduces_estimate


def wish_of(work: WorklogWork) -> Wish:
    """What the provider is to have of an entry."""
    entry, chosen = work.found.entry, work.place.chosen
    if work.place.sealed is None or not chosen.is_on:
        return Unwanted(Trouble.SWITCHED_OFF, leaves=True)
    if work.is_kept_back:
        return Unwanted(Trouble.KEPT_BACK, leaves=True)
    if entry.deleted_at is not None or entry.seconds is None or work.task is None:
        return Unwanted()
    if entry.seconds < chosen.shortest:
        return Unwanted(Trouble.SHORT)
    if chosen.mode is WriteMode.APPROVED and not work.is_approved:
        return Unwanted(Trouble.APPROVAL, leaves=True, waits=True)
    on = work.found.on
    values = {
        "note": entry.note,
        "member": work.member,
        "key": on.key,
        "task": on.title,
        "project": on.project_name,
    }
    started = entry.started_at or work.work_begins
    text = worklog_text(chosen.text, values)
    return Wanted(Said(work.task, entry.seconds, entry.work_date, started, text))


def new_author(work: WorklogWork) -> Author:
    """In whose name an entry is first written: its member's own wherever that can be."""
    own = work.own
    if own is None:
        return Author()
    return Author(own.link_id if own.sealed else None, own.account)


def author_of(work: WorklogWork) -> Author:
    """Who wrote it, or who will.

    What nobody is known to have written is looked for with a key that works.
    """
    author = work.stored.author
    if author is None:
        return new_author(work)
    is_dead = author.link_id is not None and key_of(work, author) is None
    return new_author(work) if is_dead and work.stored.record is None else author


def key_of(work: WorklogWork, author: Author) -> str | None:
    """The member's own key that an author writes with; None where it is not there any more."""
    for key in (work.author_key, work.own):
        if author.link_id is not None and key is not None and key.link_id == author.link_id:
            return key.sealed
    return None


def keys_of(work: WorklogWork) -> tuple[str | None, str | None]:
    """What opens the tool, still sealed: the integration's credentials, its author's own key."""
    return work.place.sealed, key_of(work, author_of(work))


def dead_key(work: WorklogWork) -> Trouble:
    """Whose key is not accepted."""
    return Trouble.OWN_KEY if author_of(work).link_id is not None else Trouble.CREDENTIALS


def said_last(work: WorklogWork, task: str) -> Said:
    """What was written last, for looking for a record that is to go."""
    entry, stored = work.found.entry, work.stored
    tried, kept = stored.tried, stored.record
    seconds = tried.seconds if tried else kept.seconds if kept else entry.seconds or 0
    day = tried.day if tried else kept.day if kept else entry.work_date
    return Said(task, seconds, day, entry.started_at, entry.note)
