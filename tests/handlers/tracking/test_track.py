"""What /track answers, and what its buttons do."""

import re
from typing import Any

import pytest

from handlers.asking import Lookup
from handlers.grammar.track_values import TrackCommand
from handlers.grammar.verbs import Verb
from handlers.replies import Choices, CloseModals, Ephemeral, FieldErrors, OpenModal, Update
from handlers.tracking.track import OFFERED
from playground.rules import check_options, check_view
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.handlers.track_desk import Desk, elements, fits, labelled
from tests.services.office import task


def test_a_day_of_tracking(desk: Desk) -> None:
    """Start, switch, stop, today, week: in the words of the product page."""
    assert desk.types("start web-12").text == (
        "Started *WEB-12 Fix the header* at 13:00. Today: 0 m."
    )
    desk.later(40)
    assert desk.types("switch web-9 links are grey").text == (
        "Stopped *WEB-12* after 40 m, started *WEB-9 Footer links* at 13:40. Today: 40 m. "
        "Note: links are grey"
    )
    desk.later(20)
    status = desk.types("status")
    assert status.text == (
        "On *WEB-9 Footer links* since 13:40, 20 m. Today: 1 h. Note: links are grey"
    )
    assert desk.types("stop -5m").text == (
        "Stopped *WEB-9 Footer links* at 13:55 after 15 m. Today: 55 m. Note: links are grey"
    )
    assert desk.types("log 1h30m web-12 yesterday review").text == (
        "Logged 1 h 30 m to *WEB-12 Fix the header* on Thu 19 Nov. That day: 1 h 30 m. Note: review"
    )
    today = desk.types("today").text
    assert "13:00-13:40  WEB-12 Fix the header, 40 m." in today
    assert "13:40-13:55  WEB-9 Footer links, 15 m. Note: links are grey" in today
    week = desk.types("week")
    assert "Thu 19 Nov 1 h 30 m, Fri 20 Nov 55 m" in week.text
    assert "This week, Mon 16 to Sun 22 Nov: 2 h 25 m." in week.text


def test_buttons_of_a_start(desk: Desk) -> None:
    """Stop replaces the message; Undo brings the timer back."""
    begun = desk.types("start web-12")
    desk.later(5)
    stop = labelled(begun, "Stop")
    done = desk.clicks(stop["action_id"], stop["value"])
    assert isinstance(done, Update)
    assert fits(done.message).text == "Stopped *WEB-12 Fix the header* after 5 m. Today: 5 m."
    undo = labelled(done.message, "Undo")
    back = desk.clicks(undo["action_id"], undo["value"])
    assert fits(back.message).text == (
        "Took back the stop of *WEB-12 Fix the header*. "
        "On *WEB-12 Fix the header* since 13:00, 5 m. Today: 5 m."
    )


def test_a_double_click_changes_nothing_twice(desk: Desk) -> None:
    """Stop and Undo, twice each."""
    stop = labelled(desk.types("start web-12"), "Stop")
    desk.later(5)
    done = desk.clicks(stop["action_id"], stop["value"])
    again = desk.clicks(stop["action_id"], stop["value"])
    assert again.message.text == "*WEB-12* ended at 13:05 already. No timer is running."
    undo = labelled(done.message, "Undo")
    desk.clicks(undo["action_id"], undo["value"])
    twice = desk.clicks(undo["action_id"], undo["value"])
    assert "taken back or changed since" in twice.message.text
    assert len(desk.office.entries()) == 1


def test_the_same_again_with_another_note(desk: Desk) -> None:
    """What was typed besides is not dropped in silence."""
    desk.types("start web-12 menu")
    assert desk.types("start web-12 menu").text == "Already on *WEB-12 Fix the header* since 13:00."
    for text in ("start web-12 footer", "start web-12 -15m"):
        assert desk.types(text).text.endswith(
            "since 13:00. Nothing was changed: *Note* and *Edit* change its note and beginning."
        )


def test_a_done_task_is_marked_wherever_it_is_offered(desk: Desk) -> None:
    """Among what fits, and in the answer to a start: a slip in the number is noticed."""
    task(desk.office, "WEB-22", "Header of the blog", done=True)
    question = desk.types("start header")
    assert "WEB-22 Header of the blog (Board, Website, done)." in question.text
    select = next(one for one in elements(question) if one["type"] == "static_select")
    assert select["options"][-1]["description"]["text"] == "Board, Website, done"
    assert "WEB-22 Header of the blog, done." in desk.types("tasks header").text
    assert desk.types("start web-22").text.endswith("Today: 0 m. The task is marked done.")
    assert "done" not in desk.types("start web-12").text


def test_more_than_a_day_on_one_day_is_noticed(desk: Desk) -> None:
    """Somebody who logs again what seemed not to have arrived reads it at once."""
    for _ in range(3):
        assert "more than a day" not in desk.types("log 8h web-12 yesterday").text
    assert desk.types("log 8h web-12 yesterday").text.endswith(
        "That day: 32 h. That is more than a day has."
    )


def test_a_resumed_timer_keeps_its_note(desk: Desk) -> None:
    """It is the same work that goes on."""
    desk.types("start web-12 about the menu")
    desk.later(10)
    desk.types("stop")
    desk.later(60)
    assert desk.types("resume").text.endswith("Note: about the menu")
    assert "tarted *WEB-9 Footer links*" in desk.types("resume web-9").text


def test_started_again_by_a_button_it_keeps_its_note(desk: Desk) -> None:
    """As by ``resume``: in the answer to a stop, in a day's list, and where nothing runs."""
    desk.types("start web-12 about the menu")
    desk.later(10)
    stopped = desk.types("stop")
    again = next(one["value"] for one in elements(stopped) if one.get("action_id") == "track.start")
    for value in (again, elements(desk.types("stop"))[0]["value"]):
        desk.later(10)
        answer = desk.clicks("track.start", value)
        assert isinstance(answer, Ephemeral)
        assert answer.message.text.endswith("Note: about the menu")
        desk.types("cancel")
    forged = desk.clicks("track.start", again.replace("@", "@99"))
    assert isinstance(forged, Ephemeral)
    assert "Note:" not in forged.message.text


def test_note_alone_opens_the_form(desk: Desk) -> None:
    """With the note as it is, as the button does."""
    desk.types("start web-12 menu")
    reply = desk.asks("note")
    assert isinstance(reply, OpenModal)
    assert "menu" in str(reply.modal.blocks)


def test_what_is_in_the_way_can_be_edited_at_once(desk: Desk) -> None:
    """Each entry that has the time, up to three of them."""
    for hour in (8, 9, 10, 11):
        desk.types(f"log {hour}:00-{hour}:30 web-9")
    taken = desk.types("start web-12 at 8:15")
    assert taken.text.startswith("That time is taken: *WEB-9* 08:00-08:30;")
    edits = [one for one in elements(taken) if one["text"]["text"] == "Edit WEB-9"]
    ids = [one.id for one in desk.office.entries()][:3]
    assert [one["value"] for one in edits] == [str(one) for one in ids]
    assert isinstance(desk.clicks(edits[0]["action_id"], edits[0]["value"]), OpenModal)


def test_a_day_of_another_year_is_told_with_it(desk: Desk) -> None:
    """A slip in the year is seen in the answer, and midnight ends its day."""
    assert " on Fri 20 Nov 2020. That day" in desk.types("log 1h web-9 20 nov 2020").text
    assert " on Tue 17 Nov, 22:00 to 24:00." in desk.types("log 22:00-24:00 web-9 tue").text


def test_the_same_again(desk: Desk) -> None:
    """Nothing changes, and it says since when."""
    desk.types("start web-12")
    desk.later(30)
    assert desk.types("start WEB-12").text == "Already on *WEB-12 Fix the header* since 13:00."


def test_an_ambiguous_number_gives_a_picker(desk: Desk) -> None:
    """Each option names task, tool and project, and the choice keeps the note."""
    site, source, project = desk.office.second_site()
    desk.office.world.task(site, source, "OPS-12", "Rotate keys")
    desk.office.connect(desk.office.ana, site)
    desk.office.world.joins(desk.office.ana, project)
    question = desk.types("start #12 -15m urgent")
    assert question.text.startswith("Two matches for \u201c#12\u201d. Which one?")
    assert "OPS-12 Rotate keys (Redmine, Operations)" in question.text
    select = next(one for one in elements(question) if one["type"] == "static_select")
    options = {one["text"]["text"]: one for one in select["options"]}
    assert options["OPS-12 Rotate keys"]["description"]["text"] == "Redmine, Operations"
    assert all(len(one["value"]) <= 150 for one in select["options"])
    desk.later(3)
    value = options["WEB-12 Fix the header"]["value"]
    picked = desk.clicks(select["action_id"], value)
    assert isinstance(picked, Update)
    assert picked.message.text.startswith("Started *WEB-12 Fix the header* at 12:45.")
    assert desk.office.entries()[0].note == "urgent"
    second = desk.clicks(select["action_id"], value)
    assert second.message.text.startswith("This was answered before")


def test_very_many_matches_are_counted(desk: Desk) -> None:
    """A hundred fit into the picker, and it says of how many."""
    for number in range(200, 320):
        task(desk.office, f"WEB-{number}", "Weekly report " + "long " * 60)
    question = desk.types("start weekly")
    assert "120 matches" in question.text
    assert "Showing 100 of 120" in str(question.blocks)


def test_the_nearest_names_can_be_started(desk: Desk) -> None:
    """Nothing is called WEB-120; a button starts what was meant, with the note."""
    question = desk.types("start WEB-120 note: about the menu")
    assert question.text.startswith("No task \u201cWEB-120\u201d that you can track. Near it: ")
    begin = labelled(question, "Start WEB-12")
    done = desk.clicks(begin["action_id"], begin["value"])
    assert done.message.text.startswith("Started *WEB-12 Fix the header*")
    assert desk.office.entries()[0].note == "about the menu"


def test_search_finds_and_tracks(desk: Desk) -> None:
    """The form searches while one types, and keeps what the command said."""
    question = desk.types("log 45m WEB-777 call")
    search = labelled(question, "Search tasks")
    opened = desk.clicks(search["action_id"], search["value"])
    assert isinstance(opened, OpenModal)
    check_view(opened.modal.as_view(), "modal")
    ask = Lookup(who=desk.office.ana, now=NOON, request_id="", action="track.find", query="foot")
    found: Any = desk.routes.lookups["track.find"].handler(ask)
    assert isinstance(found, Choices)
    (choice,) = found.options
    check_options(
        {"options": [{"text": {"type": "plain_text", "text": choice.label}, "value": choice.value}]}
    )
    nothing = desk.sends(opened.modal, {})
    assert isinstance(nothing, FieldErrors)
    state = {"task": {"track.find": {"selected_option": {"value": choice.value}}}}
    sent = desk.sends(opened.modal, state)
    assert isinstance(sent, CloseModals)
    assert sent.message is not None
    assert sent.message.text == "Logged 45 m to *WEB-9 Footer links*. Today: 45 m. Note: call"


def test_note_form_holds_the_note_there_is(desk: Desk) -> None:
    """Opened from the button, saved, and empty again when it is cleared."""
    note = labelled(desk.types("start web-12 note: logo"), "Note")
    opened = desk.clicks(note["action_id"], note["value"])
    check_view(opened.modal.as_view(), "modal")
    assert opened.modal.blocks[1]["element"]["initial_value"] == "logo"
    saved = desk.sends(opened.modal, {"note": {"value": {"value": "new logo"}}})
    running = "On *WEB-12 Fix the header* since 13:00, 0 m. Today: 0 m."
    assert saved.replaces
    assert saved.message.text == f"{running} Note: new logo"
    assert labelled(saved.message, "Undo")
    cleared = desk.sends(opened.modal, {"note": {"value": {"value": None}}})
    assert cleared.message.text == running
    desk.later(1)
    desk.types("stop")
    late = desk.sends(opened.modal, {"note": {"value": {"value": "late"}}})
    assert late.message.text == "Note on *WEB-12 Fix the header*: late"
    assert not late.replaces
    assert labelled(late.message, "Edit")


def test_a_note_can_be_taken_back_where_it_is_told(desk: Desk) -> None:
    """It takes the place of the one before, which comes back; the same again is no change."""
    desk.types("start web-12 note: logo")
    told = desk.types("note new logo")
    assert told.text == "Note on *WEB-12 Fix the header*: new logo"
    shown = [one["text"]["text"] for one in elements(told) if one["type"] == "button"]
    assert shown == ["Stop", "Note", "Edit", "Undo"]
    assert "Undo" not in str(desk.types("note new logo").blocks)
    undo = labelled(told, "Undo")
    back = desk.clicks(undo["action_id"], undo["value"])
    assert back.message.text.startswith("Took back the note on *WEB-12 Fix the header*.")
    assert [one.note for one in desk.office.entries()] == ["logo"]


def test_who_is_not_connected_gets_the_button(desk: Desk) -> None:
    """U8: why, and a click that mends it; no title is told."""
    bo = desk.office.world.member("bo")
    guessed = desk.types("start web-12", who=bo)
    assert guessed.text.startswith("Your tasks come from Board (acme board), and your account")
    desk.office.world.joins(bo, desk.office.website)
    refused = desk.types("start web-12", who=bo)
    assert refused.text.startswith(
        "*Website* comes from Board (acme board), and your account there is not connected yet."
    )
    assert "header" not in str(refused)
    connect = labelled(refused, "Connect")
    assert connect["action_id"] == "people.connect"
    assert connect["value"] == str(desk.office.board)


def test_nothing_at_all_shows_status_and_a_hint(desk: Desk) -> None:
    """Just /track."""
    answer = desk.types("  ")
    assert answer.text.startswith("No timer is running. Today: 0 m.")
    assert "/track help" in answer.text


def test_help_lists_what_is_on_offer_and_nothing_else(desk: Desk) -> None:
    """Every verb that works, with those of other features, none that does not."""
    text = desk.types("help").text
    assert set(re.findall(r"`/track (\w+)", text)) == {verb.name for verb in OFFERED}
    assert "/track start [task]" in text
    assert "/track note [text]" in text
    assert "/track help &lt;verb&gt;" in text
    assert desk.types("connect jira").text == "Ana connects jira"
    assert "For example: `/track log" in desk.types("help log").text
    assert "no \u201cdance\u201d" in desk.types("dance").text


def test_tasks_lists_what_can_be_started(desk: Desk) -> None:
    """A button on each row; longer lists say how long."""
    for number in range(100, 130):
        task(desk.office, f"WEB-{number}", "Later")
    answer = desk.types("tasks")
    assert "Showing 20 of 32" in answer.text
    start = next(one for one in elements(answer) if one["action_id"].startswith("track.start#"))
    done = desk.clicks(start["action_id"], start["value"])
    assert isinstance(done, Ephemeral)
    assert done.message.text.startswith("Started *WEB-129 Later*")


def test_without_any_task_there_is_the_project_itself(desk: Desk) -> None:
    """A search of nothing helps nobody; the words of a slip get what they are near to."""
    near = desk.types("tasks haeder")
    assert near.text.endswith("that you can track. Near it: WEB-12 Fix the header.")
    assert labelled(near, "Start WEB-12")
    for one in (desk.office.web12, desk.office.web9):
        desk.office.change(TaskRow, one, is_done=True)
    answer = desk.types("tasks")
    assert answer.text == (
        "Your projects have no open task. New tasks of their tools come with the next sync. Time "
        "can be tracked on a project itself: Website."
    )
    start = labelled(answer, "Start Website")
    assert desk.clicks(start["action_id"], start["value"]).message.text.startswith("Started")
    assert labelled(answer, "My projects")


def test_cancel_resume_and_undo(desk: Desk) -> None:
    """Thrown away by mistake, brought back; stopped, taken up again."""
    desk.types("start web-12")
    desk.later(10)
    gone = desk.types("cancel")
    assert gone.text == ("Threw away *WEB-12 Fix the header*: 10 m since 13:00 is not counted.")
    assert desk.types("undo").text.startswith("Brought *WEB-12 Fix the header* back.")
    desk.types("stop")
    assert desk.types("resume").text.startswith("Started *WEB-12 Fix the header* at 13:10.")


def test_undo_says_what_is_gone_and_of_which_day(desk: Desk) -> None:
    """The total is that of the day that changed; that no timer runs is beside the point."""
    desk.types("log 30m web-9 yesterday")
    desk.types("log 1h30m web-12 yesterday")
    assert desk.types("undo").text == (
        "Took back 1 h 30 m, logged to *WEB-12 Fix the header* on Thu 19 Nov. That day: 30 m."
    )
    desk.types("log 1h web-12")
    assert desk.types("undo").text == (
        "Took back 1 h, logged to *WEB-12 Fix the header*. Today: 0 m."
    )
    desk.types("log 22:00-01:00 web-12 wed")
    assert desk.types("undo").text == (
        "Took back 3 h, logged to *WEB-12 Fix the header*. Wed 18 Nov: 0 m. Thu 19 Nov: 30 m."
    )
    desk.types("start web-9")
    assert desk.types("undo").text == (
        "Took back the start of *WEB-9 Footer links*. No timer is running. Today: 0 m."
    )


@pytest.mark.parametrize("verb", [pytest.param(one, id=one.name) for one in OFFERED])
def test_every_verb_on_offer_is_answered(desk: Desk, verb: Verb[TrackCommand]) -> None:
    """What help shows as an example does something: an answer, or a refusal with its reason."""
    assert desk.types(verb.example).text
