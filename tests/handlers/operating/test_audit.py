"""``/link audit`` as it is typed, searched and copied."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain.errors import Vanished
from bot.domain.people.people import Member
from bot.services.operating.auditing import Auditing
from handlers.asking import Click, Command, Fields, Submission
from handlers.grammar import parse_link
from handlers.grammar.link_values import Audit
from handlers.operating.audit import AuditHandlers
from handlers.replies import OpenModal, Reply, UpdateModal
from handlers.routes import Routes
from playground.rules import check_view
from tests.builders import NOON, World
from tests.services.people.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An office in which somebody was asked."""
    world = World(database_url)
    made = Office(world)
    for name in ("mia", "ben"):
        made.asked(world.member(name))
    yield made
    world.close()


class Desk:
    """The handlers."""

    def __init__(self, office: Office) -> None:
        self.ana = office.ana
        auditing = Auditing(office.world.uow, office.world.new_marker())
        self.handlers = AuditHandlers(auditing)
        self.routes = Routes()
        self.handlers.register(self.routes)

    def types(self, text: str) -> OpenModal:
        """``/link audit ...``."""
        command = parse_link(text)
        assert isinstance(command, Audit)
        ask = Command(who=self.ana, now=NOON, request_id="r", text=text)
        reply = self.handlers.command(ask, command)
        assert isinstance(reply, OpenModal)
        return reply

    def clicks(self, action: str, value: str, metadata: str, who: Member | None = None) -> Any:  # noqa: ANN401
        """A button, or *Enter* in the search."""
        ask = Click(
            who=who or self.ana,
            now=NOON,
            request_id="r",
            action=action,
            value=value,
            metadata=metadata,
            view_id="V1",
        )
        return self.routes.clicks[action].handler(ask)


def shown(reply: Reply) -> str:
    """All that the form shows, sound."""
    assert isinstance(reply, OpenModal | UpdateModal)
    return str(check_view(reply.modal.as_view(), "modal"))


def test_reading_and_searching(office: Office) -> None:
    """The command takes words; *Enter* and *Search* take others."""
    desk = Desk(office)
    form = desk.types("audit")
    assert "2 lines, newest first." in shown(form)
    assert "Mia, acme board" not in shown(desk.types("audit ben asked"))
    found = desk.clicks("audit.search", "mia", form.modal.metadata)
    assert "1 line match" in shown(found)
    ask = Submission(
        who=desk.ana,
        now=NOON,
        request_id="r",
        callback_id="audit.log",
        view_id="V1",
        metadata=form.modal.metadata,
        fields=Fields({"search:0": {"audit.search": {"value": "nobody"}}}),
    )
    nobody = desk.routes.submissions["audit.log"].handler(ask)
    assert isinstance(nobody, UpdateModal)
    assert "No lines match" in shown(nobody)
    assert "Send me a copy" in shown(found)
    assert "Send me a copy" not in shown(nobody), "an empty file helps nobody"


def test_a_copy_of_what_was_found(office: Office) -> None:
    """The form says that it comes as a message; what was found is what is sent."""
    desk = Desk(office)
    office.owed()
    form = desk.types("audit mia")
    asked = desk.clicks("audit.copy", "", form.modal.metadata)
    assert "direct message" in shown(asked)
    (owed,) = office.owed("audit.export")
    assert owed.payload["words"] == "mia"


def test_forged_places(office: Office) -> None:
    """Nonsense is refused in words, and every button asks anew who it is."""
    desk = Desk(office)
    for action, value, metadata in (
        ("audit.page", "x", "audit|0|0|"),
        ("audit.page", "1", "people|0|0|"),
        ("audit.copy", "", ""),
    ):
        with pytest.raises(Vanished):
            desk.clicks(action, value, metadata)
    assert all(route.admin for route in desk.routes.clicks.values())
