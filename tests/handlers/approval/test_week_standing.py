"""A member's own week, in ``/track week`` and in the Home tab, says where it stands (T14)."""

from datetime import date, timedelta

from bot.services.tracking.home import Homes
from bot.services.tracking.timesheet import Timesheet
from bot.views.message import Message
from bot.views.tracking.home import Page, home
from bot.views.tracking.week import show_week
from handlers.replies import OpenModal
from playground.rules import check_view
from tests.handlers.approval.week_desk import MONDAY, Desk, texts
from tests.handlers.track_desk import fits

_WEEK = timedelta(days=7)


def shown(desk: Desk, week: date = MONDAY) -> Message:
    """``/track week``."""
    return fits(show_week(Timesheet(desk.world.uow).week(who=desk.ana, now=desk.now, week=week)))


def said(desk: Desk, week: date = MONDAY) -> str:
    """What it says."""
    return shown(desk, week).text


def homes(desk: Desk) -> str:
    """Everything that Ana's Home tab says."""
    mine = Homes(desk.world.uow).show(who=desk.ana, now=desk.now)
    view = home(Page(mine), {})
    check_view(view, "home")
    return str(view)


def test_a_week_says_where_it_stands(desk: Desk) -> None:
    """From the submission on, in words; nothing of one that goes on and was not submitted."""
    assert "submitted" not in said(desk)
    desk.submits()
    assert said(desk).endswith("This week is submitted and waits for approval.")
    assert "This week is submitted and waits for approval." in homes(desk)
    desk.returns(desk.bo)
    assert said(desk).endswith("This week was returned: Friday is missing")
    desk.submits("this week")
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    assert said(desk).endswith("This week is approved, and locked.")
    assert "This week is approved, and locked." in homes(desk)


def test_the_week_before_is_in_the_home_tab_until_it_is_approved(desk: Desk) -> None:
    """On Monday the week that is to be submitted is the last one."""
    desk.now += _WEEK
    assert "Last week is not submitted yet." in homes(desk)
    assert said(desk).endswith("Last week is not submitted yet.")
    opened = desk.presses(desk.ana, shown(desk), "Submit...")
    assert isinstance(opened, OpenModal)
    assert "8 h* in all" in texts(opened.modal)
    desk.sends(desk.ana, opened.modal)
    assert "Last week is submitted and waits for approval." in homes(desk)
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    assert "Last week" not in homes(desk)
    assert said(desk).endswith("Last week is approved, and locked.")


def test_where_nobody_submits_nothing_is_said(desk: Desk) -> None:
    """Nor of a week without time."""
    desk.now += _WEEK
    assert "submitted" not in said(desk, MONDAY - _WEEK)
    desk.chooses(timesheets=False)
    assert "submitted" not in said(desk)
    assert "submitted" not in homes(desk)
