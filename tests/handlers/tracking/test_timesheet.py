"""Turning the pages of days and weeks."""

from datetime import timedelta

import pytest

from handlers.asking import Click
from handlers.replies import Ephemeral, OpenModal, Update, UpdateModal
from tests.builders import NOON
from tests.handlers.track_desk import Desk, fits, labelled


def test_days_and_weeks_turn_in_place(desk: Desk) -> None:
    """From today to yesterday, its week, and back, in one message."""
    office = desk.office
    begun = NOON - timedelta(days=1)
    office.world.entry(
        office.ana, office.website, office.web12, begun, begun + timedelta(minutes=90)
    )
    shown = desk.types("today")
    for label, said in (
        ("\u2190 Thu 19 Nov", "Yesterday, Thu 19 Nov: 1 h 30 m."),
        ("Week", "This week, Mon 16 to Sun 22 Nov: 1 h 30 m."),
        ("Thu 19", "Yesterday, Thu 19 Nov: 1 h 30 m."),
        ("Fri 20 Nov \u2192", "Today, Fri 20 Nov: 0 m."),
        ("Week", "This week"),
        ("\u2190 Week before", "Last week, Mon 9 to Sun 15 Nov: 0 m."),
    ):
        element = labelled(shown, label)
        reply = desk.clicks(element["action_id"], element["value"])
        assert isinstance(reply, Update)
        shown = fits(reply.message)
        assert shown.text.startswith(said)


def test_over_the_home_it_is_a_form(desk: Desk) -> None:
    """It opens there, and turns there."""
    for action, kind in (
        ("day.open", OpenModal),
        ("week.open", OpenModal),
        ("day.show", UpdateModal),
        ("week.show", UpdateModal),
    ):
        ask = Click(
            who=desk.office.ana,
            now=NOON,
            request_id="",
            action=action,
            value="2026-11-20",
            view_id="V1",
        )
        assert isinstance(desk.routes.clicks[action].handler(ask), kind)


@pytest.mark.parametrize(
    "value", ["", "x", "2026-13-01", "0001-01-01", "9999-12-31", "2026-11-20.", "2026-11-20.-1"]
)
def test_a_forged_day_is_refused_in_words(desk: Desk, value: str) -> None:
    """And nothing breaks."""
    for action in ("day.show", "week.show"):
        reply = desk.clicks(action, value)
        assert isinstance(reply, Ephemeral)
        assert "no longer there" in reply.message.text


def test_another_day_or_week_is_named(desk: Desk) -> None:
    """As people name them, and no day that is still to come."""
    assert desk.types("today yesterday").text.startswith("Yesterday, Thu 19 Nov:")
    assert desk.types("day 3 nov").text.startswith("Tue 3 Nov:")
    assert desk.types("week last").text.startswith("Last week, Mon 9 to Sun 15 Nov:")
    assert desk.types("week 2026-W45").text.startswith("Mon 2 to Sun 8 Nov:")
    assert "still to come" in desk.types("today 2027-01-01").text
    assert "\u201cmonth\u201d is not a week." in desk.types("week month").text
