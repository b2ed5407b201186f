"""``/track edit`` as Slack brings it (T6, T7): words and clicks in, forms and messages out."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.entries.entries import LONGEST_NOTE
from bot.domain.ids import TimeEntryId
from bot.domain.people.people import Member
from bot.domain.preferences import TeamSettings
from bot.views.message import Message, Modal
from handlers.asking import Lookup
from handlers.replies import (
    Both,
    Choices,
    CloseModals,
    Ephemeral,
    FieldErrors,
    OpenModal,
    Told,
    Update,
    UpdateModal,
)
from playground.rules import check_message
from storage.entries.time_entries import TimeEntryRow
from storage.projects.projects import ProjectRow
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.handlers.entries.keyboard import Keyboard, field, filled, said, shows
from tests.handlers.track_desk import elements, fits, labelled
from tests.services.editor import EIGHT, HOUR, Editor


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Keyboard]:
    """Give Ana her keyboard; the services themselves are tested on both databases."""
    office = Editor(sqlite_url)
    yield Keyboard(office)
    office.world.close()


def test_a_confirmations_edit_changes_the_confirmation(desk: Keyboard) -> None:
    """Log, Edit in its message, Save: the message says the new state, with Undo (T7)."""
    logged = desk.types("log 1h web-12 layout")
    button = labelled(logged, "Edit")
    opened = desk.clicks(button["action_id"], button["value"])
    modal = shows(opened.modal)
    assert modal.returns
    assert field(modal, "length")["initial_value"] == "1h"
    assert field(modal, "task")["initial_option"]["text"]["text"] == "WEB-12 Fix the header"
    assert "'1 h today.'" in said(modal), "and not as the day's total"
    done = desk.saves(modal, length="1,5h", day="2026-11-19")
    assert isinstance(done, CloseModals)
    assert done.replaces
    assert done.message is not None
    message = fits(done.message)
    assert message.text == (
        "Changed *WEB-12 Fix the header*: today is now on Thu 19 Nov, 1 h is now 1 h 30 m. "
        "That day: 1 h 30 m. Note: layout"
    )
    undo = labelled(message, "Undo")
    undone = desk.clicks(undo["action_id"], undo["value"])
    assert isinstance(undone, Update)
    assert undone.message.text.startswith("Took back the change of *WEB-12 Fix the header*.")


def test_an_entry_from_a_list_leaves_the_list(desk: Keyboard) -> None:
    """What comes of it is said beside the list."""
    modal = desk.opens(desk.office.entry())
    done = desk.saves(modal, end="10:30", note="menu")
    assert isinstance(done, CloseModals)
    assert not done.replaces
    assert done.message is not None
    assert done.message.text == (
        "Changed *WEB-12 Fix the header*: 09:00-10:00 is now 09:00-10:30, 1 h is now 1 h 30 m, "
        "the note was changed. Today: 1 h 30 m. Note: menu"
    )


def test_the_words_after_edit(desk: Keyboard) -> None:
    """Nothing: the last one. A task with one entry: that. Several: a list. None: it says so."""
    assert "not tracked anything yet" in desk.types("edit").text
    entry = desk.office.entry()
    assert isinstance(desk.asks("edit"), OpenModal)
    assert isinstance(desk.asks("edit web-12"), OpenModal)
    desk.office.entry(EIGHT + HOUR, EIGHT + 2 * HOUR)
    several = desk.types("edit header")
    assert several.text.startswith("2 entries for \u201cheader\u201d. Which one?")
    assert [one["value"] for one in elements(several)][-1] == str(entry)
    none = desk.types("edit yesterday").text
    assert none.startswith("None of your entries is for \u201cyesterday\u201d.")
    assert "still to come" in desk.types("edit 23:59").text


def test_what_is_wrong_stands_under_its_field(desk: Keyboard) -> None:
    """Each refusal names the field a person would mend, in plain words."""
    desk.office.entry(EIGHT + 2 * HOUR, EIGHT + 3 * HOUR)
    modal = desk.opens(desk.office.entry())
    for fields, block, words in (
        ({"end": "14:00"}, "end.0", "14:00 is still to come"),
        ({"length": "lots"}, "length.0", "is no length of time. Try 90m"),
        ({"length": "30h"}, "length.0", "longer than 24 h"),
        ({"start": "09:30", "end": "09:30"}, "end.0", "longer than nothing"),
        ({"end": "11:30"}, "start.0", "That time is taken: WEB-12 11:00-12:00"),
        ({"task": "999"}, "task.0", "no longer there"),
        ({"day": "0001-01-01"}, "day.0", "\u201c0001-01-01\u201d is no day"),
        ({"day": "9999-12-31"}, "day.0", "\u201c9999-12-31\u201d is no day"),
        ({"start": "25:00"}, "end.0", "\u201c25:00\u201d is no time of day"),
    ):
        wrong = desk.saves(modal, **fields)
        assert isinstance(wrong, FieldErrors), wrong
        ((where, text),) = wrong.errors.items()
        assert where == block
        assert words in text
        assert "*" not in text
        assert "`" not in text


def test_the_hint_follows_what_is_chosen(desk: Keyboard) -> None:
    """At once, with the length, the next day, and whose time is taken; typed fields stay."""
    desk.office.entry(EIGHT + 2 * HOUR, EIGHT + 3 * HOUR)
    modal = desk.opens(desk.office.entry())
    assert "09:00-10:00: 1 h." in said(modal)
    for fields, words in (
        ({"end": "10:45"}, "09:00-10:45: 1 h 45 m."),
        ({"end": "11:15"}, "That time is taken: *WEB-12* 11:00-12:00."),
        ({"end": "08:00"}, "08:00 on Sat 21 Nov is still to come"),
        (
            {"start": "22:00", "end": "01:00", "day": "2026-11-18"},
            "Cut at midnight: Wed 18 Nov 2 h",
        ),
        ({"length": "x"}, "no length of time"),
        ({"day": "0001-01-01"}, "is no day"),
    ):
        state = filled(modal, **fields)
        reply = desk.clicks("entry.field", modal=modal, state=state)
        assert isinstance(reply, UpdateModal), reply
        assert words in said(shows(reply.modal))
        ids = [b.get("block_id") for b in reply.modal.blocks if b["type"] == "input"]
        assert ids == [b.get("block_id") for b in modal.blocks if b["type"] == "input"]
        assert reply.modal.metadata == modal.metadata


def test_the_hint_of_a_length_says_on_which_day(desk: Keyboard) -> None:
    """*Thu 19 Nov: 1 h 30 m* would be all of that day."""
    desk.types("log 20m web-9")
    button = labelled(desk.types("log 1h web-12"), "Edit")
    opened = desk.clicks(button["action_id"], button["value"])
    state = filled(shows(opened.modal), length="1,5h", day="2026-11-19")
    reply = desk.clicks("entry.field", modal=opened.modal, state=state)
    assert "'1 h 30 m on Thu 19 Nov.'" in said(shows(reply.modal))


def test_changed_on_another_device(desk: Keyboard) -> None:
    """The form says what, keeps what was typed, and offers to reload (T7)."""
    entry = desk.office.entry()
    modal = desk.opens(entry)
    desk.office.edits(entry, note="from the phone")
    conflict = desk.saves(modal, note="from the desk")
    assert isinstance(conflict, UpdateModal)
    form = shows(conflict.modal)
    assert "changed while you had the form open" in said(form)
    assert "you: changed it. Note \u201cfrom the phone\u201d" in said(form)
    assert form.blocks[-2]["block_id"] == modal.blocks[-2]["block_id"]
    reload = next(b for b in form.blocks if b.get("block_id") == "reload")["elements"][0]
    fresh = desk.clicks(reload["action_id"], modal=form)
    assert isinstance(fresh, UpdateModal)
    assert field(shows(fresh.modal), "note")["initial_value"] == "from the phone"
    assert fresh.modal.blocks[-2]["block_id"] == "note.1"
    desk.saves(form, note="from the desk")
    assert desk.office.entries()[0].note == "from the desk"
    late = desk.saves(fresh.modal, note="later")
    assert isinstance(late, UpdateModal)


def test_delete_in_the_form_asks_first_and_can_be_undone(desk: Keyboard) -> None:
    """The form turns into what happened; the message it came from as well."""
    entry = desk.office.entry()
    modal = desk.opens(entry, here=True)
    button = labelled(Message("", modal.blocks), "Delete")
    assert "WEB-12 Fix the header, 09:00-10:00, 1 h." in button["confirm"]["text"]["text"]
    done = desk.clicks(button["action_id"], button["value"], modal=modal)
    assert isinstance(done, Both)
    gone, told = done.first, done.second
    assert isinstance(gone, UpdateModal)
    assert isinstance(told, Told)
    assert told.replaces
    assert told.message.text == "Deleted *WEB-12 Fix the header*, 09:00-10:00, 1 h. Today: 0 m."
    again = desk.clicks(button["action_id"], button["value"], modal=modal)
    assert "was deleted at 13:00 by you" in said(shows(again.modal))
    sent = desk.saves(modal, note="x")
    assert isinstance(sent, UpdateModal)
    undo = labelled(Message("", gone.modal.blocks), "Undo")
    desk.clicks(undo["action_id"], undo["value"])
    assert len(desk.office.entries()) == 1


def test_delete_beside_an_entry(desk: Keyboard) -> None:
    """In a list: said beside it."""
    done = desk.clicks("entry.delete", str(desk.office.entry()))
    assert isinstance(done, Ephemeral)
    assert done.message.text.startswith("Deleted *WEB-12 Fix the header*")


def test_a_day_shows_what_its_own_menus_did(desk: Keyboard) -> None:
    """*Edit*, *Stop*, *Delete* beside an entry: the day is right; what happened stands below."""
    desk.office.entry()
    desk.types("start web-9")
    desk.later(30)
    shown = desk.types("today")

    def value(message: Message, entry: str, item: str) -> tuple[str, str]:
        row = next(one for one in message.blocks if entry in str(one) and "accessory" in one)
        menu = row["accessory"]["options"]
        chosen = next(one for one in menu if one["text"]["text"] == item)
        action, _, held = chosen["value"].partition(":")
        return action, held

    modal = shows(desk.clicks(*value(shown, "WEB-12", "Edit")).modal)
    done = desk.saves(modal, end="09:30")
    assert isinstance(done, CloseModals)
    assert done.message is not None
    assert "09:00-10:00 is now 09:00-09:30" in done.message.text
    assert not done.replaces
    assert done.redrawn is not None
    again = fits(done.redrawn)
    assert "09:00-09:30" in again.text
    stopped = desk.clicks(*value(again, "WEB-9", "Stop"))
    assert isinstance(stopped, Both)
    assert isinstance(stopped.first, Update)
    assert "13:00-13:30  WEB-9" in stopped.first.message.text
    assert isinstance(stopped.second, Ephemeral)
    assert "Stopped *WEB-9" in stopped.second.message.text
    gone = desk.clicks(*value(stopped.first.message, "WEB-12", "Delete"))
    assert isinstance(gone, Both)
    assert isinstance(gone.first, Update)
    assert "WEB-12" not in gone.first.message.text
    assert isinstance(gone.second, Ephemeral)
    assert labelled(gone.second.message, "Undo")


def test_history_opens_on_top(desk: Keyboard) -> None:
    """Who, when, from, to; pages for a long one."""
    entry = desk.office.logs(3600)
    for number in range(45):
        desk.office.edits(entry, note=f"note {number}")
    desk.opens(entry)
    first = desk.clicks("entry.history", str(entry))
    assert isinstance(first, OpenModal)
    assert "Note \\u201cnote 43\\u201d to \\u201cnote 44\\u201d" in ascii(shows(first.modal).blocks)
    older = labelled(Message("", first.modal.blocks), "Older")
    second = desk.clicks(older["action_id"], older["value"])
    assert isinstance(second, UpdateModal)
    assert "you: logged it, 1 h." in said(shows(second.modal))


def test_forms_fit_with_the_longest_of_everything(desk: Keyboard) -> None:
    """A title of 500 characters, a note of 2,000, an entry over midnight, another's."""
    office = desk.office
    office.change(TaskRow, office.web12, title="<&> " * 125)
    office.change(ProjectRow, office.website, name="N" * 500)
    entry = office.entry(EIGHT - 10 * HOUR, EIGHT - 9 * HOUR)
    office.edits(entry, note="& " * (LONGEST_NOTE // 2))
    office.edits(entry, start=None, end=None, seconds=7200)
    modal = desk.opens(entry)
    assert "It ran over midnight: Thu 19 Nov 1 h, Fri 20 Nov 1 h." in said(modal)
    assert field(modal, "end_day")["initial_date"] == "2026-11-20"
    shows(desk.clicks("entry.history", str(entry)).modal)
    theirs = desk.clicks("entry.edit", str(entry), who=office.admin)
    assert "This is Ana's time" in said(shows(theirs.modal))
    done = desk.saves(modal, note="x")
    check_message(list(done.message.blocks), done.message.text)


def test_a_timers_form_has_its_start_alone(desk: Keyboard) -> None:
    """And its confirmation still stops it."""
    started = desk.types("start web-12")
    button = labelled(started, "Edit")
    modal = shows(desk.clicks(button["action_id"], button["value"]).modal)
    names = {b["block_id"].partition(".")[0] for b in modal.blocks if b["type"] == "input"}
    assert names == {"task", "day", "start", "note"}
    done = desk.saves(modal, start="12:30")
    message = fits(done.message)
    assert message.text == (
        "Changed *WEB-12 Fix the header*: runs since 12:30 instead of since 13:00. Today: 30 m."
    )
    stop = labelled(message, "Stop")
    assert desk.clicks(stop["action_id"], stop["value"]).message.text.startswith("Stopped")


def test_the_select_of_tasks_searches_what_the_owner_may_track(desk: Keyboard) -> None:
    """As they type; a manager is offered tasks of their own projects only."""
    modal = desk.opens(desk.office.entry())

    def offered(query: str, who: Member) -> list[str]:
        ask = Lookup(
            who=who,
            now=NOON,
            request_id="",
            action="entry.find",
            query=query,
            metadata=modal.metadata,
        )
        found: Any = desk.routes.lookups["entry.find"].handler(ask)
        assert isinstance(found, Choices)
        return [one.label for group in found.groups for one in group.options]

    assert offered("foot", desk.office.ana) == ["WEB-9 Footer links"]
    assert len(offered("", desk.office.admin)) == 3
    assert offered("website", desk.office.ana) == ["Website"]


@pytest.mark.parametrize("value", ["", "x", "1:2:3", "9" * 30, "-1"])
def test_forged_values_are_refused_in_words(desk: Keyboard, value: str) -> None:
    """No reference id: nothing broke on our side."""
    for action in ("entry.edit", "entry.delete", "entry.history", "entry.page"):
        reply = desk.clicks(action, value)
        assert isinstance(reply, Ephemeral)
        assert "no longer there" in reply.message.text
    forged = Modal("entry.form", "x", [], metadata=value)
    assert "no longer there" in desk.clicks("entry.field", modal=forged).message.text


def test_an_old_row_without_history_is_edited_too(desk: Keyboard) -> None:
    """Nothing was ever written down about it."""
    entry = desk.office.entry()
    desk.office.change(TimeEntryRow, entry, note="old")
    done = desk.saves(desk.opens(entry), end="10:15")
    assert done.message.text.startswith("Changed")
    assert desk.office.entries()[0].seconds == 4500
    assert timedelta(seconds=4500) > HOUR


def test_what_ends_at_midnight_ends_at_24_wherever_it_is_told(desk: Keyboard) -> None:
    """``22:00-00:00`` would read as no time at all."""
    desk.types("log 22:00-24:00 web-9 tue")
    taken = desk.types("log 23:00-23:30 web-9 tue").text
    assert taken.startswith("That time is taken: *WEB-9* Tue 17 Nov 22:00-24:00.")


def test_locked_time_says_so_before_anything_is_typed(desk: Keyboard) -> None:
    """With what opens it again; nobody fills in a form that cannot be saved."""
    office = desk.office
    old = office.world.entry(
        office.ana, office.website, office.web9, EIGHT - 240 * HOUR, EIGHT - 239 * HOUR
    )
    assert "locked" not in str(desk.opens(TimeEntryId(old)).blocks)
    office.choose(TeamSettings(lock_after_days=7))
    opened = desk.opens(TimeEntryId(old))
    assert opened.submit is None
    assert "Delete" not in str(opened.blocks)
    assert "*WEB-9 Footer links*\\n09:00-10:00 on Tue 10 Nov: 1 h." in said(opened)
    banner = str(opened.blocks[:2])
    assert "is locked: time older than 7 days is." in banner
    assert "Nothing was changed" not in banner
    assert "Unlock..." in banner or "Ask to unlock" in banner
