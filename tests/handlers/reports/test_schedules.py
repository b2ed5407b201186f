"""``/track schedule``, its list, its buttons and its form."""

from collections.abc import Iterator

import pytest

from bot.views.reports.schedules import FORM
from handlers.replies import CloseModals, Ephemeral, FieldErrors, OpenModal, Update
from tests.builders import NOON
from tests.handlers.track_desk import Desk, fits, labelled
from tests.services.agency import Agency


@pytest.fixture
def agency(sqlite_url: str) -> Iterator[Agency]:
    """With time on Website, which Ana manages."""
    made = Agency(sqlite_url)
    made.world.length(made.bo, made.website, None, NOON, 3600)
    yield made
    made.world.close()


def typed(**values: str) -> dict[str, dict[str, dict[str, str]]]:
    """What stands in the form."""
    return {
        block: {"value": {"type": "plain_text_input", "value": text}}
        for block, text in values.items()
    }


def test_from_a_line_to_its_end(agency: Agency) -> None:
    """Scheduled, listed, paused, resumed, changed, deleted."""
    desk = Desk(agency)
    made = desk.types('report schedule team for "Website" chart every mon at 09:00 to here')
    assert made.text == (
        "*Time on your projects: last week, Website, with a chart* is sent to <#C0WEB> "
        "every Monday at 09:00.\nNext: Mon 23 Nov at 09:00, Europe/Berlin."
    )
    listed = desk.types("report schedule")
    assert "Your scheduled reports: 1 report." in listed.text
    for label, said in (("Pause", "Paused."), ("Resume", "Next: Mon 23 Nov")):
        element = labelled(listed, label)
        reply = desk.clicks(element["action_id"], element["value"])
        assert isinstance(reply, Update)
        listed = fits(reply.message)
        assert said in listed.text
    element = labelled(listed, "Edit")
    opened = desk.clicks(element["action_id"], element["value"])
    assert isinstance(opened, OpenModal)
    assert opened.modal.callback_id == FORM
    assert "every mon at 09:00" in str(opened.modal.blocks)
    wrong = desk.sends(opened.modal, typed(when="sometimes", what=""))
    assert isinstance(wrong, FieldErrors)
    assert list(wrong.errors) == ["when"]
    wrong = desk.sends(opened.modal, typed(when="every day", what="by height"))
    assert list(wrong.errors) == ["what"]
    saved = desk.sends(opened.modal, typed(when="every day at 17:30", what=""))
    assert isinstance(saved, CloseModals)
    assert saved.message is not None
    assert "every day at 17:30" in saved.message.text
    element = labelled(listed, "Delete")
    reply = desk.clicks(element["action_id"], element["value"])
    assert "Deleted" in fits(reply.message).text
    assert "You have scheduled no report." in desk.types("schedule").text


def test_admins_see_everybodys(agency: Agency) -> None:
    """And by whom; twenty with long names fit on pages."""
    desk = Desk(agency)
    for _ in range(20):
        desk.types("schedule team every month on the last day to @bo")
    shown = desk.types("schedule", agency.admin)
    assert "You have scheduled no report" in shown.text
    element = labelled(shown, "Everybody's")
    every = fits(desk.clicks(element["action_id"], element["value"], agency.admin).message)
    assert "Scheduled reports of everybody: 20 reports." in every.text
    assert "By Ana." in every.text
    assert "Time on the projects of Ana: last month* to " in every.text, "and not the admin's"
    element = labelled(every, "More")
    desk.clicks(element["action_id"], element["value"], agency.admin)
    refused = desk.asks("schedule team every day")
    assert "20 scheduled reports are the most" in refused.message.text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("schedule team every blue moon", "every blue"),
        ("schedule team every day at noonish", "noonish"),
        ("schedule team to #general", "general"),
        ("schedule team every day to @zoe", "Nobody here is called"),
        ("schedule team csv to @bo", "sent to nobody but you"),
        ("schedule team for zzz", "zzz"),
    ],
)
def test_what_cannot_be_understood_is_said(agency: Agency, line: str, said: str) -> None:
    """With what it was about."""
    assert said in Desk(agency).types(line).text


@pytest.mark.parametrize("value", ["", "x", "999", "all:x", "other:0"])
def test_a_forged_button_is_refused_plainly(agency: Agency, value: str) -> None:
    """Whatever it holds."""
    for verb in ("edit", "pause", "resume", "remove", "unwanted", "page"):
        reply = Desk(agency).clicks(f"schedule.{verb}", value)
        if verb == "page" and value == "999":
            continue
        assert isinstance(reply, Ephemeral)
        assert "no longer there" in reply.message.text
