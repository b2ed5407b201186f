"""A member's own entries as a file: every one once, and nothing that a spreadsheet would run."""

import csv
import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from bot.domain.entries.editing import Edit
from bot.domain.entries.entry_files import EntryFile
from bot.domain.errors import Vanished
from bot.domain.ids import TimeEntryId
from bot.domain.people.people import Member
from bot.domain.periods import Period, Unit, period_around
from bot.domain.reports.reports import Group, Narrowed, ReportChoice
from bot.services.entries.editing import Entries
from bot.services.entries.files import ENTRY_FILE, EntryFiles
from bot.services.reports.own import Reports
from storage import outbox
from storage.entries.time_entries import TimeEntryRow
from storage.members import MemberRow
from storage.projects.projects import ProjectRow
from storage.sql import table
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.services.office import Office

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
NOVEMBER = period_around(date(2026, 11, 1), Unit.MONTH)


def made(
    office: Office,
    period: Period = NOVEMBER,
    about: Narrowed | None = None,
    now: datetime = NOON,
    who: Member | None = None,
) -> EntryFile:
    """Ana's file."""
    files = EntryFiles(office.world.uow)
    member = who or office.ana
    steps = files.making(member.team_id, member.id, period, about or Narrowed(), now)
    *_, whole = steps
    return whole


def rows(file: EntryFile) -> list[dict[str, str]]:
    """What a spreadsheet shows."""
    return list(csv.DictReader(io.StringIO(bytes(file.content).decode("utf-8-sig"), newline="")))


def tracked(office: Office, start: datetime, seconds: int = 3600, note: str = "") -> TimeEntryId:
    """A span on WEB-12."""
    end = start + timedelta(seconds=seconds)
    entry = office.world.entry(office.ana, office.website, office.web12, start, end)
    if note:
        office.change(TimeEntryRow, entry, note=note)
    return entry


def test_a_row_says_everything_about_an_entry(office: Office) -> None:
    """Its day, clock times in the member's zone, what it is on, and its length three ways."""
    tracked(office, datetime(2026, 11, 3, 9, 0, 30, tzinfo=BERLIN), 5400, 'about, the "menu"\nb')
    office.world.length(office.ana, office.website, None, NOON - DAY, 90)
    file = made(office)
    span, length = rows(file)
    assert span == {
        "date": "2026-11-03",
        "start": "2026-11-03 09:00:30",
        "end": "2026-11-03 10:30:30",
        "zone": "Europe/Berlin",
        "project": "Website",
        "task": "WEB-12",
        "title": "Fix the header",
        "note": 'about, the "menu"\nb',
        "seconds": "5400",
        "hours": "1.5000",
        "h:mm": "1:30",
        "written to": "",
        "remark": "",
    }
    assert (length["start"], length["end"], length["task"], length["title"]) == ("", "", "", "")
    assert (length["date"], length["seconds"], length["hours"]) == ("2026-11-19", "90", "0.0250")
    assert length["h:mm"] == "0:01"
    assert (file.rows, file.seconds, file.to) == (2, 5490, office.ana.slack_user_id)
    assert bytes(file.content).startswith(b"\xef\xbb\xbfdate,start,end,")


def test_nothing_in_it_is_run(office: Office) -> None:
    """A project, a title and a note may begin like a formula."""
    office.change(ProjectRow, office.website, name="=HYPERLINK(evil)")
    office.change(TaskRow, office.web12, title="+cmd|calc", key="@SUM(A1)")
    tracked(office, NOON - 2 * HOUR, note="-1+1")
    (row,) = rows(made(office))
    assert [row[name] for name in ("project", "task", "title", "note")] == [
        *("'=HYPERLINK(evil)", "'@SUM(A1)", "'+cmd|calc", "'-1+1")
    ]


def test_every_entry_is_there_once(office: Office) -> None:
    """Split at midnight, edited, deleted; before and after the period; never somebody else's."""
    bo = office.world.member("bo")
    office.world.length(bo, office.website, None, NOON, 3600)
    tracked(office, datetime(2026, 10, 31, 12, tzinfo=BERLIN))
    tracked(office, datetime(2026, 12, 1, 0, tzinfo=BERLIN))
    kept = tracked(office, datetime(2026, 11, 2, 9, tzinfo=BERLIN))
    gone = tracked(office, datetime(2026, 11, 2, 14, tzinfo=BERLIN))
    office.start(now=datetime(2026, 11, 4, 22, 30, tzinfo=BERLIN))
    office.tracking.stop(who=office.ana, now=datetime(2026, 11, 5, 0, 45, tzinfo=BERLIN))
    changing = Entries(office.world.uow, office.world.new_marker(), str.capitalize)
    form = changing.form(who=office.ana, entry_id=kept, now=NOON)
    assert form.start is not None
    edit = Edit("moved", form.day, None, form.start.time(), (form.start + 2 * HOUR).time())
    changing.save(who=office.ana, entry_id=kept, version=form.version, edit=edit, now=NOON)
    changing.delete(who=office.ana, entry_id=gone, now=NOON)
    told = [
        (row["date"], row["start"][11:16], row["end"], row["seconds"], row["note"], row["remark"])
        for row in rows(made(office))
    ]
    assert told == [
        ("2026-11-02", "09:00", "2026-11-02 11:00:00", "7200", "moved", ""),
        ("2026-11-04", "22:30", "2026-11-05 00:00:00", "5400", "", ""),
        ("2026-11-05", "00:00", "2026-11-05 00:45:00", "2700", "", "goes on from the day before"),
    ]


def test_a_timer_that_runs_is_marked_and_counted_up_to_now(office: Office) -> None:
    """On each day that it touches, as the report counts it; not where the file is about another."""
    began = datetime(2026, 11, 15, 22, tzinfo=BERLIN)
    office.start(now=began)
    now = began + 5 * HOUR
    tracked(office, datetime(2026, 11, 15, 9, tzinfo=BERLIN))
    told = [
        (row["date"], row["end"], row["seconds"], row["remark"])
        for row in rows(made(office, now=now))
    ]
    assert told == [
        ("2026-11-15", "2026-11-15 10:00:00", "3600", ""),
        ("2026-11-15", "2026-11-16 00:00:00", "7200", "running"),
        ("2026-11-16", "", "10800", "running, goes on from the day before"),
    ]
    monday = Period(date(2026, 11, 16), date(2026, 11, 17), Unit.DAY)
    assert [row["seconds"] for row in rows(made(office, monday, now=now))] == ["10800"]
    other = made(office, NOVEMBER, Narrowed(tasks=(office.web9,)), now)
    assert (other.rows, other.has_timer, other.about) == (0, False, ("WEB-9 Footer links",))


def test_what_hourlink_stopped_is_marked(office: Office) -> None:
    """So that whoever reads the file knows that nobody pressed a button there."""
    entry = tracked(office, NOON - 2 * HOUR)
    office.change(TimeEntryRow, entry, stopped_because="no_answer")
    assert rows(made(office))[0]["remark"] == "stopped by Hourlink"


@pytest.mark.parametrize("clocks", ["2026-10-25", "2026-03-29"])
def test_the_nights_the_clocks_change(office: Office, clocks: str) -> None:
    """The length is what passed, whatever the clock on the wall shows."""
    began = datetime.fromisoformat(f"{clocks}T00:00").replace(tzinfo=BERLIN)
    office.start(now=began)
    office.tracking.stop(who=office.ana, now=began.astimezone(ZoneInfo("UTC")) + 3 * HOUR)
    (row,) = rows(made(office, period_around(began.date(), Unit.DAY)))
    ends = {"2026-10-25": "02:00", "2026-03-29": "04:00"}
    assert (row["seconds"], row["end"][11:16]) == ("10800", ends[clocks])


def test_it_is_told_in_the_zone_of_today(office: Office) -> None:
    """Who moved reads the clock they have now; the day stays the day it was tracked on."""
    tracked(office, datetime(2026, 11, 3, 1, tzinfo=BERLIN))
    office.change(MemberRow, office.ana.id, zone="America/New_York")
    (row,) = rows(made(office))
    assert (row["date"], row["start"], row["zone"]) == (
        *("2026-11-03", "2026-11-02 19:00:00", "America/New_York"),
    )


def test_it_adds_up_to_the_report(office: Office) -> None:
    """Narrowed to a project too, with the timer."""
    other = office.world.project("Office", "OFF")
    office.world.length(office.ana, other, None, NOON, 7 * 3600)
    tracked(office, NOON - DAY, 1234)
    office.start(now=NOON - HOUR)
    reports = Reports(office.world.uow)
    for about in (
        Narrowed(),
        Narrowed(projects=(office.website,)),
        Narrowed(tasks=(office.web12,)),
    ):
        choice = ReportChoice(NOVEMBER, Group.TASK, about)
        told = reports.chosen(who=office.ana, now=NOON, choice=choice)
        file = made(office, NOVEMBER, about)
        assert file.seconds == told.total == sum(int(row["seconds"]) for row in rows(file))


def test_a_stop_while_it_is_made_changes_nothing_in_it(office: Office) -> None:
    """A timer is there as running or as an entry, never as both, never as neither."""
    office.start(now=NOON - HOUR)
    tracked(office, NOON - DAY)
    files = EntryFiles(office.world.uow)
    steps = files.making(office.world.team_id, office.ana.id, NOVEMBER, Narrowed(), NOON)
    file = next(steps)
    office.tracking.stop(who=office.ana, now=NOON)
    for further in steps:
        assert further is file
    assert [row["remark"] for row in rows(file)] == ["", "running"]


def test_a_second_click_brings_no_second_file(office: Office) -> None:
    """While the first is on its way, or has only just come; another period is another file."""
    files = EntryFiles(office.world.uow)
    day = period_around(NOON.date(), Unit.DAY)
    for period in (NOVEMBER, NOVEMBER, day):
        files.ask(who=office.ana, period=period, about=Narrowed(), now=NOON)
    with office.world.uow.begin() as tx:
        taken = outbox.take_due(tx, {office.world.team_id: 10}, NOON)
    assert [item.kind for item in taken] == [ENTRY_FILE] * 2
    files.ask(who=office.ana, period=day, about=Narrowed(), now=NOON)
    with office.world.uow.begin() as tx:
        assert outbox.take_due(tx, {office.world.team_id: 10}, NOON) == []
        outbox.finish(tx, taken, NOON)
    files.ask(who=office.ana, period=day, about=Narrowed(), now=NOON)
    later = NOON + timedelta(seconds=30)
    files.ask(who=office.ana, period=day, about=Narrowed(), now=later)
    with office.world.uow.begin() as tx:
        assert len(outbox.take_due(tx, {office.world.team_id: 10}, later)) == 1


def test_who_has_left_gets_nothing(office: Office) -> None:
    """Between the wish and the file."""
    office.change(MemberRow, office.ana.id, deactivated_at=NOON)
    with pytest.raises(Vanished):
        made(office)


def many(office: Office, count: int) -> None:
    """So many minutes on Website, each an entry."""
    with office.world.uow.begin() as tx:
        rows_ = [
            {
                "team_id": office.world.team_id,
                "member_id": office.ana.id,
                "project_id": office.website,
                "task_id": office.web12,
                "seconds": 60,
                "work_date": NOON.date() - timedelta(days=number % 15),
                "note": "",
                "marker": f"many-{number}",
                "permalink": "",
                "created_at": NOON,
            }
            for number in range(count)
        ]
        tx.execute(insert(table(TimeEntryRow)), rows_)


def test_a_large_file_is_never_one_list(office: Office) -> None:
    """It grows by steps, and costs as many questions as a small one."""
    tracked(office, NOON - DAY)
    few = len(office.statements(lambda: made(office)))
    many(office, 4500)
    files = EntryFiles(office.world.uow)
    steps = files.making(office.world.team_id, office.ana.id, NOVEMBER, Narrowed(), NOON)
    assert [file.rows for file in steps] == [1999, 3999, 4501]
    assert len(office.statements(lambda: made(office))) == few
