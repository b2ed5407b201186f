"""How people in many countries write lengths, times, days, quotes and names in a command.

The spellings stand in tables; every one is tried in each place of a command where it may stand, so
that a table of a line is a case of three or four.
"""

from collections.abc import Mapping
from datetime import time as clock
from typing import Any

import pytest

from bot.domain.clock_times import Ago, At, ClockLength, ClockRange
from bot.domain.days import CalendarDay, Coming, Day, DaysAgo, Weekday
from bot.domain.input_errors import Misuse, UsageError
from bot.domain.tasks.task_refs import KeyRef, NumberRef, QuotedName, TaskRef, UrlRef, WordsRef
from handlers.grammar import parse_track, words
from handlers.grammar import track_values as track

T12 = KeyRef("TASK-12")
M, H = 60, 3600

LENGTHS: dict[int, tuple[str, ...]] = {
    90 * M: (
        *("90m", "90min", "90 min", "90 min.", "90 minutes", "90 Minuten", "90 mn", "90mins"),
        *("1h30", "1h 30", "1h30m", "1h 30m", "1 h 30 m", "1h30min", "1 h 30 min", "1H30"),
        *("1:30", "01:30", "1:30h", "1:30 h", "1.5h", "1,5h", "1,50 h", "1.5 hours", "1,5 Std."),
        *("1,5 Stunden", "1 Std 30 Min", "1 Std. 30 Min.", "1 Stunde und 30 Minuten", "1\u00bdh"),
        *("1 \u00bd h", "1 heure 30 minutes", "1 heure et 30 minutes", "1 hour and 30 minutes"),
        *("1hr 30min", "1 hr, 30 mins", "1\u202fh\u202f30", "1\u00a0h\u00a030", "5400s"),
    ),
    45 * M: (
        *("45m", "45min", "0:45", "0h45", "0,75h", ".75h", ",75h", "\u00beh", "45 Min.", "45 mn"),
        *("2700 s", "45 minutes", "0:45h"),
    ),
    2 * H: (
        *("2h", "2 h", "2:00", "2.0h", "2,0 h", "2 hours", "2hrs", "2 hrs.", "2 Std", "2 Stunden"),
        *("2 heures", "120m", "120 min", "1h60m"),
    ),
    30 * M: ("half an hour", "half-an-hour", "Half an Hour", "eine halbe Stunde", "une demi-heure"),
    H: ("an hour", "one hour", "eine Stunde", "une heure"),
}
CLOCKS: dict[clock, tuple[str, ...]] = {
    clock(9, 30): (
        *("9:30", "09:30", "9.30", "09.30", "0930", "9:30am", "9:30 am", "9.30am", "9:30 a.m."),
        *("9h30", "09h30", "9 h 30", "9\u202fh\u202f30", "9:30 Uhr", "9.30 Uhr", "9 Uhr 30"),
        *("9:30h", "9:30 h", "9:30 AM"),
    ),
    clock(17, 30): (
        *("17:30", "17.30", "1730", "5:30pm", "5:30 pm", "5.30pm", "5:30 p.m.", "17h30"),
        *("17 h 30", "17:30 Uhr", "17 Uhr 30"),
    ),
    clock(9): ("9am", "9 am", "9:00", "9h", "9 h", "09h00", "9 Uhr", "0900", "9 a.m."),
    clock(0): ("0:00", "00:00", "midnight", "12am", "0 Uhr", "0000"),
    clock(12): ("noon", "12:00", "12pm", "12 Uhr", "12h"),
}
RANGES: dict[tuple[clock, clock], tuple[str, ...]] = {
    (clock(14), clock(15, 30)): (
        *("14:00-15:30", "14:00 - 15:30", "14:00\u201315:30", "14:00 \u2013 15:30", "14.00-15.30"),
        *("1400-1530", "14h-15h30", "14h - 15h30", "14 h - 15 h 30", "2pm-3:30pm", "2pm to 3:30pm"),
        *("2-3:30pm", "2:00-3:30 pm", "from 14:00 to 15:30", "from 2 pm until 3:30 pm"),
        *("14-15:30", "14 - 15.30", "from 14 to 15:30"),
        *("14:00 till 15:30", "14 Uhr bis 15:30 Uhr", "von 14:00 bis 15:30", "14-15:30 Uhr"),
    ),
    (clock(9), clock(11)): (
        "9-11am",
        "9am-11am",
        "9am-11",
        "from 9 am to 11",
        "9 to 11 am",
        "9-11h",
        "9:00-11:00",
        "9-11 Uhr",
    ),
    (clock(11), clock(13)): (
        "11-1pm",
        "11am-1pm",
        "11am-1",
        "11am to 1:00",
        "11:00 to 1 pm",
        "11-13h",
    ),
    (clock(22), clock(2)): ("22:00-02:00", "10pm-2am", "10pm-2", "10-2am", "22h-2h", "22:00-2"),
    (clock(23), clock(0, 30)): ("23-0:30", "23:00-0:30"),
    (clock(22), clock(0)): ("22:00-24:00", "22:00-0:00", "22h-24h", "10pm-midnight"),
}
DAYS: dict[Day, tuple[str, ...]] = {
    DaysAgo(0): ("today", "Today", "TODAY", "heute", "aujourd\u2019hui"),
    DaysAgo(1): ("yesterday", "on yesterday", "1 day ago", "a day ago", "gestern"),
    DaysAgo(2): (
        *("2 days ago", "day before yesterday", "the day before yesterday", "vorgestern"),
        "avant-hier",
    ),
    Coming(): ("tomorrow", "Tomorrow"),
    Coming(0): ("next mon", "next Monday"),
    DaysAgo(14): ("14 days ago", "2 weeks ago"),
    Weekday(0): ("mon", "Mon", "monday", "on mon", "on Monday", "Mon.", "Montag", "lundi"),
    Weekday(4): ("fri", "friday", "Fri.", "Freitag", "vendredi"),
    Weekday(0, before_today=True): ("last mon", "last monday", "Last Monday"),
    CalendarDay(11, 20): (
        *("20.11.", "20/11", "20 nov", "20 Nov", "20. Nov", "20. November", "nov 20", "Nov. 20"),
        *("November 20th", "20th november", "on 20 nov", "20th nov"),
    ),
    CalendarDay(11, 20, 2026): (
        *("2026-11-20", "2026/11/20", "2026.11.20", "20.11.2026", "20.11.26", "20/11/2026"),
        *("20-11-2026", "20 nov 2026", "20. November 2026", "nov 20, 2026", "November 20 2026"),
    ),
    CalendarDay(11, 20, weekday=4): ("fri 20 nov", "Fri, 20 Nov", "Friday 20.11.", "fri 20/11"),
    CalendarDay(11, 20, 2026, weekday=4): ("fri 2026-11-20", "Friday, 20 Nov 2026"),
}
TASKS: dict[TaskRef, tuple[str, ...]] = {
    T12: ("TASK-12", "task-12", "Task-012", "TASK\u201112", "TASK\u201312"),
    NumberRef(12): ("#12", "12", "#012"),
    UrlRef("https://a.test/i/12?x=1&y=2#n"): (
        "https://a.test/i/12?x=1&amp;y=2#n",
        "<https://a.test/i/12?x=1&amp;y=2#n>",
        "<https://a.test/i/12?x=1&amp;y=2#n|a.test>",
    ),
    QuotedName("Acme Web"): (
        *('"Acme Web"', "\u201cAcme Web\u201d", "\u201eAcme Web\u201c", "\u00abAcme Web\u00bb"),
        *("'Acme Web'", "\u2018Acme Web\u2019", "\u201aAcme Web\u2018", "\u2039Acme Web\u203a"),
    ),
    QuotedName('The "new" one'): ('"The ""new"" one"',),
}
NOTES: dict[str, tuple[str, ...]] = {
    "review": ("review", "note: review", "-- review", "\u2014 review", "\u2013 review", "- review"),
    "ask @ana in #web": ("ask <@U1|ana> in <#C1|web>", "note: ask @ana in #web"),
    "R&D <b>": ("R&amp;D &lt;b&gt;", "note: R&amp;D &lt;b&gt;"),
    "see https://a.test/x": ("see <https://a.test/x|the page>", "see https://a.test/x"),
    "@here caf\u00e9 :tada:": ("<!here> cafe\u0301 :tada:",),
    'it\'s "so" \u2026': ("it\u2019s \u201cso\u201d \u2026",),
}


def _spelled(table: Mapping[Any, tuple[str, ...]]) -> list[tuple[str, Any]]:
    return [(spelling, value) for value, spellings in table.items() for spelling in spellings]


def _same(text: str, command: track.TrackCommand) -> None:
    """The text means the command, and so does what is printed of it."""
    assert parse_track(text) == command
    assert parse_track(words(command)) == command


@pytest.mark.parametrize(("text", "seconds"), _spelled(LENGTHS))
def test_a_length(text: str, seconds: int) -> None:
    """Before the task, behind it, with a note, with a day, as a time ago."""
    _same(f"log {text} TASK-12", track.Log(T12, seconds))
    _same(f"log TASK-12 {text}", track.Log(T12, seconds))
    _same(f"log TASK-12 {text} yesterday x", track.Log(T12, seconds, DaysAgo(1), "x"))
    _same(f"log fix header {text}: x", track.Log(WordsRef("fix header"), seconds, None, "x"))
    if not text.rsplit(maxsplit=1)[
        -1
    ].isdigit():  # "-1h 30" may as well be an hour, and 30 of something
        _same(f"stop -{text}", track.Stop(Ago(seconds)))
        _same(f"start TASK-12 \u2212{text} note: x", track.Start(T12, Ago(seconds), "x"))


@pytest.mark.parametrize(("text", "time"), _spelled(CLOCKS))
def test_a_clock_time(text: str, time: clock) -> None:
    """Only behind *at*, also as the start of a length; a length of the same look stays a length."""
    _same(f"stop at {text}", track.Stop(At(time)))
    _same(f"start TASK-12 at {text}", track.Start(T12, At(time)))
    _same(f"start at {text} TASK-12 about it", track.Start(T12, At(time), "about it"))
    _same(f"start fix header AT {text}: x", track.Start(WordsRef("fix header"), At(time), "x"))
    _same(f"log 1h TASK-12 at {text} x", track.Log(T12, ClockLength(time, H), None, "x"))


@pytest.mark.parametrize(("text", "ends"), _spelled(RANGES))
def test_from_one_time_to_another(text: str, ends: tuple[clock, clock]) -> None:
    """Before the task and behind it."""
    span = ClockRange(*ends)
    _same(f"log {text} TASK-12", track.Log(T12, span))
    _same(f"log TASK-12 {text} yesterday x", track.Log(T12, span, DaysAgo(1), "x"))
    _same(f"log fix header {text}", track.Log(WordsRef("fix header"), span))


@pytest.mark.parametrize(("text", "day"), _spelled(DAYS))
def test_a_day(text: str, day: Day) -> None:
    """Before the length, between, behind; what follows is the note."""
    _same(f"log 90m TASK-12 {text}", track.Log(T12, 90 * M, day))
    _same(f"log {text} 90m TASK-12 x", track.Log(T12, 90 * M, day, "x"))
    _same(f"log 90m {text} TASK-12", track.Log(T12, 90 * M, day))
    _same(f"log 14:00-15:30 TASK-12 {text}: x", parse_track(f"log 2-3:30pm TASK-12 {text} x"))


def test_a_day_that_is_another_word_elsewhere() -> None:
    """A day as the last word, else the beginning of a note."""
    for text, day in (("hier", DaysAgo(1)), ("morgen", Coming()), ("demain", Coming())):
        assert parse_track(f"log 90m TASK-12 {text}") == track.Log(T12, 90 * M, day)
        assert parse_track(f"log 90m TASK-12 {text}: x") == track.Log(T12, 90 * M, day, "x")
        note = f"{text} war viel los"
        assert parse_track(f"log 90m TASK-12 {note}") == track.Log(T12, 90 * M, None, note)


@pytest.mark.parametrize("days", ["mon-fri", "last week", "this week", "mon to fri", "november"])
def test_several_days_are_no_note(days: str) -> None:
    """As one all of it would be on today."""
    for said in ("log 8h TASK-12", 'log 8h "Website"', "log TASK-12"):
        with pytest.raises(UsageError) as refused:
            parse_track(f"{said} {days}")
        assert refused.value.reason is Misuse.SEVERAL_DAYS
    assert parse_track(f"log 8h TASK-12: {days}") == track.Log(T12, 8 * H, None, days)


@pytest.mark.parametrize(("text", "ref"), _spelled(TASKS))
def test_a_task(text: str, ref: TaskRef) -> None:
    """With a time, a length or a note around it."""
    _same(f"start {text}", track.Start(ref))
    _same(f"switch {text} -5m x", track.Switch(ref, Ago(300), "x"))
    _same(f"log {text} 1h x", track.Log(ref, H, None, "x"))
    _same(f"done {text}", track.Done(ref))


@pytest.mark.parametrize(
    ("text", "searched", "rest"),
    [
        ("ubuntu 22.04", "start ubuntu 22.04", {}),
        ("chapter 3-4", "log chapter 3-4 1h", {"amount": H}),
        ("match 2-1", "log yesterday match 2-1 1h", {"amount": H, "day": DaysAgo(1)}),
        ("python 3-3.12", "log python 3-3.12 1h", {"amount": H}),
        ("fix 15m", "start fix 15m", {}),
    ],
)
def test_numbers_among_the_words_of_a_search(
    text: str, searched: str, rest: dict[str, Any]
) -> None:
    """A version is no time, a range of chapters none of hours, and a length is not cut off."""
    kind = track.Log if rest else track.Start
    assert parse_track(searched) == kind(WordsRef(text), **rest)


@pytest.mark.parametrize("mark", [",", ";"])
@pytest.mark.parametrize("name", ['"Acme Web"', "'Acme Web'"])
def test_a_comma_behind_a_quoted_name(name: str, mark: str) -> None:
    """It parts the name from what follows, and is not of the note."""
    ref = QuotedName("Acme Web")
    _same(f"start {name}{mark} review", track.Start(ref, None, "review"))
    _same(f"log 1h {name}{mark} yesterday{mark} x", track.Log(ref, H, DaysAgo(1), "x"))


@pytest.mark.parametrize(("text", "note"), _spelled(NOTES))
def test_a_note(text: str, note: str) -> None:
    """As it was meant, whatever Slack and a phone's keyboard made of it."""
    _same(f"start TASK-12 {text}", track.Start(T12, None, note))
    _same(f"log 1h TASK-12 {text}", track.Log(T12, H, None, note))
    _same(f"stop -5m {text}", track.Stop(Ago(300), note))


def test_a_key_behind_a_colon_behind_a_length_is_the_task() -> None:
    """Anything else there is the note, and so is a key behind a mark of a note."""
    _same("log 1h: TASK-12", track.Log(T12, H))
    _same("log 1h : TASK-12: about the menu", track.Log(T12, H, None, "about the menu"))
    _same(
        "log 14:00-15:30: TASK-12 x",
        track.Log(T12, ClockRange(clock(14), clock(15, 30)), None, "x"),
    )
    _same("start -5m: TASK-12", track.Start(T12, Ago(300)))
    _same("log 1h: about TASK-12", track.Log(None, H, None, "about TASK-12"))
    _same("log 1h note: TASK-12", track.Log(None, H, None, "TASK-12"))
    _same("log 1h - TASK-12", track.Log(None, H, None, "TASK-12"))


def test_the_tables_hold_hundreds_of_cases() -> None:
    """Each line above is tried in three to six places."""
    tables: tuple[tuple[Mapping[Any, tuple[str, ...]], int], ...]
    tables = ((LENGTHS, 6), (CLOCKS, 4), (RANGES, 3), (DAYS, 4), (TASKS, 4), (NOTES, 3))
    assert sum(len(list(_spelled(table))) * places for table, places in tables) > 700
