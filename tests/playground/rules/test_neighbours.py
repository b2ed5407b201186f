"""Managing channels, messages for later, emoji: the methods around those everybody uses."""

import pytest

from playground.shapes import Json
from tests.playground.bench import MANIFEST
from tests.playground.rules.conftest import Begin, Stage
from tests.playground.rules.samples import section

SCOPES = [
    *MANIFEST["oauth_config"]["scopes"]["bot"],
    "channels:manage",
    "groups:write",
    "reactions:read",
    "users.profile:read",
]
ABLE: Json = {**MANIFEST, "oauth_config": {"scopes": {"bot": SCOPES}}}
DAY = 24 * 3600


@pytest.fixture
def able(begin: Begin) -> Stage:
    """An app that may do all this."""
    return begin(manifest=ABLE)


def test_a_channel_is_made_filled_and_closed(able: Stage) -> None:
    """From its name to its archive; people see each step."""
    made = able.call("conversations.create", name="launch")["channel"]
    assert made["is_member"]
    place: Json = {"channel": made["id"]}
    assert able.call("conversations.invite", **place, users="U0ANA,U0BO")["ok"]
    able.call("chat.postMessage", **place, text="welcome")
    able.play.person("bo").sees("welcome", channel="launch")
    assert able.call("conversations.rename", **place, name="liftoff")["channel"]["name"] == (
        "liftoff"
    )
    assert able.call("conversations.setTopic", **place, topic="Soon")["ok"]
    assert able.call("conversations.kick", **place, user="U0BO")["ok"]
    assert able.call("conversations.members", **place)["members"] == ["U0APP", "U0ANA"]
    assert able.call("conversations.archive", **place)["ok"]
    assert able.call("chat.postMessage", **place, text="x")["error"] == "is_archived"
    assert able.call("conversations.unarchive", **place)["ok"]
    assert able.call("conversations.leave", **place)["ok"]
    assert able.call("chat.postMessage", **place, text="x")["error"] == "not_in_channel"


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("conversations.create", {}, "invalid_name_required"),
        ("conversations.create", {"name": "Big Name"}, "invalid_name_specials"),
        ("conversations.create", {"name": "n" * 81}, "invalid_name_specials"),
        ("conversations.create", {"name": "general"}, "name_taken"),
        ("conversations.rename", {"channel": "C0OPS", "name": "web"}, "name_taken"),
        ("conversations.invite", {"channel": "C0OPS"}, "no_user"),
        ("conversations.invite", {"channel": "C0OPS", "users": "U404"}, "user_not_found"),
        ("conversations.invite", {"channel": "C0OPS", "users": "U0APP"}, "cant_invite_self"),
        ("conversations.invite", {"channel": "C0OPS", "users": "U0ANA"}, "already_in_channel"),
        ("conversations.invite", {"channel": "C404", "users": "U0ANA"}, "channel_not_found"),
        ("conversations.kick", {"channel": "C0OPS", "user": "U0GUS"}, "not_in_channel"),
        ("conversations.kick", {"channel": "C0OPS", "user": "U0APP"}, "cant_kick_self"),
        ("conversations.kick", {"channel": "C0GENERAL", "user": "U0BO"}, "cant_kick_from_general"),
        ("conversations.leave", {"channel": "C0GENERAL"}, "cant_leave_general"),
        ("conversations.archive", {"channel": "C0GENERAL"}, "cant_archive_general"),
        (
            "conversations.archive",
            {"channel": "D0ANA"},
            "method_not_supported_for_channel_type",
        ),
        ("conversations.unarchive", {"channel": "C0OPS"}, "not_archived"),
        ("conversations.setTopic", {"channel": "C0OPS", "topic": "t" * 251}, "too_long"),
        (
            "reactions.remove",
            {"channel": "C0OPS", "name": "x", "timestamp": "1.1"},
            "message_not_found",
        ),
        ("chat.meMessage", {"channel": "C0OPS"}, "invalid_arguments"),
        ("users.profile.get", {"user": "U404"}, "user_not_found"),
        ("users.getPresence", {"user": "U404"}, "user_not_found"),
    ],
)
def test_each_refusal_has_slacks_code(
    shared: Begin, method: str, arguments: Json, error: str
) -> None:
    """One of each."""
    assert shared(manifest=ABLE).call(method, **arguments)["error"] == error


def test_kinds_of_channels_have_scopes_of_their_own(begin: Begin) -> None:
    """channels:manage makes no private channel."""
    scopes = {"scopes": {"bot": ["channels:manage"]}}
    stage = begin(manifest={**MANIFEST, "oauth_config": scopes})
    assert stage.call("conversations.create", name="open")["ok"]
    refused = stage.call("conversations.create", name="closed", is_private=True)
    assert (refused["error"], refused["needed"]) == ("missing_scope", "groups:write")


def test_emoji_come_and_go(able: Stage) -> None:
    """Each once; what is not there cannot be taken away."""
    ts = able.call("chat.postMessage", channel="C0OPS", text="x")["ts"]
    place: Json = {"channel": "C0OPS", "timestamp": ts}
    assert able.call("reactions.add", **place, name="tada")["ok"]
    assert able.call("reactions.add", **place, name="tada")["error"] == "already_reacted"
    shown = able.call("reactions.get", **place)["message"]["reactions"]
    assert shown == [{"name": "tada", "users": ["U0APP"], "count": 1}]
    assert able.call("reactions.remove", **place, name="tada")["ok"]
    assert able.call("reactions.remove", **place, name="tada")["error"] == "no_reaction"


def later(able: Stage, seconds: float, **more: object) -> Json:
    """Schedule a message so many seconds from now."""
    at = str(int(able.client.get(f"{able.play.url}/clock").json()["now"] + seconds))
    content: Json = {"channel": "C0OPS", "text": "good morning", "post_at": at, **more}
    return able.call("chat.scheduleMessage", **content)


def test_a_message_for_later_waits_for_the_clock(able: Stage) -> None:
    """Moving the playground's clock brings it."""
    kept = later(able, DAY)
    [row] = able.call("chat.scheduledMessages.list")["scheduled_messages"]
    assert (row["id"], row["text"]) == (kept["scheduled_message_id"], "good morning")
    ana = able.play.person("ana")
    ana.does_not_see("good morning", channel="ops")
    able.play.slack.advances(DAY + 1)
    ana.sees("good morning", channel="ops")
    assert able.call("chat.scheduledMessages.list")["scheduled_messages"] == []


def test_a_message_for_later_can_be_taken_back(able: Stage) -> None:
    """Once."""
    place: Json = {"channel": "C0OPS"}
    place["scheduled_message_id"] = later(able, 60)["scheduled_message_id"]
    assert able.call("chat.deleteScheduledMessage", **place)["ok"]
    refused = able.call("chat.deleteScheduledMessage", **place)
    assert refused["error"] == "invalid_scheduled_message_id"


@pytest.mark.parametrize(
    ("seconds", "more", "error"),
    [
        (-60, {}, "time_in_past"),
        (121 * DAY, {}, "time_too_far"),
        (60, {"post_at": "tomorrow"}, "invalid_time"),
        (60, {"channel": "C404"}, "channel_not_found"),
        (60, {"text": ""}, "no_text"),
        (60, {"blocks": [section("")]}, "invalid_blocks"),
    ],
)
def test_times_and_contents_that_cannot_be(
    shared: Begin, seconds: int, more: Json, error: str
) -> None:
    """Refused at once, not when the time comes."""
    assert later(shared(manifest=ABLE), seconds, **more)["error"] == error


def test_thirty_messages_in_five_minutes_are_the_most(able: Stage) -> None:
    """For one channel."""
    assert all(later(able, 60 + number)["ok"] for number in range(30))
    assert later(able, 120)["error"] == "restricted_too_many"
    assert later(able, 120, channel="C0WEB")["ok"]
    assert later(able, 600)["ok"]
