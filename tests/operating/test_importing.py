"""Hours of another tracker, taken in by the operator; on both databases."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text

from bot.domain.entries.editing import Edit
from bot.domain.ids import TimeEntryId
from bot.domain.preferences import Overlaps
from bot.services.entries.editing import Entries
from bot.services.entries.history import EntryHistory
from bot.views.entries.words import history_line
from storage import teams
from tests.builders import NOON, World
from tests.operating.import_office import TIMES, Office, hourlink, of_mia, refused

IN_ORDER = "SELECT id FROM time_entry ORDER BY id"


@pytest.fixture
def office(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Office]:
    """Give one; the environment names its database."""
    monkeypatch.setenv("HOURLINK_DATABASE_URL", database_url.replace("+psycopg", ""))
    world = World(database_url)
    yield Office(world, tmp_path)
    world.close()


def test_first_it_only_says_what_it_would_do(office: Office) -> None:
    """Totals, new projects, and each row that is not taken; the database stays as it is."""
    before = office.asked("SELECT count(*) FROM project")
    said = hourlink(
        office.file(
            of_mia("2026-01-05", "09:00", "10:30"),
            of_mia("2026-01-05", "10:00", "11:00"),
            of_mia("2026-01-06", "09:00", "10:00", "Old shop"),
            of_mia("2099-01-06", "09:00", "10:00"),
            "Zed,zed@acme.test,Website,,x,2026-01-05,09:00,2026-01-05,10:00,",
        )
    )
    assert "5 rows read, 2 entries would be made: 2 h 30 m." in said
    assert "  Mia: 2 h 30 m\n" in said
    assert "Projects that are made, internal ones:\n  Old shop: 1 h\n" in said
    assert "line 3: that time is taken: line 2" in said
    assert "line 5: it is not over yet" in said
    assert 'line 6: nobody here is Zed; say who it is with --person "Zed=' in said
    assert "Nothing was written." in said
    assert office.asked(TIMES) == [(0, 0)]
    assert office.asked("SELECT count(*) FROM project") == before
    assert office.asked("SELECT count(*) FROM time_import") == [(0,)]


def test_entries_are_as_if_they_had_been_logged(office: Office) -> None:
    """In their owner's zone and days, cut at midnight, on the task that the key or title names."""
    hourlink(
        office.file(
            of_mia("2026-01-05", "09:00", "10:30", note="web-12 header"),
            "Mia,,website,Fix the header,,2026-01-05,10:30,2026-01-05,11:00,",
            "Mia,,Old shop,Design,draft,2026-01-05,23:00,2026-01-06,01:00,2:00:00",
            "Ana,,,WEB-12,,2026-01-05,09:00,2026-01-05,09:30,",
        ),
        "--yes",
    )
    rows = office.asked(
        "SELECT e.member_id, p.name, e.task_id, e.work_date, e.seconds, e.note,"
        " e.continues_id IS NOT NULL FROM time_entry e JOIN project p ON p.id = e.project_id"
        " ORDER BY e.id"
    )
    mia, ana, task = office.mia.id, office.ana.id, office.task
    assert [(*row[:3], str(row[3]), *row[4:6], bool(row[6])) for row in rows] == [
        (mia, "Website", task, "2026-01-05", 5400, "web-12 header", False),
        (mia, "Website", task, "2026-01-05", 1800, "", False),
        (mia, "Old shop", None, "2026-01-05", 3600, "Design; draft", False),
        (mia, "Old shop", None, "2026-01-06", 3600, "Design; draft", True),
        (ana, "Website", task, "2026-01-05", 1800, "", False),
    ]
    ((first,),) = office.asked("SELECT min(id) FROM time_entry")
    ((clock,),) = office.asked("SELECT started_at FROM time_entry ORDER BY id LIMIT 1")
    assert "08:00:00" in str(clock.astimezone(UTC) if isinstance(clock, datetime) else clock)
    history = EntryHistory(office.world.uow, office.world.new_marker(), str)
    line = history.of(who=office.mia, entry_id=TimeEntryId(first), page=0, now=NOON).lines[0]
    assert "Hourlink: imported it from hours.csv" in history_line(line)
    assert office.asked("SELECT action, actor_id FROM audit ORDER BY id") == [
        ("project.create", None),
        ("time.import", None),
    ]
    joined = office.asked(
        "SELECT m.member_id FROM project_member m JOIN project p ON p.id = m.project_id"
        " WHERE p.name = 'Old shop'"
    )
    assert joined == [(mia,)]


def test_twice_and_a_later_export_make_nothing_twice(office: Office) -> None:
    """Equal rows are several entries, each of them once; what somebody deleted stays deleted."""
    lengths = "User,Project,Date,Hours"
    same = ["Mia,Website,2026-01-05,1"] * 2
    hourlink(office.file(*same, head=lengths), "--yes")
    assert office.asked(TIMES) == [(2, 7200)]
    office.changed("UPDATE time_entry SET deleted_at = created_at WHERE id = 1")
    said = hourlink(office.file(*same, head=lengths), "--yes")
    assert "2 rows came with an import before" in said
    said = hourlink(office.file(*same, "Mia,Website,2026-01-06,2", *same, head=lengths), "--yes")
    assert "Imported 3 entries as import 2." in said
    assert office.asked(TIMES) == [(4, 3600 * 5)]


def test_time_that_is_there_is_taken(office: Office) -> None:
    """Unless the team lets time overlap; lengths without clock times never do."""
    start = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    office.world.entry(office.mia, office.website, None, start, start.replace(hour=9))
    row = of_mia("2026-01-05", "09:30", "11:00")
    assert "line 2: that time is taken: 2026-01-05 09:00-10:00" in hourlink(office.file(row))
    assert "1 entry would be made" in hourlink(office.file(of_mia("2026-01-05", "10:00", "11:00")))
    with office.world.uow.begin() as tx:
        team = teams.settings(tx, office.world.team_id)
        teams.save_settings(tx, office.world.team_id, replace(team, overlaps=Overlaps.WARN))
    assert "1 entry would be made" in hourlink(office.file(row))


def test_imported_time_is_never_written_to_the_tool(office: Office) -> None:
    """Not when it comes, and not when its owner changes it, over midnight too."""
    office.changed("UPDATE integration SET write_mode = 'on', sealed_credentials = 'x'")
    office.connects_mia()
    hourlink(office.file(of_mia("2026-01-05", "09:00", "10:30", note="WEB-12")), "--yes")
    entries = Entries(office.world.uow, office.world.new_marker(), str)
    ((found,),) = office.asked("SELECT id FROM time_entry")
    entry_id = TimeEntryId(found)
    opened = entries.opened(who=office.mia, entry_id=entry_id, now=NOON).shown
    edit = Edit("longer", opened.day, start=time(9), end=time(11))
    entries.save(who=office.mia, entry_id=entry_id, version=opened.version, edit=edit, now=NOON)
    assert office.asked("SELECT note, seconds FROM time_entry") == [("longer", 7200)]
    assert office.asked("SELECT count(*) FROM worklog") == [(0,)]
    assert office.asked("SELECT count(*) FROM outbox") == [(0,)]


def test_locked_time_is_taken_and_no_budget_warns(office: Office) -> None:
    """What is imported belongs to the past, and the operator knows."""
    with office.world.uow.begin() as tx:
        tx.execute(
            text("UPDATE team SET settings = '{\"lock_after_days\": 7}' WHERE id = 'T0ACME'")
        )
    hourlink(office.file(of_mia("2026-01-05", "09:00", "10:30")), "--yes")
    assert office.asked(TIMES) == [(1, 5400)]
    assert office.asked("SELECT count(*) FROM budget_look") == [(0,)]


def test_names_are_matched_as_somebody_says(office: Office) -> None:
    """A person by Slack's id or e-mail, a project by its code."""
    row = "Mia Old,m@old.test,Web old,,x,2026-01-05,09:00,2026-01-05,10:00,"
    for who in ("@U0MIA", "mia@acme.test", "Mia"):
        said = hourlink(office.file(row), "--person", f"Mia Old={who}", "--project", "web old=WEB")
        assert "  Mia: 1 h\n" in said
        assert "Projects that are here:\n  Website: 1 h\n" in said


def test_rows_without_a_project_go_where_somebody_says(office: Office) -> None:
    """As a tracker that asks for none exports them; a task's key still says more."""
    office.world.project("Chores", "CHO")
    rows = ["Mia,,2026-01-05,1,,tidied", "Mia,,2026-01-05,2,WEB-12,", "Mia,Website,2026-01-05,4,,"]
    file = office.file(*rows, head="User,Project,Date,Hours,Task,Notes")
    said = hourlink(file)
    assert "Website: 6 h" in said
    assert 'line 2: there is no project; say where such time goes with --project "=its' in said
    said = hourlink(file, "--project", "=Chores", "--yes")
    assert "Projects that are here:\n  Website: 6 h\n  Chores: 1 h\n" in said
    assert office.asked(TIMES) == [(3, 7 * 3600)]


def test_a_new_project_is_one_however_it_is_written(office: Office) -> None:
    """What is said before is what is made."""
    rows = [f"Mia,{name},2026-01-05,1" for name in ("Old shop", "old  shop", "OLD SHOP")]
    file = office.file(*rows, head="User,Project,Date,Hours")
    assert "Projects that are made, internal ones:\n  Old shop: 3 h\nNothing" in hourlink(file)
    hourlink(file, "--yes")
    made = office.asked("SELECT name FROM project WHERE name <> 'Website'")
    assert made == [("Old shop",)]


def test_another_team_is_left_alone(office: Office) -> None:
    """Which team has to be said; its people, projects and marks are its own."""
    other = office.world.team()
    office.world.member("mia", team_id=other)
    file = office.file(of_mia("2026-01-05", "09:00", "10:00"))
    assert "Say which with --team" in refused(file)
    for number, team in enumerate((office.world.team_id, other), start=1):
        hourlink(file, "--team", team, "--yes")
        assert office.asked(TIMES) == [(number, 3600 * number)]
    rows = office.asked(
        "SELECT e.team_id, m.team_id, p.team_id FROM time_entry e"
        " JOIN member m ON m.id = e.member_id JOIN project p ON p.id = e.project_id"
    )
    assert sorted(rows) == [("T0ACME",) * 3, ("T0OTHER",) * 3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no rows"),
        (b"PK\x03\x04\x14\x00\x06\x00", "It is a workbook. Save its sheet as CSV"),
        (
            b'User,Project,Date,Hours,Notes\nMia,W,5.1.2026,1,"a\nMia,W,6.1.2026,1,b\n',
            "in the row that begins on line 2, unexpected end of data",
        ),
        (
            b'User,Project,Date,Hours,Notes\nMia,W,5.1.2026,1,"a\n' + b"x" * 140_000,
            "in the row that begins on line 2, field larger than field limit",
        ),
        (b"a,b\n1,2\n", "A column is missing: Email or User and Date"),
        (b"User,Project,Date,Hours\nMia,Website,03/04/2026,1\n", "Say --dates dmy"),
        (
            b"User,Project,Date,Hours\nMia,W,30/04/2026,1\nMia,W,04/30/2026,1\n",
            "The dates do not go together",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_how_to_be(
    office: Office, content: bytes, said: str
) -> None:
    """In a sentence."""
    path = office.folder / "bad.csv"
    path.write_bytes(content)
    assert said in refused(str(path))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.csv"], "cannot be opened"),
        (["--person", "Mia"], "write it as --person"),
        (["--zone", "Mars/Base"], "Nobody knows the zone Mars/Base"),
        (["--whose", "nobody"], "--whose: nobody here is nobody"),
        (["--team", "T0"], "There is no workspace T0 here"),
    ],
)
def test_slips_are_told(office: Office, words: Sequence[str], said: str) -> None:
    """Before anything is read."""
    file = [] if words[0].endswith(".csv") else [office.file()]
    assert said in refused(*file, *words)


@pytest.mark.parametrize(
    ("content", "entries"),
    [
        ("User;Project;Date;Hours\r\nMia;W\u00e4sche;5.1.2026;1,5\r\n".encode("utf-8-sig"), 1),
        ("User;Project;Date;Hours\r\nMia;W\u00e4sche;5.1.2026;1,5\r\n".encode("cp1252"), 1),
        (
            "sep=;\r\nUser;Project;Date;Hours\r\nMia;W\u00e4sche;5.1.2026;1,5\r\n".encode("cp1252"),
            1,
        ),
        ("User\tProject\tDate\tHours\nMia\tW\u00e4sche\t5.1.2026\t1,5\n".encode("utf-16"), 1),
        (
            'User,Project,Date,Notes,Hours\nMia,W\u00e4sche,5.1.2026,"a\n\nb",1:30\n\nMia,,5.1.2026,,1\n'.encode(),
            1,
        ),
    ],
    ids=[
        "mark and semicolons",
        "Windows letters",
        "a row for Excel",
        "UTF-16 and tabs",
        "lines in quotes",
    ],
)
def test_files_as_spreadsheets_save_them(office: Office, content: bytes, entries: int) -> None:
    """Whatever letters and marks they have; lines are counted as an editor counts them."""
    path = office.folder / "sheet.csv"
    path.write_bytes(content)
    said = hourlink(str(path))
    assert f"{entries} entry would be made: 1 h 30 m." in said
    assert "  W\u00e4sche: 1 h 30 m\n" in said
    if b"Notes" in content:
        assert "line 6: there is no project" in said


def test_an_import_is_taken_back_as_far_as_nobody_changed_it(office: Office) -> None:
    """What was changed or deleted stays as it is; what went can be imported again, the rest not."""
    office.connects_mia()
    day = "2026-01-0"
    rows = [of_mia(f"{day}{number}", "09:00", "10:00", note=str(number)) for number in (4, 5, 6)]
    night = "Mia,,Website,,night,2026-01-07,23:00,2026-01-08,01:00,"
    file = office.file(*rows, night)
    hourlink(file, "--yes")
    entries = Entries(office.world.uow, office.world.new_marker(), str)
    first, second = (TimeEntryId(row[0]) for row in office.asked(IN_ORDER)[:2])
    opened = entries.opened(who=office.mia, entry_id=first, now=NOON).shown
    edit = Edit("changed", opened.day, start=time(9), end=time(11))
    entries.save(who=office.mia, entry_id=first, version=opened.version, edit=edit, now=NOON)
    entries.delete(who=office.mia, entry_id=second, now=NOON)
    said = hourlink("--undo", "hours.csv")
    assert "Import 1, hours.csv: 3 entries as it brought them, 3 h." in said
    assert "1 entry changed by somebody since; these stay." in said
    assert "1 entry deleted before." in said
    assert office.asked(TIMES) == [(4, 5 * 3600)]
    assert "Took 3 entries away" in hourlink("--undo", "1", "--yes")
    assert office.asked("SELECT note FROM time_entry WHERE deleted_at IS NULL") == [("changed",)]
    assert "Nothing to take back." in hourlink("--undo", "1", "--yes")
    assert "Imported 2 entries as import 2." in hourlink(file, "--yes")
    assert office.asked(TIMES) == [(4, 5 * 3600)]


def test_only_that_import_of_that_team_is_taken_back(office: Office) -> None:
    """Time that was tracked here, and what other files brought, is left alone."""
    start = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    office.world.entry(office.mia, office.website, None, start, start.replace(hour=9))
    assert "Nothing was imported here yet." in refused("--undo", "1")
    for number in (6, 7):
        row = of_mia(f"2026-01-0{number}", "09:00", "10:00")
        hourlink(office.file(row, name=f"{number}.csv"), "--yes")
    assert "No import is called x. Say its number:\n2: 7.csv" in refused("--undo", "x")
    hourlink("--undo", "7.csv", "--yes")
    assert office.asked(TIMES) == [(2, 7200)]
    other = office.world.team()
    assert "Nothing was imported" in refused("--undo", "1", "--team", other)


@pytest.mark.long
def test_killed_in_the_middle_it_goes_on(office: Office) -> None:
    """Run again, the rest comes, under the same import; nothing twice, nothing lost."""
    rows = [
        f"Mia,Website,2025-{m:02}-{d:02},{h / 100},{h}"
        for m in range(1, 13)
        for d in range(1, 29)
        for h in range(1, 31)
    ]
    file = office.file(*rows, head="User,Project,Date,Hours,Notes")
    command = [sys.executable, "-m", "bot", "import", file, "--yes"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # noqa: S603
    deadline = monotonic() + 60
    while running.poll() is None and office.asked(TIMES)[0][0] < 1000:
        assert monotonic() < deadline
    running.send_signal(signal.SIGKILL)
    running.wait()
    killed_at = office.asked(TIMES)[0][0]
    assert 1000 <= killed_at < len(rows)
    hourlink(file, "--yes")
    assert office.asked(TIMES)[0][0] == len(rows)
    assert office.asked("SELECT count(*) FROM time_import WHERE ended_at IS NOT NULL") == [(1,)]
    assert office.asked("SELECT count(*) FROM audit WHERE action = 'time.import'") == [(1,)]
    assert office.asked("SELECT count(DISTINCT import_id) FROM time_entry") == [(1,)]


def test_an_id_that_two_rows_have_makes_one_entry(office: Office) -> None:
    """As where the column has the ids of people, and the database would refuse the second."""
    rows = [
        "7,Mia,Website,2026-01-05,1",
        "7,Mia,Website,2026-01-06,2",
        "7,Ana,Website,2026-01-05,1",
    ]
    said = hourlink(office.file(*rows, head="ID,User,Project,Date,Hours"), "--yes")
    assert "line 3: a row before it has the id 7; where that names something else" in said
    assert "Imported 2 entries" in said
    assert office.asked(TIMES) == [(2, 7200)]


def test_what_cannot_be_seen_is_left_out(office: Office) -> None:
    """No database takes some of it, and no terminal should get it from a file."""
    row = "Mia,We\x00b\x1b[2J site,2026-01-05,1,a\x00b"
    said = hourlink(office.file(row, head="User,Project,Date,Hours,Notes"), "--yes")
    assert "  Web[2J site: 1 h\n" in said
    assert office.asked("SELECT note FROM time_entry") == [("ab",)]


def test_years_that_are_slips_are_no_dates(office: Office) -> None:
    """The zero of a spreadsheet's calendar, and what no clock reaches."""
    days = ("0001-01-01", "1899-12-30", "9999-12-31")
    rows = [f"Mia,Website,{day},00:00,01:00" for day in days]
    said = hourlink(office.file(*rows, head="User,Project,Date,Start,End"))
    for line, day in enumerate(days, start=2):
        assert f"line {line}: {day} is not a date" in said
