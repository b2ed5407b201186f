"""The history of entries, and finding one to edit (T6, T7), on both databases."""

from datetime import time, timedelta

import pytest

from bot.domain.entries.editing_errors import (
    NothingToEdit,
    NotYourEntry,
)
from bot.domain.entries.entries import OnTask
from bot.domain.entries.entry_refs import read_entry_ref
from bot.domain.ids import TimeEntryId
from tests.builders import NOON
from tests.services.editor import EIGHT, HOUR, TODAY, Editor
from tests.services.office import task

# History, and finding an entry


def test_history_tells_who_when_from_and_to(office: Editor) -> None:
    """Newest first; a change of both parts is one step."""
    office.start(now=NOON - 3 * HOUR)
    office.tracking.stop(who=office.ana, now=NOON - 2 * HOUR)
    entry = TimeEntryId(office.entries()[0].id or 0)
    office.edits(entry, target=OnTask(office.web9), end=time(11, 30))
    office.edits(entry, who=office.admin, note="checked")
    past = office.past.of(who=office.ana, entry_id=entry, page=0, now=NOON)
    assert [(line.who, line.action.value) for line in past.lines] == [
        ("Admin", "edited"),
        ("Ana", "edited"),
        ("Ana", "stopped"),
        ("Ana", "started"),
    ]
    moved = past.lines[1].changes
    assert [one.what for one in moved] == ["task", "end", "length"]
    assert (moved[2].before, moved[2].after) == (3600, 5400)
    assert not past.has_more
    with pytest.raises(NotYourEntry):
        office.past.of(who=office.world.member("bo"), entry_id=entry, page=0, now=NOON)


def test_long_histories_have_pages(office: Editor) -> None:
    """Fifty changes; the number of statements does not grow with them."""
    entry = office.entry()
    for number in range(50):
        office.edits(entry, note=f"note {number}")
    first = office.past.of(who=office.ana, entry_id=entry, page=0, now=NOON)
    last = office.past.of(who=office.ana, entry_id=entry, page=1, now=NOON)
    assert (len(first.lines), first.has_more) == (40, True)
    assert (len(last.lines), last.has_more) == (10, False)
    sent = office.statements(
        lambda: office.past.of(who=office.ana, entry_id=entry, page=0, now=NOON)
    )
    assert len(sent) < 15


def test_an_entry_is_found_by_task_day_or_time(office: Editor) -> None:
    """``/track edit ...``: the newest first, nobody else's."""
    office.entry(EIGHT - timedelta(days=1), EIGHT - timedelta(days=1) + HOUR)
    office.entry()
    office.world.entry(office.ana, office.website, office.web9, EIGHT + HOUR, EIGHT + 2 * HOUR)
    other = office.world.member("bo")
    office.world.entry(other, office.website, office.web12, EIGHT, EIGHT + HOUR)
    expected = {
        "": ["WEB-9"],
        "web-12": ["WEB-12", "WEB-12"],
        "#9": ["WEB-9"],
        "header": ["WEB-12", "WEB-12"],
        "fix the": ["WEB-12", "WEB-12"],
        '"Website"': ["WEB-9", "WEB-12", "WEB-12"],
        "https://acme.test/t/WEB-9": ["WEB-9"],
        "yesterday": ["WEB-12"],
        "thu": ["WEB-12"],
        "9:30": ["WEB-12"],
        "11:30": [],
        "wed": [],
        "WEB-77": [],
    }
    found = {
        words: [
            one.line.on.key
            for one in office.entry_finder.find(
                who=office.ana, ref=read_entry_ref(words), now=NOON
            ).lines
        ]
        for words in expected
    }
    assert found == expected


def test_the_last_entry_is_the_running_timer_first(office: Editor) -> None:
    """Nothing at all is said so."""
    with pytest.raises(NothingToEdit):
        office.changing.last(who=office.ana, now=NOON)
    entry = office.entry()
    assert office.changing.last(who=office.ana, now=NOON).shown.entry_id == entry
    timer = office.start("WEB-9", NOON).timer.entry_id
    assert office.changing.last(who=office.ana, now=NOON).shown.entry_id == timer


def test_many_entries_on_a_task_are_offered_ten_at_most(office: Editor) -> None:
    """The newest ten, and that there are more."""
    late = task(office, "WEB-300", "Weekly")
    for number in range(13):
        since = EIGHT - timedelta(days=number)
        office.world.entry(office.ana, office.website, late, since, since + HOUR)
    found = office.entry_finder.find(who=office.ana, ref=read_entry_ref("WEB-300"), now=NOON)
    assert (len(found.lines), found.has_more) == (10, True)
    assert found.lines[0].day == TODAY
