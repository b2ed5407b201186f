"""Who administers, by whose word, and what becomes of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.people.people import Member, RightSource
from bot.domain.people.people_errors import CannotAdminister, LastAdmin, NamedNowhere
from bot.domain.preferences import TeamSettings
from bot.domain.states import Role
from bot.services.people.admins import NAMED, REMOVED, Admins
from storage import members, teams
from storage.members import MemberRow
from storage.operating.audit import AuditRow
from storage.teams import TeamRow
from tests.builders import NOON
from tests.services.people.office import Office

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def admins(office: Office) -> Admins:
    """What is tested."""
    return Admins(office.world.uow, office.world.new_marker())


def now(office: Office, member: Member) -> Member:
    """The member as they are now."""
    with office.world.uow.read() as tx:
        found = members.by_id(tx, member.team_id, member.id)
    assert found is not None
    return found


def choose(office: Office, *, slack_admins: bool) -> None:
    """The team's setting."""
    with office.world.uow.begin() as tx:
        before = teams.settings(tx, office.world.team_id)
        teams.save_settings(tx, office.world.team_id, replace(before, slack_admins=slack_admins))


def test_a_named_admin_administers_and_is_told(office: Office, admins: Admins) -> None:
    """Named by hand, without being an admin in Slack; the log has before and after (A5)."""
    mia = office.world.member("mia")
    with pytest.raises(AdminOnly):
        admins.every(mia)
    assert admins.name(office.ana, mia.id, LATER).changed
    assert [right.person.name for right in admins.every(mia).rights] == ["Ana", "Mia"]
    assert [owed.payload["member_id"] for owed in office.owed(NAMED)] == [mia.id]
    with office.world.uow.read() as tx:
        row = tx.execute(
            select(col(AuditRow.action), col(AuditRow.before), col(AuditRow.after))
        ).one()
    assert tuple(row) == (
        "admin.name",
        {"member": "Mia", "admin": []},
        {"member": "Mia", "admin": ["named"]},
    )


def test_naming_twice_is_naming_once(office: Office, admins: Admins) -> None:
    """A second click, or another admin, changes and tells nothing."""
    mia = office.world.member("mia")
    admins.name(office.ana, mia.id, LATER)
    assert not admins.name(office.ana, mia.id, LATER).changed
    assert len(office.owed(NAMED)) == 1
    assert office.audited() == ["admin.name"]


def test_a_removed_admin_may_nothing_the_next_moment(office: Office, admins: Admins) -> None:
    """The right is read again at every click, whatever the button showed."""
    mia = office.world.member("mia")
    admins.name(office.ana, mia.id, LATER)
    office.owed()
    as_admin = now(office, mia)
    admins.remove(office.ana, mia.id, LATER)
    with pytest.raises(AdminOnly):
        admins.name(as_admin, mia.id, LATER)
    assert [owed.payload["member_id"] for owed in office.owed(REMOVED)] == [mia.id]
    with pytest.raises(NamedNowhere):
        admins.remove(office.ana, mia.id, LATER)


def test_slacks_word_counts_only_where_the_team_takes_it(office: Office, admins: Admins) -> None:
    """The setting switches Slack's admins off at once; the owner and named ones stay."""
    olga = office.world.member("olga")
    office.sets(MemberRow, olga.id, slack_owner=True, slack_admin=True)
    mia = office.world.member("mia")
    admins.name(office.ana, mia.id, LATER)
    choose(office, slack_admins=False)
    with pytest.raises(AdminOnly):
        admins.every(office.ana)
    found = admins.every(mia)
    assert not found.slack_admins
    assert {right.person.name: right.sources for right in found.rights} == {
        "Mia": {RightSource.NAMED},
        "Olga": {RightSource.OWNER},
    }
    assert now(office, olga).role is Role.OWNER
    choose(office, slack_admins=True)
    assert now(office, office.ana).role is Role.ADMIN


def test_an_unreadable_setting_is_the_default(office: Office) -> None:
    """What another version wrote locks nobody out."""
    with office.world.uow.begin() as tx:
        team = tx.entities.get(TeamRow, office.world.team_id)
        assert team is not None
        team.settings = {"slack_admins": "perhaps"}
        tx.entities.add(team)
    assert now(office, office.ana).is_admin
    with office.world.uow.read() as tx:
        assert teams.settings(tx, office.world.team_id) == TeamSettings()


def test_the_last_admin_cannot_go(office: Office, admins: Admins) -> None:
    """Nobody could name another one afterwards."""
    mia = office.world.member("mia")
    admins.name(office.ana, mia.id, LATER)
    choose(office, slack_admins=False)
    with pytest.raises(LastAdmin):
        admins.remove(mia, mia.id, LATER)
    assert now(office, mia).is_admin
    assert office.audited() == ["admin.name"]


def test_who_is_an_admin_in_slack_stays_one(office: Office, admins: Admins) -> None:
    """Taking a naming back takes nothing that Slack gives, and says so to the one who asked."""
    bo = office.world.member("bo", admin=True)
    with pytest.raises(NamedNowhere) as refused:
        admins.remove(office.ana, bo.id, LATER)
    assert refused.value.by_slack
    admins.name(office.ana, bo.id, LATER)
    assert admins.remove(office.ana, bo.id, LATER).person.is_admin
    assert office.owed(NAMED) == office.owed(REMOVED) == []


def test_guests_strangers_and_who_has_left_are_never_named(office: Office, admins: Admins) -> None:
    """Only people of this workspace administer it."""
    gus = office.world.member("gus", guest=True)
    with pytest.raises(CannotAdminister):
        admins.name(office.ana, gus.id, LATER)
    mia = office.world.member("mia")
    office.deactivates(mia.id)
    eve = office.world.member("eve", team_id=office.world.team())
    for nobody in (mia, eve):
        with pytest.raises(Vanished):
            admins.name(office.ana, nobody.id, LATER)


def test_nobody_is_told_what_is_not_so_any_more(office: Office, admins: Admins) -> None:
    """Named and removed before Slack was reached: only the last word is said."""
    mia = office.world.member("mia")
    team = office.world.team_id
    admins.name(office.ana, mia.id, LATER)
    told = admins.notice(team, member_id=mia.id, by=office.ana.id, is_admin=True)
    assert told is not None
    assert told.by == "Ana"
    admins.remove(office.ana, mia.id, LATER)
    assert admins.notice(team, member_id=mia.id, by=office.ana.id, is_admin=True) is None
