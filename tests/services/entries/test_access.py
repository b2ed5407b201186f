"""Who may change which entries, and what happens meanwhile (T7), on both databases."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from bot.domain.approval.locks import TimeLocked
from bot.domain.clock_times import ClockRange
from bot.domain.entries.editing import Edit, Kind
from bot.domain.entries.editing_errors import (
    EntryChanged,
    EntryDeleted,
    EntryOutOfReach,
    NotYourEntry,
)
from bot.domain.entries.entries import Action, OnProject, OnTask
from bot.domain.ids import TaskId, TimeEntryId
from bot.domain.preferences import TeamSettings
from bot.domain.tracking.tracking_errors import (
    AccountNotConnected,
    ChangedSince,
    EntryOverlaps,
    ProjectArchived,
    TargetUnknown,
)
from storage.linking.provider_projects import ProviderProjectRow
from storage.people.account_links import AccountLinkRow
from storage.projects import project_people
from storage.projects.projects import ProjectRow
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.services.editor import EIGHT, HOUR, TODAY, Editor

# Who may


def test_another_persons_entry(office: Editor) -> None:
    """Bo may neither see, change nor delete Ana's; a made-up one is unknown."""
    entry = office.entry()
    bo = office.world.member("bo")
    for work in (office.shows, office.deletes):
        with pytest.raises(NotYourEntry):
            work(entry, who=bo)
    with pytest.raises(TargetUnknown):
        office.shows(TimeEntryId(999_999))


def test_an_entry_of_another_team_is_unknown(office: Editor) -> None:
    """Whatever number somebody makes up."""
    entry = office.entry()
    stranger = office.world.member("zoe", admin=True, team_id=office.world.team("T0ELSE"))
    with pytest.raises(TargetUnknown):
        office.shows(entry, who=stranger)


def test_a_manager_changes_time_on_their_project_and_its_owner_is_told(office: Editor) -> None:
    """Not on another's project, not onto it, and only while they manage it."""
    entry = office.entry()
    mia = office.world.member("mia")
    office.world.joins(mia, office.website)
    with pytest.raises(NotYourEntry):
        office.edits(entry, who=mia, end=time(11))
    with office.world.uow.begin() as tx:
        project_people.set_manager(tx, office.world.team_id, office.website, mia.id, manages=True)
    done = office.edits(entry, who=mia, end=time(11))
    assert (done.after.owner.name, done.after.owner.is_asker) == ("Ana", False)
    assert office.told() == [{"member_id": office.ana.id, "actor_id": mia.id, "step": done.step}]
    other = office.world.project("Secret", "SEC")
    office.world.joins(office.ana, other)
    with pytest.raises(NotYourEntry):
        office.edits(entry, who=mia, target=OnProject(other))
    office.undoing.undo(who=mia, step=done.step, now=NOON)
    assert office.spans() == [("20 09:00:00", "20 10:00:00", 3600)]
    assert len(office.told()) == 2
    with pytest.raises(TargetUnknown):
        office.undoing.undo(who=office.ana, step=done.step, now=NOON)


def test_an_admin_changes_anybodys(office: Editor) -> None:
    """Also on what is archived, and in the owner's own zone."""
    entry = office.entry()
    office.change(ProjectRow, office.website, archived_at=NOON)
    done = office.edits(entry, who=office.admin, start=time(8))
    assert done.after.owner.zone == "Europe/Berlin"
    assert office.spans() == [("20 08:00:00", "20 10:00:00", 7200)]
    (told,) = office.told()
    assert told["actor_id"] == office.admin.id


def test_ones_own_change_is_not_told_to_oneself(office: Editor) -> None:
    """No message."""
    office.edits(office.entry(), end=time(11))
    assert office.told() == []


def test_archived_projects_are_closed_to_members(office: Editor) -> None:
    """Archived here or in the tool; admins may (A3)."""
    entry = office.entry()
    office.change(ProjectRow, office.website, archived_at=NOON)
    for work in (office.edits, office.deletes, office.shows):
        with pytest.raises(ProjectArchived):
            work(entry)
    office.change(ProjectRow, office.website, archived_at=None)
    office.change(ProviderProjectRow, office.source, is_archived=True)
    with pytest.raises(ProjectArchived):
        office.shows(entry)


def test_lost_access_ends_changing(office: Editor) -> None:
    """The account is not connected, the tool hides the project, or Ana was taken off it."""
    entry = office.entry()
    office.change(ProviderProjectRow, office.source, everyone_has_access=False)
    with pytest.raises(EntryOutOfReach):
        office.shows(entry)
    office.change(ProviderProjectRow, office.source, everyone_has_access=True)
    assert office.shows(entry).seconds == 3600
    with office.world.uow.begin() as tx:
        tx.execute(update(AccountLinkRow).values(state="ended"))
    with pytest.raises(AccountNotConnected):
        office.shows(entry)


def test_time_on_a_deleted_task_can_still_be_mended(office: Editor) -> None:
    """The task is gone in its tool, its time stays Ana's."""
    entry = office.entry()
    office.change(TaskRow, office.web12, gone_at=NOON)
    office.edits(entry, end=time(11))
    assert office.entries()[0].seconds == 7200
    with pytest.raises(TargetUnknown):
        office.edits(entry, target=OnTask(TaskId(999_999)))


def test_an_entry_moves_only_where_its_owner_may_track(office: Editor) -> None:
    """A project that Ana is not on is unknown to her; an admin hears whose right is missing."""
    entry = office.entry()
    site, source, ops = office.second_site()
    rotate = office.world.task(site, source, "OPS-3", "Rotate keys")
    with pytest.raises(AccountNotConnected):
        office.edits(entry, target=OnTask(rotate))
    with pytest.raises(EntryOutOfReach) as refused:
        office.edits(entry, who=office.admin, target=OnTask(rotate))
    assert refused.value.owner == "Ana"
    assert ops


def test_locked_time_is_not_touched(office: Editor) -> None:
    """Neither what is on a locked day, nor onto one, nor deleted (T13)."""
    entry = office.entry()
    old = office.entry(EIGHT - timedelta(days=10), EIGHT - timedelta(days=10) + HOUR)
    office.chooses(TeamSettings(lock_after_days=7))
    with pytest.raises(TimeLocked):
        office.edits(old, note="late")
    with pytest.raises(TimeLocked):
        office.deletes(old)
    with pytest.raises(TimeLocked):
        office.edits(entry, day=date(2026, 11, 10))
    assert len(office.entries()) == 2


# Meanwhile


def test_a_form_that_shows_something_older_changes_nothing(office: Editor) -> None:
    """The other device's change is told, and a second *Save* that knows of it goes through."""
    entry = office.entry()
    before = office.shows(entry)
    office.edits(entry, end=time(11), note="from the phone")
    with pytest.raises(EntryChanged) as changed:
        office.edits(entry, version=before.version, end=time(10, 30))
    (line,) = changed.value.lines
    assert (line.who, line.action) == ("Ana", Action.EDITED)
    assert [one.what for one in line.changes] == ["end", "length", "note"]
    assert office.spans() == [("20 09:00:00", "20 11:00:00", 7200)]
    office.edits(entry, version=changed.value.present.version, end=time(10, 30))
    assert office.spans() == [("20 09:00:00", "20 10:30:00", 5400)]


def test_a_timer_that_was_stopped_meanwhile(office: Editor) -> None:
    """The form showed a running timer; what runs no more is not moved."""
    entry = office.start(now=NOON - HOUR).timer.entry_id
    before = office.shows(entry)
    office.tracking.stop(who=office.ana, now=NOON)
    with pytest.raises(EntryChanged) as changed:
        office.changing.save(
            who=office.ana,
            entry_id=entry,
            version=before.version,
            edit=Edit(note="", day=TODAY, start=time(11)),
            now=NOON,
        )
    assert changed.value.present.kind is Kind.SPAN


def test_deleted_meanwhile(office: Editor) -> None:
    """By whom and when, and, where it was oneself, with the way back; twice changes nothing."""
    entry = office.entry()
    gone = office.deletes(entry)
    assert (gone.gone.seconds, gone.day_total) == (3600, 0)
    for work in (office.shows, office.deletes, office.edits):
        with pytest.raises(EntryDeleted) as refused:
            work(entry)
        assert (refused.value.by_asker, refused.value.step) == (True, gone.step)
    office.undoing.undo(who=office.ana, step=gone.step, now=NOON)
    again = office.deletes(entry)
    with pytest.raises(ChangedSince):
        office.undoing.undo(who=office.ana, step=gone.step, now=NOON)
    admins = office.world.entry(office.ana, office.website, office.web9, EIGHT, EIGHT + HOUR)
    office.deletes(admins, who=office.admin)
    with pytest.raises(EntryDeleted) as refused:
        office.shows(admins)
    assert (refused.value.who, refused.value.step) == ("Admin", "")
    assert again.step


def test_what_was_deleted_comes_back_only_where_its_time_is_free(office: Editor) -> None:
    """Something else was logged there since."""
    gone = office.deletes(office.entry())
    office.logs(ClockRange(time(9, 30), time(10)))
    with pytest.raises(EntryOverlaps):
        office.undoing.undo(who=office.ana, step=gone.step, now=NOON)
    office.allows_overlaps()
    assert office.undoing.undo(who=office.ana, step=gone.step, now=NOON).action is Action.DELETED


def test_a_running_timer_can_be_deleted(office: Editor) -> None:
    """As if it had been thrown away, with Undo."""
    entry = office.start(now=NOON - HOUR).timer.entry_id
    gone = office.deletes(entry)
    assert office.tracking.status(who=office.ana, now=NOON).timer is None
    office.undoing.undo(who=office.ana, step=gone.step, now=NOON)
    assert office.tracking.status(who=office.ana, now=NOON).timer is not None
