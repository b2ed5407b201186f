"""One person's data: handed out, or erased (O4)."""

from collections.abc import Callable, Iterator
from datetime import datetime

from bot.domain.entries.entries import StopReason
from bot.domain.operating.person_data import Row, Subject
from bot.services.tracking.stopping import stop_timers
from storage import members
from storage.operating import person_data, person_names
from storage.unit_of_work import UnitOfWork


class PersonData:
    """What is kept of one person."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def find(self, whom: str, team_id: str | None = None) -> list[Subject]:
        """Whoever has this Slack user id or e-mail, once for each workspace."""
        with self._uow.read() as tx:
            return person_data.find(tx, whom.strip(), team_id)

    def number_of_entries(self, who: Subject) -> int:
        """How many time entries are theirs."""
        with self._uow.read() as tx:
            return person_data.number_of_entries(tx, who)

    def rows(self, who: Subject) -> Iterator[tuple[str, Row]]:
        """Everything of them, as table and row, names beside ids; nothing encrypted."""
        with self._uow.read() as tx:
            yield from person_names.named(tx, who.team_id, person_data.rows(tx, who))

    def erase(self, who: Subject, now: datetime, *, with_time: bool) -> None:
        """Takes away whatever names them. A running timer is stopped first.

        Args:
            who: The person.
            now: The moment.
            with_time: Their time entries are deleted as well; else hours stay, under no name.
        """
        with self._uow.begin() as tx:
            members.deactivate(tx, who.team_id, who.member_id, now)
            stop_timers(
                tx,
                who.team_id,
                because=StopReason.MEMBER_DEACTIVATED,
                now=now,
                members=[who.member_id],
                new_marker=self._new_marker,
            )
            if with_time:
                person_data.forget_time(tx, who)
            else:
                person_data.forget_notes(tx, who)
            person_data.forget_person(tx, who)
