"""The form *Log time*, from the shortcut and from buttons (T9)."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.views.message import Modal
from bot.views.tracking import log_form as views
from handlers.asking import Lookup, Shortcut
from handlers.replies import Choices, CloseModals, FieldErrors, OpenModal, UpdateModal
from playground.rules import check_options, check_view
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.handlers.entries.keyboard import field, filled, said
from tests.handlers.track_desk import Desk, fits, labelled
from tests.services.editor import EIGHT, HOUR
from tests.services.office import Office


class Clerk(Desk):
    """Ana, who logs time."""

    def opens(self, value: str | None = None) -> Modal:
        """The shortcut, or a button with this value."""
        if value is None:
            ask = Shortcut(
                who=self.office.ana, now=self.now, request_id="t", callback_id="log_time"
            )
            reply: Any = self.routes.shortcuts["log_time"].handler(ask)
        else:
            reply = self.clicks("log.open", value)
        assert isinstance(reply, OpenModal)
        return shows(reply.modal)

    def changes(self, modal: Modal, **fields: str) -> Modal:
        """Something is chosen; the form as it is then."""
        reply = self.clicks("log.field", modal=modal, state=state(modal, **fields))
        assert isinstance(reply, UpdateModal)
        return shows(reply.modal)

    def sends_form(self, modal: Modal, **fields: str) -> Any:  # noqa: ANN401 - any reply
        """*Log*."""
        return self.sends(modal, state(modal, **fields))


def shows(modal: Modal) -> Modal:
    """The form, after Slack's own rules were held against it."""
    check_view(modal.as_view(), "modal")
    return modal


def state(modal: Modal, **fields: str) -> dict[str, dict[str, Any]]:
    """What stands in the form."""
    found: dict[str, dict[str, Any]] = {}
    for block in modal.blocks:
        if block["type"] != "input":
            continue
        name, element = block["block_id"], block["element"]
        given = fields.get(name)
        match element["type"]:
            case "radio_buttons":
                chosen = given or element["initial_option"]["value"]
                held: dict[str, Any] = {"selected_option": {"value": chosen}}
            case "external_select":
                initial = element.get("initial_option")
                held = {"selected_option": {"value": given} if given else initial}
            case "datepicker":
                held = {"selected_date": given or element["initial_date"]}
            case "timepicker":
                held = {"selected_time": given or element.get("initial_time")}
            case _:
                held = {"value": given or element.get("initial_value")}
        found[name] = {element["action_id"]: held}
    return found


def element(modal: Modal, name: str) -> dict[str, Any]:
    """A field's element."""
    found: dict[str, Any] = next(b["element"] for b in modal.blocks if b.get("block_id") == name)
    return found


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Clerk]:
    """Give Ana her desk."""
    office = Office(sqlite_url)
    yield Clerk(office)
    office.world.close()


def test_log_alone_opens_the_form(desk: Clerk) -> None:
    """As the shortcut does: what to say is asked field by field."""
    reply = desk.asks("log")
    assert isinstance(reply, OpenModal)
    assert reply.modal == desk.opens()


def test_a_task_or_a_day_without_a_length_opens_the_form_with_them(desk: Clerk) -> None:
    """Only what was not said is asked."""
    reply = desk.asks("log web-12 yesterday review")
    assert isinstance(reply, OpenModal)
    assert element(reply.modal, "task")["initial_option"]["text"]["text"] == "WEB-12 Fix the header"
    assert element(reply.modal, "day")["initial_date"] == "2026-11-19"
    assert element(reply.modal, "note")["initial_value"] == "review"
    done = desk.sends_form(reply.modal, length="1h")
    assert done.message.text.startswith("Logged 1 h to *WEB-12 Fix the header* on Thu 19 Nov.")
    assert [one.note for one in desk.office.entries()] == ["review"]
    alone = desk.asks("log mon")
    assert element(alone.modal, "day")["initial_date"] == "2026-11-16"
    assert "initial_value" not in element(alone.modal, "note")


def test_a_length_is_logged_and_remembered(desk: Clerk) -> None:
    """Opened again, the form has the task and the length."""
    modal = desk.opens()
    done = desk.sends_form(modal, task=str(desk.office.web12), length="1,5h", note="layout")
    assert isinstance(done, CloseModals)
    assert done.message is not None
    message = fits(done.message)
    assert message.text == (
        "Logged 1 h 30 m to *WEB-12 Fix the header*. Today: 1 h 30 m. Note: layout"
    )
    assert labelled(message, "Edit")["value"].endswith(":here")
    assert labelled(message, "Undo")
    again = desk.opens()
    assert element(again, "length")["initial_value"] == "1h30m"
    assert element(again, "task")["initial_option"]["value"] == str(desk.office.web12)
    assert "initial_value" not in element(again, "note")


def test_from_and_to_are_other_fields(desk: Clerk) -> None:
    """Chosen, they begin where today's last entry ended; the hint counts the day."""
    office = desk.office
    office.world.entry(office.ana, office.website, office.web9, EIGHT, EIGHT + HOUR)
    modal = desk.changes(desk.opens(), how=views.BY_CLOCK)
    assert element(modal, "start")["initial_time"] == "10:00"
    assert element(modal, "end")["initial_time"] == "13:00"
    chosen = desk.changes(modal, start="10:30", end="12:00", how=views.BY_CLOCK)
    assert "10:30-12:00: 1 h 30 m. Today with this: 2 h 30 m." in said(chosen)
    taken = desk.changes(modal, start="09:30", how=views.BY_CLOCK)
    assert "That time is taken: *WEB-9* 09:00-10:00." in said(taken)
    done = desk.sends_form(chosen, task=f"p{office.website}", start="10:30", end="12:00")
    assert done.message.text.startswith("Logged 1 h 30 m to *Website*, 10:30 to 12:00.")
    back = desk.changes(desk.opens(), how=views.BY_LENGTH)
    assert element(back, "length")


def test_what_is_wrong_stands_under_its_field(desk: Clerk) -> None:
    """The same grammar as in the command, and the same reasons."""
    office = desk.office
    office.world.entry(office.ana, office.website, office.web9, EIGHT, EIGHT + HOUR)
    by_length = desk.opens()
    by_clock = desk.changes(by_length, how=views.BY_CLOCK)
    task = str(office.web12)
    for modal, fields, block, words in (
        (by_length, {}, "length", "Say how long"),
        (by_length, {"length": "12"}, "length", "is no length of time"),
        (by_length, {"length": "25h"}, "length", "longer than 24 h"),
        (by_length, {"length": "1h", "day": "2026-11-21"}, "day", "still to come"),
        (by_length, {"length": "1h", "task": "999"}, "task", "no longer there"),
        (by_clock, {"start": "09:30", "end": "11:00"}, "start", "That time is taken: WEB-9"),
        (by_clock, {"start": "11:00", "end": "11:00"}, "end", "longer than nothing"),
        (by_clock, {"start": "12:00", "end": "15:00"}, "end", "15:00 is still to come"),
    ):
        wrong = desk.sends_form(modal, **({"task": task} | fields))
        assert isinstance(wrong, FieldErrors), (fields, wrong)
        ((where, text),) = wrong.errors.items()
        assert where == block
        assert words in text
    empty = desk.sends(by_length, state(by_length) | {"task": {"log.find": {}}})
    assert "task" in empty.errors
    assert len(office.entries()) == 1


def test_a_gap_in_the_day_is_one_click_from_the_form(desk: Clerk) -> None:
    """The button beside a gap fills in its day, its beginning and its end."""
    office = desk.office
    office.world.entry(office.ana, office.website, office.web9, EIGHT, EIGHT + HOUR)
    office.world.entry(office.ana, office.website, office.web9, EIGHT + 2 * HOUR, NOON)
    log = labelled(desk.types("today"), "Log")
    modal = desk.opens(log["value"])
    assert element(modal, "day")["initial_date"] == "2026-11-20"
    assert element(modal, "start")["initial_time"] == "10:00"
    assert element(modal, "end")["initial_time"] == "11:00"
    for forged in ("2026-13-40", "x", "2026-11-20 99:00-10:00", "9" * 300):
        assert element(desk.opens(forged), "day")["initial_date"] == "2026-11-20"


def test_a_task_that_a_button_names_stands_in_the_form(desk: Clerk) -> None:
    """*Log time* beside a task begins with that task, not with the last one."""
    desk.types("log 1h web-12")
    modal = desk.opens(views.Opening(target=str(desk.office.web9)).written())
    assert element(modal, "task")["initial_option"]["text"]["text"] == "WEB-9 Footer links"
    assert "no longer there" in desk.clicks("log.open", "on 999").message.text
    assert "no longer there" in desk.clicks("log.open", "on something").message.text


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31", "soon"])
def test_a_day_that_no_calendar_here_has_is_refused_in_words(desk: Clerk, day: str) -> None:
    """Whoever forges one, or types it: nothing breaks, and nothing is logged long before Slack."""
    desk.types("log 1h web-12")
    modal = desk.opens()
    wrong = desk.sends_form(modal, day=day, length="1h")
    assert wrong.errors == {
        "day": f"\u201c{day}\u201d is no day. Try yesterday, mon or 2026-11-20."
    }
    desk.changes(modal, day=day, length="1h")
    assert element(desk.opens(day), "day")["initial_date"] == "2026-11-20"
    assert len(desk.office.entries()) == 1


def test_the_select_keeps_to_slacks_limits(desk: Clerk) -> None:
    """Titles of 500 characters and a hundred tasks."""
    office = desk.office
    office.change(TaskRow, office.web12, title="<&> " * 125)
    for number in range(300, 400):
        office.world.task(office.board, office.source, f"WEB-{number}", f"Task {number}")
    ask = Lookup(who=office.ana, now=NOON, request_id="", action="log.find", query="")
    found: Any = desk.routes.lookups["log.find"].handler(ask)
    assert isinstance(found, Choices)
    shown = [
        {
            "label": {"type": "plain_text", "text": group.label},
            "options": [
                {"text": {"type": "plain_text", "text": one.label[:75]}, "value": one.value}
                for one in group.options
            ],
        }
        for group in found.groups
    ]
    check_options({"option_groups": shown})
    assert [group.label for group in found.groups] == ["Tasks", "Projects, without a task"]
    desk.types("log 1h web-12")
    shows(desk.opens())


def test_the_edit_form_reads_the_same(desk: Clerk) -> None:
    """Both forms hold what they began with."""
    desk.types("log 1h web-12")
    edit = desk.clicks("entry.edit", str(office_entry(desk))).modal
    assert field(edit, "length")["initial_value"] == "1h"
    assert filled(edit)["length.0"]


def office_entry(desk: Clerk) -> int:
    """Ana's only entry."""
    return desk.office.entries()[0].id or 0
