"""The driver: finding what a person means, and saying what is there instead."""

from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck

from playground.shapes import Json, plain
from tests.playground.bench import Bench


def row(name: str) -> list[Json]:
    """A line of text and the buttons under it."""
    button = {"type": "button", "text": plain("Ignore"), "action_id": "ignore", "value": name}
    menu = {
        "type": "overflow",
        "action_id": "more",
        "options": [{"text": plain("Archive"), "value": f"archive {name}"}],
    }
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"*{name}*"}, "accessory": menu},
        {"type": "actions", "block_id": f"row-{name}", "elements": [button]},
    ]


@pytest.fixture
def listed(bench: Bench) -> Bench:
    """An app whose `/do` lists three rows with the same buttons."""

    @bench.app.command("/do")
    async def do(ack: AsyncAck) -> None:
        await ack(text="Rows", blocks=[*row("Shop"), *row("Site"), *row("Wiki")])

    @bench.app.action("ignore")
    async def ignore(ack: AsyncAck, respond: Any, action: Json) -> None:  # noqa: ANN401
        await ack()
        await respond(text=f"Ignored {action['value']}")

    @bench.app.action("more")
    async def more(ack: AsyncAck, respond: Any, action: Json) -> None:  # noqa: ANN401
        await ack()
        await respond(text=f"Did {action['selected_option']['value']}")

    return bench


def test_of_equal_buttons_the_one_at_the_text_is_clicked(listed: Bench) -> None:
    """`on` names the row; without it the first one counts."""
    ana = listed.person("ana")
    ana.types("/do", channel="general")
    ana.clicks("Ignore", on="Site")
    ana.sees("Ignored Site")
    ana.clicks("Ignore")
    ana.sees("Ignored Shop")
    ana.clicks("Archive", on="Wiki")
    ana.sees("Did archive Wiki")


def test_formatting_does_not_hide_text(listed: Bench) -> None:
    """Marks, mentions, links and escapes read as they look."""
    ana = listed.person("ana")
    listed.person("bo").types(
        "a *bold* <tag> for @ana & #web: https://x.test/a.", channel="general"
    )
    seen = ana.sees("a bold <tag> for @ana & #web: https://x.test/a.", channel="general")
    assert seen.raw["text"] == (
        "a *bold* &lt;tag&gt; for <@U0ANA> &amp; <#C0WEB|web>: <https://x.test/a>."
    )


def test_unknown_names_are_said(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A typo in a test is told with what there is."""
    with pytest.raises(AssertionError, match="nobody is called zoe; there are ana, bo"):
        bench.person("zoe")
    ana = bench.person("ana")
    with pytest.raises(AssertionError, match="is in no conversation 'genral'; there are: general"):
        ana.types("x", channel="genral")
    with pytest.raises(AssertionError, match="no shortcut is called 'Nope'; there are: Order"):
        ana.uses_shortcut("Nope")
    monkeypatch.setattr("playground.driver.SOON", 0.1)
    with pytest.raises(AssertionError, match="@ana has no modal open"):
        ana.submits()


def test_options_that_are_not_offered_are_said(bench: Bench) -> None:
    """A choice that is not there lists the ones that are."""
    ana = bench.person("ana")
    ana.types("/echo x", channel="general")
    ana.clicks("Order fruit")
    with pytest.raises(AssertionError, match="not offered 'Cherry'; offered: Apple, Apricot"):
        ana.chooses("Fruit", "Cherry", typing="a")
    with pytest.raises(AssertionError, match="finds no field 'Color'"):
        ana.fills("Color", "red", timeout=0.1)


def test_an_open_modal_covers_the_rest(bench: Bench) -> None:
    """Behind a modal nothing can be clicked, as in a browser."""
    ana = bench.person("ana")
    ana.types("/echo x", channel="general")
    ana.clicks("Order fruit")
    with pytest.raises(AssertionError, match="finds no button 'Louder'"):
        ana.clicks("Louder", timeout=0.1)
    ana.closes()
    ana.clicks("Louder")
    ana.sees("X!")


def test_people_write_to_one_another_and_in_threads(bench: Bench) -> None:
    """Direct messages stay between two, a thread belongs to its message."""
    ana, bo, cleo = (bench.person(name) for name in ("ana", "bo", "cleo"))
    ana.types("just us", channel="bo")
    bo.sees("just us", channel="ana")
    ana.types("topic", channel="general")
    parent = ana.messages("general")[-1]
    bo.types("reply", channel="general", thread=parent.ts)
    cleo.goes_to("general")
    cleo.sees("reply")
    cleo.does_not_see("just us", within=0)
    assert [seen.text for seen in ana.messages("general", thread=parent.ts)] == ["topic", "reply"]


def test_the_deactivated_are_signed_out(bench: Bench) -> None:
    """Nobody acts after leaving."""
    bench.play.slack.changes("bo", deleted=True)
    with pytest.raises(AssertionError, match="account_inactive"):
        bench.person("bo").types("still here", channel="general")
