"""``/track done`` as somebody reads and clicks it."""

import pytest

from bot.domain.ids import CompletionId
from handlers.replies import Ephemeral, Update
from tests.handlers.track_desk import Desk, elements, fits, labelled
from tests.services.office import task


def test_a_task_by_its_key(desk: Desk) -> None:
    """It says what happens and where the result will be; a second time, that it is under way."""
    assert desk.types("done web-12").text == (
        "Marking *WEB-12 Fix the header* done in board. "
        "A direct message from Hourlink says how it went."
    )
    again = desk.types("complete WEB-12").text
    assert again == (
        "*WEB-12 Fix the header* is just being marked done. Wait for the answer first."
    )


def test_nothing_named_and_nothing_running_shows_the_usage(desk: Desk) -> None:
    """With a timer, its task is meant, and the timer goes on with a button to stop it."""
    assert "`/track done [task]`" in desk.types("done").text
    desk.types("start web-9")
    desk.later(5)
    answer = desk.types("done")
    assert "Your timer goes on: On *WEB-9 Footer links* since 13:00, 5 m." in answer.text
    assert labelled(answer, "Stop")["action_id"] == "track.stop"


def test_several_and_none(desk: Desk) -> None:
    """A picker, and what is near; the choice is marked."""
    task(desk.office, "WEB-13", "Fix the menu")
    question = desk.types("done fix")
    assert question.text.startswith("2 matches for \u201cfix\u201d. Which one is done?")
    select = next(one for one in elements(question) if one["type"] == "static_select")
    options = {one["text"]["text"]: one["value"] for one in select["options"]}
    picked = desk.clicks(select["action_id"], options["WEB-13 Fix the menu"])
    assert isinstance(picked, Update)
    assert fits(picked.message).text.startswith("Marking *WEB-13 Fix the menu* done")
    nothing = desk.types("done web-120")
    assert nothing.text.startswith("No task \u201cWEB-120\u201d that you can mark done. Near it: ")
    near = labelled(nothing, "Done: WEB-12")
    done = desk.clicks(near["action_id"], near["value"])
    assert isinstance(done, Ephemeral)
    assert done.message.text.startswith("Marking *WEB-12 Fix the header* done")
    assert labelled(desk.types("done zzzz"), "Search tasks")["action_id"] == "track.search"


def test_a_stopped_timer_and_a_list_offer_it(desk: Desk) -> None:
    """*Done* under the stop, and in the list beside *Start*; not for what is done."""
    done = task(desk.office, "WEB-14", "Fix the logo", done=True)
    desk.types("start web-12")
    desk.later(5)
    stopped = desk.types("stop")
    button = labelled(stopped, "Done")
    assert (button["action_id"].partition("#")[0], button["value"]) == (
        "done.mark",
        str(desk.office.web12),
    )
    listed = desk.types("tasks fix")
    values = [one["value"] for one in elements(listed) if one["action_id"].startswith("done.mark")]
    assert values == [str(desk.office.web12)]
    starts = [
        one["value"] for one in elements(listed) if one["action_id"].startswith("track.start")
    ]
    assert starts == [str(desk.office.web12), str(done)]


def test_a_task_that_is_done_can_be_opened_again(desk: Desk) -> None:
    """From the refusal."""
    done = task(desk.office, "WEB-14", "Fix the logo", done=True)
    answer = desk.types("done web-14")
    assert answer.text == "*WEB-14 Fix the logo* is done already."
    again = labelled(answer, "Open it again")
    opened = desk.clicks(again["action_id"], again["value"])
    assert opened.message.text.startswith("Opening *WEB-14 Fix the logo* again in board.")
    assert again["value"] == str(done)


@pytest.mark.parametrize("action", ["done.mark", "done.pick", "done.reopen", "done.undo"])
@pytest.mark.parametrize("value", ["", "999999", "p1", "1; DROP TABLE task", "9" * 40])
def test_a_forged_value_is_answered_with_a_sentence(desk: Desk, action: str, value: str) -> None:
    """Whatever a click carries."""
    answer = desk.clicks(action, value)
    assert isinstance(answer, Ephemeral)
    assert "no longer there" in answer.message.text


def test_a_full_list_fits_into_one_message(desk: Desk) -> None:
    """Twenty tasks with two buttons each, long titles, more than a hundred matches."""
    for number in range(200, 330):
        task(desk.office, f"WEB-{number}", "Weekly <report> & " + "long " * 80)
    assert "Showing 20 of 130" in desk.types("tasks weekly").text
    assert "Showing 100 of 130" in str(desk.types("done weekly").blocks)


def test_undo_takes_back_what_was_done_last(desk: Desk) -> None:
    """A task that was marked done after a timer was started; then nothing is left to undo."""
    desk.types("start web-9")
    desk.later(5)
    desk.types("done web-12")
    desk.office.came_to_pass(CompletionId(1))
    desk.later(1)
    assert desk.types("undo").text.startswith("Opening *WEB-12 Fix the header* again in board.")
    assert "WEB-9" in desk.types("status").text
    desk.office.came_to_pass(CompletionId(2))
    assert desk.types("undo").text == "There is nothing left to undo."
