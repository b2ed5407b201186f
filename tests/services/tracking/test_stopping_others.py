"""Stopping somebody's timer for them, on both databases."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.domain.approval.closing_months import ReasonMissing
from bot.domain.entries.editing_errors import NotYourEntry
from bot.domain.ids import TimeEntryId
from bot.domain.input_errors import InTheFuture, TextTooLong
from bot.domain.linking.write_back import WriteMode
from bot.domain.operating.audit import AuditQuery
from bot.domain.people.people import Member
from bot.domain.tracking.team_timers import (
    LONGEST_REASON,
    StoppedForSomebody,
    TheirTimerEnded,
)
from bot.domain.tracking.tracking_errors import StopsBeforeStart, TargetUnknown
from bot.services.operating.auditing import Auditing
from bot.views.tracking import team_timers
from storage.linking.integrations import IntegrationRow
from storage.sql import table
from storage.writing.worklogs import WorklogRow
from tests.builders import NOON
from tests.services.tracking.team_office import HOUR, TeamOffice


@pytest.fixture
def office(database_url: str) -> Iterator[TeamOffice]:
    """Three people whose timers run."""
    made = TeamOffice(database_url)
    yield made
    made.world.close()


def stop(
    office: TeamOffice,
    who: Member,
    entry_id: TimeEntryId,
    *,
    now: datetime = NOON,
    day: date | None = None,
    clock: time | None = None,
    reason: str = "the call was moved",
) -> StoppedForSomebody:
    """Sends the form."""
    return office.others.stop(
        who=who, entry_id=entry_id, day=day, clock=clock, reason=reason, now=now
    )


def test_a_manager_stops_and_keeps_it(office: TeamOffice) -> None:
    """The time is written back as after any stop; history and audit log say who and why."""
    office.change(
        IntegrationRow, office.board, write_mode=WriteMode.ON, sealed_credentials="sealed"
    )
    done = stop(office, office.max, office.bos)
    assert (done.person, done.end.seconds, f"{done.end.until:%H:%M}") == ("Bo", 3 * 3600, "13:00")
    (kept,) = office.entries(office.bo)
    assert (kept.seconds, kept.ended_at, kept.stopped_because) == (3 * 3600, NOON, None)
    row = table(WorklogRow).c
    with office.world.uow.read() as tx:
        owing = tx.execute(select(row.time_entry_id).where(row.time_entry_id == kept.id)).all()
    assert len(owing) == 1
    (line, *_) = office.past.of(who=office.bo, entry_id=office.bos, page=0, now=NOON).lines
    assert (line.who, line.action.value, line.reason) == ("Max", "stopped", "the call was moved")
    log = Auditing(office.world.uow, office.world.new_marker())
    (audited,) = log.page(office.admin, AuditQuery()).lines
    assert (audited.actor, audited.action, audited.label) == ("Max", "timer.stop", "Bo")
    assert audited.before == {
        "timer": "WEB-9 Footer links",
        "project": "Website",
        "since": "2026-11-20 09:00 UTC",
    }
    assert audited.after == {"until": "2026-11-20 12:00 UTC", "reason": "the call was moved"}


def test_the_owner_is_told_once_on_their_clock(office: TeamOffice) -> None:
    """Who, when and why; and whether they may still change it."""
    stop(office, office.max, office.bos)
    found = office.tells()
    assert found is not None
    assert (found.to, found.who, found.reason) == (
        office.bo.slack_user_id,
        "Max",
        "the call was moved",
    )
    assert (f"{found.end.until:%H:%M}", found.end.seconds, found.may_edit) == (
        "07:00",
        3 * 3600,
        True,
    )


def test_at_a_time_on_the_clock_of_who_asks(office: TeamOffice) -> None:
    """Not before the start, and not still to come."""
    with pytest.raises(StopsBeforeStart):
        stop(office, office.max, office.bos, clock=time(10))
    with pytest.raises(InTheFuture):
        stop(office, office.max, office.bos, clock=time(13, 30))
    assert not office.owes()
    done = stop(office, office.max, office.bos, clock=time(12, 15))
    assert f"{done.end.until:%H:%M}" == "12:15"
    assert office.entries(office.bo)[0].seconds == 2 * 3600 + 900


def test_on_the_day_before_where_it_ran_over_midnight(office: TeamOffice) -> None:
    """Two days of who asks, and one of Bo's, whose midnight comes six hours later."""
    tomorrow = NOON + timedelta(hours=15)  # 04:00 in Berlin, 22:00 in New York
    wanted = office.others.wanted(who=office.max, entry_id=office.bos, now=tomorrow)
    assert (wanted.spans_days, wanted.zone, wanted.person) == (True, "Europe/Berlin", "Bo")
    done = stop(
        office, office.max, office.bos, now=tomorrow, day=date(2026, 11, 20), clock=time(23)
    )
    assert done.end.seconds == 13 * 3600
    assert len(office.entries(office.bo)) == 1


def test_a_reason_is_needed_and_short(office: TeamOffice) -> None:
    """Nothing is changed without."""
    with pytest.raises(ReasonMissing):
        stop(office, office.max, office.bos, reason="")
    with pytest.raises(TextTooLong):
        stop(office, office.max, office.bos, reason="x" * (LONGEST_REASON + 1))
    assert office.entries(office.bo)[0].seconds is None


def test_only_who_manages_it(office: TeamOffice) -> None:
    """Asked when it arrives: whatever the button showed, and also for the form."""
    for who, entry_id in ((office.ana, office.bos), (office.max, office.cys)):
        with pytest.raises(NotYourEntry):
            office.others.wanted(who=who, entry_id=entry_id, now=NOON)
        with pytest.raises(NotYourEntry):
            stop(office, who, entry_id)
    office.others.wanted(who=office.max, entry_id=office.bos, now=NOON)
    office.manages(office.max, office.website, is_manager=False)
    with pytest.raises(NotYourEntry):
        stop(office, office.max, office.bos)
    eve = office.world.member("eve", admin=True, team_id=office.world.team())
    with pytest.raises(TargetUnknown):
        stop(office, eve, office.bos)
    assert len(office.shows(office.admin).timers) == 3
    assert not office.owes()


def test_a_second_click_changes_nothing(office: TeamOffice) -> None:
    """And says when it ended; the owner is told once."""
    stop(office, office.max, office.bos)
    with pytest.raises(TheirTimerEnded) as refused:
        stop(office, office.admin, office.bos, now=NOON + HOUR)
    end = refused.value.end
    assert end is not None
    assert (refused.value.person, f"{end.until:%H:%M}", refused.value.timer) == (
        "Bo",
        "13:00",
        None,
    )
    assert len(office.owes()) == 1


def test_a_switch_meanwhile_is_never_stopped(office: TeamOffice) -> None:
    """What runs now is told to who may see it, and runs on."""
    office.start("WEB-12", NOON - HOUR, office.bo)
    with pytest.raises(TheirTimerEnded) as refused:
        stop(office, office.max, office.bos)
    timer = refused.value.timer
    assert timer is not None
    assert (timer.on.key, f"{timer.since:%H:%M}") == ("WEB-12", "12:00")
    assert office.entries(office.bo)[-1].seconds is None


def test_a_switch_to_where_one_may_not_look_is_not_told(office: TeamOffice) -> None:
    """Max manages Website alone."""
    office.tracking.stop(who=office.bo, now=NOON - HOUR)
    office.world.timer(office.bo, office.ops, None, NOON - HOUR)
    with pytest.raises(TheirTimerEnded) as refused:
        stop(office, office.max, office.bos)
    assert refused.value.timer is None


def test_a_timer_that_was_thrown_away_has_no_end(office: TeamOffice) -> None:
    """It is not told as time that was kept."""
    office.tracking.cancel(who=office.bo, now=NOON - HOUR)
    with pytest.raises(TheirTimerEnded) as refused:
        stop(office, office.max, office.bos)
    assert (refused.value.end, refused.value.on.key) == (None, "WEB-9")


def test_it_can_be_taken_back_by_who_still_may(office: TeamOffice) -> None:
    """The timer runs again, and the message that was not sent yet is left unsaid."""
    done = stop(office, office.max, office.bos)
    office.manages(office.max, office.website, is_manager=False)
    with pytest.raises(NotYourEntry):
        office.undoing.undo(who=office.max, step=done.step, now=NOON)
    office.manages(office.max, office.website)
    office.undoing.undo_last(who=office.max, now=NOON)
    assert office.entries(office.bo)[0].seconds is None
    assert office.tells() is None


def test_nobody_is_told_of_what_left_nothing(office: TeamOffice) -> None:
    """A timer that began in that second; and who stopped it is not told otherwise."""
    assert stop(office, office.max, office.bos).is_told
    fresh = office.world.timer(office.bo, office.website, office.web9, NOON)
    done = stop(office, office.max, fresh)
    assert (done.end.seconds, done.is_told, len(office.owes())) == (0, False, 1)
    assert "told" not in team_timers.stopped(done).text


def test_ones_own_timer_needs_no_message(office: TeamOffice) -> None:
    """Nor a line in the audit log."""
    stop(office, office.ana, office.anas)
    assert not office.owes()
    log = Auditing(office.world.uow, office.world.new_marker())
    assert not log.page(office.admin, AuditQuery()).lines


def test_stopping_takes_as_many_questions_however_many_run(office: TeamOffice) -> None:
    """Nobody else's timer is looked at."""
    few = len(office.statements(lambda: stop(office, office.max, office.bos)))
    for number in range(30):
        who = office.world.member(f"p{number}")
        office.world.timer(who, office.website, office.web12, NOON - HOUR)
    many = len(office.statements(lambda: stop(office, office.max, office.anas)))
    assert many == few <= 16
