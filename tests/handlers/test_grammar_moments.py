"""When a timer starts or stops, as people type it; what is no such time is no note either."""

from datetime import time as clock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clock_times import Ago, At
from bot.domain.days import CalendarDay, Day, DaysAgo, Weekday
from bot.domain.input_errors import BadInput, Misuse, TimeNotUnderstood, UsageError
from bot.domain.tasks.task_refs import KeyRef, TaskRef, WordsRef
from handlers.grammar import parse_track, words
from handlers.grammar import track_values as track

T12 = KeyRef("TASK-12")
FIVE = clock(17, 30)
YESTERDAY, FRIDAY = DaysAgo(1), Weekday(4)

DATED: tuple[tuple[str, At, str], ...] = (
    *((f"{said} yesterday", At(FIVE, YESTERDAY), "") for said in ("at 17:30", "@17:30")),
    ("at 5:30 pm yesterday", At(FIVE, YESTERDAY), ""),
    ("since 17:30 yesterday", At(FIVE, YESTERDAY), ""),
    ("at 17:30 yesterday ready", At(FIVE, YESTERDAY), "ready"),
    ("at 17:30 today", At(FIVE, DaysAgo(0)), ""),
    ("yesterday at 17:30", At(FIVE, YESTERDAY), ""),
    ("yesterday at 17:30 ready", At(FIVE, YESTERDAY), "ready"),
    ("yesterday 17:30", At(FIVE, YESTERDAY), ""),
    ("fri at 17:30: ready", At(FIVE, FRIDAY), "ready"),
    ("at 17:30 on friday", At(FIVE, FRIDAY), ""),
    ("at 17:30 on friday -- ready", At(FIVE, FRIDAY), "ready"),
    ("on 20 nov at 17h30", At(FIVE, CalendarDay(11, 20)), ""),
    ("from 17:30", At(FIVE), ""),
    ("@17:30 ready", At(FIVE), "ready"),
    ("at 17:30 friday report", At(FIVE), "friday report"),
)


@pytest.mark.parametrize(("said", "when", "note"), DATED, ids=lambda given: str(given)[:40])
def test_a_time_may_have_its_day(said: str, when: At, note: str) -> None:
    """Before it or behind it; whoever stops on Monday what ran since Friday says so."""
    assert parse_track(f"stop {said}") == track.Stop(when, note)
    assert parse_track(f"stop TASK-12 {said}") == track.Stop(when, note, T12)
    assert parse_track(f"start TASK-12 {said}") == track.Start(T12, when, note)
    assert parse_track(f"switch fix header {said}") == track.Switch(
        WordsRef("fix header"), when, note
    )


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        *((rest, Misuse.AHEAD_OF_TIME) for rest in ("in 10 minutes", "+15m", "after 1h")),
        *((rest, Misuse.AHEAD_OF_TIME) for rest in ("tomorrow", "next mon")),
        *((rest, Misuse.RANGE_NOT_TIME) for rest in ("9:30-10:30", "at 9:30 to 10:30", "9-11am")),
        *((rest, Misuse.LENGTH_NOT_TIME) for rest in ("for 1h", "-30", "+30", "30", "90 min")),
        *((rest, Misuse.DAY_NOT_TIME) for rest in ("yesterday", "on friday", "20 nov")),
    ],
)
def test_what_looks_like_a_time_is_no_note(rest: str, why: Misuse) -> None:
    """As a note it would leave the timer to begin or end now, and nobody would notice."""
    for verb in ("start TASK-12", "switch TASK-12", "stop"):
        with pytest.raises(UsageError) as refused:
            parse_track(f"{verb} {rest}")
        assert refused.value.reason is why
        marked = parse_track(f"{verb} note: {rest}")
        assert isinstance(marked, track.Start | track.Switch | track.Stop)
        assert (marked.when, marked.note) == (None, rest)


def test_a_clock_that_no_day_shows_is_no_length() -> None:
    """Nobody means a day and an hour by it."""
    with pytest.raises(TimeNotUnderstood):
        parse_track("start TASK-12 25:00")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("stop now", track.Stop()),
        ("stop TASK-12 today", track.Stop(task=T12)),
        ("start TASK-12 Now", track.Start(T12)),
        ("start TASK-12 now: ready", track.Start(T12, None, "ready")),
        ("start TASK-12 now or never", track.Start(T12, None, "now or never")),
        ("start TASK-12 a minute ago", track.Start(T12, Ago(60))),
        ("start monday", track.Start(WordsRef("monday"))),
        ("start standup 9:00-9:15", track.Start(WordsRef("standup 9:00-9:15"))),
        ("start TASK-12 @ana said so", track.Start(T12, None, "@ana said so")),
        ("start TASK-12 from home", track.Start(T12, None, "from home")),
        ("stop after lunch", track.Stop(None, "after lunch")),
        ("stop friday report", track.Stop(None, "friday report")),
    ],
)
def test_words_that_only_begin_like_a_time(text: str, command: track.TrackCommand) -> None:
    """They stay what they are."""
    assert parse_track(text) == command
    assert parse_track(words(command)) == command


DAYS = st.one_of(
    st.none(),
    st.integers(0, 30).map(DaysAgo),
    st.builds(Weekday, st.integers(0, 6), st.booleans()),
    st.builds(CalendarDay, st.integers(1, 12), st.integers(1, 28), st.integers(1990, 2100)),
)
TASKS = st.sampled_from((None, T12, WordsRef("fix header"), WordsRef("monday"), WordsRef("at")))
NOTES = st.sampled_from(("", "ready", "yesterday", "fri at 9:00", "at 9:00", "now", "-15m", "to 9"))


@given(st.times(), DAYS, TASKS, NOTES)
def test_a_time_is_written_as_it_is_read(
    at: clock, day: Day | None, task: TaskRef | None, note: str
) -> None:
    """Whatever stands around it."""
    when = At(at.replace(second=0, microsecond=0), day)
    for command in (track.Start(task, when, note), track.Switch(task, when, note)):
        assert parse_track(words(command)) == command
    stop = track.Stop(when, note)
    assert parse_track(words(stop)) == stop


@given(st.text(alphabet="0123456789:-+ @atyesdnowinfmh", max_size=24))
def test_anything_around_a_time_is_read_or_refused(text: str) -> None:
    """And what was read is read the same once more."""
    for verb in ("start TASK-12", "stop"):
        try:
            command = parse_track(f"{verb} {text}")
        except BadInput:
            continue
        assert parse_track(words(command)) == command
