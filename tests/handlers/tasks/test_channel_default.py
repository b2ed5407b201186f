"""``/link channel-default`` as an admin uses it."""

from collections.abc import Iterator

import pytest

from bot.domain.people.people import Member
from bot.domain.tasks.channel_defaults import NoChannelDefault
from bot.services.linking.linking import Linking
from bot.services.tasks.channel_defaults import ChannelDefaults
from bot.views.message import Message
from handlers.asking import Click, Command, Lookup
from handlers.grammar import parse_link
from handlers.grammar.link_values import SetChannelDefault
from handlers.replies import Choices, Ephemeral, Reply, Update
from handlers.tasks.channel_default import ChannelDefaultHandlers
from playground.rules import check_message
from tests.builders import NOON, World
from tests.handlers.track_desk import labelled


class Desk:
    """An admin in a channel."""

    def __init__(self, database_url: str) -> None:
        self.world = World(database_url)
        self.admin = self.world.member("admin", admin=True)
        linking = Linking(self.world.uow, self.world.new_marker())
        self.part = ChannelDefaultHandlers(ChannelDefaults(self.world.uow), linking)

    def types(self, text: str, who: Member | None = None) -> Message:
        """Sends ``/link channel-default`` with these words."""
        command = parse_link(f"channel-default {text}")
        assert isinstance(command, SetChannelDefault)
        ask = Command(who=who or self.admin, now=NOON, request_id="", channel_id="C0WEB", text=text)
        return shown(self.part.command(ask, command))

    def click(self, value: str = "") -> Click:
        """A button or a choice."""
        return Click(
            who=self.admin, now=NOON, request_id="", channel_id="C0WEB", action="", value=value
        )


def shown(reply: Reply) -> Message:
    """A message that Slack would take."""
    assert isinstance(reply, Ephemeral | Update)
    check_message(list(reply.message.blocks), reply.message.text)
    return reply.message


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """Give the admin a desk."""
    made = Desk(sqlite_url)
    yield made
    made.world.close()


def test_by_name_by_code_and_off(desk: Desk) -> None:
    """Each answer says what holds now, and the buttons take it back."""
    desk.world.project("Website", "WEB")
    desk.world.project("Shop", "SHOP")
    assert "prefers no project. Once it does" in desk.types("").text
    assert desk.types('"Website"').text.startswith("This channel prefers *Website* now.")
    assert desk.types("shop").text.startswith("This channel prefers *Shop* now.")
    now = desk.types("")
    assert now.text.startswith("This channel prefers *Shop*, chosen by Admin")
    assert "linked to no tool" in now.text
    off = desk.types("off")
    assert off.text.startswith("This channel prefers *Shop* no longer")
    again = labelled(off, "Prefer it again")
    assert "prefers *Shop* now" in shown(desk.part.chosen(desk.click(again["value"]))).text
    assert "no longer" in shown(desk.part.switched_off(desk.click())).text
    with pytest.raises(NoChannelDefault):
        desk.types("off")


def test_several_of_that_name_give_a_picker(desk: Desk) -> None:
    """Words that fit two projects."""
    for name, code in (("Acme Web", "AW"), ("Acme Shop", "AS")):
        desk.world.project(name, code)
    question = desk.types("acme")
    assert question.text.startswith("2 projects match \u201cacme\u201d. Which one?")
    select = question.blocks[1]["elements"][0]
    values = {one["text"]["text"]: one["value"] for one in select["options"]}
    chosen = shown(desk.part.chosen(desk.click(values["Acme Shop (AS)"])))
    assert "prefers *Acme Shop* now" in chosen.text


def test_the_select_searches(desk: Desk) -> None:
    """It holds what can be linked to: no archived project."""
    desk.world.project("Website", "WEB")
    ask = Lookup(who=desk.admin, now=NOON, request_id="", action="", query="web")
    found = desk.part.searched(ask)
    assert isinstance(found, Choices)
    assert [one.label for one in found.options] == ["Website (WEB)"]
