"""Words after ``/track``, and the commands they mean."""

import os
import random
from datetime import time as clock

import pytest

from bot.domain.clock_times import Ago, At, ClockLength, ClockRange
from bot.domain.days import CalendarDay, DaysAgo, Weekday
from bot.domain.input_errors import (
    BadInput,
    DayNotUnderstood,
    DurationOutOfRange,
    PeriodNotUnderstood,
    TextTooLong,
    TimeNotUnderstood,
    UnknownVerb,
    UsageError,
)
from bot.domain.periods import Around, Between, Numbered, Unit
from bot.domain.reports.reports import Group, ReportWish
from bot.domain.reports.schedules import Beat, Rhythm
from bot.domain.tasks.task_refs import KeyRef, NumberRef, QuotedName, UrlRef, WordsRef
from handlers.grammar import TRACK, available, parse_track, words
from handlers.grammar import track_values as track
from tests import fuzz_grammar

T12 = KeyRef("TASK-12")
HEADER = WordsRef("fix header")
HALF_PAST = At(clock(9, 30))
AFTERNOON = ClockRange(clock(14), clock(15, 30))
AT_TWO = ClockLength(clock(14), 3600)
WEB = QuotedName("Website")
WEBSITE = WordsRef("website")
LAST_MONTH = Around(Unit.MONTH, 1)
NOVEMBER = Numbered(Unit.MONTH, 11)
FIRST_HALF = Between(CalendarDay(11, 1), CalendarDay(11, 15))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", track.TrackHelp()),
        ("help", track.TrackHelp()),
        ("help LOG", track.TrackHelp("log")),
        ("start", track.Start()),
        ("start -15m", track.Start(None, Ago(900))),
        ("start -15m note: x", track.Start(None, Ago(900), "x")),
        ("switch note: x", track.Switch(None, None, "x")),
        ("start TASK-12", track.Start(T12)),
        ("START task-12", track.Start(T12)),
        ("begin task-12", track.Start(T12)),
        ("start TASK-12 about the menu", track.Start(T12, None, "about the menu")),
        ("start TASK-12 -15m about the menu", track.Start(T12, Ago(900), "about the menu")),
        ("start TASK-12 \u201315m x", track.Start(T12, Ago(900), "x")),
        ("start TASK-12 15 minutes ago x", track.Start(T12, Ago(900), "x")),
        ("start TASK-12 at 9.30am x", track.Start(T12, HALF_PAST, "x")),
        ("start TASK-12 at 9:30 am x", track.Start(T12, HALF_PAST, "x")),
        ("start -15m TASK-12 x", track.Start(T12, Ago(900), "x")),
        ("start TASK-12: todo: x", track.Start(T12, None, "todo: x")),
        ("start TASK-12 :tada: shipped", track.Start(T12, None, ":tada: shipped")),
        ("start TASK-12 note: -15m", track.Start(T12, None, "-15m")),
        ("start TASK-12 -- -15m", track.Start(T12, None, "-15m")),
        ("start TASK-12 \u2014 x", track.Start(T12, None, "x")),
        ("start TASK-12 at the office", track.Start(T12, None, "at the office")),
        ("start #12 x", track.Start(NumberRef(12), None, "x")),
        ("start 12 x", track.Start(NumberRef(12), None, "x")),
        ("start \u201cWebsite\u201d x", track.Start(WEB, None, "x")),
        ("start <https://a.test/1|one>: x", track.Start(UrlRef("https://a.test/1"), None, "x")),
        ("start fix header", track.Start(HEADER)),
        ("start fix header -15m about the menu", track.Start(HEADER, Ago(900), "about the menu")),
        ("start fix header at 09:30 -15m", track.Start(HEADER, HALF_PAST, "-15m")),
        ("start fix header: menu", track.Start(HEADER, None, "menu")),
        ("start fix header -- menu", track.Start(HEADER, None, "menu")),
        ("start fix header note: menu", track.Start(HEADER, None, "menu")),
        ("start on call", track.Start(WordsRef("on call"))),
        ("start it's &lt;b&gt;", track.Start(WordsRef("it's <b>"))),
        ("switch OPS-7 -5m", track.Switch(KeyRef("OPS-7"), Ago(300))),
        ("stop", track.Stop()),
        ("stop -10m ready", track.Stop(Ago(600), "ready")),
        ("stop at 9:30", track.Stop(HALF_PAST)),
        ("stop 9:30", track.Stop(HALF_PAST)),
        ("stop 9:30 call with Bo", track.Stop(None, "9:30 call with Bo")),
        ("stop task-12", track.Stop(None, "", T12)),
        ("start task 12 x", track.Start(NumberRef(12), None, "x")),
        ("start issue #12 -15m x", track.Start(NumberRef(12), Ago(900), "x")),
        ("start 9:30 task 12", track.Start(NumberRef(12), HALF_PAST)),
        ("start Ticket: 12", track.Start(WordsRef("Ticket"), None, "12")),
        ("start task force", track.Start(WordsRef("task force"))),
        ("stop task 12: ready", track.Stop(None, "ready", NumberRef(12))),
        ("log 1h for issue task-12: menu", track.Log(T12, 3600, None, "menu")),
        ("log 1h on task 12 menu", track.Log(NumberRef(12), 3600, None, "menu")),
        ("stop #12: ready", track.Stop(None, "ready", NumberRef(12))),
        ("stop TASK-12 -10m ready", track.Stop(Ago(600), "ready", T12)),
        ("stop TASK-12 is blocked", track.Stop(None, "TASK-12 is blocked")),
        ("/track stop 9:30", track.Stop(HALF_PAST)),
        ("log 1h TASK-12, review", track.Log(T12, 3600, None, "review")),
        ("log TASK-12; 1h, yesterday, review", track.Log(T12, 3600, DaysAgo(1), "review")),
        ("stop 1:30am", track.Stop(At(clock(1, 30)))),
        ("start TASK-12 9:30am", track.Start(T12, HALF_PAST)),
        ("start fix header 9:30", track.Start(HEADER, HALF_PAST)),
        ("start TASK-12 note: 9:30", track.Start(T12, None, "9:30")),
        ("start on TASK-12 about it", track.Start(T12, None, "about it")),
        ("log 1h to TASK-12", track.Log(T12, 3600)),
        ("log 1h for fix header", track.Log(HEADER, 3600)),
        ("stop ready for review", track.Stop(None, "ready for review")),
        ("note waiting: for <@U1|ana>", track.Note("waiting: for @ana")),
        ("log 1h30m TASK-12", track.Log(T12, 5400)),
        ("log TASK-12 1h30m", track.Log(T12, 5400)),
        ("log 1h 30 TASK-12", track.Log(T12, 5400)),
        ("log 1 hour and 30 minutes TASK-12 x", track.Log(T12, 5400, None, "x")),
        ("log 1h 30", track.Log(NumberRef(30), 3600)),
        ("log", track.LogTime()),
        ("log TASK-12", track.LogTime(T12)),
        ("log yesterday", track.LogTime(day=DaysAgo(1))),
        ("log TASK-12 yesterday review", track.LogTime(T12, DaysAgo(1), "review")),
        ("log 1h", track.Log(None, 3600)),
        ("log 1h30 yesterday note: x", track.Log(None, 5400, DaysAgo(1), "x")),
        ("log 1:30 TASK-12 yesterday review", track.Log(T12, 5400, DaysAgo(1), "review")),
        ("log yesterday 1,5h TASK-12 review", track.Log(T12, 5400, DaysAgo(1), "review")),
        ("log TASK-12 on mon 90m review", track.Log(T12, 5400, Weekday(0), "review")),
        ("log 90m TASK-12 20.11.: review", track.Log(T12, 5400, CalendarDay(11, 20), "review")),
        ("log 90m TASK-12 20 nov 2026", track.Log(T12, 5400, CalendarDay(11, 20, 2026))),
        ("log 90m TASK-12 note: mon", track.Log(T12, 5400, None, "mon")),
        ("log 90m TASK-12 as said yesterday", track.Log(T12, 5400, None, "as said yesterday")),
        ("log 14:00-15:30 TASK-12", track.Log(T12, AFTERNOON)),
        ("log 14:00 \u2013 15:30 TASK-12 x", track.Log(T12, AFTERNOON, None, "x")),
        ("log 2pm to 3:30pm TASK-12", track.Log(T12, AFTERNOON)),
        ("log 1h TASK-12 at 14:00", track.Log(T12, AT_TWO)),
        ("log 1h at 2pm TASK-12 yesterday x", track.Log(T12, AT_TWO, DaysAgo(1), "x")),
        ("log yesterday at 14 Uhr TASK-12 1h: x", track.Log(T12, AT_TWO, DaysAgo(1), "x")),
        ("log 1h fix header at 14:00 x", track.Log(HEADER, AT_TWO, None, "x")),
        ("log TASK-12 at 14:00-15:30 x", track.Log(T12, AFTERNOON, None, "x")),
        ("log TASK-12 at 2pm to 3:30pm", track.Log(T12, AFTERNOON)),
        ("log 1h TASK-12 at Acme", track.Log(T12, 3600, None, "at Acme")),
        ("log 1h TASK-12 meeting at Acme", track.Log(T12, 3600, None, "meeting at Acme")),
        ("log 1h TASK-12 meeting at 14:00", track.Log(T12, 3600, None, "meeting at 14:00")),
        ("log 1h TASK-12 note: at 14:00", track.Log(T12, 3600, None, "at 14:00")),
        ("log 1h meeting at Acme", track.Log(WordsRef("meeting at Acme"), 3600)),
        ("log 14:00-15:30 TASK-12 at 16:00", track.Log(T12, AFTERNOON, None, "at 16:00")),
        ("log 90m fix header", track.Log(HEADER, 5400)),
        ("log 90m on fix header", track.Log(HEADER, 5400)),
        ("log fix header 90m yesterday x", track.Log(HEADER, 5400, DaysAgo(1), "x")),
        ("log 90m fix header yesterday x", track.Log(HEADER, 5400, DaysAgo(1), "x")),
        ("resume", track.Resume()),
        ("resume TASK-12 -5m", track.Start(T12, Ago(300))),
        ("note", track.Note("")),
        ("status", track.Status()),
        ("status team", track.TeamStatus()),
        ("status of the Team", track.TeamStatus()),
        ("status everybody", track.TeamStatus()),
        ("cancel", track.Cancel()),
        ("today", track.Today()),
        ("today yesterday", track.Today(DaysAgo(1))),
        ("day mon", track.Today(Weekday(0))),
        ("today on 20 nov 2026", track.Today(CalendarDay(11, 20, 2026))),
        ("week", track.Week()),
        ("yesterday", track.Today(DaysAgo(1))),
        ("last week", track.Week(Around(Unit.WEEK, 1))),
        ("last month", track.Report(ReportWish(LAST_MONTH))),
        ("week last", track.Week(Around(Unit.WEEK, 1))),
        ("week last week", track.Week(Around(Unit.WEEK, 1))),
        ("week 2026-W45", track.Week(Numbered(Unit.WEEK, 45, 2026))),
        ("week w5", track.Week(Numbered(Unit.WEEK, 5))),
        ("week 20.11.", track.Week(CalendarDay(11, 20))),
        ("undo", track.Undo()),
        ("settings", track.TrackSettings()),
        ("unlock", track.UnlockTime()),
        ("token", track.Tokens()),
        ("tokens", track.Tokens()),
        ("submit", track.SubmitWeek()),
        ("submit last week", track.SubmitWeek(Around(Unit.WEEK, 1))),
        ("week submit", track.SubmitWeek()),
        ("week submit last", track.SubmitWeek(Around(Unit.WEEK, 1))),
        ("week last week Submit", track.SubmitWeek(Around(Unit.WEEK, 1))),
        ("week approve", track.Approvals()),
        ("approvals", track.Approvals()),
        ("report", track.Report()),
        ("report last month", track.Report(ReportWish(LAST_MONTH))),
        ("report last month by task", track.Report(ReportWish(LAST_MONTH, Group.TASK))),
        ("report by days", track.Report(ReportWish(group=Group.DAY))),
        ("report per tag", track.Report(ReportWish(group=Group.LABEL))),
        ("report csv", track.Report(ReportWish(as_csv=True))),
        ("report last month as CSV", track.Report(ReportWish(LAST_MONTH, as_csv=True))),
        ("report csv website nov", track.Report(ReportWish(NOVEMBER, None, WEBSITE, as_csv=True))),
        ("report schedule", track.Schedules()),
        ("report schedules", track.Schedules()),
        ("schedule", track.Schedules()),
        (
            "report schedule last week team by project every mon at 09:00",
            track.ScheduleReport(
                ReportWish(Around(Unit.WEEK, 1), Group.PROJECT, for_team=True),
                Rhythm(Beat.WEEK, 0, clock(9)),
            ),
        ),
        (
            "report schedule team every day at 5:30 pm to <#C0123ABCD|general>",
            track.ScheduleReport(
                ReportWish(for_team=True), Rhythm(Beat.DAY, 0, clock(17, 30)), "#C0123ABCD"
            ),
        ),
        (
            "schedule last week every mon <#C0OPS|ops>",
            track.ScheduleReport(ReportWish(Around(Unit.WEEK, 1)), Rhythm(Beat.WEEK, 0), "#C0OPS"),
        ),
        (
            "report schedule monthly on the last day chart to <@U9|bo>",
            track.ScheduleReport(ReportWish(as_chart=True), Rhythm(Beat.MONTH, 31), "@U9"),
        ),
        (
            'report schedule "every day" weekly on fri to here',
            track.ScheduleReport(
                ReportWish(about=QuotedName("every day")), Rhythm(Beat.WEEK, 4), "here"
            ),
        ),
        ('report "schedule"', track.Report(ReportWish(about=QuotedName("schedule")))),
        ("report as a chart", track.Report(ReportWish(as_chart=True))),
        ("report chart nov", track.Report(ReportWish(NOVEMBER, as_chart=True))),
        ('report "csv"', track.Report(ReportWish(about=QuotedName("csv")))),
        ("report website", track.Report(ReportWish(about=WordsRef("website")))),
        ("report for acme web", track.Report(ReportWish(about=WordsRef("acme web")))),
        ('report "Website" nov', track.Report(ReportWish(NOVEMBER, about=WEB))),
        ("report nov on “Website”", track.Report(ReportWish(NOVEMBER, about=WEB))),
        ("report TASK-12", track.Report(ReportWish(about=T12))),
        ("report for last month", track.Report(ReportWish(LAST_MONTH))),
        ("report in november by project", track.Report(ReportWish(NOVEMBER, Group.PROJECT))),
        ("report website last month", track.Report(ReportWish(LAST_MONTH, about=WEBSITE))),
        ("report last month for website", track.Report(ReportWish(LAST_MONTH, about=WEBSITE))),
        ("report 1-15 nov by day", track.Report(ReportWish(FIRST_HALF, Group.DAY))),
        ("report from 1 nov to 15 nov", track.Report(ReportWish(FIRST_HALF))),
        ("report team", track.Report(ReportWish(for_team=True))),
        (
            "report last month for team by person",
            track.Report(ReportWish(LAST_MONTH, Group.PERSON, for_team=True)),
        ),
        ('report "Team"', track.Report(ReportWish(about=QuotedName("Team")))),
        ("report website team", track.Report(ReportWish(about=WordsRef("website team")))),
        ("report <@U1|ana> nov", track.Report(ReportWish(NOVEMBER, person="U1"))),
        ("report @bo", track.Report(ReportWish(person="bo"))),
        (
            'report everyone client "Acme Corp" billable website as xlsx',
            track.Report(
                ReportWish(
                    about=WEBSITE,
                    for_team=True,
                    client="Acme Corp",
                    billable=True,
                    as_xlsx=True,
                )
            ),
        ),
        (
            "report label urgent non-billable by client",
            track.Report(ReportWish(group=Group.CLIENT, label="urgent", billable=False)),
        ),
        ("tasks", track.Tasks()),
        ("tasks header", track.Tasks("header")),
        ("edit", track.Edit()),
        ("done", track.Done()),
        ("done task-12", track.Done(T12)),
        ("done fix header", track.Done(HEADER)),
        ("connect jira", track.ConnectAccount("jira")),
        ("connect \u201cAcme board\u201d", track.ConnectAccount("Acme board")),
    ],
)
def test_words_after_track_mean_one_command(text: str, command: track.TrackCommand) -> None:
    """Words after track mean one command."""
    assert parse_track(text) == command
    assert parse_track(words(command)) == command


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        *(
            (text, UsageError)
            for text in ("start A1-2 15m", "start 15m", "switch A1-2 1:30", "stop 10m", "stop 5")
        ),
        *((text, DayNotUnderstood) for text in ("log 1h A1-2 30 feb", "log 1h A1-2 nov 31")),
        *((text, UsageError) for text in ("log 9-5 A1-2", "log A1-2 9-17")),
        *((text, UsageError) for text in ("log 9-5:30 A1-2", "log 11:30-1 A1-2")),
        ("log 12-1:30 A1-2", UsageError),
        *((text, UsageError) for text in ("log 90 A1-2", "log 1.5 A1-2", "log 1,5", "log 12")),
        *((text, UsageError) for text in ("log fix header", "log at 14:00", "log note: x")),
        *((text, UsageError) for text in ("log 3 people", 'start "Web', 'start "" x')),
        *((text, UsageError) for text in ("log TASK-12 at 14:00", "log A1-2 at 9:00 9:00-10:00")),
        *((text, UsageError) for text in ("cancel TASK-12", "done TASK-12 now", "week 99")),
        *((text, DayNotUnderstood) for text in ("today x", "today 32 nov")),
        *(
            (text, UsageError)
            for text in ("report by height", "report client", 'report "a" "b"', 'report "a" b')
        ),
        *((text, PeriodNotUnderstood) for text in ("report 2026-W60", "report by day 2026-13")),
        *((text, PeriodNotUnderstood) for text in ("report 31 nov", "report team last 5000 days")),
        *(
            (text, DurationOutOfRange)
            for text in ("start TASK-1 -25h", "stop -0m", "log 0m TASK-1")
        ),
        *((text, DurationOutOfRange) for text in ("log -1h TASK-1", "log 25h TASK-1")),
        *(
            (text, TimeNotUnderstood)
            for text in ("stop at 17", "stop at 25:00", "start A1-2 at 5 x", "log 1h A1-2 at 14")
        ),
        *((text, DayNotUnderstood) for text in ("log 1h TASK-1 31.02.", "log 1h TASK-1 11/20")),
        *((text, UnknownVerb) for text in ("strat TASK-1", "TASK-12", "help nothing", "\u0301")),
        ("note " + "x" * 4000, TextTooLong),
    ],
)
def test_what_track_cannot_mean_is_refused(text: str, refusal: type[BadInput]) -> None:
    """What track cannot mean is refused."""
    with pytest.raises(refusal):
        parse_track(text)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("strat x", "start"),
        ("stpo", "stop"),
        ("TASK-12", "start"),
        ("swich", "switch"),
        ("lgo 1h TASK-12", "log"),
        ("se", "settings"),
        ("delete TASK-12", "edit"),
        ("remove", "edit"),
        ("find header", "tasks"),
        ("timesheet", "week"),
        ("who", "report"),
    ],
)
def test_a_typo_names_the_nearest_verb_first(text: str, first: str) -> None:
    """A typo names the nearest verb first."""
    with pytest.raises(UnknownVerb) as refused:
        parse_track(text)
    assert refused.value.nearest[0] == first


def test_a_verb_not_on_offer_is_neither_understood_nor_suggested() -> None:
    """A verb not on offer is neither understood nor suggested."""
    few = available(TRACK, {"stop", "start"})
    assert [verb.name for verb in few] == ["start", "stop"]
    with pytest.raises(UnknownVerb) as refused:
        parse_track("status", few)
    assert "status" not in refused.value.nearest
    with pytest.raises(UnknownVerb):
        parse_track("yesterday", few)


@pytest.mark.parametrize("piece", ["a ", '"', "'a", "1h ", "at 9:3 ", ": ", "'a' ", '""', "-15m "])
def test_a_long_command_is_read_to_its_end(piece: str) -> None:
    """Nothing in it sends the reader round in circles."""
    for verb in ("start", "log", "stop"):
        try:
            parse_track((f"{verb} " + piece * 4000)[:4000])
        except BadInput:
            continue


def test_random_words_are_understood_or_refused_and_never_break() -> None:
    """Random words are understood or refused and never break."""
    seed = random.SystemRandom().randrange(10**9) if "HOURLINK_EXAMPLES" in os.environ else 1
    fuzz_grammar.check(20_000, seed)


def test_words_of_a_report_that_something_stood_between_are_read_together() -> None:
    """Else the report that is shown, typed as it stands, is another one."""
    parted = parse_track("report website 20 as excel days")
    assert parted == parse_track("report website 20 days as excel")
    assert isinstance(parted, track.Report)
    assert parted.wish.period is not None
