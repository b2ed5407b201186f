"""``/track stop`` and its button: which timer ends, and when."""

from handlers.replies import Ephemeral
from tests.handlers.track_desk import Desk, labelled


def test_an_old_stop_button_says_what_happened_instead(desk: Desk) -> None:
    """The timer it belongs to ended at the switch; the newer one runs on."""
    old = labelled(desk.types("start web-12"), "Stop")
    desk.later(5)
    desk.types("start web-9")
    desk.later(5)
    answer = desk.clicks(old["action_id"], old["value"])
    assert isinstance(answer, Ephemeral)
    assert answer.message.text == (
        "*WEB-12* ended at 13:05 already. On *WEB-9 Footer links* since 13:05, 5 m."
    )
    desk.types("stop")
    answer = desk.clicks(old["action_id"], old["value"])
    assert answer.message.text == "*WEB-12* ended at 13:05 already. No timer is running."


def test_a_timer_from_yesterday_ends_when_it_should_have(desk: Desk) -> None:
    """The next morning its end is typed as one remembers it; on Monday with its day."""
    for said in ("stop at 17:30", "stop at 17:30 yesterday", "stop fri at 17:30 ready"):
        desk.types("start web-12")
        desk.later(20 * 60)
        stopped = desk.types(said).text
        assert stopped.startswith("Stopped *WEB-12 Fix the header* at 17:30 on Fri 20 Nov after 4")
        desk.types("undo")
        desk.types("cancel")
        desk.later(-20 * 60)
    assert "more than 24 hours ago" in desk.types("start web-12 at 9:30 mon").text
    assert "name it: `at 17:30 yesterday`" in desk.types("start web-12 at 17:30").text
    assert "may be morning or evening: write `05:00` or `5pm`" in desk.types("stop at 5").text


def test_a_stop_that_names_what_runs(desk: Desk) -> None:
    """The key says which timer, and is no note; another task's key stops nothing."""
    desk.types("start web-12")
    desk.later(10)
    assert desk.types("stop web-9").text == (
        "*WEB-9* is not what runs. On *WEB-12 Fix the header* since 13:00, 10 m. It runs on."
    )
    assert desk.types("stop #9 -5m").text.startswith("*WEB-9* is not what runs.")
    assert desk.types("stop web-12 -5m ready").text == (
        "Stopped *WEB-12 Fix the header* at 13:05 after 5 m. Today: 5 m. Note: ready"
    )
    desk.types("start web-12")
    desk.later(5)
    assert desk.types("stop utf-8").text.endswith("Note: utf-8")
    for note in ("utf-8: checked", "utf-8 - checked: all", "utf-8:"):
        desk.types("start web-12")
        desk.later(5)
        assert desk.types(f"stop {note}").text.endswith(f"Note: {note}")
    desk.types("start web-12")
    desk.later(5)
    assert desk.types("stop utf-8 note: checked").text.endswith("Note: utf-8 checked")
