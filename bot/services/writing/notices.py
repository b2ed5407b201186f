"""Telling people what of their time could not be written (W3)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.ids import IntegrationId, MemberId, TeamId
from bot.domain.people.people import Member
from bot.domain.writing.worklogs_shown import GivenUp, Notice, NoticePlace
from bot.services.tracking.desk import to_read
from storage import members
from storage.entries import time_entries
from storage.linking import integrations
from storage.unit_of_work import UnitOfWork
from storage.writing import worklog_again, worklog_notices, worklogs_shown

SHOWN = 5
"""Entries in a message."""

FRESH = timedelta(days=1)
"""A message older than this is left alone when more fails: nobody would notice."""


class WorklogNotices:
    """One message for each person and integration, edited as things go."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def notice(
        self, team_id: TeamId, member_id: MemberId, integration_id: IntegrationId, now: datetime
    ) -> Notice | None:
        """What the message is to say; None where there is none and none is needed."""
        with self._uow.read() as tx:
            who = members.by_id(tx, team_id, member_id)
            site = integrations.by_id(tx, team_id, integration_id)
            if who is None or not who.is_active or site is None:
                return None
            ids, total = worklog_notices.failed(tx, team_id, member_id, integration_id, most=SHOWN)
            place = worklog_notices.of(tx, team_id, member_id, integration_id)
            if not total and place is None:
                return None
            if total and place is not None and place.posted_at + FRESH < now:
                place = None
            desk = to_read(tx, who, now)
            given_up = []
            for worklog_id in ids:  # a handful
                shown = worklogs_shown.by_id(tx, team_id, worklog_id)
                found = None if shown is None else time_entries.ever(tx, team_id, shown.entry_id)
                if shown is not None and found is not None:
                    is_deleted = found.entry.deleted_at is not None
                    line, day = desk.line(found), found.entry.work_date
                    given_up.append(GivenUp(shown, line, day, is_deleted))
            return Notice(
                who.slack_user_id, integration_id, site.site_name, tuple(given_up), total, place
            )

    def posted(
        self,
        team_id: TeamId,
        member_id: MemberId,
        integration_id: IntegrationId,
        place: NoticePlace,
    ) -> None:
        """Where the message is from now on."""
        with self._uow.begin() as tx:
            worklog_notices.save(tx, team_id, member_id, integration_id, place)

    def over(self, team_id: TeamId, member_id: MemberId, integration_id: IntegrationId) -> None:
        """It says that nothing is left."""
        with self._uow.begin() as tx:
            worklog_notices.close(tx, team_id, member_id, integration_id)

    def retry(self, *, who: Member, integration_id: IntegrationId, now: datetime) -> int:
        """Tries everything of one's own that failed in an integration once more; how many."""
        with self._uow.begin() as tx:
            return worklog_again.failed_of(
                tx, who.team_id, integration_id, who.id, call=self._new_marker(), now=now
            )
