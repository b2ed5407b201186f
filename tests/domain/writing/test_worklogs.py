"""What lies between an entry and its record, as pure functions."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from bot.domain.ids import IntegrationId, TaskId, TeamId, TimeEntryId, WorklogId
from bot.domain.linking.write_back import worklog_text
from bot.domain.writing.worklogs import (
    GONE,
    WORKLOG_MOVES,
    Record,
    Said,
    Step,
    StoredWorklog,
    Try,
    Unwanted,
    Wanted,
    WorklogEvent,
    WorklogState,
    first_step,
    moved,
    next_step,
)
from tests.builders import NOON

DAY = date(2026, 11, 20)
SAID = Said("12", 3600, DAY, None, "Header")
OTHER = replace(SAID, seconds=5400)
RECORD = Record("r1", "v1", 3600, DAY)
NEW = StoredWorklog(
    id=WorklogId(1),
    team_id=TeamId("T0ACME"),
    entry_id=TimeEntryId(1),
    integration_id=IntegrationId(1),
    task_id=TaskId(1),
    state=WorklogState.PENDING,
    reason="",
    marker="m1",
    revision=1,
    owed_in="call",
    author=None,
    task="",
    record=None,
    digest="",
    tried=None,
)
KNOWN = replace(NEW, record=RECORD, digest=SAID.digest, task="12")


def tried(said: Said) -> Try:
    """A call whose answer never came."""
    return Try(said.task, said.seconds, said.day, said.digest, NOON)


def test_a_closed_set_of_moves() -> None:
    """A conflict leaves only by a person; what is written leaves only by a change."""
    leaving = {
        state: {event for event in WorklogEvent if moved(state, event) not in {None, state}}
        for state in WorklogState
    }
    assert leaving[WorklogState.CONFLICT] == {WorklogEvent.DECIDED}
    assert leaving[WorklogState.WRITTEN] == {WorklogEvent.OWE}
    assert len(WORKLOG_MOVES) < len(list(product(WorklogState, WorklogEvent)))


@pytest.mark.parametrize(
    ("known", "wish", "step"),
    [
        (NEW, Wanted(SAID), Step.WRITE),
        (NEW, Unwanted(), Step.NOTHING),
        (replace(NEW, tried=tried(SAID)), Wanted(SAID), Step.LOOK),
        (replace(NEW, tried=tried(SAID)), Unwanted(), Step.LOOK),
        (replace(NEW, tried=tried(SAID)), Unwanted(leaves=True), Step.NOTHING),
        (KNOWN, Wanted(SAID), Step.NOTHING),
        (KNOWN, Wanted(OTHER), Step.LOOK),
        (KNOWN, Unwanted(), Step.LOOK),
        (KNOWN, Unwanted(leaves=True), Step.NOTHING),
        (replace(KNOWN, tried=tried(OTHER)), Wanted(SAID), Step.LOOK),
        (replace(KNOWN, record=replace(RECORD, version=GONE)), Wanted(SAID), Step.LOOK),
    ],
)
def test_what_can_be_said_without_asking(known: StoredWorklog, wish: Wanted, step: Step) -> None:
    """A tool is asked only where that can change something."""
    assert first_step(known, wish) is step


CHANGED = replace(RECORD, version="v2", seconds=1800)
LANDED = replace(RECORD, version="v2", seconds=5400)
REFUSED = replace(tried(OTHER), at=None)
"""Answered with a no: nothing of it may still arrive."""
REMOVAL = Try("12", 3600, DAY, "", NOON)


@pytest.mark.parametrize(
    ("known", "wish", "found", "step"),
    [
        (NEW, Wanted(SAID), None, Step.WRITE),
        (replace(NEW, tried=tried(SAID)), Wanted(SAID), RECORD, Step.ADOPT),
        (replace(NEW, tried=tried(SAID)), Wanted(OTHER), RECORD, Step.UPDATE),
        (replace(NEW, tried=tried(SAID)), Unwanted(), RECORD, Step.DELETE),
        (replace(NEW, tried=tried(SAID)), Unwanted(), None, Step.NOTHING),
        (KNOWN, Wanted(OTHER), RECORD, Step.UPDATE),
        (KNOWN, Wanted(OTHER), CHANGED, Step.CONFLICT),
        (KNOWN, Wanted(OTHER), None, Step.CONFLICT),
        (KNOWN, Unwanted(), RECORD, Step.DELETE),
        (KNOWN, Unwanted(), CHANGED, Step.CONFLICT),
        (KNOWN, Unwanted(), None, Step.DELETE),
        (replace(KNOWN, tried=tried(OTHER)), Wanted(OTHER), LANDED, Step.ADOPT),
        (replace(KNOWN, tried=tried(OTHER)), Wanted(OTHER), RECORD, Step.UPDATE),
        (replace(KNOWN, tried=tried(OTHER)), Wanted(SAID), LANDED, Step.UPDATE),
        (replace(KNOWN, tried=tried(OTHER)), Wanted(SAID), CHANGED, Step.CONFLICT),
        (replace(KNOWN, tried=tried(OTHER)), Unwanted(), LANDED, Step.DELETE),
        (replace(KNOWN, record=replace(RECORD, version=GONE)), Wanted(SAID), None, Step.REVIVE),
        (replace(KNOWN, tried=REMOVAL), Wanted(SAID), None, Step.REVIVE),
        (replace(KNOWN, tried=REMOVAL), Wanted(SAID), RECORD, Step.UPDATE),
        (replace(KNOWN, tried=REMOVAL), Unwanted(), None, Step.DELETE),
        (replace(KNOWN, tried=REFUSED), Wanted(SAID), RECORD, Step.ADOPT),
        (replace(KNOWN, tried=REFUSED), Wanted(OTHER), RECORD, Step.UPDATE),
        (replace(KNOWN, tried=tried(OTHER)), Wanted(SAID), RECORD, Step.UPDATE),
    ],
)
def test_what_is_done_by_what_is_found(
    known: StoredWorklog, wish: Wanted, found: Record | None, step: Step
) -> None:
    """Only what is ours, or what we tried, is touched."""
    assert next_step(known, wish, found) is step


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("", "Header"),
        ("{note}", "Header"),
        ("{key} {task}: {note}", "WEB-12 Fix: Header"),
        ("{nothing} {note", "{nothing} {note"),
        ("{member} - ", "Ana"),
    ],
)
def test_the_text_of_a_worklog(pattern: str, text: str) -> None:
    """What is no word of ours stays as it was typed."""
    values = {"note": "Header", "key": "WEB-12", "task": "Fix", "member": "Ana"}
    assert worklog_text(pattern, values) == text
