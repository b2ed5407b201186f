"""The Web API, through Slack's own client library."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from playground.testing import PATIENT, Playground, running
from tests.playground.bench import MANIFEST, Bench, Start


@pytest.fixture
def play() -> Iterator[Playground]:
    """A playground without an app behind it."""
    with running(None, 0, manifest=MANIFEST, event_retries=(), **PATIENT) as playground:
        yield playground


@pytest.fixture
def client(play: Playground) -> WebClient:
    """Slack's synchronous client."""
    return WebClient(play.bot_token, base_url=play.api_url)


def error_of(failure: pytest.ExceptionInfo[SlackApiError]) -> str:
    """The error code in a refusal."""
    return str(failure.value.response["error"])


def section(text: str) -> dict[str, Any]:
    """A section block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def test_a_token_tells_who_the_app_is(client: WebClient) -> None:
    """auth.test names bot and team, and the header names the scopes."""
    answer = client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0ACME", "U0APP", "B0APP")
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), (None, "not_authed")])
def test_a_wrong_token_is_refused(play: Playground, token: str | None, error: str) -> None:
    """Nothing is answered without the right token."""
    with pytest.raises(SlackApiError) as failure:
        WebClient(token, base_url=play.api_url).users_list()
    assert error_of(failure) == error


def test_unknown_methods_and_missing_scopes_are_refused(client: WebClient) -> None:
    """A method that is not there, and one the manifest asks no scope for."""
    with pytest.raises(SlackApiError) as failure:
        client.api_call("chat.shout")
    assert error_of(failure) == "unknown_method"
    with pytest.raises(SlackApiError) as failure:
        client.files_info(file="F1")
    assert error_of(failure) == "missing_scope"
    assert failure.value.response["needed"] == "files:read"


def test_people_come_in_pages(client: WebClient) -> None:
    """users.list follows its cursor to the end, and users.info knows zones and roles."""
    sizes = [len(page["members"]) for page in client.users_list(limit=3)]
    assert sizes == [3, 3, 1]
    ana = client.users_info(user="U0ANA", include_locale=True)["user"]
    assert (ana["tz"], ana["locale"], ana["is_admin"]) == ("Europe/Madrid", "en-US", True)
    assert ana["profile"]["email"] == "ana@acme.test"
    assert client.users_info(user="U0GUS")["user"]["is_restricted"]
    assert client.users_lookupByEmail(email="BO@acme.test")["user"]["id"] == "U0BO"
    with pytest.raises(SlackApiError) as failure:
        client.users_info(user="U404")
    assert error_of(failure) == "user_not_found"


def test_private_channels_are_hidden_from_an_app_outside(client: WebClient) -> None:
    """What the app is not in, it cannot list, read, or write to."""
    listed = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert {row["name"] for row in listed} == {"general", "web", "ops"}
    for call in (client.conversations_info, client.conversations_members):
        with pytest.raises(SlackApiError) as failure:
            call(channel="C0LEADS")
        assert error_of(failure) == "channel_not_found"
    with pytest.raises(SlackApiError) as failure:
        client.chat_postMessage(channel="C0LEADS", text="hi")
    assert error_of(failure) == "channel_not_found"


def test_messages_are_posted_changed_and_deleted(play: Playground, client: WebClient) -> None:
    """A person's id means their direct messages; an update keeps blocks that are not given."""
    bo = play.person("bo")
    posted = client.chat_postMessage(channel="U0BO", text="fallback", blocks=[section("*Hello*")])
    assert posted["channel"] == bo.dm
    assert bo.sees("Hello").ts == posted["ts"]
    place = {"channel": posted["channel"], "ts": str(posted["ts"])}
    client.chat_update(**place, text="other fallback")
    assert bo.sees("Hello").raw["edited"]
    client.chat_update(**place, text="Bye", blocks=[])
    bo.sees("Bye")
    bo.does_not_see("Hello", within=0)
    client.chat_delete(**place)
    bo.does_not_see("Bye", within=0)
    with pytest.raises(SlackApiError) as failure:
        client.chat_update(**place, text="x")
    assert error_of(failure) == "message_not_found"


def test_an_app_cannot_change_what_people_wrote(play: Playground, client: WebClient) -> None:
    """Only an app's own messages are its own."""
    ana = play.person("ana")
    ana.types("mine", channel="general")
    ts = ana.sees("mine").ts
    with pytest.raises(SlackApiError) as failure:
        client.chat_update(channel="C0GENERAL", ts=ts, text="yours")
    assert error_of(failure) == "cant_update_message"
    assert client.chat_getPermalink(channel="C0GENERAL", message_ts=ts)["permalink"].endswith(
        f"/archives/C0GENERAL/p{ts.replace('.', '')}"
    )


def test_private_answers_need_the_person_in_the_channel(client: WebClient) -> None:
    """chat.postEphemeral reaches members only."""
    client.chat_postEphemeral(channel="C0WEB", user="U0GUS", text="psst")
    with pytest.raises(SlackApiError) as failure:
        client.chat_postEphemeral(channel="C0OPS", user="U0GUS", text="psst")
    assert error_of(failure) == "user_not_in_channel"


def test_threads_and_history(play: Playground, client: WebClient) -> None:
    """Replies are kept out of the channel's history and counted on their parent."""
    first = client.chat_postMessage(
        channel="C0OPS", text="one", metadata={"event_type": "t", "event_payload": {"id": 1}}
    )
    client.chat_postMessage(channel="C0OPS", text="two", thread_ts=str(first["ts"]))
    client.chat_postMessage(channel="C0OPS", text="three")
    history = client.conversations_history(channel="C0OPS", include_all_metadata=True)["messages"]
    assert [row["text"] for row in history] == ["three", "one"]
    assert history[1]["metadata"]["event_payload"] == {"id": 1}
    replies = client.conversations_replies(channel="C0OPS", ts=str(first["ts"]))["messages"]
    assert [row["text"] for row in replies] == ["one", "two"]
    parent = play.person("ana").messages("ops")[0]
    assert parent.raw["reply_count"] == 1


def test_a_message_needs_text(client: WebClient) -> None:
    """Nothing is refused."""
    with (
        pytest.warns(UserWarning, match="`text` argument"),
        pytest.raises(SlackApiError) as failure,
    ):
        client.chat_postMessage(channel="C0GENERAL", text="")
    assert error_of(failure) == "no_text"


def test_arguments_may_come_as_form_or_json(play: Playground) -> None:
    """Both encodings of slack_sdk and others mean the same."""
    blocks = '[{"type":"section","text":{"type":"mrkdwn","text":"formed"}}]'
    form = {"token": play.bot_token, "channel": "C0GENERAL", "blocks": blocks, "text": "f"}
    assert httpx.post(
        f"{play.api_url}chat.postMessage", data=form, trust_env=False, timeout=60
    ).json()["ok"]
    play.person("ana").sees("formed", channel="general")


def test_a_file_is_uploaded_in_three_steps(play: Playground, client: WebClient) -> None:
    """files_upload_v2 leaves a message with a file that can be fetched."""
    client.files_upload_v2(
        channel=play.person("ana").dm, filename="week.csv", content="a,b", initial_comment="Week"
    )
    seen = play.person("ana").sees("(file: week.csv)")
    assert httpx.get(seen.raw["files"][0]["url_private"], trust_env=False, timeout=60).text == "a,b"


def test_reactions_and_joining(play: Playground, client: WebClient) -> None:
    """An emoji once; a public channel may be entered."""
    posted = client.chat_postMessage(channel="C0OPS", text="done")
    client.reactions_add(channel="C0OPS", name="tada", timestamp=str(posted["ts"]))
    assert play.person("ana").messages("ops")[-1].raw["reactions"][0]["name"] == "tada"
    with pytest.raises(SlackApiError) as failure:
        client.reactions_add(channel="C0OPS", name="tada", timestamp=str(posted["ts"]))
    assert error_of(failure) == "already_reacted"
    assert client.conversations_join(channel="C0OPS")["channel"]["is_member"]


def test_a_response_url_is_used_up(bench: Bench) -> None:
    """Five answers, then 404; a deletion counts as one."""
    ana = bench.person("ana")
    ana.types("/echo x", channel="general")
    hook = WebhookClient(bench.bodies[-1]["response_url"])
    answers = [hook.send(text=f"answer {number}") for number in range(5)]
    assert [(answer.status_code, answer.body) for answer in answers] == [(200, "ok")] * 5
    refused = hook.send(text="one too many")
    assert refused.status_code == 404
    assert "used_url" in refused.body
    ana.sees("answer 4")
    ana.does_not_see("one too many", within=0)


def test_a_response_url_runs_out(start: Start) -> None:
    """After its time a response_url is dead."""
    bench = start(response_url=0.0)
    bench.person("ana").types("/echo x", channel="general")
    time.sleep(0.01)
    refused = WebhookClient(bench.bodies[-1]["response_url"]).send(text="late")
    assert (refused.status_code, "expired_url" in refused.body) == (404, True)


def test_a_response_url_can_speak_to_the_channel(bench: Bench) -> None:
    """response_type in_channel is seen by everybody, delete_original takes a message away."""
    ana, bo = bench.person("ana"), bench.person("bo")
    ana.types("/echo x", channel="general")
    WebhookClient(bench.bodies[-1]["response_url"]).send(text="to all", response_type="in_channel")
    bo.sees("to all", channel="general")
    ana.clicks("Order fruit")
    ana.closes()
    url = bench.got("block_actions")[-1]["response_url"]
    WebhookClient(url).send_dict({"delete_original": True})
    ana.does_not_see("You said", within=0)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"garbage", "Expecting value"),
        (b"[]", "not an object"),
        (b'{"as": "U0ANA"}', "channel"),
        (b'{"as": "U0ANA", "channel": "C0WEB", "text": 5}', "text is not a str"),
        (b'{"as": "U404", "channel": "C0WEB", "text": "x"}', "user_not_found"),
    ],
)
def test_bad_requests_of_a_page_are_refused(play: Playground, body: bytes, why: str) -> None:
    """Nothing a page sends ends in a server error."""
    answer = httpx.post(f"{play.url}/ui/message", content=body, trust_env=False, timeout=60)
    assert answer.status_code in {200, 400}
    assert why in answer.json()["error"]


def test_bad_arguments_are_refused(play: Playground, client: WebClient) -> None:
    """Numbers that are none, cursors from elsewhere, JSON that is none."""
    for arguments, error in (
        ({"limit": "many"}, "invalid_limit"),
        ({"cursor": "zzz"}, "invalid_cursor"),
        ({"types": "secret"}, "invalid_types"),
    ):
        with pytest.raises(SlackApiError) as failure:
            client.api_call("conversations.list", params=arguments)
        assert error_of(failure) == error
    with pytest.raises(SlackApiError) as failure:
        client.api_call("chat.postMessage", params={"channel": "C0WEB", "blocks": "[{"})
    assert error_of(failure) == "invalid_blocks_format"
    answer = httpx.post(
        f"{play.url}/response/T0ACME/none", content=b"[]", trust_env=False, timeout=60
    )
    assert (answer.status_code, answer.text) == (400, "invalid_payload")


def test_the_log_hides_secrets(play: Playground, client: WebClient) -> None:
    """Requests in both directions are kept, tokens are not."""
    client.api_test()
    httpx.post(
        f"{play.api_url}auth.test", data={"token": play.bot_token}, trust_env=False, timeout=60
    )
    entries = play.slack.log()
    assert {entry["what"] for entry in entries} == {"api.test", "auth.test"}
    assert play.bot_token not in str(entries)
    assert entries[0]["request"]["token"] == "***"


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    """Messages, Home tabs, people's changes and read marks are there again."""
    with running(None, 0, state=tmp_path, manifest=MANIFEST) as play:
        client = WebClient(play.bot_token, base_url=play.api_url)
        client.chat_postMessage(channel="U0ANA", text="still here")
        view = {"type": "home", "blocks": [section("my home")]}
        client.views_publish(user_id="U0ANA", view=view)
        client.files_upload_v2(channel=play.person("ana").dm, filename="a.txt", content="kept")
        play.slack.changes("bo", deleted=True)
        play.person("ana").goes_to("app")
    with running(None, 0, state=tmp_path, manifest=MANIFEST) as play:
        ana = play.person("ana")
        seen = ana.sees("still here")
        assert seen.raw["user"] == "U0APP"
        assert ana.home is not None
        assert ana.home.text == "my home"
        file = ana.sees("(file: a.txt)").raw["files"][0]
        assert (
            httpx.get(f"{play.url}/files/{file['id']}/a.txt", trust_env=False, timeout=60).text
            == "kept"
        )
        client = WebClient(play.bot_token, base_url=play.api_url)
        assert client.users_info(user="U0BO")["user"]["deleted"]
        later = client.chat_postMessage(channel="U0ANA", text="new")
        assert float(str(later["ts"])) > float(seen.ts)


def test_a_channels_purpose_is_what_the_team_file_says_now(tmp_path: Path) -> None:
    """Nobody in Slack can change it here, so a state of before has no say in it."""
    person = {"id": "U0ANA", "handle": "ana", "real_name": "Ana"}
    for purpose in ("", "Type `/echo`."):
        channels = [{"id": "C0GENERAL", "name": "general", "purpose": purpose}]
        team = {"people": [person], "channels": channels}
        with running(None, 0, state=tmp_path, manifest=MANIFEST, team=team) as play:
            play.person("ana").types("hello", channel="general")
            client = WebClient(play.bot_token, base_url=play.api_url)
            told = client.conversations_info(channel="C0GENERAL")["channel"]
            assert told["purpose"]["value"] == purpose
