"""Who may call what: tokens, scopes, and the channels an app is in."""

import pytest

from playground.shapes import Json
from playground.web_api.call import METHODS
from tests.playground.bench import MANIFEST
from tests.playground.rules.conftest import Answer, Begin, Stage

TEAM: Json = {
    "people": [
        {"id": "U0ANA", "handle": "ana", "real_name": "Ana", "is_admin": True},
        {"id": "U0BO", "handle": "bo", "real_name": "Bo"},
        {"id": "U0GONE", "handle": "gone", "real_name": "Gone", "deleted": True},
    ],
    "channels": [
        {"id": "C0IN", "name": "in"},
        {"id": "C0OUT", "name": "out", "app": False},
        {"id": "C0SECRET", "name": "secret", "kind": "private"},
        {"id": "C0MEMBER", "name": "member", "kind": "private", "app": True, "members": ["ana"]},
        {"id": "C0OLD", "name": "old", "is_archived": True},
        {"id": "C0NEWS", "name": "news", "only_admins_post": True},
    ],
}


def scoped(*scopes: str) -> Json:
    """A manifest that asks for these scopes only."""
    return {**MANIFEST, "oauth_config": {"scopes": {"bot": list(scopes)}}}


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("xoxb-unknown", "auth.test", "invalid_auth"),
        ("xapp-playground-app-token", "auth.test", "not_allowed_token_type"),
        ("xoxb-playground-bot-token", "apps.connections.open", "not_allowed_token_type"),
        ("xapp-unknown", "apps.connections.open", "invalid_auth"),
        ("xoxb-playground-bot-token", "chat.shout", "unknown_method"),
    ],
)
def test_a_wrong_token_is_refused(stage: Stage, token: str, method: str, error: str) -> None:
    """Bot tokens and app tokens are for different methods."""
    assert stage.call(method, token)["error"] == error


def test_without_a_token_nothing_is_answered(stage: Stage) -> None:
    """Not even who one is."""
    assert stage.client.post(f"{stage.play.api_url}auth.test").json()["error"] == "not_authed"


def test_every_method_without_its_scope_is_refused(begin: Begin) -> None:
    """The refusal names what is needed and what there is."""
    poor = begin(manifest=scoped("commands"))
    for method in sorted(name for name, entry in METHODS.items() if entry.scopes):
        answer = poor.call(method)
        needed = ",".join(METHODS[method].scopes)
        assert (answer["error"], answer["provided"], answer["needed"]) == (
            "missing_scope",
            "commands",
            needed,
        ), method


@pytest.mark.parametrize(
    ("method", "arguments", "needed"),
    [
        ("conversations.list", {"types": "private_channel"}, "groups:read"),
        ("conversations.list", {"types": "public_channel,im"}, "im:read"),
        ("conversations.info", {"channel": "C0MEMBER"}, "groups:read"),
        ("conversations.members", {"channel": "D0ANA"}, "im:read"),
        ("conversations.history", {"channel": "C0MEMBER"}, "groups:history"),
        ("conversations.replies", {"channel": "D0ANA", "ts": "1.1"}, "im:history"),
        ("users.conversations", {"types": "private_channel"}, "groups:read"),
    ],
)
def test_each_kind_of_conversation_has_its_own_scope(
    shared: Begin, method: str, arguments: Json, needed: str
) -> None:
    """channels:read and channels:history are for public channels only."""
    stage = shared(manifest=scoped("channels:read", "channels:history"), team=TEAM)
    answer = stage.call(method, **arguments)
    assert (answer["error"], answer.get("needed")) == ("missing_scope", needed)


def test_addresses_need_a_scope_of_their_own(begin: Begin) -> None:
    """Without users:read.email a profile has none."""
    stage = begin(manifest=scoped("users:read"))
    assert "email" not in stage.call("users.info", user="U0ANA")["user"]["profile"]
    assert stage.call("users.lookupByEmail", email="a@b.c")["needed"] == "users:read.email"


@pytest.fixture
def team(shared: Begin) -> Answer:
    """A team with every kind of channel."""
    return shared(team=TEAM).call


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": "C404"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0SECRET"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0OUT"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C0OLD"}, "is_archived"),
        ("chat.postMessage", {"channel": "C0NEWS"}, "restricted_action"),
        ("chat.postMessage", {"channel": "U0GONE"}, "channel_not_found"),
        ("chat.postEphemeral", {"channel": "C0OUT", "user": "U0ANA"}, "not_in_channel"),
        ("chat.postEphemeral", {"channel": "C0MEMBER", "user": "U0BO"}, "user_not_in_channel"),
        ("chat.postEphemeral", {"channel": "C0IN", "user": "U404"}, "user_not_found"),
        ("chat.update", {"channel": "C0IN", "ts": "1.1"}, "message_not_found"),
        ("chat.delete", {"channel": "C0IN", "ts": "1.1"}, "message_not_found"),
        ("chat.getPermalink", {"channel": "C0IN", "message_ts": "1.1"}, "message_not_found"),
        ("chat.unfurl", {"channel": "C0IN", "ts": "1.1"}, "missing_unfurls"),
        (
            "chat.unfurl",
            {"channel": "C0IN", "ts": "1.1", "unfurls": {"https://x.test": {}}},
            "cannot_find_message",
        ),
        ("conversations.info", {"channel": "C0SECRET"}, "channel_not_found"),
        ("conversations.history", {"channel": "C0OUT"}, "not_in_channel"),
        ("conversations.replies", {"channel": "C0IN", "ts": "1.1"}, "thread_not_found"),
        ("conversations.join", {"channel": "C0OLD"}, "is_archived"),
        (
            "conversations.join",
            {"channel": "C0MEMBER"},
            "method_not_supported_for_channel_type",
        ),
        ("conversations.open", {"users": "U0GONE"}, "user_disabled"),
        ("conversations.open", {"users": "U404"}, "user_not_found"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.list", {"limit": "many"}, "invalid_limit"),
        ("conversations.list", {"cursor": "zzz"}, "invalid_cursor"),
        ("conversations.list", {"types": "secret"}, "invalid_types"),
        ("conversations.history", {"channel": "C0IN", "oldest": "now"}, "invalid_ts_oldest"),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "no@x.test"}, "users_not_found"),
        ("bots.info", {"bot": "B404"}, "bot_not_found"),
        ("reactions.add", {"channel": "C0IN", "name": "x"}, "invalid_arguments"),
        (
            "reactions.add",
            {"channel": "C0IN", "name": "x", "timestamp": "1.1"},
            "message_not_found",
        ),
        ("files.completeUploadExternal", {"files": [{"id": "F404"}]}, "file_not_found"),
        ("files.getUploadURLExternal", {"filename": "a", "length": "0"}, "invalid_arguments"),
        ("views.publish", {"user_id": "U404", "view": {}}, "user_not_found"),
        ("views.update", {"view_id": "V404", "view": {}}, "not_found"),
    ],
)
def test_each_refusal_has_slacks_code(
    team: Answer, method: str, arguments: Json, error: str
) -> None:
    """What is not there, not the app's, or not allowed."""
    content = {"text": "x"} if method.startswith("chat.") else {}
    assert team(method, **content, **arguments)["error"] == error


def test_a_scope_opens_public_channels(begin: Begin) -> None:
    """chat:write.public writes where the app is not, but not where admins alone may."""
    stage = begin(team=TEAM, manifest=scoped("chat:write", "chat:write.public"))
    assert stage.call("chat.postMessage", channel="C0OUT", text="x")["ok"]
    refused = stage.call("chat.postMessage", channel="C0NEWS", text="x")
    assert refused["error"] == "restricted_action"


@pytest.mark.parametrize(
    ("user", "channel", "error"),
    [
        ("U0BO", "C0OLD", "is_archived"),
        ("U0BO", "C0NEWS", "restricted_action"),
        ("U0BO", "C0MEMBER", "not_in_channel"),
        ("U0GONE", "C0IN", "account_inactive"),
    ],
)
def test_people_are_held_to_the_same(shared: Begin, user: str, channel: str, error: str) -> None:
    """Archived, restricted and foreign channels refuse people; so does a closed account."""
    stage = shared(team=TEAM)
    answer = stage.ui("message", as_=user, channel=channel, text="x")
    assert answer["error"] == error
    assert stage.ui("message", as_="U0ANA", channel="C0NEWS", text="x")["ok"]


def test_the_deactivated_are_in_no_channel(begin: Begin) -> None:
    """They stay in users.list, marked, without zone and roles."""
    stage = begin()
    stage.play.slack.changes("bo", deleted=True)
    assert "U0BO" not in stage.call("conversations.members", channel="C0WEB")["members"]
    refused = stage.call("chat.postEphemeral", channel="C0WEB", user="U0BO", text="x")
    assert refused["error"] == "user_not_in_channel"
    row = stage.call("users.info", user="U0BO")["user"]
    assert row["deleted"]
    assert "tz" not in row
    assert stage.call("conversations.info", channel="D0BO")["channel"]["is_user_deleted"]


@pytest.mark.parametrize(
    ("what", "error"), [("uninstall", "account_inactive"), ("revoke", "token_revoked")]
)
def test_a_dead_token_says_how_it_died(begin: Begin, what: str, error: str) -> None:
    """Removing the app and revoking its token differ; putting it back heals both."""
    stage = begin()
    stage.ui(what)
    assert stage.call("auth.test")["error"] == error
    stage.ui("install")
    assert stage.call("auth.test")["ok"]


def test_an_app_may_revoke_its_own_token(begin: Begin) -> None:
    """auth.revoke with test=true only says that it could."""
    stage = begin()
    assert stage.call("auth.revoke", test=True) == {"ok": True, "revoked": False}
    assert stage.call("auth.revoke")["revoked"]
    assert stage.call("auth.test")["error"] == "token_revoked"
