"""The record of a time entry in its provider: where it stands, and what is to be done next.

Everything here is pure. What is owed is never stored as a list of deeds: it is what lies between
the newest state of the entry and what was written last, so a hundred edits are one write.
"""

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import TypeAlias

from bot.domain.ids import AccountLinkId, IntegrationId, TaskId, TeamId, TimeEntryId, WorklogId
from bot.domain.values import dataclass

WRITE = "worklog.write"
"""Outbox kind: bring the provider's record up to what the entry says. Its subject is the task, so
that writes to one task come one after another."""

ARRIVES = timedelta(seconds=30)
"""How long a call that got no answer may still come into effect; nothing is looked for before."""

CLOSE = 60
"""Seconds by which a provider's own rounding may change a length."""


class WorklogState(StrEnum):
    """Where the record of an entry stands (W3)."""

    PENDING = "pending"
    WRITTEN = "written"
    FAILED = "failed"
    """Given up, for a reason that a person can read; it can be tried again."""
    CONFLICT = "conflict"
    """Somebody changed or removed it in the provider: a person decides."""
    OFF = "off"
    """There is no record, and none is wanted."""


class WorklogEvent(StrEnum):
    """What can happen to it."""

    OWE = "owe"
    """The entry changed, or somebody wants it tried again."""
    WROTE = "wrote"
    """The provider has what the entry says."""
    LEFT = "left"
    """Nothing is to be there, or nothing may be written."""
    FAILED = "failed"
    DIFFERED = "differed"
    DECIDED = "decided"
    """A person said what becomes of a conflict."""


_S, _E = WorklogState, WorklogEvent

WORKLOG_MOVES: Mapping[tuple[WorklogState, WorklogEvent], WorklogState] = {
    (_S.PENDING, _E.OWE): _S.PENDING,
    (_S.WRITTEN, _E.OWE): _S.PENDING,
    (_S.FAILED, _E.OWE): _S.PENDING,
    (_S.OFF, _E.OWE): _S.PENDING,
    # An entry that changes while a conflict is open changes nothing in the provider.
    (_S.CONFLICT, _E.OWE): _S.CONFLICT,
    (_S.PENDING, _E.WROTE): _S.WRITTEN,
    (_S.PENDING, _E.LEFT): _S.OFF,
    (_S.FAILED, _E.LEFT): _S.OFF,
    (_S.PENDING, _E.FAILED): _S.FAILED,
    (_S.PENDING, _E.DIFFERED): _S.CONFLICT,
    (_S.CONFLICT, _E.DECIDED): _S.PENDING,
}
"""Every allowed move; a pair that is not here changes nothing."""


def moved(state: WorklogState, event: WorklogEvent) -> WorklogState | None:
    """The state an event leads to, or None when it means nothing in this state."""
    return WORKLOG_MOVES.get((state, event))


class Trouble(StrEnum):
    """What we know ourselves of why an entry is not written, where a provider's words stand."""

    NO_ANSWER = "hourlink:no answer"
    BUSY = "hourlink:busy"
    CREDENTIALS = "hourlink:credentials"
    """The integration's are not accepted, or cannot be opened."""
    OWN_KEY = "hourlink:own key"
    """The key that wrote it is not accepted any more, or was taken back."""
    SHORT = "hourlink:short"
    """It is shorter than what is written."""
    APPROVAL = "hourlink:approval"
    """It waits until its week is approved."""
    SWITCHED_OFF = "hourlink:switched off"
    """Nothing is written to this integration."""
    KEPT_BACK = "hourlink:kept back"
    """Nothing of its project, or of its person, is written."""
    LEFT = "hourlink:left"
    """Whoever unlinked or disconnected chose to leave it."""
    TASK_GONE = "hourlink:task gone"
    """Its task is deleted there, or hidden from whoever writes."""
    REFUSED = "hourlink:refused"
    """The provider said no, without a word."""
    BROKEN = "hourlink:broken"
    """Something went wrong on our side."""


class Choice(StrEnum):
    """What becomes of a conflict."""

    OURS = "ours"
    """The provider's record is made to say what the entry says."""
    THEIRS = "theirs"
    """The record stays as it is; the entry takes its day and length."""
    BOTH = "both"
    """The record stays as it is, and the entry gets another one."""


GONE = "gone"
"""In the place of a version: the record is known to be gone, and is to be written again."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a worklog says in the provider, or is to say."""

    task: str
    """The provider's id."""
    seconds: int
    day: date
    started_at: datetime | None
    text: str

    @property
    def digest(self) -> str:
        """The same for the same words, and else another."""
        return blake2b(repr(self).encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Author:
    """With whose credentials a worklog is written, and in whose name; for good."""

    link_id: AccountLinkId | None = None
    """Whose own key it is; None for the integration's credentials."""
    account: str | None = None
    """The provider's id of the person; None where the member is named in the text."""


@dataclass(frozen=True, slots=True)
class Try:
    """What was about to be written when the provider was last called.

    It stays there until an answer is saved, so whatever crashed in between, the next one knows
    that it may have arrived.
    """

    task: str
    seconds: int
    day: date
    digest: str
    """Of what it was to say; empty where it was to go."""
    at: datetime | None
    """When. What was sent may be at work in the provider for a while after nobody waits for it;
    None where it was answered, with a refusal."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of the provider's record."""

    external_id: str
    version: str
    seconds: int
    """As the provider keeps it."""
    day: date
    task: str = field(default="", compare=False)
    """The provider's id of the task on which it was found; empty where nobody looked."""


@dataclass(frozen=True, slots=True)
class StoredWorklog:
    """One entry in one integration."""

    id: WorklogId
    team_id: TeamId
    entry_id: TimeEntryId
    integration_id: IntegrationId
    task_id: TaskId | None
    """Ours: where it is written, or is to be."""
    state: WorklogState
    reason: str
    """The provider's own words, or a ``Trouble``."""
    marker: str
    revision: int
    """Counts what happened to the entry, so that nothing newer is taken for written."""
    owed_in: str | None
    """Names the one piece of outbox work that is under way for it."""
    author: Author | None
    """None until it is first written."""
    task: str
    """The provider's id of the task that it was last written to."""
    record: Record | None
    digest: str
    """Of what it says in the provider."""
    tried: Try | None
    reduces_estimate: bool | None = None
    """Its task's remaining estimate moves with it, for good; None until it is first written."""
    theirs: Record | None = None
    """What was found instead of what was written; None where it is gone. In a conflict."""

    @property
    def places(self) -> list[str]:
        """The provider's ids of the tasks on which the record may be, the likeliest first."""
        tried = self.tried.task if self.tried else ""
        return list(dict.fromkeys(filter(None, (tried, self.task))))


@dataclass(frozen=True, slots=True)
class WorklogShown:
    """One entry in one integration."""

    id: WorklogId
    entry_id: TimeEntryId
    state: WorklogState
    reason: str
    """The provider's own words, or a ``Trouble``."""
    site: str
    seconds: int
    """The entry's."""
    kept_seconds: int | None
    """The record's, where there is one."""
    is_there: bool
    """There is a record; in a conflict, it is still there."""
    reduces_estimate: bool = False
    """The task's remaining estimate there moves with it."""
    in_other_name: bool = False
    """It is written under the integration's account, not the member's own."""


def written_to(state: WorklogState | None, site: str) -> str:
    """In which tool an entry is, for a table; in brackets what is not as it should be there."""
    if state is None or state is WorklogState.OFF:
        return ""
    return site if state is WorklogState.WRITTEN else f"{site} ({state.value})"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record that is to be there."""

    said: Said


@dataclass(frozen=True, slots=True)
class Unwanted:
    """No record is to be there, or nothing may be written; why, where that is worth telling."""

    reason: str = ""
    leaves: bool = False
    """What is there stays."""
    waits: bool = False
    """It may be wanted later."""


Wish: TypeAlias = Wanted | Unwanted


class Step(StrEnum):
    """What is to be done in the provider."""

    NOTHING = "nothing"
    """It is as it should be, or nothing may be done."""
    LOOK = "look"
    """What is there has to be known first."""
    WRITE = "write"
    UPDATE = "update"
    REVIVE = "revive"
    """It is gone and wanted again; perhaps only its mark is gone."""
    ADOPT = "adopt"
    """An earlier call did it: keep what was found."""
    DELETE = "delete"
    CONFLICT = "conflict"


def first_step(known: StoredWorklog, wish: Wish) -> Step:
    """What can be said without asking the provider."""
    unsure = known.tried is not None
    match wish:
        case Unwanted(leaves=True):
            return Step.NOTHING
        case Unwanted():
            return Step.LOOK if known.record or unsure else Step.NOTHING
        case Wanted(said):
            if known.record and not unsure and known.record.version != GONE:
                return Step.NOTHING if known.digest == said.digest else Step.LOOK
            return Step.LOOK if known.record or unsure else Step.WRITE


def next_step(
    known: StoredWorklog, wish: Wish, found: Record | None, gone: Collection[str] = ()
) -> Step:
    """What is to be done, now that it is known what the provider has.

    Args:
        known: What is known of it.
        wish: What is to be there.
        found: What is there.
        gone: Tasks that are not there any more, by the provider's id.
    """
    if known.record is None:
        return _without_record(known, wish, found)
    if found is None:
        return _vanished(known, known.record, wish, gone)
    is_ours = found.version == known.record.version
    if not is_ours and not _is_try(known.tried, found):
        return Step.CONFLICT
    if isinstance(wish, Unwanted):
        return Step.DELETE
    arrived = not is_ours and known.tried is not None and known.tried.digest == wish.said.digest
    was_refused = known.tried is not None and known.tried.at is None
    unchanged = known.tried is None or was_refused
    settled = is_ours and unchanged and known.digest == wish.said.digest
    return Step.ADOPT if arrived or settled else Step.UPDATE


def _without_record(known: StoredWorklog, wish: Wish, found: Record | None) -> Step:
    if isinstance(wish, Unwanted):
        return Step.NOTHING if found is None else Step.DELETE
    if found is None:
        return Step.WRITE
    arrived = known.tried is not None and known.tried.digest == wish.said.digest
    return Step.ADOPT if arrived and _is_try(known.tried, found) else Step.UPDATE


def _vanished(known: StoredWorklog, record: Record, wish: Wish, gone: Collection[str]) -> Step:
    if isinstance(wish, Unwanted):
        return Step.DELETE  # by its id, should only its mark be gone
    # An entry may be restored before it is known that its record went as it was to go.
    we_removed_it = known.tried is not None and not known.tried.digest
    is_nobodys = record.version == GONE or we_removed_it or known.task in gone
    return Step.REVIVE if is_nobodys else Step.CONFLICT


def _is_try(tried: Try | None, found: Record) -> bool:
    """Whether what was found is what an unanswered call was about to write."""
    if tried is None:
        return False
    return tried.day == found.day and is_close(tried.seconds, found.seconds)


def may_be_ours(known: StoredWorklog, found: Record) -> bool:
    """Whether a record without our mark has the day and length that were written, or tried."""
    kept = known.record
    if kept is not None and kept.day == found.day and is_close(kept.seconds, found.seconds):
        return True
    return _is_try(known.tried, found)


def is_close(seconds: int, kept: int) -> bool:
    """Whether a provider's length is ours as it rounds."""
    return abs(max(seconds, CLOSE) - kept) <= CLOSE
