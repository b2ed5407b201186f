"""Slash commands, buttons and messages, there and back."""

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck

from tests.playground.bench import Bench, Hold, Start


def test_a_command_is_answered_privately(bench: Bench) -> None:
    """Who types a command sees the answer; others in the channel do not."""
    ana, bo = bench.person("ana"), bench.person("bo")
    ana.types("/echo hello there", channel="general")
    seen = ana.sees("You said hello there")
    assert seen.raw["ephemeral"]
    assert seen.raw["is_app"]
    bo.goes_to("general")
    bo.does_not_see("You said")


def test_a_command_carries_the_fields_slack_sends(bench: Bench) -> None:
    """The form names team, channel, person, and gives a response_url and a trigger."""
    bench.person("ana").types("/echo  hi ", channel="web")
    body = bench.bodies[-1]
    assert body["text"] == "hi"
    assert body["team_id"] == "T0ACME"
    assert body["team_domain"] == "acme"
    assert (body["channel_id"], body["channel_name"]) == ("C0WEB", "web")
    assert (body["user_id"], body["user_name"]) == ("U0ANA", "ana")
    assert body["is_enterprise_install"] == "false"
    assert body["response_url"].startswith(bench.play.url)
    assert body["trigger_id"].count(".") == 2


def test_a_click_replaces_the_message(bench: Bench) -> None:
    """A button of a private answer rewrites that answer through its response_url."""
    ana = bench.person("ana")
    ana.types("/echo hey", channel="general")
    ana.clicks("Louder")
    seen = ana.sees("HEY!")
    assert len(ana.messages("general")) == 1
    assert not seen.blocks
    assert bench.bodies[-1]["actions"][0]["value"] == "hey"
    assert bench.bodies[-1]["container"]["is_ephemeral"]
    assert "message" not in bench.bodies[-1]


def test_a_slow_command_ends_with_slacks_timeout(start: Start, hold: Hold) -> None:
    """An app that does not acknowledge in time leaves the person with Slack's own notice."""
    bench = start(ack=0.2)

    @bench.app.command("/do")
    async def slow(ack: AsyncAck) -> None:
        await hold()
        await ack("too late")

    ana = bench.person("ana")
    ana.types("/do it", channel="general")
    seen = ana.sees('/do failed with the error "operation_timeout"')
    assert seen.raw["notice"]
    hold.ends()
    ana.does_not_see("too late", within=0.3)


def test_a_command_nobody_listens_to_fails_as_in_slack(bench: Bench) -> None:
    """A 404 from the app shows as dispatch_failed."""
    ana = bench.person("ana")
    ana.types("/do it", channel="general")
    ana.sees('/do failed with the error "dispatch_failed"')


def test_an_unknown_command_never_reaches_the_app(bench: Bench) -> None:
    """Slack itself refuses what the manifest does not name."""
    ana = bench.person("ana")
    ana.types("/unknown x", channel="general")
    ana.sees("/unknown is not a valid command")
    assert bench.bodies == []


def test_escaping_follows_the_manifest(bench: Bench) -> None:
    """`should_escape` turns people, channels and links into ids; without it, text stays."""

    @bench.app.command("/escaped")
    async def escaped(ack: AsyncAck) -> None:
        await ack()

    ana = bench.person("ana")
    ana.types("/escaped @bo in #web: a < b & https://x.test/1", channel="general")
    assert bench.bodies[-1]["text"] == (
        "<@U0BO|bo> in <#C0WEB|web>: a &lt; b &amp; <https://x.test/1>"
    )
    ana.types("/echo @bo <3", channel="general")
    assert bench.bodies[-1]["text"] == "@bo <3"


def test_direct_messages_are_answered(bench: Bench) -> None:
    """A message in the app's direct messages arrives as an event, and the answer is seen."""
    ana = bench.person("ana")
    ana.types("good morning", channel="app")
    ana.sees("I heard: good morning")
    event = bench.bodies[0]["event"]
    assert event["channel_type"] == "im"
    assert event["channel"] == ana.dm


def test_a_failed_search_says_what_is_there(bench: Bench) -> None:
    """The driver's failure lists what the person sees and what the app was told."""
    ana = bench.person("ana")
    ana.types("/echo one", channel="general")
    with pytest.raises(AssertionError) as failure:
        ana.sees("two", timeout=0.1)
    told = str(failure.value)
    assert "@ana does not see 'two'" in told
    assert "You said one" in told
    assert "[Louder] [Order fruit]" in told
    assert "/echo one -> 200" in told
    with pytest.raises(AssertionError, match=r"there are: \[Louder\], \[Order fruit\]"):
        ana.clicks("Quieter", timeout=0.1)
