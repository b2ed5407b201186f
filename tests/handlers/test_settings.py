"""``/link settings`` and ``/track settings``: forms, and what is said about them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.errors import AdminOnly
from bot.domain.people.people import Member
from bot.domain.preferences import (
    Absence,
    MemberSettings,
    Overlaps,
    StartPage,
    TeamSettings,
    WorkHours,
)
from bot.services.preferences import Preferences
from bot.views.message import Modal
from handlers.asking import Click, Command, Fields
from handlers.grammar.link_values import LinkSettings
from handlers.grammar.track_values import TrackSettings
from handlers.replies import CloseModals, FieldErrors, OpenModal, UpdateModal
from handlers.routes import Routes
from handlers.settings.member import OwnSettingsHandlers
from handlers.settings.team import TeamSettingsHandlers
from storage import members, teams
from storage.operating.audit import AuditRow
from tests.builders import NOON, World
from tests.handlers.forms import filled, sent


class Desk:
    """An admin, Ana, and their forms."""

    def __init__(self, database_url: str) -> None:
        self.world = World(database_url)
        self.admin = self.world.member("admin", admin=True)
        self.ana = self.world.member("ana")
        self.now = NOON
        preferences = Preferences(self.world.uow)
        self.own_form = OwnSettingsHandlers(preferences)
        self.team_form = TeamSettingsHandlers(preferences)
        self.routes = Routes()
        self.own_form.register(self.routes)
        self.team_form.register(self.routes)

    def opens(self, who: Member) -> Modal:
        """The member's own form."""
        ask = Command(who=who, now=self.now, request_id="r", text="settings")
        reply = self.own_form.command(ask, TrackSettings())
        assert isinstance(reply, OpenModal)
        return reply.modal

    def opens_team(self, who: Member | None = None) -> Modal:
        """The team's form."""
        ask = Command(who=who or self.admin, now=self.now, request_id="r", text="settings")
        reply = self.team_form.command(ask, LinkSettings())
        assert isinstance(reply, OpenModal)
        return reply.modal

    def sends(self, modal: Modal, who: Member, **changes: Any) -> Any:  # noqa: ANN401 - any reply
        """Sends a form with changes."""
        ask = sent(modal, who, self.now, **changes)
        return self.routes.submissions[modal.callback_id].handler(ask)

    def said(self, modal: Modal, who: Member, **changes: Any) -> str:  # noqa: ANN401 - values
        """What is told after a form was kept."""
        reply = self.sends(modal, who, **changes)
        assert isinstance(reply, CloseModals), reply
        assert reply.message is not None
        return reply.message.text

    def wrong(self, modal: Modal, who: Member, **changes: Any) -> dict[str, str]:  # noqa: ANN401 - values
        """What is told under the fields."""
        reply = self.sends(modal, who, **changes)
        assert isinstance(reply, FieldErrors), reply
        return dict(reply.errors)

    def team(self) -> TeamSettings:
        """What holds for the team."""
        with self.world.uow.read() as tx:
            return teams.settings(tx, self.world.team_id)

    def own(self, who: Member) -> MemberSettings:
        """What holds for a member."""
        with self.world.uow.read() as tx:
            return members.settings(tx, who.team_id, who.id)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Give a team that has chosen nothing yet."""
    made = Desk(database_url)
    yield made
    made.world.close()


def test_sending_the_form_as_it_is_changes_nothing(desk: Desk) -> None:
    """Every field shows what holds, so a look at the settings is no choice."""
    assert desk.said(desk.opens_team(), desk.admin) == (
        "Nothing was changed in the team's settings."
    )
    assert desk.team() == TeamSettings()
    assert desk.said(desk.opens(desk.ana), desk.ana) == "Nothing was changed in your settings."
    assert desk.own(desk.ana) == MemberSettings()


def test_an_admin_changes_everything_at_once(desk: Desk) -> None:
    """Each field reaches its setting, is told, and stands in the form the next time."""
    said = desk.said(
        desk.opens_team(),
        desk.admin,
        without_task=[],
        overlaps="warn",
        week_start="6",
        work_days=["0", "1", "2", "3"],
        work_start="08:00",
        work_end="16:30",
        forgotten="6",
        lock="30",
        timesheets=["on"],
    )
    chosen = TeamSettings(
        time_without_task=False,
        overlaps=Overlaps.WARN,
        week_start=6,
        work=WorkHours(frozenset(range(4)), time(8), time(16, 30)),
        forgotten_after=timedelta(hours=6),
        lock_after_days=30,
        timesheets=True,
    )
    assert desk.team() == chosen
    assert "Weeks begin on: Sunday (was Monday)" in said
    assert "Work hours: Mon-Thu, 08:00-16:30 (was Mon-Fri, 09:00-18:00)" in said
    assert "Time is locked: after 30 days (was never by age)" in said
    desk.sends(desk.opens_team(), desk.admin)
    assert desk.team() == chosen


def test_a_change_of_the_team_stands_in_the_audit_log(desk: Desk) -> None:
    """Who, what it was, what it is; a form that changed nothing leaves no line."""
    desk.sends(desk.opens_team(), desk.admin)
    desk.sends(desk.opens_team(), desk.admin, lock="30")
    with desk.world.uow.read() as tx:
        (line,) = tx.entities.scalars(select(AuditRow))
    assert (line.action, line.actor_id) == ("team.settings", desk.admin.id)
    assert (line.before, line.after) == ({"lock_after_days": None}, {"lock_after_days": 30})


def test_an_emptied_lock_period_locks_nothing(desk: Desk) -> None:
    """Empty is a choice, too."""
    desk.sends(desk.opens_team(), desk.admin, lock="30")
    desk.sends(desk.opens_team(), desk.admin, lock=None)
    assert desk.team().lock_after_days is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lock": "0"}, "lock"),
        ({"lock": "4000"}, "lock"),
        ({"lock": "-3"}, "lock"),
        ({"lock": "1.5"}, "lock"),
        ({"forgotten": "25"}, "forgotten"),
        ({"forgotten": None}, "forgotten"),
        ({"work_days": []}, "work_days"),
        ({"work_end": "09:00"}, "work_end"),
        ({"work_start": None}, "work_start"),
    ],
)
def test_what_cannot_be_is_told_under_its_field(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    """The form stays open, and nothing of it is kept."""
    wrong = desk.wrong(desk.opens_team(), desk.admin, week_start="6", **changes)
    assert list(wrong) == [field]
    assert wrong[field].endswith(".")
    assert desk.team() == TeamSettings()


def test_forged_choices_fall_back_to_what_holds(desk: Desk) -> None:
    """A value that no option has."""
    desk.sends(desk.opens_team(), desk.admin, week_start="9", overlaps="perhaps")
    assert desk.team() == TeamSettings()


def test_nobody_locks_all_admins_out(desk: Desk) -> None:
    """Where Slack's admins are the only ones, their right cannot be switched off."""
    wrong = desk.wrong(desk.opens_team(), desk.admin, admins=[])
    assert "Nobody would be left" in wrong["admins"]
    assert desk.team().slack_admins
    with desk.world.uow.begin() as tx:
        members.name_admin(tx, desk.world.team_id, desk.ana.id, is_named=True)
    assert "Slack's admins are admins here: off" in desk.said(
        desk.opens_team(), desk.admin, admins=[]
    )


def test_members_see_no_settings_of_the_team(desk: Desk) -> None:
    """Neither the form nor its submission, whatever a button showed."""
    with pytest.raises(AdminOnly):
        desk.opens_team(desk.ana)
    with pytest.raises(AdminOnly):
        desk.sends(desk.opens_team(), desk.ana, lock="30")
    assert desk.routes.submissions["settings.team"].admin


def test_the_closed_month_is_left_alone(desk: Desk) -> None:
    """It is not in this form, so sending the form does not open it."""
    with desk.world.uow.begin() as tx:
        teams.save_settings(tx, desk.world.team_id, TeamSettings(closed_through=date(2026, 10, 31)))
    desk.sends(desk.opens_team(), desk.admin, week_start="6")
    assert desk.team().closed_through == date(2026, 10, 31)


def test_own_work_hours_appear_when_they_are_chosen(desk: Desk) -> None:
    """The fields come with the team's hours in them, and what was switched stays switched."""
    modal = desk.opens(desk.ana)
    ask = Click(
        who=desk.ana,
        now=NOON,
        request_id="r",
        action="settings.hours",
        value="own",
        fields=Fields(filled(modal, hours="own", quiet=[])),
    )
    reply: Any = desk.routes.clicks["settings.hours"].handler(ask)
    assert isinstance(reply, UpdateModal)
    desk.sends(reply.modal, desk.ana, work_days=["0", "2"], work_end="13:00")
    assert desk.own(desk.ana) == MemberSettings(
        quiet=False, work=WorkHours(frozenset({0, 2}), time(9), time(13))
    )
    desk.sends(desk.opens(desk.ana), desk.ana, hours="team")
    assert desk.own(desk.ana).work is None


def test_a_night_shift_is_told_to_end_on_the_next_day(desk: Desk) -> None:
    """So that who meant six in the evening sees it."""
    with desk.world.uow.begin() as tx:
        members.save_settings(
            tx, desk.world.team_id, desk.ana.id, MemberSettings(work=WorkHours(end=time(17)))
        )
    said = desk.said(desk.opens(desk.ana), desk.ana, work_start="22:00", work_end="06:00")
    assert "Work hours: Mon-Fri, 22:00-06:00 the next day" in said
    assert desk.own(desk.ana).work == WorkHours(start=time(22), end=time(6))


def test_leave_is_added_and_taken_out(desk: Desk) -> None:
    """One day, several, and one that was a mistake."""
    desk.sends(desk.opens(desk.ana), desk.ana, away_from="2026-12-24", away_to="2027-01-02")
    said = desk.said(desk.opens(desk.ana), desk.ana, away_from="2026-11-27")
    assert "Leave: Fri 27 Nov 2026; Thu 24 Dec 2026 to Sat 2 Jan 2027" in said
    desk.sends(desk.opens(desk.ana), desk.ana, away=["2026-12-24:2027-01-02"])
    assert desk.own(desk.ana).away == (Absence(date(2026, 12, 24), date(2027, 1, 2)),)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"away_from": "2026-12-24", "away_to": "2026-12-23"}, "away_to"),
        ({"away_to": "2026-12-24"}, "away_from"),
        ({"away_from": "2026-11-18", "away_to": "2026-11-19"}, "away_to"),
        ({"away_from": "2026-12-24", "away_to": "9999-12-31"}, "away_to"),
        ({"away_from": "0001-01-01", "away_to": "2026-12-24"}, "away_from"),
    ],
)
def test_leave_that_cannot_be(desk: Desk, changes: dict[str, str], field: str) -> None:
    """Backwards, without a beginning, or over."""
    assert list(desk.wrong(desk.opens(desk.ana), desk.ana, **changes)) == [field]


def test_leave_that_goes_on_is_one(desk: Desk) -> None:
    """Days that overlap, or come right after, are not listed twice."""
    desk.sends(desk.opens(desk.ana), desk.ana, away_from="2026-12-24", away_to="2026-12-28")
    desk.sends(desk.opens(desk.ana), desk.ana, away_from="2026-12-20", away_to="2026-12-25")
    said = desk.said(desk.opens(desk.ana), desk.ana, away_from="2026-12-29")
    assert "Leave: Sun 20 to Tue 29 Dec 2026\n" in f"{said}\n"
    said = desk.said(desk.opens(desk.ana), desk.ana, away_from="2026-12-31")
    assert "Sun 20 to Tue 29 Dec 2026; Thu 31 Dec 2026" in said


def test_leave_that_is_over_leaves_the_form(desk: Desk) -> None:
    """By the member's own day: at 00:30 in Berlin yesterday's leave is over."""
    desk.sends(desk.opens(desk.ana), desk.ana, away_from="2026-11-20")
    desk.now = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    assert "away" in {block.get("block_id") for block in desk.opens(desk.ana).blocks}
    desk.now = datetime(2026, 11, 20, 23, 1, tzinfo=UTC)
    assert "away" not in {block.get("block_id") for block in desk.opens(desk.ana).blocks}


def test_ten_absences_are_the_most(desk: Desk) -> None:
    """As many as Slack's checkboxes show; an eleventh is refused and not lost in silence."""
    for day in range(1, 21, 2):
        desk.sends(desk.opens(desk.ana), desk.ana, away_from=f"2026-12-{day:02}")
    wrong = desk.wrong(desk.opens(desk.ana), desk.ana, away_from="2026-12-30")
    assert list(wrong) == ["away_from"]
    assert len(desk.own(desk.ana).away) == 10


def test_admins_choose_what_their_home_begins_with(desk: Desk) -> None:
    """The overview of tools, or their own time; members are not asked, and forge nothing."""
    said = desk.said(desk.opens(desk.admin), desk.admin, start_page="overview")
    assert "Home tab begins with: the overview of tools" in said
    assert desk.own(desk.admin).start_page is StartPage.OVERVIEW
    desk.sends(desk.opens(desk.admin), desk.admin, start_page="elsewhere")
    assert desk.own(desk.admin).start_page is StartPage.OVERVIEW
    assert "start_page" not in {block.get("block_id") for block in desk.opens(desk.ana).blocks}
