"""The question about a forgotten timer in Slack: its buttons, its form, its words (T11)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.errors import HourlinkError
from bot.domain.input_errors import BadInput
from bot.views import failures
from bot.views.message import Message
from bot.views.tracking import forgotten as views
from handlers.asking import Click
from handlers.replies import CloseModals, FieldErrors, OpenModal, Update
from handlers.routes import Routes
from handlers.tracking.forgotten import ForgottenHandlers
from tests.handlers.forms import filled, sent
from tests.handlers.track_desk import elements, fits, labelled
from tests.services.tracking.watch import EVENING, MINUTE, MORNING, Watch

HOUR = timedelta(hours=1)


class Desk:
    """Ana, who was asked at 18:00."""

    def __init__(self, database_url: str) -> None:
        self.watch = Watch(database_url)
        self.watch.office.start(now=MORNING)
        self.question_id = self.watch.asks()
        self.now = EVENING + MINUTE
        self.routes = Routes()
        ForgottenHandlers(self.watch.answers).register(self.routes)

    def question(self) -> Message:
        """What she was asked."""
        asked = self.watch.timers.asked(self.watch.world.team_id, self.question_id, EVENING)
        assert asked is not None
        return fits(views.question(asked))

    def clicks(self, action: str, value: str) -> Any:  # noqa: ANN401 - any reply
        """Ana clicks; what comes back, or what is told about it."""
        name = action.partition("#")[0]
        ask = Click(who=self.watch.ana, now=self.now, request_id="r", action=name, value=value)
        try:
            return self.routes.clicks[name].handler(ask)
        except (HourlinkError, BadInput) as error:
            return fits(failures.sentence(error))

    def presses(self, label: str) -> Any:  # noqa: ANN401 - any reply
        """Clicks the button that says this."""
        button = labelled(self.question(), label)
        return self.clicks(button["action_id"], button["value"])

    def sends(self, modal: Any, **changes: Any) -> Any:  # noqa: ANN401 - any reply
        """Sends the form."""
        ask = sent(modal, self.watch.ana, self.now, **changes)
        return self.routes.submissions[modal.callback_id].handler(ask)


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """Give Ana her question."""
    made = Desk(sqlite_url)
    yield made
    made.watch.world.close()


def test_the_question_says_everything(desk: Desk) -> None:
    """Which timer, since when, and what happens without an answer; in her zone."""
    assert desk.question().text == (
        "Your timer on *WEB-12 Fix the header* has been running since 09:40, 8 h 20 m. "
        "Still working? Without an answer by 19:00 it is stopped, and its time ends at 18:00."
    )
    labels = [one["text"]["text"] for one in elements(desk.question()) if "text" in one]
    assert labels == ["Still working", "Stop now", "I stopped at..."]


def test_still_working(desk: Desk) -> None:
    """The message says so, and offers to be asked later or not again."""
    reply = desk.presses("Still working")
    assert isinstance(reply, Update)
    assert fits(reply.message).text == (
        "*WEB-12 Fix the header* runs on, since 09:40, 8 h 21 m. You are asked again at 20:01."
    )
    never = f"{desk.question_id}:never"
    snoozed = desk.clicks("forgot.snooze", never)
    assert "You are not asked about it again." in fits(snoozed.message).text


def test_stop_now(desk: Desk) -> None:
    """As after ``/track stop``, with Undo."""
    reply = desk.presses("Stop now")
    assert isinstance(reply, Update)
    assert fits(reply.message).text.startswith("Stopped *WEB-12 Fix the header* after 8 h 21 m.")
    assert labelled(reply.message, "Undo")


def test_stopped_earlier(desk: Desk) -> None:
    """A form with the time; what cannot be is told under it."""
    reply = desk.presses("I stopped at...")
    assert isinstance(reply, OpenModal)
    for wrong, told in (
        ("09:30", "The timer began at 09:40"),
        ("18:30", "still to come"),
        (None, "Choose a time."),
    ):
        refused = desk.sends(reply.modal, time=wrong)
        assert isinstance(refused, FieldErrors)
        assert told in refused.errors["time"]
    done = desk.sends(reply.modal, time="15:30")
    assert isinstance(done, CloseModals)
    assert done.message is not None
    assert fits(done.message).text.startswith(
        "Stopped *WEB-12 Fix the header* at 15:30 after 5 h 50 m."
    )


def test_over_midnight_the_form_asks_for_the_day(desk: Desk) -> None:
    """It suggests where the time would end."""
    desk.now = EVENING + 8 * HOUR
    reply = desk.clicks("forgot.end", str(desk.question_id))
    assert isinstance(reply, OpenModal)
    assert "day" in desk.sends(reply.modal, day="9999-12-31").errors
    state = filled(reply.modal)
    assert state["day"]["value"]["selected_date"] == "2026-11-20"
    done = desk.sends(reply.modal)
    assert isinstance(done, CloseModals)
    assert desk.watch.office.entries()[0].ended_at == EVENING


def test_a_second_click_says_what_happened(desk: Desk) -> None:
    """After each answer, and after none."""
    question = str(desk.question_id)
    desk.clicks("forgot.working", question)
    again = desk.clicks("forgot.working", question)
    assert again.text == (
        "You said at 18:01 that you were still working. "
        "*WEB-12 Fix the header* is running since 09:40."
    )
    assert labelled(again, "Stop")


def test_a_click_after_nobody_answered(desk: Desk) -> None:
    """It tells when that was, and where the time ended."""
    desk.watch.looks(EVENING + HOUR)
    desk.now = EVENING + 2 * HOUR
    told = desk.clicks("forgot.working", str(desk.question_id))
    assert told.text == (
        "There was no answer by 19:00. *WEB-12* ended at 18:00. No timer is running."
    )


def test_a_click_after_it_was_stopped_otherwise(desk: Desk) -> None:
    """With the command, a minute before."""
    desk.watch.office.tracking.stop(who=desk.watch.ana, now=EVENING + MINUTE)
    told = desk.clicks("forgot.stop", str(desk.question_id))
    assert told.text == "*WEB-12* ended at 18:01 already. No timer is running."


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("forgot.working", "x"),
        ("forgot.stop", "99"),
        ("forgot.snooze", "1:soon"),
        ("forgot.snooze", "1"),
        ("forgot.end", ""),
    ],
)
def test_forged_values_are_refused_in_words(desk: Desk, action: str, value: str) -> None:
    """No reference number for what somebody made up."""
    assert "no longer there" in desk.clicks(action, value).text
