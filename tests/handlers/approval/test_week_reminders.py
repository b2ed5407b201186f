"""T14: at the end of the week whoever has not submitted it is reminded, once."""

from datetime import UTC, datetime, timedelta

from bot.domain.preferences import MemberSettings
from bot.views.approval import week_sheets
from handlers.replies import (
    OpenModal,
)
from tests.handlers.approval.week_desk import FRIDAY_NIGHT, Desk
from tests.handlers.track_desk import fits


def looks(desk: Desk, now: datetime) -> list[str]:
    """The scheduler looks once; who is reminded."""
    before = len(desk.owed())
    for team_id in desk.reminding.due(now):
        desk.reminding.look(team_id, now)
    new = desk.owed()[before:]
    assert all(kind == "sheet.reminder" for kind, _ in new)
    return [name for _, name in new]


def test_reminded_once_at_the_end_of_the_week(desk: Desk) -> None:
    """Whoever has time in it; not before, not twice, and not who tracked nothing."""
    assert looks(desk, FRIDAY_NIGHT - timedelta(minutes=1)) == []
    assert looks(desk, FRIDAY_NIGHT + timedelta(minutes=5)) == ["Ana"]
    assert looks(desk, FRIDAY_NIGHT + timedelta(minutes=15)) == []
    told = desk.reminding.told(desk.world.team_id, desk.sheet_id(), desk.ana.id, FRIDAY_NIGHT)
    assert told is not None
    message = fits(week_sheets.reminder(told[1]))
    assert message.text == "Your week 16-22 Nov 2026 has 8 h. Submit it?"
    desk.now = FRIDAY_NIGHT
    assert isinstance(desk.presses(desk.ana, message, "Submit..."), OpenModal)


def test_a_server_that_was_away_reminds_when_it_is_back(desk: Desk) -> None:
    """Down over Friday evening: on Saturday it still tells, once."""
    assert looks(desk, FRIDAY_NIGHT + timedelta(hours=20)) == ["Ana"]
    assert looks(desk, FRIDAY_NIGHT + timedelta(hours=21)) == []


def test_who_submitted_or_wants_none_is_not_reminded(desk: Desk) -> None:
    """Ana submitted at noon; Bo switched reminders off."""
    desk.submits()
    start = datetime(2026, 11, 16, 9, tzinfo=UTC)
    desk.world.entry(desk.bo, desk.office.website, None, start, start + timedelta(hours=3))
    desk.preferences.save_own(who=desk.bo, chosen=MemberSettings(reminders=False))
    assert looks(desk, FRIDAY_NIGHT + timedelta(minutes=5)) == []


def test_submitted_before_the_reminder_was_sent(desk: Desk) -> None:
    """The outbox was slow."""
    looks(desk, FRIDAY_NIGHT + timedelta(minutes=5))
    desk.submits()
    assert (
        desk.reminding.told(desk.world.team_id, desk.sheet_id(), desk.ana.id, FRIDAY_NIGHT) is None
    )


def test_everybody_is_reminded_in_their_own_zone(desk: Desk) -> None:
    """In New York the week ends six hours later."""
    yo = desk.world.member("yo", zone="America/New_York")
    start = datetime(2026, 11, 16, 15, tzinfo=UTC)
    desk.world.entry(yo, desk.office.website, None, start, start + timedelta(hours=3))
    assert looks(desk, FRIDAY_NIGHT + timedelta(minutes=5)) == ["Ana"]
    assert looks(desk, FRIDAY_NIGHT + timedelta(hours=6, minutes=5)) == ["Yo"]


def test_switched_off_nobody_looks(desk: Desk) -> None:
    """And switched on again, nobody is reminded of what came before."""
    desk.chooses(timesheets=False)
    assert desk.reminding.due(FRIDAY_NIGHT + timedelta(days=1)) == []
    desk.now = FRIDAY_NIGHT + timedelta(hours=1)
    desk.chooses(timesheets=True)
    assert looks(desk, FRIDAY_NIGHT + timedelta(hours=2)) == []
