"""Forgotten timers: asked about once, and stopped when nobody answers, on both databases (T11)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.entries.entries import StopReason
from bot.domain.people.people import SlackPerson
from bot.domain.preferences import Absence, TeamSettings, WorkHours
from bot.domain.tracking.forgotten import QuestionState
from bot.services.tracking.forgotten import QUESTION, UNANSWERED
from storage.members import MemberRow
from tests.builders import NOON
from tests.services.tracking.watch import EVENING, HOUR, MINUTE, MORNING, Watch


@pytest.fixture
def watch(database_url: str) -> Iterator[Watch]:
    """Give the office on a Friday morning."""
    made = Watch(database_url)
    yield made
    made.world.close()


def test_nothing_is_asked_before_the_work_day_ends(watch: Watch) -> None:
    """Planned once, then left alone: a look in between finds nothing due."""
    watch.office.start(now=MORNING)
    assert watch.looks(MORNING) == 1
    assert watch.due_at() == EVENING
    assert watch.looks(EVENING - MINUTE) == 0
    assert watch.owed() == []


def test_asked_once_at_the_end_of_the_work_day(watch: Watch) -> None:
    """However often the scheduler looks."""
    watch.office.start(now=MORNING)
    watch.asks()
    for minutes in range(0, 60, 7):
        watch.looks(EVENING + minutes * MINUTE)
    assert watch.owed() == [QUESTION]
    (question,) = watch.questions()
    assert (question.state, question.ends_at) == (QuestionState.ASKED, EVENING)


def test_two_workers_ask_one_question(watch: Watch) -> None:
    """Both found the timer due, and both tend it at the same moment."""
    watch.office.start(now=MORNING)
    watch.looks(MORNING)
    due = watch.timers.due(EVENING)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: watch.timers.tend(*due[0], EVENING), range(8)))
    assert watch.owed() == [QUESTION]


def test_a_server_that_was_away_asks_when_it_is_back(watch: Watch) -> None:
    """Nobody looked from noon to night: what was due is in the database."""
    watch.office.start(now=MORNING)
    watch.looks(MORNING)
    late = EVENING + 4 * HOUR
    watch.asks(late)
    assert watch.owed() == [QUESTION]
    watch.looks(late + HOUR)
    (entry,) = watch.office.entries()
    assert entry.ended_at == EVENING


def test_a_timer_nobody_planned_is_asked_about_all_the_same(watch: Watch) -> None:
    """Started, and the server died before it looked: saved with its cause, found by the next."""
    watch.office.start(now=MORNING)
    assert watch.looks(EVENING) == 1
    assert watch.owed() == [QUESTION]


def test_no_reminders_no_questions(watch: Watch) -> None:
    """Switched off while the timer runs, and on again."""
    watch.office.start(now=MORNING)
    watch.chooses(reminders=False)
    watch.looks(MORNING + MINUTE)
    assert watch.due_at() is None
    assert watch.looks(EVENING + 10 * HOUR) == 0
    watch.chooses(reminders=True)
    watch.looks(MORNING + 2 * MINUTE)
    assert watch.due_at() == EVENING


def test_own_work_hours_and_leave_count(watch: Watch) -> None:
    """A part-timer's day ends at noon; on leave nothing is asked."""
    watch.office.start(now=MORNING)
    watch.chooses(work=WorkHours(frozenset(range(5)), time(8), time(12)))
    watch.looks(MORNING)
    assert watch.due_at() == datetime(2026, 11, 20, 11, tzinfo=UTC)
    watch.chooses(away=(Absence(date(2026, 11, 20), date(2026, 11, 24)),))
    watch.looks(MORNING)
    assert watch.due_at() == datetime(2026, 11, 25, 8, tzinfo=UTC)


def test_the_teams_hours_count_for_timers_that_run(watch: Watch) -> None:
    """A new number of hours reaches timers that were planned before."""
    watch.office.start(now=MORNING)
    watch.looks(MORNING)
    chosen = TeamSettings(forgotten_after=2 * HOUR)
    watch.preferences.save_team(who=watch.office.admin, chosen=chosen, now=MORNING)
    watch.looks(MORNING)
    assert watch.due_at() == MORNING + 2 * HOUR


def test_who_travels_is_asked_by_the_clock_they_travel_to(watch: Watch) -> None:
    """Slack tells of a new zone: ten hours come first in New York, 18:00 in London."""
    watch.office.start(now=MORNING)
    watch.looks(MORNING)
    moved = SlackPerson(watch.ana.slack_user_id, "Ana", "ana@acme.test", "America/New_York")
    watch.members.save(watch.world.team_id, moved, NOON)
    watch.looks(NOON)
    assert watch.due_at() == MORNING + 10 * HOUR
    back = replace(moved, zone="Europe/London")
    watch.members.save_many(watch.world.team_id, [back], NOON)
    watch.looks(NOON)
    assert watch.due_at() == EVENING + HOUR


def test_an_uninstalled_team_is_left_alone(watch: Watch) -> None:
    """Its timers stay due, and nobody looks after them."""
    watch.office.start(now=MORNING)
    watch.members.uninstalled(watch.world.team_id, NOON)
    assert watch.looks(EVENING) == 0


# Unanswered


def test_unanswered_for_an_hour_it_is_stopped_and_marked(watch: Watch) -> None:
    """Its time ends where it was due; the owner is told, and history names no person."""
    watch.office.start(now=MORNING)
    question = watch.asks()
    watch.looks(EVENING + HOUR - MINUTE)
    assert watch.office.entries()[0].seconds is None
    watch.looks(EVENING + HOUR)
    watch.looks(EVENING + 2 * HOUR)
    (entry,) = watch.office.entries()
    assert (entry.ended_at, entry.stopped_because) == (EVENING, StopReason.NO_ANSWER)
    assert watch.owed() == [QUESTION, UNANSWERED]
    told = watch.timers.given_up(watch.world.team_id, question, EVENING + HOUR)
    assert told is not None
    assert told.end.seconds == (EVENING - MORNING).total_seconds()


def test_a_question_that_is_not_there_stops_nothing(watch: Watch) -> None:
    """Slack was away: the hour counts from when the question arrived."""
    watch.office.start(now=MORNING)
    question = watch.asks(delivered=False)
    watch.looks(EVENING + HOUR)
    watch.looks(EVENING + 3 * HOUR)
    assert watch.owed() == [QUESTION]
    watch.timers.delivered(watch.world.team_id, question, EVENING + 3 * HOUR)
    watch.looks(EVENING + 4 * HOUR - MINUTE)
    assert watch.office.entries()[0].seconds is None
    watch.looks(EVENING + 4 * HOUR)
    assert watch.office.entries()[0].ended_at == EVENING


def test_a_question_that_never_arrives_stops_after_a_day(watch: Watch) -> None:
    """Else the timer of somebody who cannot be reached would run for ever."""
    watch.office.start(now=MORNING)
    watch.asks(delivered=False)
    for hours in range(1, 25):
        watch.looks(EVENING + hours * HOUR)
    (entry,) = watch.office.entries()
    assert entry.ended_at == EVENING


def test_over_midnight_each_day_gets_its_part(watch: Watch) -> None:
    """Started on Friday evening, asked on Monday morning, due after ten hours: two entries."""
    late = datetime(2026, 11, 20, 19, tzinfo=UTC)
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)
    watch.office.start(now=late)
    watch.looks(late)
    assert watch.due_at() == monday
    watch.asks(monday)
    watch.looks(monday + HOUR)
    parts = [(one.work_date, one.seconds) for one in watch.office.entries()]
    assert parts == [(date(2026, 11, 20), 4 * 3600), (date(2026, 11, 21), 6 * 3600)]


def test_who_left_is_not_asked(watch: Watch) -> None:
    """Deactivated by hand, before anything stopped the timer."""
    watch.office.start(now=MORNING)
    watch.office.change(MemberRow, watch.ana.id, deactivated_at=NOON)
    watch.looks(EVENING)
    assert watch.owed() == []
    assert watch.due_at() is None


def test_a_look_asks_only_what_is_due(watch: Watch) -> None:
    """One statement, however many timers run."""
    for number in range(5):
        member = watch.world.member(f"m{number}")
        watch.world.timer(member, watch.office.website, None, MORNING)
    watch.looks(MORNING)
    assert len(watch.office.statements(lambda: watch.timers.due(NOON))) == 1
    assert watch.timers.due(NOON) == []
    assert len(watch.timers.due(EVENING)) == 5
