"""Answers about a forgotten timer, and what settles the question without one (T11)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.errors import NotYourButton
from bot.domain.ids import QuestionId
from bot.domain.input_errors import InTheFuture, TimeDoesNotExist
from bot.domain.tracking.forgotten import QuestionState
from bot.domain.tracking.forgotten_answers import QuestionAnswered
from bot.domain.tracking.tracking_errors import AlreadyStopped, StopsBeforeStart, TargetUnknown
from bot.services.tracking.forgotten import QUESTION
from tests.services.tracking.watch import EVENING, HOUR, MINUTE, MORNING, Watch


@pytest.fixture
def watch(database_url: str) -> Iterator[Watch]:
    """Give the office on a Friday morning."""
    made = Watch(database_url)
    yield made
    made.world.close()


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
