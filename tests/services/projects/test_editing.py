"""Changing a project's name, code and colour; archiving it and bringing it back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import ProjectId, TaskId, TimeEntryId
from bot.domain.input_errors import BadInput, TextTooLong
from bot.domain.linking.linking import ProjectExists
from bot.domain.projects.project_summary import Colour
from bot.domain.projects.projects import CodeTaken, CodeUnfit, Edit, Edited, NameFollows
from bot.domain.tasks.finding import Found
from bot.domain.tasks.task_refs import KeyRef, QuotedName
from bot.domain.tracking.tracking import Logged
from bot.domain.tracking.tracking_errors import ProjectArchived
from bot.integrations.api import ProviderTask
from bot.services.projects.archiving import ProjectArchiving
from bot.services.projects.editing import ProjectEditing
from bot.services.sync import mirror_rows
from bot.services.sync.mirror_rows import TaskKey
from bot.services.tasks.finder import Finder
from bot.views import failures
from storage.linking.provider_projects import ProviderProjectRow
from storage.operating.audit import AuditRow
from storage.outbox import OutboxRow
from storage.projects.projects import ProjectRow
from storage.tasks import task_questions
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.services.office import Office, task

HOUR = timedelta(hours=1)


def edited(
    office: Office,
    *,
    name: str | None = None,
    code: str = "WEB",
    colour: Colour | None = None,
    project: ProjectId | None = None,
) -> Edited:
    """The admin saves the form."""
    return ProjectEditing(office.world.uow).edit(
        who=office.admin,
        project_id=project or office.website,
        edit=Edit(name, code, colour),
        now=NOON,
    )


def row(office: Office) -> ProjectRow:
    """Website as it is stored."""
    with office.world.uow.read() as tx:
        found = tx.entities.get(ProjectRow, office.website)
    assert found is not None
    return found


def found_by_words(office: Office, text: str) -> list[str]:
    """The keys that a search for these words gives."""
    with office.world.uow.read() as tx:
        several = Finder(tx, office.ana, NOON.date(), str).tasks(text)
    return [one.on.key for one in several.candidates]


def found(office: Office, key: str) -> TaskId | None:
    """The task that a key finds."""
    with office.world.uow.read() as tx:
        finder = Finder(tx, office.ana, NOON.date(), str)
        match finder.find(KeyRef(key)):
            case Found(candidate):
                return candidate.on.task_id
            case _:
                return None


def audited(office: Office) -> list[str]:
    """The actions in the audit log."""
    with office.world.uow.read() as tx:
        return list(tx.execute(select(col(AuditRow.action)).order_by(col(AuditRow.id))).scalars())


def test_a_project_with_a_name_of_its_own_is_renamed(office: Office) -> None:
    """White space is tidied, the change is on record, and saving the same again changes nothing."""
    assert edited(office, name="  Web   site ", colour=Colour.BLUE).is_changed
    assert (row(office).name, row(office).name_folded, row(office).colour) == (
        "Web site",
        "web site",
        "blue",
    )
    assert not edited(office, name="Web site", colour=Colour.BLUE).is_changed
    assert audited(office) == ["project.edit"]


def test_its_time_may_be_kept_back_from_tools(office: Office) -> None:
    """On by default; a form that does not ask changes nothing; who did it is on record."""
    editing = ProjectEditing(office.world.uow)
    assert editing.form(who=office.admin, project_id=office.website).writes_time
    edit = Edit(None, "WEB", None, writes_time=False)
    assert editing.edit(who=office.admin, project_id=office.website, edit=edit, now=NOON).is_changed
    assert not editing.form(who=office.admin, project_id=office.website).writes_time
    assert not edited(office).is_changed
    assert not row(office).writes_time
    assert audited(office) == ["project.edit"]


def test_a_name_that_follows_the_tool_is_changed_there(office: Office) -> None:
    """As long as it is linked; code and colour are ours all the same (A4)."""
    office.change(ProjectRow, office.website, follows_name=True)
    editing = ProjectEditing(office.world.uow)
    form = editing.form(who=office.admin, project_id=office.website)
    assert form.named_there is not None
    assert form.named_there.url.startswith("https://")
    with pytest.raises(NameFollows):
        edited(office, name="Mine")
    assert edited(office, code="SITE").is_changed
    office.change(ProviderProjectRow, office.source, name="Renamed")
    assert row(office).name == "Website"


@pytest.mark.parametrize("code", ["A", "TOOLONG", "A1", "ÄÖ", "", "A B"])
def test_a_code_is_two_to_five_letters(office: Office, code: str) -> None:
    """Anything else is refused before anything happens."""
    with pytest.raises(CodeUnfit):
        edited(office, code=code)


def test_codes_and_names_are_unique(office: Office) -> None:
    """Another project's code or name is refused; that of an archived one may be taken."""
    office.world.project("Shop", "SHOP")
    old = office.world.project("Old", "OLD")
    office.change(ProjectRow, old, archived_at=NOON)
    with pytest.raises(CodeTaken):
        edited(office, code="shop")
    with pytest.raises(CodeTaken):
        edited(office, code="OLD")
    with pytest.raises(ProjectExists):
        edited(office, name="shop")
    assert edited(office, name="Old").is_changed
    for name, error in (("   ", BadInput), ("x" * 501, TextTooLong)):
        with pytest.raises(error):
            edited(office, name=name)


def test_old_keys_go_on_finding_their_tasks(office: Office) -> None:
    """WEB-12 becomes SITE-12 and is found as both; a key of the tool's own stays as it is."""
    office.change(TaskRow, office.web12, key_is_ours=True)
    done = edited(office, code="site")
    assert (done.code, done.old_code, done.rekeyed) == ("SITE", "WEB", 1)
    assert found(office, "SITE-12") == found(office, "web-12") == office.web12
    assert found(office, "WEB-9") == office.web9
    assert found(office, "SITE-9") is None
    assert edited(office, code="WEB").rekeyed == 1
    assert found(office, "WEB-12") == found(office, "SITE-12") == office.web12
    with office.world.uow.read() as tx:
        task = tx.entities.get(TaskRow, office.web12)
    assert task is not None
    assert (task.key, "web12" in task.terms.split()) == ("WEB-12", True)
    assert found_by_words(office, "web-12 header") == ["WEB-12"]
    assert found_by_words(office, "site-12") == ["WEB-12"]


def test_new_keys_are_found_beside_words_that_begin_alike(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the tasks are too many to be read one by one."""
    monkeypatch.setattr(task_questions, "READ", 0)
    task(office, "WEB-30", "Sitemap")
    office.change(TaskRow, office.web12, key_is_ours=True)
    assert edited(office, code="SITE").rekeyed == 1
    assert sorted(found_by_words(office, "site")) == ["SITE-12", "WEB-30"]


def test_a_freed_code_makes_two_tasks_of_one_key(office: Office) -> None:
    """Another project takes WEB: its WEB-12 and the old one are a question, not a guess."""
    office.change(TaskRow, office.web12, key_is_ours=True)
    edited(office, code="SITE")
    source = office.world.provider_project(office.board, "Other", key=None)
    other = office.world.project("Other", "OTH")
    office.world.link(source, other)
    office.world.joins(office.ana, other)
    edited(office, code="WEB", project=other)
    office.world.task(office.board, source, "WEB-12", "Another")
    assert found(office, "WEB-12") is None


def test_mirroring_knows_whose_a_key_is() -> None:
    """A tool with only numbers gets keys of ours; one with keys keeps its own."""
    bare = ProviderTask("t1", "p1", "Title", "https://x.test", number=12)
    keyed = ProviderTask("t1", "p1", "Title", "https://x.test", key="ABC-1")
    assert mirror_rows.kept_key(bare, None) is None
    assert mirror_rows.kept_key(bare, "WEB-12") == TaskKey("WEB-12", 12, is_ours=True)
    assert mirror_rows.kept_key(keyed, None) == TaskKey("ABC-1", 1, is_ours=False)


def test_archiving_stops_and_keeps_timers_and_closes_the_project(office: Office) -> None:
    """Owners are told once; a start, a log and an edit are refused; an admin logs by hand."""
    archiving = ProjectArchiving(office.world.uow, office.world.new_marker())
    office.connect(office.admin)
    office.start(now=NOON - HOUR)
    preview = archiving.preview(who=office.admin, project_ids=[office.website], now=NOON)
    assert (preview.names, preview.archived, preview.running) == (("Website",), (), 1)
    done = archiving.archive(who=office.admin, project_ids=[office.website], now=NOON)
    assert (done.names, done.stopped) == (("Website",), 1)
    [entry] = office.entries()
    assert (entry.seconds, entry.stopped_because) == (3600, "project_archived")
    with office.world.uow.read() as tx:
        kinds = list(tx.execute(select(col(OutboxRow.kind))).scalars())
    assert kinds == ["timer.stopped"]
    with pytest.raises(ProjectArchived) as member:
        office.start(now=NOON)
    assert failures.sentence(member.value).text.endswith("An admin can log time by hand.")
    with pytest.raises(ProjectArchived) as admin:
        office.start(who=office.admin, now=NOON)
    assert failures.sentence(admin.value).text.endswith("You can log time by hand: `/track log`.")
    with pytest.raises(ProjectArchived):
        logged(office)
    assert logged(office, by_admin=True).seconds == 3600
    again = archiving.archive(who=office.admin, project_ids=[office.website], now=NOON)
    assert (again.names, again.unchanged, again.stopped) == ((), 1, 0)


def logged(office: Office, *, by_admin: bool = False) -> Logged:
    """An hour on Website, by hand."""
    done = office.time_log.log(
        who=office.admin if by_admin else office.ana,
        ref=QuotedName("Website"),
        amount=3600,
        day=None,
        note="",
        now=NOON,
        request_id=f"r{by_admin}",
    )
    assert isinstance(done, Logged)
    return done


def test_members_change_no_archived_time(office: Office) -> None:
    """Neither its note, nor by taking back what they logged; an admin may."""
    archiving = ProjectArchiving(office.world.uow, office.world.new_marker())
    office.connect(office.admin)
    mine, theirs = logged(office), logged(office, by_admin=True)
    [entry] = office.entries()
    assert entry.id is not None
    archiving.archive(who=office.admin, project_ids=[office.website], now=NOON)
    with pytest.raises(ProjectArchived):
        office.undoing.undo(who=office.ana, step=mine.step, now=NOON)
    with pytest.raises(ProjectArchived):
        office.tracking.note(who=office.ana, text="late", now=NOON, entry_id=TimeEntryId(entry.id))
    assert office.entries()[0].note == ""
    office.undoing.undo(who=office.admin, step=theirs.step, now=NOON)
    assert office.entries(office.admin) == []


def test_bringing_back_opens_it_again(office: Office) -> None:
    """Unless the tool has archived it, which is said."""
    archiving = ProjectArchiving(office.world.uow, office.world.new_marker())
    archiving.archive(who=office.admin, project_ids=[office.website], now=NOON)
    done = archiving.restore(who=office.admin, project_ids=[office.website], now=NOON)
    assert (done.names, done.archived_there) == (("Website",), ())
    office.start(now=NOON)
    archiving.archive(who=office.admin, project_ids=[office.website], now=NOON + HOUR)
    office.change(ProviderProjectRow, office.source, is_archived=True)
    done = archiving.restore(who=office.admin, project_ids=[office.website], now=NOON)
    assert done.archived_there == ("Website",)
    assert audited(office) == [
        "project.archive",
        "project.restore",
        "project.archive",
        "project.restore",
    ]


def test_only_admins_change_projects(office: Office) -> None:
    """Neither members nor other teams' ids get through."""
    archiving = ProjectArchiving(office.world.uow, office.world.new_marker())
    editing = ProjectEditing(office.world.uow)
    edit = Edit("Mine", "MINE", None)
    with pytest.raises(AdminOnly):
        editing.edit(who=office.ana, project_id=office.website, edit=edit, now=NOON)
    for work in (archiving.preview, archiving.archive, archiving.restore):
        with pytest.raises(AdminOnly):
            work(who=office.ana, project_ids=[office.website], now=NOON)
        with pytest.raises(Vanished):
            work(who=office.admin, project_ids=[office.website, ProjectId(999)], now=NOON)
    zoe = office.world.member("zoe", admin=True, team_id=office.world.team("T0ELSE"))
    with pytest.raises(Vanished):
        archiving.archive(who=zoe, project_ids=[office.website], now=NOON)
    with pytest.raises(Vanished):
        editing.edit(who=zoe, project_id=office.website, edit=edit, now=NOON)
