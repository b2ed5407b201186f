"""Forgotten timers: asked about once, and stopped when nobody answers, on both databases (T11)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.entries.entries import StopReason
from bot.domain.errors import NotYourButton
from bot.domain.ids import QuestionId
from bot.domain.input_errors import InTheFuture, TimeDoesNotExist
from bot.domain.people.people import Member, SlackPerson
from bot.domain.preferences import Absence, MemberSettings, TeamSettings, WorkHours
from bot.domain.tracking.forgotten import QuestionState
from bot.domain.tracking.forgotten_answers import QuestionAnswered
from bot.domain.tracking.tracking_errors import AlreadyStopped, StopsBeforeStart, TargetUnknown
from bot.services.members import Members
from bot.services.preferences import Preferences
from bot.services.tracking.forgotten import QUESTION, UNANSWERED, ForgottenTimers
from bot.services.tracking.forgotten_answers import ForgottenAnswers
from storage import members
from storage.entries.time_entries import TimeEntryRow
from storage.members import MemberRow
from storage.outbox import OutboxRow
from storage.tracking.timer_questions import TimerQuestionRow
from tests.builders import NOON
from tests.services.office import Office

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
MORNING = datetime(2026, 11, 20, 8, 40, tzinfo=UTC)
"""09:40 in Berlin, where Ana is; her work day ends at 17:00 UTC."""
EVENING = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


class Watch:
    """The office and whoever looks after its timers."""

    def __init__(self, database_url: str) -> None:
        self.office = Office(database_url)
        self.world = self.office.world
        self.ana = self.office.ana
        parts = (self.world.uow, self.world.new_marker())
        self.timers = ForgottenTimers(*parts)
        self.answers = ForgottenAnswers(*parts, str.capitalize)
        self.members = Members(*parts)
        self.preferences = Preferences(self.world.uow)

    def looks(self, now: datetime) -> int:
        """The scheduler looks once; how many timers were due."""
        due = self.timers.due(now)
        for one in due:
            self.timers.tend(*one, now)
        return len(due)

    def asks(self, now: datetime = EVENING, *, delivered: bool = True) -> QuestionId:
        """Plans, asks, and delivers the question."""
        self.looks(now)
        row = self.questions()[-1]
        question_id = QuestionId(row.id or 0)
        if delivered:
            self.timers.delivered(self.world.team_id, question_id, now)
        return question_id

    def questions(self) -> list[TimerQuestionRow]:
        """Every question, in order."""
        with self.world.uow.read() as tx:
            return list(
                tx.entities.scalars(select(TimerQuestionRow).order_by(col(TimerQuestionRow.id)))
            )

    def owed(self) -> list[str]:
        """Messages that were put into the outbox, by kind."""
        query = select(col(OutboxRow.kind)).order_by(col(OutboxRow.id))
        with self.world.uow.read() as tx:
            return list(tx.execute(query).scalars())

    def due_at(self) -> datetime | None:
        """When the newest entry is looked at next."""
        query = select(col(TimeEntryRow.ask_at)).order_by(col(TimeEntryRow.id).desc())
        with self.world.uow.read() as tx:
            return tx.execute(query).scalars().first()

    def chooses(self, **choices: object) -> None:
        """Ana's own settings."""
        chosen = replace(MemberSettings(), **choices)  # type: ignore[arg-type]
        self.preferences.save_own(who=self.ana, chosen=chosen)

    def now(self, who: Member) -> Member:
        """The member as they are now."""
        with self.world.uow.read() as tx:
            found = members.by_id(tx, who.team_id, who.id)
        assert found is not None
        return found


@pytest.fixture
def watch(database_url: str) -> Iterator[Watch]:
    """Give the office on a Friday morning."""
    made = Watch(database_url)
    yield made
    made.world.close()


# When


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


# Answers


def test_still_working_after_work_asks_again_in_two_hours(watch: Watch) -> None:
    """And then stops where the second question was due."""
    watch.office.start(now=MORNING)
    question = watch.asks()
    answered = EVENING + 10 * MINUTE
    kept = watch.answers.keep(who=watch.ana, question_id=question, now=answered)
    assert kept.again_at is not None
    assert kept.again_at == answered + 2 * HOUR
    assert watch.looks(EVENING + HOUR) == 0
    watch.asks(answered + 2 * HOUR)
    assert watch.owed() == [QUESTION, QUESTION]
    watch.looks(answered + 3 * HOUR)
    assert watch.office.entries()[0].ended_at == answered + 2 * HOUR


def test_an_answer_holds_whatever_is_clicked_after_it(watch: Watch) -> None:
    """A double click, and the other buttons of a message that was not yet redrawn."""
    watch.office.start(now=MORNING)
    question = watch.asks()
    watch.answers.keep(who=watch.ana, question_id=question, now=EVENING)
    for answer in (watch.answers.keep, watch.answers.stop):
        with pytest.raises(QuestionAnswered) as told:
            answer(who=watch.ana, question_id=question, now=EVENING + MINUTE)
        assert told.value.state is QuestionState.WORKING
        assert told.value.timer is not None


def test_asked_later_where_that_is_chosen(watch: Watch) -> None:
    """Snoozed, also right after *Still working*; quiet time does not keep it back."""
    watch.office.start(now=MORNING)
    question = watch.asks()
    watch.answers.keep(who=watch.ana, question_id=question, now=EVENING)
    kept = watch.answers.snooze(
        who=watch.ana, question_id=question, after=30 * MINUTE, now=EVENING + MINUTE
    )
    assert kept.again_at == EVENING + 31 * MINUTE
    watch.asks(EVENING + 31 * MINUTE)
    assert watch.owed() == [QUESTION, QUESTION]


def test_not_again_is_not_again(watch: Watch) -> None:
    """Also when its note is changed afterwards."""
    watch.office.start(now=MORNING)
    question = watch.asks()
    kept = watch.answers.snooze(who=watch.ana, question_id=question, after=None, now=EVENING)
    assert kept.again_at is None
    watch.office.tracking.note(who=watch.ana, text="night shift", now=EVENING + MINUTE)
    watch.looks(EVENING + 2 * MINUTE)
    assert watch.looks(EVENING + 30 * HOUR) == 0
    assert watch.owed() == [QUESTION]


def test_stop_now(watch: Watch) -> None:
    """Counted up to the click, with Undo; a second click says that it ended."""
    watch.office.start(now=MORNING)
    question = watch.asks()
    done = watch.answers.stop(who=watch.ana, question_id=question, now=EVENING + 5 * MINUTE)
    assert done.end.until == EVENING + 5 * MINUTE
    with pytest.raises(QuestionAnswered) as told:
        watch.answers.stop(who=watch.ana, question_id=question, now=EVENING + 6 * MINUTE)
    assert told.value.end is not None
    assert told.value.timer is None
    watch.office.undoing.undo(who=watch.ana, step=done.step, now=EVENING + 7 * MINUTE)
    assert watch.office.entries()[0].seconds is None
    watch.looks(EVENING + 8 * MINUTE)
    assert watch.due_at() == EVENING + 7 * MINUTE + 2 * HOUR


def test_stopped_earlier(watch: Watch) -> None:
    """I stopped at half past three."""
    watch.office.start(now=MORNING)
    question = watch.asks()
    wanted = watch.answers.end_wanted(who=watch.ana, question_id=question, now=EVENING)
    assert not wanted.spans_days
    assert f"{wanted.suggested:%H:%M}" == "18:00"
    done = watch.answers.stop_at(
        who=watch.ana, question_id=question, day=None, clock=time(15, 30), now=EVENING
    )
    assert done.end.until == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "error"), [(time(9, 40), StopsBeforeStart), (time(18, 1), InTheFuture)]
)
def test_a_stop_that_cannot_be(watch: Watch, clock: time, error: type[Exception]) -> None:
    """Before it began, and in the future: the question stays open."""
    watch.office.start(now=MORNING)
    question = watch.asks()
    with pytest.raises(error):
        watch.answers.stop_at(
            who=watch.ana, question_id=question, day=None, clock=clock, now=EVENING
        )
    assert watch.questions()[0].state == QuestionState.ASKED


def test_stopped_on_an_earlier_day(watch: Watch) -> None:
    """Asked on Monday about Friday evening."""
    late = datetime(2026, 11, 20, 19, tzinfo=UTC)
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)
    watch.office.start(now=late)
    question = watch.asks(monday)
    wanted = watch.answers.end_wanted(who=watch.ana, question_id=question, now=monday)
    assert wanted.spans_days
    assert wanted.suggested.date() == date(2026, 11, 21)
    done = watch.answers.stop_at(
        who=watch.ana,
        question_id=question,
        day=date(2026, 11, 20),
        clock=time(21, 15),
        now=monday,
    )
    assert done.end.seconds == 75 * 60


def test_stopped_on_the_nights_the_clocks_change(watch: Watch) -> None:
    """02:30 happened twice on 25 October: the later one; on 29 March it did not happen."""
    watch.chooses(quiet=False)
    autumn = datetime(2026, 10, 24, 20, tzinfo=UTC)
    watch.office.start(now=autumn)
    question = watch.asks(autumn + 10 * HOUR)
    done = watch.answers.stop_at(
        who=watch.ana,
        question_id=question,
        day=date(2026, 10, 25),
        clock=time(2, 30),
        now=autumn + 10 * HOUR,
    )
    assert done.end.until.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    spring = datetime(2027, 3, 27, 20, tzinfo=UTC)
    watch.office.start(now=spring)
    question = watch.asks(spring + 10 * HOUR)
    with pytest.raises(TimeDoesNotExist):
        watch.answers.stop_at(
            who=watch.ana,
            question_id=question,
            day=date(2027, 3, 28),
            clock=time(2, 30),
            now=spring + 10 * HOUR,
        )


# Meanwhile


def test_stopped_otherwise_meanwhile(watch: Watch) -> None:
    """With ``/track stop``: no hour runs on, and the old buttons say how it ended."""
    watch.office.start(now=MORNING)
    question = watch.asks()
    watch.office.tracking.stop(who=watch.ana, now=EVENING + MINUTE)
    assert watch.looks(EVENING + 2 * HOUR) == 0
    for answer in (watch.answers.keep, watch.answers.stop, watch.answers.end_wanted):
        with pytest.raises(AlreadyStopped) as told:
            answer(who=watch.ana, question_id=question, now=EVENING + 2 * MINUTE)
        assert told.value.end is not None
        assert told.value.end.until == EVENING + MINUTE


def test_another_timer_is_not_stopped_for_an_old_question(watch: Watch) -> None:
    """The question was about WEB-12; WEB-9 runs by now."""
    watch.office.start(now=MORNING)
    question = watch.asks()
    watch.office.start("WEB-9", now=EVENING + MINUTE)
    with pytest.raises(AlreadyStopped) as told:
        watch.answers.stop(who=watch.ana, question_id=question, now=EVENING + 2 * MINUTE)
    assert told.value.timer is not None
    assert told.value.timer.on.key == "WEB-9"


@pytest.mark.parametrize("act", ["note", "stop and undo"])
def test_whatever_the_owner_does_with_the_timer_is_an_answer(watch: Watch, act: str) -> None:
    """A note, or a stop that was taken back: it runs on past the hour, and is asked about later."""
    watch.office.start(now=MORNING)
    watch.asks()
    at = EVENING + 20 * MINUTE
    if act == "note":
        watch.office.tracking.note(who=watch.ana, text="nearly done", now=at)
    else:
        step = watch.office.tracking.stop(who=watch.ana, now=EVENING + 10 * MINUTE).step
        watch.office.undoing.undo(who=watch.ana, step=step, now=at)
    watch.looks(EVENING + HOUR)
    assert watch.questions()[0].state == QuestionState.OVERTAKEN
    assert watch.office.entries()[0].seconds is None
    assert watch.due_at() == at + 2 * HOUR


def test_a_question_settled_before_it_was_sent_is_not_sent(watch: Watch) -> None:
    """The outbox was slow, and the timer ended meanwhile."""
    watch.office.start(now=MORNING)
    question = watch.asks(delivered=False)
    assert watch.timers.asked(watch.world.team_id, question, EVENING) is not None
    watch.office.tracking.stop(who=watch.ana, now=EVENING + MINUTE)
    assert watch.timers.asked(watch.world.team_id, question, EVENING) is None


def test_only_the_owner_answers(watch: Watch) -> None:
    """Neither an admin nor another team, whatever id is sent."""
    watch.office.start(now=MORNING)
    question = watch.asks()
    other = watch.world.member("eve", team_id=watch.world.team())
    for who, error in ((watch.office.admin, NotYourButton), (other, TargetUnknown)):
        for answer in (watch.answers.keep, watch.answers.stop, watch.answers.end_wanted):
            with pytest.raises(error):
                answer(who=who, question_id=question, now=EVENING)
    with pytest.raises(TargetUnknown):
        watch.answers.keep(who=watch.ana, question_id=QuestionId(987), now=EVENING)


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
    looking: Callable[[], object] = lambda: watch.timers.due(NOON)  # noqa: E731 - read as a step
    assert len(watch.office.statements(looking)) == 1
    assert watch.timers.due(NOON) == []
    assert len(watch.timers.due(EVENING)) == 5
