"""W5: marking tasks done and taking it back, as it is asked for; on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.errors import NotYourButton
from bot.domain.ids import CompletionId
from bot.domain.input_errors import MissingTask
from bot.domain.people.people import Member
from bot.domain.tasks.completion import (
    Asked,
    CannotComplete,
    CompletionState,
    CompletionUnderWay,
    ProjectsAreNotDone,
    StandsLikeThat,
    WhichToComplete,
)
from bot.domain.tasks.task_refs import KeyRef, NumberRef, QuotedName, TaskRef, WordsRef
from bot.domain.tracking.tracking_errors import (
    AccountNotConnected,
    ChangedSince,
    NothingToTrackOn,
    NothingToUndo,
    ProjectArchived,
    TargetUnknown,
)
from bot.services.tasks.completing import CompletionResults
from storage.outbox import OutboxRow
from storage.projects.projects import ProjectRow
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.services.office import Office, task


def ask(office: Office, ref: TaskRef | None, who: Member | None = None) -> Asked | WhichToComplete:
    """Types ``/track done``."""
    return office.completing.ask(who=who or office.ana, ref=ref, now=NOON)


def asked(office: Office, ref: TaskRef | None = None, who: Member | None = None) -> Asked:
    """The same, where one task is meant."""
    done = ask(office, ref or KeyRef("WEB-12"), who)
    assert isinstance(done, Asked)
    return done


def owed(office: Office) -> list[tuple[str, str, Any]]:
    """What the outbox holds."""
    query = select(OutboxRow).order_by(col(OutboxRow.id))
    with office.world.uow.read() as tx:
        return [(one.kind, one.subject, one.payload) for one in tx.entities.scalars(query)]


def test_a_wish_is_owed_to_the_tool_and_to_the_person(office: Office) -> None:
    """In one transaction; nothing is written here, and the task is open until the tool says."""
    done = asked(office)
    assert (done.completion.on.key, done.completion.is_done) == ("WEB-12", True)
    assert done.completion.state is CompletionState.PENDING
    assert owed(office) == [
        ("completion.tell", "completion:1", {"completion_id": 1}),
        ("task.complete", f"task:{office.web12}", {"completion_id": 1}),
    ]
    with office.world.uow.read() as tx:
        row = tx.entities.get(TaskRow, office.web12)
    assert row is not None
    assert not row.is_done


def test_without_words_the_running_task_is_meant(office: Office) -> None:
    """Its timer goes on (T15), and that is told; without a timer a task has to be named."""
    with pytest.raises(MissingTask):
        ask(office, None)
    office.start("WEB-9")
    done = ask(office, None)
    assert isinstance(done, Asked)
    assert done.completion.on.key == "WEB-9"
    assert done.timer is not None
    assert done.timer.on.key == "WEB-9"
    assert asked(office, KeyRef("WEB-12")).timer is None


def test_several_matches_are_a_question(office: Office) -> None:
    """Never the first of several; those of tools that cannot are left out."""
    task(office, "WEB-13", "Fix the menu")
    question = ask(office, WordsRef("fix"))
    assert isinstance(question, WhichToComplete)
    assert (sorted(one.on.key for one in question.candidates), question.total) == (
        ["WEB-12", "WEB-13"],
        2,
    )
    nothing = ask(office, KeyRef("WEB-120"))
    assert isinstance(nothing, WhichToComplete)
    assert nothing.total == 0
    assert nothing.candidates[0].on.key == "WEB-12"
    assert owed(office) == []


def test_what_a_tool_cannot_do_is_not_offered(office: Office) -> None:
    """W6: no button, and whoever types it all the same is told."""
    site = office.world.integration(office.admin, provider="notes", site="notes.test")
    source, project = office.world.provider_project(site), office.world.project("Notes", "NO")
    office.world.link(source, project)
    note = office.world.task(site, source, "NO-1", "A note")
    office.connect(office.ana, site)
    office.world.joins(office.ana, project)
    with pytest.raises(CannotComplete):
        ask(office, KeyRef("NO-1"))
    started = office.start("NO-1")
    assert started.timer.on.task_id == note
    assert not office.completing.can(who=office.ana, on=started.timer.on, now=NOON)
    web = office.start("WEB-12", now=NOON).timer.on
    assert office.completing.can(who=office.ana, on=web, now=NOON)
    office.change(TaskRow, office.web12, is_done=True)
    assert not office.completing.can(who=office.ana, on=web, now=NOON)


def test_only_who_may_track_a_task_may_mark_it(office: Office) -> None:
    """Not connected, not on the project, archived: the refusals of tracking."""
    bo, cy = office.world.member("bo"), office.world.member("cy")
    office.connect(cy)
    with pytest.raises(AccountNotConnected):
        ask(office, KeyRef("WEB-12"), bo)
    with pytest.raises(NothingToTrackOn):
        ask(office, KeyRef("WEB-12"), cy)
    office.world.joins(cy, office.world.project("Garden", "GAR"))
    hidden = ask(office, KeyRef("WEB-12"), cy)
    assert isinstance(hidden, WhichToComplete)
    assert hidden.candidates == ()
    for who, error in ((bo, AccountNotConnected), (cy, TargetUnknown)):
        with pytest.raises(error):
            office.completing.mark(who=who, task_id=office.web12, is_done=True, now=NOON)
    office.change(ProjectRow, office.website, archived_at=NOON)
    with pytest.raises(ProjectArchived):
        ask(office, KeyRef("WEB-12"))


def test_twice_changes_nothing_twice(office: Office) -> None:
    """A double click, a second person, a task that is done already."""
    asked(office)
    with pytest.raises(CompletionUnderWay) as again:
        asked(office)
    assert again.value.by is None
    bo = office.world.member("bo")
    office.connect(bo)
    office.world.joins(bo, office.website)
    with pytest.raises(CompletionUnderWay) as other:
        asked(office, who=bo)
    assert other.value.by == "Ana"
    assert len(owed(office)) == 2
    office.change(TaskRow, office.web9, is_done=True)
    with pytest.raises(StandsLikeThat):
        asked(office, KeyRef("WEB-9"))


def test_undo_opens_the_task_again(office: Office) -> None:
    """Once it came to pass, by the same person, as long as nothing newer was asked for."""
    done = asked(office)
    with pytest.raises(ChangedSince):
        office.completing.undo(who=office.ana, completion_id=done.completion.id, now=NOON)
    office.came_to_pass(done.completion.id)
    bo = office.world.member("bo")
    with pytest.raises(NotYourButton):
        office.completing.undo(who=bo, completion_id=done.completion.id, now=NOON)
    back = office.completing.undo(who=office.ana, completion_id=done.completion.id, now=NOON)
    assert (back.completion.on.key, back.completion.is_done) == ("WEB-12", False)
    with pytest.raises(ChangedSince):
        office.completing.undo(who=office.ana, completion_id=done.completion.id, now=NOON)
    office.came_to_pass(back.completion.id)
    again = office.completing.undo(who=office.ana, completion_id=back.completion.id, now=NOON)
    assert again.completion.is_done
    with pytest.raises(TargetUnknown):
        office.completing.undo(who=office.ana, completion_id=CompletionId(99), now=NOON)


def test_a_project_is_not_done(office: Office) -> None:
    """By its name in quotes."""
    with pytest.raises(ProjectsAreNotDone):
        ask(office, QuotedName("Website"))


def test_a_number_means_the_channels_project(office: Office) -> None:
    """As for tracking (T12); elsewhere two tasks of one number are a question."""
    site, source, project = office.second_site()
    office.world.task(site, source, "OPS-12", "Rotate keys")
    office.connect(office.ana, site)
    office.world.joins(office.ana, project)
    question = ask(office, NumberRef(12))
    assert isinstance(question, WhichToComplete)
    assert question.total == 2


def undo_last(office: Office, minutes: int, who: Member | None = None) -> Asked | None:
    """Types ``/track undo`` so many minutes after noon, where time was not the last."""
    now = NOON + timedelta(minutes=minutes)
    return office.completing.undo_last(who=who or office.ana, now=now)


def test_the_last_can_be_taken_back_without_naming_it(office: Office) -> None:
    """Once: what opened it again is no change to take back."""
    assert undo_last(office, 1) is None
    office.came_to_pass(asked(office).completion.id)
    assert undo_last(office, 1, office.admin) is None
    back = undo_last(office, 1)
    assert back is not None
    assert (back.completion.on.key, back.completion.is_done) == ("WEB-12", False)
    office.came_to_pass(back.completion.id)
    with pytest.raises(NothingToUndo):
        undo_last(office, 2)


def test_what_came_after_it_is_taken_back_first(office: Office) -> None:
    """Time that was tracked since is the last; half a day later nothing is."""
    office.came_to_pass(asked(office).completion.id)
    office.start("WEB-9")
    assert undo_last(office, 1) is None
    other = office.completing.ask(
        who=office.ana, ref=KeyRef("WEB-9"), now=NOON + timedelta(minutes=1)
    )
    assert isinstance(other, Asked)
    office.came_to_pass(other.completion.id)
    assert undo_last(office, 13 * 60) is None
    back = undo_last(office, 2)
    assert back is not None
    assert back.completion.on.key == "WEB-9"


def test_the_last_is_not_taken_back_before_the_tool_has_answered(office: Office) -> None:
    """Nobody knows yet what there is to take back."""
    asked(office)
    with pytest.raises(CompletionUnderWay):
        undo_last(office, 1)


def test_what_others_took_back_is_not_the_last(office: Office) -> None:
    """A task that somebody opened here, or in its tool, or that is out of reach by now."""
    done = asked(office)
    office.came_to_pass(done.completion.id)
    office.change(TaskRow, office.web12, is_done=False)
    assert undo_last(office, 1) is None
    office.change(TaskRow, office.web12, is_done=True)
    office.change(ProjectRow, done.completion.on.project_id, archived_at=NOON)
    assert undo_last(office, 1) is None
    office.change(ProjectRow, done.completion.on.project_id, archived_at=None)
    office.world.joins(office.admin, done.completion.on.project_id)
    office.connect(office.admin)
    for is_done in (False, True):
        wish = office.completing.mark(
            who=office.admin, task_id=office.web12, is_done=is_done, now=NOON
        )
        office.came_to_pass(wish.completion.id)
    assert undo_last(office, 1) is None


def test_what_did_not_come_to_pass_is_not_taken_back(office: Office) -> None:
    """The tool refused: whatever was done to time before is the last."""
    office.start("WEB-9")
    done = office.completing.ask(
        who=office.ana, ref=KeyRef("WEB-12"), now=NOON + timedelta(minutes=1)
    )
    assert isinstance(done, Asked)
    results = CompletionResults(office.world.uow, office.world.new_marker())
    results.ended(done.completion, CompletionState.REFUSED, "no", NOON)
    assert undo_last(office, 2) is None
