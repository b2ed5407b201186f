"""``/track report team`` and its buttons."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.preferences import MoneySeenBy, TeamSettings
from bot.services.reports.files import REPORT_FILE
from handlers.replies import Ephemeral, Update
from storage.outbox import OutboxRow
from storage.reports.report_runs import ReportRunRow
from tests.builders import NOON
from tests.handlers.track_desk import Desk, elements, fits, labelled
from tests.services.agency import Agency

DAY = timedelta(days=1)
HOUR = 3600
DRAWN = "The chart is on its way: it comes as a direct message from Hourlink."
COMING = "The file is on its way: it comes as a direct message from Hourlink."


@pytest.fixture
def agency(sqlite_url: str) -> Iterator[Agency]:
    """Ana 1 h and Bo 2 h on Website, Bo 4 h on Shop."""
    made = Agency(sqlite_url)
    made.world.length(made.ana, made.website, made.web12, NOON, HOUR)
    made.world.length(made.bo, made.website, made.web9, NOON - DAY, 2 * HOUR)
    made.world.length(made.bo, made.shop, None, NOON - DAY, 4 * HOUR)
    yield made
    made.world.close()


def owed(agency: Agency) -> list[OutboxRow]:
    """The files that are to be sent."""
    with agency.world.uow.read() as tx:
        return list(
            tx.entities.scalars(select(OutboxRow).where(col(OutboxRow.kind) == REPORT_FILE))
        )


def test_a_report_for_a_manager(agency: Agency) -> None:
    """Hours, what of it is billable, what it earned; then by person, day and another week."""
    desk = Desk(agency)
    shown = desk.types("report team by task")
    assert shown.text.splitlines() == [
        "Time on your projects. This week, Mon 16 to Sun 22 Nov: 3 h.",
        "Billable: 3 h, 100 %. Earned by the hour: 270.00 EUR.",
        "Before, Mon 9 to Fri 13 Nov: nothing.",
        "WEB-9 Footer links: 2 h, 67 %, 2 h billable, 180.00 EUR.",
        "WEB-12 Fix the header: 1 h, 33 %, 1 h billable, 90.00 EUR.",
    ]
    table = next(block for block in shown.blocks if block["type"] == "table")
    last = [one["text"].strip("\xa0") for one in table["rows"][-1]]
    assert last == ["Total", "", "3 h", "", "3 h", "270.00 EUR"]
    for label, said in (
        ("By person", "Bo: 2 h, 67 %"),
        ("By day", "Fri 20 Nov, today: 1 h"),
        ("\u2190 Mon 9 to Sun 15 Nov", "Nothing was tracked."),
    ):
        element = labelled(shown, label)
        reply = desk.clicks(element["action_id"], element["value"])
        assert isinstance(reply, Update)
        shown = fits(reply.message)
        assert said in shown.text


def test_one_timer_and_two_are_told_apart(agency: Agency) -> None:
    """As anybody would say it."""
    desk = Desk(agency)
    desk.types("start web-12")
    assert "1 timer runs now and is counted once stopped." in desk.types("report team").text
    agency.world.timer(agency.bo, agency.website, agency.web9, NOON)
    assert "2 timers run now and are counted once stopped." in desk.types("report team").text


def test_who_tracks_now_is_told_by_person(agency: Agency) -> None:
    """The longest first; as everything else, of one's own projects alone."""
    desk = Desk(agency)
    agency.world.timer(agency.bo, agency.website, agency.web9, NOON - timedelta(hours=1))
    desk.types("start web-12")
    now = "2 timers run now and are counted once stopped: Bo, Ana."
    assert now in desk.types("report team today by person").text
    assert "runs now" not in desk.types("report team yesterday by person").text
    desk.types("stop")
    agency.world.timer(agency.admin, agency.shop, None, NOON)
    assert "1 timer runs now and is counted once stopped: Bo." in (
        desk.types("report team today by person").text
    )


def test_who_manages_nothing_is_told_so(agency: Agency) -> None:
    """They get their own time, and read that it is that; no money where they may not see it."""
    said = Desk(agency).types("report team this month", agency.bo).text
    assert said.startswith("Your time. This month, November 2026: 6 h.")
    assert "You manage no project, so this is your own time." in said
    assert "EUR" not in said
    assert "You manage" not in Desk(agency).types("report by client", agency.bo).text


def test_filters_are_named(agency: Agency) -> None:
    """So that nobody takes a part for the whole; they stay when the report is turned."""
    desk = Desk(agency)
    shown = desk.types("report @bo client acme billable website this month by day", agency.admin)
    headline = "Everybody's time. This month, November 2026, Website, Acme Corp, Bo, billable: 2 h."
    assert shown.text.startswith(headline)
    element = labelled(shown, "By client")
    reply = desk.clicks(element["action_id"], element["value"], agency.admin)
    assert fits(reply.message).text.startswith(headline)
    assert "No client is called" in desk.types("report client zzz", agency.admin).text
    assert "Nobody here is called" in desk.types("report @zoe", agency.admin).text
    picked = desk.types("report <@U0NOBODY1|zoe>", agency.admin).text
    assert picked.startswith("That is nobody of this workspace.")


def test_files_by_button_and_by_words(agency: Agency) -> None:
    """Each once; the report stays and says where the file comes."""
    desk = Desk(agency)
    shown = desk.types("report team this month")
    for label in ("As CSV", "As XLSX", "As XLSX"):
        element = labelled(shown, label)
        reply = desk.clicks(element["action_id"], element["value"])
        assert isinstance(reply, Update)
        assert COMING in fits(reply.message).text
    assert [row.payload["form"] for row in owed(agency)] == ["csv", "xlsx"]
    assert COMING in desk.types("report last 30 days xlsx").text
    chart = labelled(shown, "Chart")
    reply = desk.clicks(chart["action_id"], chart["value"])
    assert DRAWN in fits(reply.message).text
    assert owed(agency).pop().payload["form"] == "png"
    assert "nothing to draw" in desk.types("report team last month as chart").text
    assert len(owed(agency)) == 4
    assert "nothing to put into a file" in desk.types("report team last month csv").text
    assert len(owed(agency)) == 4


def test_nobody_waits_for_a_long_report(agency: Agency) -> None:
    """It is promised at once, comes by itself, and can be called off by who asked."""
    for number in range(150):
        agency.world.length(agency.bo, agency.website, None, NOON - number % 90 * DAY, 600)
    desk = Desk(agency)
    said = "This report is a long one. It comes as a direct message from Hourlink."
    assert desk.types("report team this year", agency.admin).text == said
    assert desk.types("report team this year csv", agency.admin).text == said
    shown = desk.types("report team this month", agency.admin)
    assert shown.text.startswith("Everybody's time")
    with agency.world.uow.read() as tx:
        runs = list(tx.entities.scalars(select(ReportRunRow)))
    assert [(run.form, run.state) for run in runs] == [("", "under_way"), ("csv", "under_way")]
    over = "That report is made already, or was called off."
    assert desk.clicks("report.cancel", str(runs[0].id)).message.text == over
    stopped = desk.clicks("report.cancel", str(runs[0].id), agency.admin)
    assert isinstance(stopped, Update)
    assert fits(stopped.message).text.startswith("Called off: your report by project")
    reply = desk.clicks("report.cancel", "1; DROP", agency.admin)
    assert isinstance(reply, Ephemeral)
    assert "no longer there" in reply.message.text


def test_slacks_limits_hold(agency: Agency) -> None:
    """Many projects with long names, in several currencies."""
    agency.choose(TeamSettings(money_seen_by=MoneySeenBy.ALL))
    for number in range(60):
        name = f"{number} {'A rather long name of a project, <b> & more ' * 4}"
        one = agency.world.project(name[:200], f"P{number}")
        agency.world.length(agency.bo, one, None, NOON, 100 * HOUR)
    desk = Desk(agency)
    for group in ("project", "task", "person", "client", "billable", "label", "day", "week"):
        shown = desk.types(f"report team last 60 days by {group}", agency.admin)
        for label in ("More rows",):
            if any(one.get("text", {}).get("text") == label for one in elements(shown)):
                element = labelled(shown, label)
                shown = fits(
                    desk.clicks(element["action_id"], element["value"], agency.admin).message
                )
                assert "Rows 21 to" in shown.text


@pytest.mark.parametrize(
    "value",
    [
        "",
        "m2026-11-01",
        "m2026-11-01|height|;;;;|t|0|",
        "m2026-99-01|task|;;;;|t|0|",
        "m2026-11-01|task|;;;;;|t|0|",
        "m2026-11-01|task|p1,;;;;|t|0|",
        "m2026-11-01|task|;x;;;|t|0|",
        "m2026-11-01|task|;;;;|x|0|",
        "m2026-11-01|task|;;;;|t|-1|",
        "m2026-11-01|task|;;;;|t|0|pdf",
        "m2026-11-01|task|p999;;;;|t|0|",
        "m2026-11-01|task|;999;;;|t|0|",
        "m2026-11-01|task|;;999;;|t|0|",
    ],
)
def test_a_forged_button_is_refused_plainly(agency: Agency, value: str) -> None:
    """Whatever it holds."""
    for action in ("report.team", "report.team_file"):
        reply = Desk(agency).clicks(action, value, agency.admin)
        assert isinstance(reply, Ephemeral)
        assert "no longer there" in reply.message.text
    assert not owed(agency)
