"""What a person gets back, whatever a handler does."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain.errors import DatabaseAway, Vanished
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.operating.limits import Limits
from bot.domain.people.people import SlackPerson
from bot.domain.slack_errors import SlackRefused, SlackTryLater
from bot.services.members import Members
from bot.services.pool import Pool
from bot.views.message import Message, Modal, section
from handlers import edge as edge_module
from handlers.asking import (
    Ask,
    Click,
    Command,
    Lookup,
    Opened,
    PostedLinks,
    Shortcut,
    Submission,
)
from handlers.edge import Edge, Toolbox
from handlers.listeners import Listeners
from handlers.replies import (
    CloseModals,
    Ephemeral,
    FieldErrors,
    HomeView,
    Nothing,
    OpenModal,
    Reply,
    Update,
    UpdateModal,
)
from handlers.routes import Route, Routes
from playground.rules import check_options
from tests.builders import NOON, World

if TYPE_CHECKING:
    from bot.slack import Slack

TEAM = "T0ACME"
FORM = Modal("form", "A form", [section("Hello")], submit="Send")


class RecordingSlack:
    """Slack's side of the conversation: answers who people are, writes down what it is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.known: dict[str, SlackPerson] = {}

    async def person(self, team_id: TeamId, user_id: SlackUserId) -> SlackPerson:
        self.calls.append(("person", user_id))
        return self.known.get(
            user_id, SlackPerson(user_id, "Somebody", "some@acme.test", "Europe/Berlin")
        )

    async def respond(self, response_url: str, payload: Mapping[str, Any]) -> None:
        self.calls.append(("respond", (response_url, dict(payload))))

    async def open_view(
        self, team_id: TeamId, trigger_id: str, view: Mapping[str, Any], *, on_top: bool = False
    ) -> None:
        self.calls.append(("push" if on_top else "open", view["callback_id"]))
        self.calls.append(("metadata", view["private_metadata"]))

    async def update_view(self, team_id: TeamId, view_id: str, view: Mapping[str, Any]) -> None:
        self.calls.append(("update", (view_id, view["blocks"][0]["text"]["text"])))

    async def publish_home(self, team_id: TeamId, user_id: str, view: Mapping[str, Any]) -> None:
        self.calls.append(("home", user_id))

    async def post(self, team_id: TeamId, to: str, message: Message) -> None:
        self.calls.append(("post", (to, message.text)))

    def said(self, kind: str) -> list[Any]:
        return [what for name, what in self.calls if name == kind]


class Desk:
    """Hourlink's edge with handlers of the test's own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.slack = RecordingSlack()
        self.routes = Routes()
        self.woken = 0
        self.waited: list[float] = []
        self.calls: list[str] = []
        self.answers: list[tuple[str, str, bool]] = []
        self.members = Members(world.uow, world.new_marker())
        self.pool = Pool(1)
        slack = cast("Slack", self.slack)
        self.edge = Edge(
            Toolbox(
                slack=slack,
                members=self.members,
                pool=self.pool,
                clock=lambda: NOON,
                new_reference=lambda: "7F3A-19",
                wake=self._wake,
                sleep=self._sleep,
                limits=Limits({}),
                answered=lambda kind, outcome, seconds: self.answers.append(
                    (kind, outcome, seconds >= 0)
                ),
            )
        )
        self.listeners = Listeners(
            routes=self.routes,
            edge=self.edge,
            slack=slack,
            members=self.members,
            pool=self.pool,
            clock=lambda: NOON,
            forget=self._forget,
        )
        self.app: AsyncApp | None = None
        self.acknowledged = threading.Event()
        """Slack has the first answer."""

    async def _forget(self, team_id: TeamId, organisation: str | None) -> None:
        self.calls.append(f"forget {team_id} {organisation}")
        self.members.uninstalled(team_id, NOON)

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    def _wake(self) -> None:
        self.woken += 1

    async def send(self, body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Delivers a payload through Bolt; the acknowledgement's body."""
        if self.app is None:
            self.app = AsyncApp(
                signing_secret="unused", authorize=_authorize, process_before_response=True
            )
            self.listeners.attach(self.app)
        request = AsyncBoltRequest(mode="socket_mode", body=dict(body))
        answer = await self.app.async_dispatch(request)
        self.acknowledged.set()
        await self.edge.drain()
        assert answer.status == 200
        return answer.body

    async def types(self, text: str, user: str = "U0ANA") -> Any:  # noqa: ANN401 - JSON
        """A slash command."""
        return await self.send(
            {
                "command": "/track",
                "text": text,
                "team_id": TEAM,
                "user_id": user,
                "channel_id": "C0OPS",
                "trigger_id": "1.2.3",
                "response_url": "https://respond.test/1",
            }
        )

    async def clicks(self, action: str, value: str = "", **changes: Any) -> Any:  # noqa: ANN401
        """A button in a message."""
        body = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": "U0ANA", "team_id": TEAM},
            "channel": {"id": "C0OPS"},
            "message": {"ts": "1.1"},
            "trigger_id": "1.2.3",
            "response_url": "https://respond.test/2",
            "actions": [
                {"type": "button", "action_id": action, "value": value, "action_ts": "1.5"}
            ],
        }
        return await self.send(body | changes)

    async def shortcut(self, callback_id: str) -> None:
        """A shortcut on a message in a thread."""
        body = {
            "type": "message_action",
            "callback_id": callback_id,
            "team": {"id": TEAM, "domain": "acme"},
            "user": {"id": "U0ANA", "team_id": TEAM},
            "channel": {"id": "C0WEB"},
            "message": {"ts": "1.2", "thread_ts": "1.1", "text": "WEB-12"},
            "response_url": "https://answer",
            "trigger_id": "1.2.3",
        }
        await self.send(body)

    async def submits(self, callback_id: str, values: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401
        """A form."""
        return await self.send(
            {
                "type": "view_submission",
                "team": {"id": TEAM},
                "user": {"id": "U0ANA", "team_id": TEAM},
                "trigger_id": "1.2.3",
                "view": {
                    "id": "V1",
                    "type": "modal",
                    "callback_id": callback_id,
                    "hash": "h",
                    "state": {"values": values or {}},
                },
            }
        )


async def _authorize(team_id: str) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id=team_id, bot_token="xoxb-x", bot_id="B1", bot_user_id="U0BOT"
    )


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """An edge over a team with nobody in it yet."""
    world = World(sqlite_url)
    made = Desk(world)
    yield made
    made.pool.close()
    world.close()


def answering(reply: Reply) -> Callable[[Any], Reply]:
    """A handler that always says the same."""
    return lambda _ask: reply


async def test_a_slow_form_waits_in_the_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not closed as if all were well before anybody knows."""
    monkeypatch.setattr(edge_module, "PATIENCE", 0.05)

    def handler(_ask: Submission) -> Reply:
        desk.acknowledged.wait(60)
        return FieldErrors({"name": "Say its name."})

    desk.routes.submission("form", handler)
    said = str(await desk.submits("form"))
    assert "Still working" in said
    assert "clear" not in said
    ((view_id, text),) = desk.slack.said("update")
    assert view_id == "V1"
    assert "Say its name." in text


async def test_each_first_answer_is_counted_by_how_it_went(desk: Desk) -> None:
    """The operator sees from it that people are refused, or that something breaks."""

    def refuse(_ask: Click) -> Reply:
        raise Vanished("task")

    def break_down(_ask: Click) -> Reply:
        raise RuntimeError

    desk.routes.click("do", answering(Ephemeral(Message("Done."))))
    desk.routes.click("refuse", refuse)
    desk.routes.click("break", break_down)
    for action in ("do", "refuse", "break"):
        await desk.clicks(action)
    assert desk.answers == [
        ("click", "done", True),
        ("click", "refused", True),
        ("click", "broken", True),
    ]


async def test_a_form_slack_refuses_to_open_is_explained(desk: Desk) -> None:
    """A click that leads nowhere would be repeated for ever."""

    async def refuse(*arguments: Any, **more: Any) -> None:  # noqa: ANN401
        del arguments, more
        raise SlackRefused("invalid_arguments")

    desk.slack.open_view = refuse  # type: ignore[method-assign]
    desk.routes.click("link.choose", answering(OpenModal(FORM)))
    await desk.clicks("link.choose")
    ((_, payload),) = desk.slack.said("respond")
    assert "invalid_arguments" in payload["text"]


async def test_an_event_nobody_listens_to_is_answered(desk: Desk) -> None:
    """Slack repeats what is refused, and stops sending when too much is."""
    event = {"type": "team_join", "user": {"id": "U0NEW"}}
    await desk.send({"type": "event_callback", "team_id": TEAM, "event": event})


async def test_posted_links_are_handed_on(desk: Desk) -> None:
    """With what Slack says of who reads along; the background is told that there is work."""
    heard: list[PostedLinks] = []

    def posted(team_id: TeamId, links: PostedLinks, now: datetime) -> None:
        assert (team_id, now) == (TEAM, NOON)
        heard.append(links)

    event = {
        "type": "link_shared",
        "channel": "C0WEB",
        "message_ts": "1.1",
        "links": [{"url": "https://a.test/1", "domain": "a.test"}],
    }
    body = {"type": "event_callback", "team_id": TEAM, "event": event}
    await desk.send(body)
    desk.routes.links = posted
    await desk.send(body | {"is_ext_shared_channel": False})
    await desk.send(body | {"is_ext_shared_channel": True})
    await desk.send(body | {"event": event | {"source": "composer", "channel": "COMPOSER"}})
    assert [(one.urls, one.is_shared, one.is_draft) for one in heard] == [
        (("https://a.test/1",), False, False),
        (("https://a.test/1",), True, False),
        (("https://a.test/1",), None, True),
    ]
    assert desk.woken == 3


async def test_a_shortcut_answers_in_its_thread(desk: Desk) -> None:
    """A message in a thread is answered there, and so is the form that it leads to."""

    def used(ask: Shortcut) -> Reply:
        assert (ask.said, ask.message_ts, ask.thread_ts) == ("WEB-12", "1.2", "1.1")
        return Ephemeral(Message("Started."))

    desk.routes.shortcut("track", used)
    await desk.shortcut("track")
    ((url, payload),) = desk.slack.said("respond")
    assert (url, payload["thread_ts"], payload["replace_original"]) == (
        "https://answer",
        "1.1",
        False,
    )
    desk.routes.shortcuts.clear()
    desk.routes.shortcut("track", answering(OpenModal(replace(FORM, returns=True))))
    await desk.shortcut("track")
    assert desk.slack.said("metadata") == ["\nhttps://answer 1.1"]
    await desk.shortcut("unknown")


async def test_nothing_is_done_for_a_team_that_removed_hourlink(desk: Desk) -> None:
    """A command that was under way says so, and Slack is asked anew whose token it is."""
    desk.routes.command("/track", answering(Ephemeral(Message("Started."))))
    event = {"type": "app_uninstalled"}
    await desk.send({"type": "event_callback", "team_id": TEAM, "event": event})
    assert desk.calls == [f"forget {TEAM} None"]
    assert "not installed" in str(await desk.types("start"))


async def test_an_organisation_that_removes_hourlink_is_told_apart(desk: Desk) -> None:
    """The event names one workspace of it; work stops in all of them."""
    everywhere = {"enterprise_id": "E0ORG", "team_id": None, "is_enterprise_install": True}
    for kind in ("app_uninstalled", "tokens_revoked"):
        await desk.send(
            {
                "type": "event_callback",
                "team_id": TEAM,
                "enterprise_id": "E0ORG",
                "authorizations": [everywhere],
                "event": {"type": kind, "tokens": {"bot": ["U0BOT"]}},
            }
        )
    assert desk.calls == [f"forget {TEAM} E0ORG"] * 2


async def test_a_guest_of_a_shared_channel_who_opens_the_home_is_nobody(desk: Desk) -> None:
    """Slack tells of people of other organisations as of its own, but for their workspace."""
    desk.slack.known["U9EXT"] = SlackPerson(
        SlackUserId("U9EXT"), "Ext", None, "UTC", is_admin=True, home=TeamId("T9OTHER")
    )
    desk.routes.home = Route(answering(HomeView({"type": "home", "blocks": []})))
    event = {"type": "app_home_opened", "user": "U9EXT", "tab": "home"}
    await desk.send({"type": "event_callback", "team_id": TEAM, "event": event})
    assert desk.slack.said("home") == []
    assert desk.members.find(TeamId(TEAM), SlackUserId("U9EXT")) is None


async def test_slacks_own_trouble_stops_no_timer(desk: Desk) -> None:
    """Slack delivers a command but cannot say who people are: members go on, admins wait."""
    desk.routes.command("/track", answering(Ephemeral(Message("Stopped."))))
    desk.routes.click("link.ignore", answering(Update(Message("Ignored."))), admin=True)
    ana = SlackPerson(SlackUserId("U0ANA"), "Ana", None, "UTC", is_admin=True)
    desk.members.save(TeamId(TEAM), ana, NOON - timedelta(days=2))

    async def trouble(*arguments: Any) -> SlackPerson:  # noqa: ANN401
        del arguments
        raise SlackTryLater(retry_after=5)

    desk.slack.person = trouble  # type: ignore[assignment, method-assign]
    assert "Stopped." in str(await desk.types("stop"))
    await desk.clicks("link.ignore")
    assert "Slack is busy" in desk.slack.said("respond")[-1][1]["text"]
    assert "Slack is busy" in str(await desk.types("stop", user="U0NEW"))


async def test_the_answer_to_a_command_rides_in_its_acknowledgement(desk: Desk) -> None:
    """One round trip, and only the asker sees it."""
    desk.routes.command("/track", answering(Ephemeral(Message("Started."))))
    answer = json.loads(await desk.types("start"))
    assert answer == {"response_type": "ephemeral", "text": "Started."}
    assert desk.slack.said("respond") == []
    assert desk.woken >= 1


async def test_a_stranger_is_looked_up_once(desk: Desk) -> None:
    """Slack is asked who somebody is when they first come, not on every command."""
    seen: list[Ask] = []

    def handler(ask: Command) -> Reply:
        seen.append(ask)
        return Nothing()

    desk.routes.command("/track", handler)
    await desk.types("one")
    await desk.types("two")
    assert [ask.who.name for ask in seen] == ["Somebody", "Somebody"]
    assert len(desk.slack.said("person")) == 1


async def test_an_expected_error_is_a_sentence(desk: Desk) -> None:
    """What a service raises, a person reads."""

    def handler(_ask: Command) -> Reply:
        raise Vanished("task")

    desk.routes.command("/track", handler)
    assert "That task is no longer there" in str(await desk.types("start"))


async def test_an_unexpected_error_shows_a_reference_and_no_trace(desk: Desk) -> None:
    """Our fault: an id to ask about, nothing of our insides."""

    def handler(_ask: Command) -> Reply:
        raise RuntimeError("password=hunter2")

    desk.routes.command("/track", handler)
    said = str(await desk.types("start"))
    assert "7F3A-19" in said
    assert "hunter2" not in said
    assert "Traceback" not in said


async def test_a_slow_use_case_is_answered_in_time_and_finished_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack hangs up after 3 seconds; the result still arrives."""
    monkeypatch.setattr(edge_module, "PATIENCE", 0.05)

    def handler(_ask: Command) -> Reply:
        desk.acknowledged.wait(60)
        return Ephemeral(Message("Done at last."))

    desk.routes.command("/track", handler)
    assert "Still working" in str(await desk.types("start"))
    ((url, payload),) = desk.slack.said("respond")
    assert url == "https://respond.test/1"
    assert payload["text"] == "Done at last."


async def test_a_form_opens_from_a_command(desk: Desk) -> None:
    """The trigger is used while it lives, and the acknowledgement stays empty."""
    desk.routes.command("/track", answering(OpenModal(FORM)))
    assert await desk.types("log") == ""
    assert desk.slack.said("open") == ["form"]


async def test_a_click_replaces_its_own_message(desk: Desk) -> None:
    """Buttons answer in place."""
    desk.routes.click("track.stop", answering(Update(Message("Stopped."))))
    await desk.clicks("track.stop#2", "7")
    ((_, payload),) = desk.slack.said("respond")
    assert payload == {"text": "Stopped.", "replace_original": True}


async def test_a_click_carries_its_value_and_its_place(desk: Desk) -> None:
    """The handler knows which row is meant and where."""
    seen: list[Click] = []

    def handler(ask: Click) -> Reply:
        seen.append(ask)
        return Nothing()

    desk.routes.click("track.stop", handler)
    await desk.clicks("track.stop", "12:3")
    (click,) = seen
    assert (click.action, click.value, click.channel_id, click.message_ts) == (
        "track.stop",
        "12:3",
        "C0OPS",
        "1.1",
    )


async def test_a_button_nobody_handles_any_more_says_so(desk: Desk) -> None:
    """A message from an older version stays polite."""
    await desk.clicks("old.button")
    ((_, payload),) = desk.slack.said("respond")
    assert "no longer there" in payload["text"]


async def test_somebody_elses_organisation_never_acts(desk: Desk) -> None:
    """In a shared channel the buttons are visible to people who are not ours."""
    desk.routes.click("track.stop", answering(Update(Message("Stopped."))))
    await desk.clicks("track.stop", user={"id": "U9EXT", "team_id": "T9OTHER"})
    ((_, payload),) = desk.slack.said("respond")
    assert "Only people of this workspace" in payload["text"]
    assert payload["replace_original"] is False


async def test_a_member_cannot_use_an_admins_button(desk: Desk) -> None:
    """What the button shows is not what is allowed; whom to ask is said by name."""
    desk.routes.click("link.ignore", answering(Update(Message("Ignored."))), admin=True)
    desk.world.member("bo", admin=True)
    desk.world.member("cleo", admin=True)
    await desk.clicks("link.ignore")
    ((_, payload),) = desk.slack.said("respond")
    assert payload["text"] == "Only an admin can do this. Ask Bo or Cleo."


async def test_a_select_that_cannot_search_says_why(desk: Desk) -> None:
    """Not that nothing was found, as while the database is away; choosing the reason is nothing."""

    def away(_ask: Lookup) -> Reply:
        raise DatabaseAway

    desk.routes.lookup("find", away)
    body = {
        "type": "block_suggestion",
        "team": {"id": TEAM},
        "user": {"id": "U0ANA", "team_id": TEAM},
        "view": {"id": "V1", "type": "modal", "callback_id": "form", "state": {"values": {}}},
        "action_id": "find",
        "block_id": "task",
        "value": "head",
    }
    answer = json.loads(await desk.send(body))
    check_options(answer)
    (reason,) = answer["options"]
    told = f"{reason['text']['text']} {reason['description']['text']}"
    assert told.startswith("The database cannot be reached right now")
    assert told.endswith("Try again in a minute.")

    asked: list[str] = []

    def sent(ask: Submission) -> Reply:
        asked.append(ask.fields.choice("task"))
        return Nothing()

    desk.routes.submission("form", sent)
    await desk.submits("form", {"task": {"find": {"selected_option": reason}}})
    assert asked == [""]
    desk.routes.click("find", answering(Update(Message("Chosen."))))
    chosen = {"type": "external_select", "action_id": "find", "action_ts": "1.5"}
    await desk.clicks("find", actions=[chosen | {"selected_option": reason}])
    assert desk.slack.said("respond") == []


async def test_an_admin_demoted_in_slack_is_refused_at_once(desk: Desk) -> None:
    """The event about the change is believed the moment it arrives."""
    desk.slack.known["U0ANA"] = SlackPerson(SlackUserId("U0ANA"), "Ana", None, "UTC", is_admin=True)
    desk.routes.click("link.ignore", answering(Nothing()), admin=True)
    await desk.clicks("link.ignore")
    assert desk.slack.said("respond") == []
    user = {"id": "U0ANA", "team_id": TEAM, "name": "ana", "is_admin": False, "profile": {}}
    await desk.send(
        {
            "type": "event_callback",
            "team_id": TEAM,
            "event": {"type": "user_change", "user": user},
        }
    )
    await desk.clicks("link.ignore")
    ((_, payload),) = desk.slack.said("respond")
    assert "Only an admin" in payload["text"]


async def test_errors_stand_under_their_fields(desk: Desk) -> None:
    """A form that is wrong stays open, with a sentence where it is wrong."""
    desk.routes.submission("form", answering(FieldErrors({"name": "Say its name."})))
    said = str(await desk.submits("form"))
    assert "errors" in said
    assert "Say its name." in said


async def test_a_failure_in_a_form_keeps_what_was_typed(desk: Desk) -> None:
    """The sentence is stacked on top; closing it leads back to the form."""

    def handler(_ask: Submission) -> Reply:
        raise Vanished("project")

    desk.routes.submission("form", handler)
    said = str(await desk.submits("form"))
    assert "push" in said
    assert "That project is no longer there" in said


async def test_a_finished_form_closes_and_the_result_is_sent(desk: Desk) -> None:
    """Every open form goes, and a private message says what came of it."""
    desk.routes.submission("form", answering(CloseModals(Message("Linked."))))
    assert "clear" in str(await desk.submits("form"))
    assert desk.slack.said("post") == [("U0ANA", "Linked.")]


async def test_a_form_that_takes_long_shows_its_progress(desk: Desk) -> None:
    """First *Checking*, then the result in the same form."""

    async def handler(_ask: Submission) -> AsyncIterator[Reply]:
        yield UpdateModal(Modal("form", "A form", [section("Checking...")]))
        await asyncio.sleep(0)
        yield UpdateModal(Modal("form", "A form", [section("Connected.")]))

    desk.routes.submission("form", handler)
    assert "Checking..." in str(await desk.submits("form"))
    assert desk.slack.said("update") == [("V1", "Connected.")]
    (waited,) = desk.waited
    assert 0 < waited < 1  # else the result could overtake what it replaces


HOME_VIEW = {"id": "V9", "type": "home", "state": {"values": {}}}


def home_of(desk: Desk) -> list[Opened]:
    """A Home tab that keeps what it was shown for."""
    shown: list[Opened] = []

    def handler(ask: Opened) -> Reply:
        shown.append(ask)
        return HomeView({"type": "home", "blocks": []})

    desk.routes.home = Route(handler)
    return shown


def opens(tab: str) -> dict[str, object]:
    """The event about a tab of the app."""
    event = {"type": "app_home_opened", "user": "U0ANA", "tab": tab}
    return {"type": "event_callback", "team_id": TEAM, "event": event}


async def test_a_click_on_the_home_shows_the_home_again(desk: Desk) -> None:
    """With what it did at the top; no form opens for that."""
    shown = home_of(desk)
    desk.routes.click("track.stop", answering(Update(Message("Stopped."))))
    await desk.clicks("track.stop", view=HOME_VIEW, response_url=None, message=None)
    assert [ask.notice for ask in shown] == [Message("Stopped.")]
    assert desk.slack.said("open") == []


async def test_a_refusal_on_the_home_cannot_be_missed(desk: Desk) -> None:
    """It opens a form, wherever the person has scrolled to."""

    def handler(_ask: Click) -> Reply:
        raise Vanished("task")

    shown = home_of(desk)
    desk.routes.click("track.start", handler)
    await desk.clicks("track.start", view=HOME_VIEW, response_url=None, message=None)
    assert [ask.notice for ask in shown] == [None]
    assert desk.slack.said("open") == ["notice"]


async def test_a_form_from_the_home_answers_there(desk: Desk) -> None:
    """No direct message beside the tab that shows it anyway."""
    shown = home_of(desk)
    desk.routes.submission("form", answering(CloseModals(Message("Changed."))))
    view = {"id": "V1", "type": "modal", "callback_id": "form", "private_metadata": "7\nhome"}
    await desk.send(
        {
            "type": "view_submission",
            "team": {"id": TEAM},
            "user": {"id": "U0ANA", "team_id": TEAM},
            "trigger_id": "1.2.3",
            "view": view,
        }
    )
    assert [ask.notice for ask in shown] == [Message("Changed.")]
    assert desk.slack.said("post") == []


async def test_an_open_home_follows_what_is_typed(desk: Desk) -> None:
    """While it is in sight; not before it was opened, nor after it was left."""
    shown = home_of(desk)
    desk.routes.command("/track", answering(Ephemeral(Message("Started."))))
    await desk.types("start TASK-12")
    assert len(shown) == 0
    await desk.send(opens("home"))
    await desk.types("start TASK-12")
    assert [ask.notice for ask in shown] == [None, None]
    await desk.send(opens("messages"))
    await desk.types("start TASK-12")
    assert len(shown) == 2


async def test_a_form_that_shows_something_is_drawn_again(desk: Desk) -> None:
    """After a deletion in a list the list no longer has it."""
    asked: list[Click] = []

    def drawn(ask: Click) -> Reply:
        asked.append(ask)
        return UpdateModal(Modal("day.open", "Your time", [section("Nothing left")]))

    desk.routes.redraw("day.open", drawn)
    desk.routes.click("entry.delete", answering(Ephemeral(Message("Deleted."))))
    desk.routes.click("day.show", drawn)
    view = {"id": "V1", "type": "modal", "callback_id": "day.open#today"}
    await desk.clicks("entry.delete", view=view, response_url=None, message=None)
    assert [(ask.value, ask.view_id) for ask in asked] == [("today", "V1")]
    assert desk.slack.said("update") == [("V1", "Nothing left")]
    await desk.clicks("day.show", view=view, response_url=None, message=None)
    assert len(desk.slack.said("update")) == 2


async def test_an_item_of_a_menu_is_like_a_button(desk: Desk) -> None:
    """Each names its own action and value; one that nobody knows gets a plain answer."""
    asked: list[Click] = []

    def handler(ask: Click) -> Reply:
        asked.append(ask)
        return Nothing()

    desk.routes.click("track.note", handler)
    for value in ("track.note:7", "nobody.knows:7"):
        chosen = {"text": {"type": "plain_text", "text": "Note"}, "value": value}
        action = {"type": "overflow", "action_id": "menu#7", "action_ts": "1.5"}
        await desk.clicks("menu", actions=[action | {"selected_option": chosen}])
    assert [(one.action, one.value) for one in asked] == [("track.note", "7")]
    ((_, payload),) = desk.slack.said("respond")
    assert "no longer there" in payload["text"]
