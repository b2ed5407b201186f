"""``/track status team`` in Slack: the list, its buttons, and the form that stops a timer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.errors import HourlinkError
from bot.domain.input_errors import BadInput
from bot.domain.people.people import Member
from bot.domain.tracking.team_timers import TIMERS_SHOWN
from bot.views import failures
from bot.views.entries.words import history_line
from bot.views.message import Message
from bot.views.tracking import team_timers as views
from handlers.asking import Click, Command
from handlers.grammar.track_values import TeamStatus
from handlers.replies import (
    Both,
    CloseModals,
    Ephemeral,
    FieldErrors,
    OpenModal,
    Update,
    UpdateModal,
)
from handlers.routes import Routes
from handlers.tracking.team_timers import TeamTimerHandlers
from playground.rules import check_view
from tests.builders import NOON
from tests.handlers.forms import sent
from tests.handlers.track_desk import elements, fits, labelled
from tests.services.tracking.team_office import TeamOffice


class Desk:
    """Somebody who looks after others."""

    def __init__(self, database_url: str) -> None:
        self.office = TeamOffice(database_url)
        self.now = NOON
        office = self.office
        self.handlers = TeamTimerHandlers(office.timing, office.others, office.tracking)
        self.routes = Routes()
        self.handlers.register(self.routes)

    def types(self, who: Member) -> Message:
        """``/track status team``."""
        ask = Command(who=who, now=self.now, request_id="r", text="status team")
        reply = self.handlers.command(ask, TeamStatus())
        assert isinstance(reply, Ephemeral)
        return fits(reply.message)

    def clicks(self, who: Member, action: str, value: str, *, view: str | None = None) -> Any:  # noqa: ANN401 - any reply
        """Clicks; what comes back, or what is told about it."""
        name = action.partition("#")[0]
        ask = Click(who=who, now=self.now, request_id="r", action=name, value=value, view_id=view)
        try:
            return self.routes.clicks[name].handler(ask)
        except (HourlinkError, BadInput) as error:
            return fits(failures.sentence(error))

    def picks(self, who: Member, found: Message, row: int, *, view: str | None = None) -> Any:  # noqa: ANN401 - any reply
        """The first item of a row's menu."""
        menus = [one for one in elements(found) if one["type"] == "overflow"]
        action, _, value = menus[row]["options"][0]["value"].partition(":")
        return self.clicks(who, action, value, view=view)

    def sends(self, who: Member, modal: Any, **changes: Any) -> Any:  # noqa: ANN401 - any reply
        """Sends the form."""
        try:
            ask = sent(modal, who, self.now, **changes)
            return self.routes.submissions[modal.callback_id].handler(ask)
        except HourlinkError as error:
            return fits(failures.sentence(error))


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """Three people whose timers run."""
    made = Desk(sqlite_url)
    yield made
    made.office.world.close()


def test_an_admin_reads_everybody(desk: Desk) -> None:
    """Who, on what, where, since when, how long, and their day."""
    assert desk.types(desk.office.admin).text == (
        "3 people are tracking now.\n"
        "*Bo*: WEB-9 Footer links, Website\nSince 10:00, 3 h. Today: 3 h.\n"
        "*Ana*: WEB-12 Fix the header, Website\nSince 11:00, 2 h. Today: 2 h.\n"
        "*Cy*: OPS-1 Rotate keys, Operations\nSince 12:00, 1 h. Today: 1 h."
    )


def test_a_manager_reads_their_projects(desk: Desk) -> None:
    """It says that it is no more than that; of nobody, too."""
    office = desk.office
    found = desk.types(office.max)
    assert found.text.startswith("2 people are tracking now on your projects.")
    assert "Today on your projects: 3 h." in found.text
    for who in (office.ana, office.bo):
        office.tracking.stop(who=who, now=NOON)
    assert desk.types(office.max).text == "Nobody is tracking now on your projects."


def test_a_member_reads_why_not_and_their_own(desk: Desk) -> None:
    """With the buttons of their own timer."""
    found = desk.types(desk.office.ana)
    assert found.text.startswith(
        "Admins see who else is tracking now, and managers do on their projects. "
        "On *WEB-12 Fix the header* since 11:00, 2 h."
    )
    assert labelled(found, "Stop")


def test_pages_and_refresh(desk: Desk) -> None:
    """In a message it is turned in place, in a form too."""
    office = desk.office
    for number in range(TIMERS_SHOWN):
        who = office.world.member(f"p{number}")
        office.world.timer(who, office.website, office.web12, NOON - timedelta(seconds=number + 1))
    first = desk.types(office.admin)
    assert first.text.endswith("1 to 15 of 18 timers, the longest first.")
    more = labelled(first, "More")
    turned = desk.clicks(office.admin, more["action_id"], more["value"])
    assert isinstance(turned, Update)
    assert fits(turned.message).text.endswith("16 to 18 of 18 timers, the longest first.")
    same = labelled(turned.message, "Refresh")
    drawn = desk.clicks(office.admin, same["action_id"], same["value"], view="V1")
    assert isinstance(drawn, UpdateModal)
    check_view(drawn.modal.as_view(), "modal")
    back = labelled(turned.message, "Longer")
    assert desk.clicks(office.admin, back["action_id"], back["value"]).message == first


def test_from_a_project(desk: Desk) -> None:
    """The form names it, and no row does again; who lost the right is told so."""
    office = desk.office
    who_button = views.who_button(office.website)
    opened = desk.clicks(office.max, who_button["action_id"], who_button["value"])
    assert isinstance(opened, OpenModal)
    check_view(opened.modal.as_view(), "modal")
    said = [one["text"]["text"] for one in opened.modal.blocks if one["type"] == "section"]
    assert said[0] == "*2 people are tracking now on Website.*"
    assert said[1] == "*Bo*: WEB-9 Footer links\nSince 10:00, 3 h. Today on it: 3 h."
    office.manages(office.max, office.website, is_manager=False)
    refused = desk.clicks(office.max, who_button["action_id"], who_button["value"])
    assert refused.text == "Only an admin or the project's manager can do this."


def test_stopping_somebodys_timer(desk: Desk) -> None:
    """The form asks when and why; the list shows what runs now, and Bo is told."""
    office = desk.office
    opened = desk.picks(office.max, desk.types(office.max), 0)
    assert isinstance(opened, OpenModal)
    assert opened.modal.blocks[0]["text"]["text"] == (
        "Stop *Bo*'s timer on *WEB-9 Footer links*? It has been running since 10:00, 3 h. "
        "What was tracked is kept."
    )
    for changes, field, said in (
        ({"reason": ""}, "reason", "Give a reason"),
        ({"reason": "late", "time": "09:30"}, "time", "The timer began at 10:00"),
        ({"reason": "late", "time": "23:00"}, "time", "still to come"),
    ):
        refused = desk.sends(office.max, opened.modal, **changes)
        assert isinstance(refused, FieldErrors)
        assert said in refused.errors[field]
    done = desk.sends(office.max, opened.modal, reason="the call was moved", time="12:30")
    assert isinstance(done, CloseModals)
    assert done.message is not None
    assert done.redrawn is not None
    assert fits(done.message).text == (
        "Stopped Bo's timer on *WEB-9 Footer links* at 12:30 after 2 h 30 m. They are told why."
    )
    assert fits(done.redrawn).text.startswith("1 person is tracking now on your projects.")
    again = desk.sends(office.max, opened.modal, reason="the call was moved")
    assert again.text == ("Bo's timer on *WEB-9 Footer links* ended at 12:30. Nothing was changed.")


def test_a_switch_while_the_form_was_open(desk: Desk) -> None:
    """What runs now goes on, and is named."""
    office = desk.office
    opened = desk.picks(office.admin, desk.types(office.admin), 0)
    office.start("WEB-12", NOON, office.bo)
    refused = desk.sends(office.admin, opened.modal, reason="late")
    assert refused.text == (
        "Bo's timer on *WEB-9 Footer links* ended at 13:00. They are on *WEB-12 Fix the header* "
        "since 13:00, which runs on. Nothing was changed."
    )


def test_over_midnight_the_form_asks_for_the_day(desk: Desk) -> None:
    """Another day needs a time as well."""
    desk.now = NOON + timedelta(hours=15)
    opened = desk.picks(desk.office.admin, desk.types(desk.office.admin), 0)
    refused = desk.sends(desk.office.admin, opened.modal, reason="late", day="2026-11-20")
    assert refused.errors == {"time": "Choose a time."}
    refused = desk.sends(desk.office.admin, opened.modal, reason="late", day="9999-12-31")
    assert refused.errors == {"day": "Choose a day."}
    done = desk.sends(
        desk.office.admin, opened.modal, reason="late", day="2026-11-20", time="18:00"
    )
    assert "at 18:00 on Fri 20 Nov after 8 h." in fits(done.message).text


def test_ones_own_row_stops_at_once(desk: Desk) -> None:
    """As with ``/track stop``, and the list is drawn again."""
    office = desk.office
    office.manages(office.ana, office.website)
    found = desk.types(office.ana)
    assert "*Ana (you)*" in found.text
    reply = desk.picks(office.ana, found, 1)
    assert isinstance(reply, Both)
    assert isinstance(reply.first, Update)
    assert isinstance(reply.second, Ephemeral)
    assert fits(reply.first.message).text.startswith("1 person is tracking now on your projects.")
    assert fits(reply.second.message).text.startswith("Stopped *WEB-12 Fix the header* after 2 h.")


def test_the_owner_is_told(desk: Desk) -> None:
    """Who, when and why, what is kept, and how to go on."""
    office = desk.office
    opened = desk.picks(office.max, desk.types(office.max), 0)
    desk.sends(office.max, opened.modal, reason="the <call> was moved.")
    told = office.tells()
    assert told is not None
    message = fits(views.stopped_by_other(told))
    assert message.text == (
        "Max stopped your timer on *WEB-9 Footer links* at 07:00: the &lt;call&gt; was moved. "
        "3 h is kept."
    )
    assert labelled(message, "Start again")["value"] == f"{office.web9}@{office.bos}"
    assert labelled(message, "Edit")
    past = office.past.of(who=office.bo, entry_id=office.bos, page=0, now=NOON)
    assert history_line(past.lines[0]).startswith(
        "07:00 on Fri 20 Nov, Max: stopped it, saying \u201cthe &lt;call&gt; was moved.\u201d."
    )
