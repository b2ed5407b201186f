"""The App Home: whatever somebody has, it leads on and fits into Slack's hundred blocks."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import IntegrationId, MemberId, ProjectId, TaskId, TeamId, TimeEntryId
from bot.domain.linking.integrations import Integration
from bot.domain.linking.overview import IntegrationOverview, Overview, PeopleCounts, ProjectCounts
from bot.domain.linking.write_back import WriteBack, WriteMode
from bot.domain.operating.installations import Lacking
from bot.domain.people.account_links import Site, Standing
from bot.domain.preferences import StartPage
from bot.domain.states import IntegrationState, LinkPolicy, MembersPolicy
from bot.domain.tasks.finding import Candidate, Place
from bot.domain.tracking.home import MemberHome
from bot.domain.tracking.timesheet import Day, Week, WeekDay
from bot.domain.tracking.tracking import DayLine, RunningTimer
from bot.views.linking.overview import overview
from bot.views.message import Message, section
from bot.views.tracking.home import Page, accounts_form, home, overview_form
from playground.rules import check_message, check_view

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG = "<b> & " * 80
"""Every limit of Slack's counts what escapes make of it."""


def label(number: int, words: str = "Fix the header") -> TaskLabel:
    """A task."""
    return TaskLabel(
        ProjectId(1), words, TaskId(number), f"WEB-{number}", words, "https://a.test/1"
    )


def candidate(number: int, words: str = "Fix the header") -> Candidate:
    """The same, to be started."""
    return Candidate(label(number, words), Place(ProjectId(1), words, None, None))


def mine(
    entries: int = 0,
    tasks: int = 0,
    *,
    running: bool = False,
    can_track: bool = True,
    start: StartPage = StartPage.TIME,
    words: str = "Fix the header",
    standings: Sequence[Standing] = (),
    admins: Sequence[str] = (),
) -> MemberHome:
    """So much of everything."""
    lines = tuple(
        DayLine(
            TimeEntryId(number + 1),
            label(number, words),
            NOW - timedelta(minutes=entries - number),
            NOW - timedelta(minutes=entries - number - 1),
            60,
            words,
        )
        for number in range(entries)
    )
    days = tuple(
        WeekDay(TODAY + timedelta(days=at), entries * 60 * (at == 4)) for at in range(-4, 3)
    )
    timer = RunningTimer(TimeEntryId(999), label(99, words), NOW, NOW, words) if running else None
    return MemberHome(
        timer=timer,
        day=Day(TODAY, NOW, TODAY, lines, entries * 60),
        week=Week(TODAY - timedelta(days=4), days, (), entries * 60, TODAY),
        recent=tuple(candidate(number + 1, words) for number in range(tasks)),
        assigned=tuple(candidate(number + 100, words) for number in range(tasks)),
        can_track=can_track,
        standings=tuple(standings),
        admins=tuple(admins),
        start_page=start,
    )


def sites(count: int) -> list[Standing]:
    """Sites where nobody is connected."""
    return [
        Standing(
            Site(IntegrationId(at), "board", f"Site {at}", writes_time=True, is_connected=True),
            None,
        )
        for at in range(count)
    ]


def tools(count: int) -> Overview:
    """An Overview of so many tools, each in need of credentials."""
    return Overview(
        tuple(
            IntegrationOverview(
                Integration(
                    id=IntegrationId(at),
                    team_id=TeamId("T0ACME"),
                    provider="board",
                    site_id=str(at),
                    site_name=f"Site {at}",
                    channel_id="C0OPS",
                    link_policy=LinkPolicy.ANNOUNCE,
                    members_policy=MembersPolicy.OFF,
                    personal_projects=False,
                    write_back=WriteBack(WriteMode.ON),
                    state=IntegrationState.BROKEN,
                    broken_since=NOW,
                    broken_reason=LONG,
                    next_sync_at=None,
                    synced_at=None,
                    connected_by=MemberId(1),
                    connected_at=NOW,
                ),
                ProjectCounts(),
                PeopleCounts(),
                None,
            )
            for at in range(count)
        )
    )


def shown(page: Page) -> tuple[list[dict[str, Any]], str]:
    """Blocks and all words of a Home that Slack would take."""
    view = check_view(home(page, {}), "home")
    return view["blocks"], json.dumps(view, ensure_ascii=False)


def labels(page: Page) -> list[str]:
    """What stands on the buttons, in order."""
    elements = [
        element
        for block in shown(page)[0]
        for element in (*block.get("elements", ()), block.get("accessory", {}))
    ]
    return [one["text"]["text"] for one in elements if one.get("type") == "button"]


def test_before_any_tool_is_connected() -> None:
    """A member is told whom to ask; an admin finds the Overview's own beginning, once."""
    nothing = mine(can_track=False)
    assert "Ask Ana or Bo." in shown(Page(mine(can_track=False, admins=["Ana", "Bo"])))[1]
    assert "Ask one of Hourlink's admins." in shown(Page(nothing))[1]
    words = shown(Page(nothing, overview=Overview(())))[1]
    assert "Connect your first tool" in words
    assert "Your time" not in words


def test_before_the_own_account_is_connected() -> None:
    """The first button is the one that mends it."""
    found = replace(mine(can_track=False, standings=sites(1)), is_on_projects=False)
    page = Page(found)
    assert labels(page)[0] == "Connect"
    assert "My projects" not in labels(page)
    managing = Page(replace(found, is_on_projects=True))
    assert "My projects" in labels(managing), "a manager needs no account to look after time"
    assert "No timer" not in shown(page)[1]


def test_an_empty_day_leads_on() -> None:
    """Start, log, search: something to click before anything was tracked."""
    assert labels(Page(mine())) == [
        *("Start a timer", "Log time", "Whole day", "Whole week", "Report", "Search tasks"),
        *("My projects", "Settings"),
    ]
    assert "nothing is tracked today yet" in shown(Page(mine()))[1]


def test_what_was_tracked_last_is_one_click_away() -> None:
    """With its key on the button."""
    assert labels(Page(mine(3, 2)))[:3] == [
        *("Start a timer", "Start WEB-1 again", "Log time"),
    ]


def test_what_is_started_again_keeps_its_note() -> None:
    """The button names the entry, as *Start again* does everywhere else."""
    page = Page(replace(mine(3, 2), again=TimeEntryId(77)))
    row = home(page, {})["blocks"][2]["elements"]
    assert [one["value"] for one in row if one["action_id"] == "track.start"] == ["1@77"]


def test_a_running_timer_has_its_buttons() -> None:
    """Stop, switch, note, log."""
    page = Page(mine(3, 2, running=True))
    assert labels(page)[:4] == ["Stop", "Switch", "Note", "Log time"]
    assert "*Running:* *<https://a.test/1|WEB-99>* Fix the header" in shown(page)[1]


def test_more_entries_than_fit_are_behind_a_button() -> None:
    """The latest are shown, and how many there are."""
    page = Page(mine(300))
    assert "All 300 entries" in labels(page)
    assert "288 earlier entries are counted" in shown(page)[1]
    assert "1 earlier entry is counted" in shown(Page(mine(13)))[1]


@pytest.mark.parametrize("words", ["Fix the header", LONG, "\u05e9\u05dc\u05d5\u05dd " * 60])
@pytest.mark.parametrize("entries", [0, 1, 300])
@pytest.mark.parametrize("start", [StartPage.TIME, StartPage.OVERVIEW])
@pytest.mark.parametrize("count", [0, 1, 10, 60])
def test_everything_at_once_fits(words: str, entries: int, start: StartPage, count: int) -> None:
    """Time, tasks, accounts, the Overview and a notice: in the order that was chosen."""
    said = Message("Stopped", [section("Stopped.")] * 8)
    own = mine(entries, 5, running=True, start=start, words=words, standings=sites(count))
    page = Page(own, overview=tools(count), notice=said)
    blocks, _ = shown(page)
    heads = [one["text"]["text"] for one in blocks if one["type"] == "header"]
    if count:
        overview_first = heads.index("Overview") < heads.index("Your time")
        assert overview_first is (start is StartPage.OVERVIEW)
    assert blocks[0]["text"]["text"] == "Stopped."
    check_view(accounts_form(sites(count), {}).as_view(), "modal")
    check_view(overview_form(tools(count), {}).as_view(), "modal")


def test_what_the_overview_has_no_room_for_is_behind_a_button() -> None:
    """Nothing is cut in silence."""
    waiting = tools(10)
    many = Overview(waiting.integrations, approvals=(), approvals_total=0)
    page = Page(mine(300, 5, running=True, standings=sites(9)), overview=many)
    blocks, words = shown(page)
    assert len(blocks) <= 100
    assert "And 4 more." in words
    assert "Manage accounts" in labels(page)


@pytest.mark.parametrize("url", [None, "https://hourlink.test/slack/install"])
@pytest.mark.parametrize("count", [0, 2])
def test_missing_permissions_stand_first(url: str | None, count: int) -> None:
    """What does not work, and who mends it: the admin by a button, else whoever runs Hourlink."""
    reason = "Files in direct messages."
    found = replace(tools(count), lacking=Lacking({"files:write": reason}, url))
    message = overview(found, {})
    check_message(list(message.blocks), message.text)
    assert message.text.index(reason) < message.text.index("Site 0" if count else "begins with")
    assert ("Add to Slack again" in str(message.blocks)) == (url is not None)
    assert ("Ask whoever runs Hourlink" in message.text) == (url is None)
