"""Reading the audit log, and taking a copy of it (A5); by admins."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.csv_text import csv_file
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, SlackUserId, TeamId
from bot.domain.operating.audit import (
    LONGEST_SEARCH,
    MOST_COUNTED,
    PAGE_SIZE,
    AuditLine,
    AuditPage,
    AuditQuery,
    action_words,
    changes,
)
from bot.domain.people.people import Member
from bot.domain.values import dataclass
from bot.services import rights
from storage import members, outbox
from storage.operating import audit
from storage.unit_of_work import UnitOfWork

EXPORT = "audit.export"
"""Outbox kind of a copy that somebody asked for."""

_HEAD = ("when (UTC)", "who", "what", "action", "to what", "subject", "before", "after")


@dataclass(frozen=True, slots=True)
class AuditCopy:
    """A copy of the log for one admin."""

    slack_user_id: SlackUserId
    file: bytes
    lines: int


class Auditing:
    """Use cases around the log."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def page(self, who: Member, query: AuditQuery) -> AuditPage:
        """One page, as near as there is to the one asked for.

        Raises:
            AdminOnly: who asks is none.
        """
        query = replace(query, words=_short(query.words))
        with self._uow.read() as tx:
            rights.admin(tx, who)
            total = audit.count(tx, who.team_id, query.words)
            last = max(0, -(-min(total, MOST_COUNTED) // PAGE_SIZE) - 1)
            query = replace(query, page=min(max(query.page, 0), last))
            return AuditPage(query, tuple(audit.page(tx, who.team_id, query)), total)

    def ask_copy(self, who: Member, words: str, now: datetime) -> None:
        """Owes a copy of everything that the words find; that is logged, too.

        Raises:
            AdminOnly: who asks is none.
        """
        words = _short(words)
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            outbox.add(
                tx,
                who.team_id,
                kind=EXPORT,
                subject=f"audit:{who.id}",
                payload={"member_id": who.id, "words": words},
                marker=self._new_marker(),
                now=now,
            )
            audit.record(
                tx,
                who.team_id,
                actor=who.id,
                action="audit.export",
                subject=f"team:{who.team_id}",
                before=None,
                after={"words": words},
                now=now,
            )

    def copy(self, team_id: TeamId, member_id: MemberId, words: str) -> AuditCopy:
        """The file, made when it is sent.

        Raises:
            Vanished: who asked is no admin any more.
        """
        with self._uow.read() as tx:
            asker = members.by_id(tx, team_id, member_id)
            if asker is None or not asker.is_active or not asker.is_admin:
                raise Vanished("admin")
            lines = list(audit.every(tx, team_id, words))
        return AuditCopy(asker.slack_user_id, csv_file(_rows(lines)), len(lines))


def _short(words: str) -> str:
    return " ".join(words.split())[:LONGEST_SEARCH]


def _rows(lines: list[AuditLine]) -> Iterator[tuple[str, ...]]:
    yield _HEAD
    for line in lines:
        told = changes(line)
        yield (
            f"{line.at:%Y-%m-%d %H:%M:%S}",
            line.actor or "",
            action_words(line.action),
            line.action,
            line.label,
            line.subject,
            "; ".join(f"{one.name}: {one.before}" for one in told if one.before),
            "; ".join(f"{one.name}: {one.after}" for one in told if one.after),
        )
