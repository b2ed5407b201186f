"""The connect form: checked before it is kept, and never showing a secret again."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text, update

from bot.domain.errors import AdminOnly
from bot.domain.ids import TeamId
from bot.domain.linking.channels import Channel
from bot.domain.people.people import Member
from bot.domain.slack_errors import SlackRefused, SlackTryLater
from bot.integrations.api import Credentials, Site
from bot.integrations.errors import ProviderAuthFailed
from bot.integrations.oauth import ToolClient, ToolClients
from bot.integrations.registry import Registry
from bot.services.linking.connecting import Connecting
from bot.services.people.tool_sign_ins import ToolSignIns
from bot.services.pool import Pool
from bot.services.vault import Vault
from handlers.asking import Click, Command, Fields, Submission
from handlers.grammar.link_values import ConnectIntegration
from handlers.linking import connect
from handlers.linking.connect import ConnectHandlers
from handlers.replies import Ephemeral, FieldErrors, OpenModal, Reply, UpdateModal
from playground.rules import check_message, check_view
from storage.linking.integrations import IntegrationRow
from storage.members import MemberRow
from tests.builders import NOON, World

KEY = "top-s3cret-key"
SITE = Site("https://redmine.acme.test", "redmine.acme.test", "https://redmine.acme.test", "Robot")


PUBLIC = Channel("C0OPS", is_public=True)


class Outside:
    """The provider and Slack, as a test wants them."""

    def __init__(self) -> None:
        self.answer: Site | Exception = SITE
        self.asked: list[tuple[str, Credentials]] = []
        self.channel: Channel | Exception = Channel("C0OPS", is_public=False)
        self.hangs = False

    async def check(self, slug: str, credentials: Credentials) -> Site:
        """The provider."""
        self.asked.append((slug, credentials))
        if self.hangs:
            await asyncio.Event().wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def look(self, team_id: TeamId, channel_id: str) -> Channel:
        """Slack."""
        del team_id, channel_id
        if isinstance(self.channel, Exception):
            raise self.channel
        return self.channel


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """One team on each kind of database."""
    made = World(database_url)
    yield made
    made.close()


@pytest.fixture
def ana(world: World) -> Member:
    """The admin."""
    return world.member("ana", admin=True)


@pytest.fixture
def outside() -> Outside:
    """A provider that says yes, a private channel that Hourlink is in."""
    return Outside()


ELSEWHERE: ToolClients = {
    "asana": [ToolClient("id", "secret")],
    "github": [ToolClient("id", "secret")],
}


def signing_in(
    vault: Vault, registry: Registry | None = None, clients: ToolClients = ELSEWHERE
) -> ToolSignIns:
    """Hourlink is registered at Asana and GitHub, and at no other tool."""
    return ToolSignIns(
        registry or Registry.load(),
        vault,
        clients=clients,
        public_url="https://hourlink.test",
        new_verifier=lambda: "v" * 64,
    )


@pytest.fixture
def handlers(world: World, outside: Outside) -> Iterator[ConnectHandlers]:
    """What is tested."""
    vault = Vault([Fernet.generate_key().decode()])
    service = Connecting(world.uow, Registry.load(), vault, world.new_marker())
    pool = Pool(1)
    yield ConnectHandlers(
        service, signing_in(vault), check=outside.check, look=outside.look, pool=pool
    )
    pool.close()


def fields(attempt: int = 1, **changes: str) -> Fields:
    """The form, filled in."""
    typed = {"url": SITE.url, "key": KEY, "channel": "C0OPS", "mode": "off"} | changes
    return Fields(
        {
            "field:url": {"value": {"value": typed["url"]}},
            f"secret:{attempt}:api_key": {"value": {"value": typed["key"]}},
            "channel": {"connect.channel": {"selected_conversation": typed["channel"]}},
            "write_mode": {"x": {"selected_option": {"value": typed["mode"]}}},
        }
    )


def submission(who: Member, sent: Fields, attempt: int = 1) -> Submission:
    """The form, sent."""
    return Submission(
        who=who,
        now=NOON,
        request_id="",
        callback_id="connect",
        view_id="V1",
        metadata=f"redmine:{attempt}",
        fields=sent,
    )


async def replies(answers: Reply | AsyncIterator[Reply]) -> list[Reply]:
    """Every answer, in order."""
    if not isinstance(answers, AsyncIterator):
        return [answers]
    return [one async for one in answers]


def view(reply: Reply) -> dict[str, Any]:
    """A form that Slack would take."""
    assert isinstance(reply, OpenModal | UpdateModal)
    return dict(check_view(reply.modal.as_view(), "modal"))


def element(shown: Mapping[str, Any], block_id: str) -> dict[str, Any]:
    """The element of a field."""
    [found] = [block["element"] for block in shown["blocks"] if block.get("block_id") == block_id]
    return cast("dict[str, Any]", found)


def count(world: World) -> int:
    """How many integrations there are."""
    with world.uow.read() as tx:
        return int(tx.execute(text("SELECT count(*) FROM integration")).scalar_one())


def command(who: Member, channel: str = "C0WEB") -> Command:
    """``/link connect ...`` typed somewhere."""
    return Command(who=who, now=NOON, request_id="", channel_id=channel, text="")


async def test_the_form_is_made_from_what_the_provider_asks(
    ana: Member, handlers: ConnectHandlers
) -> None:
    """Address, key, and the channel where it was typed."""
    [opened] = await replies(handlers.command(command(ana), ConnectIntegration("redmine")))
    shown = view(opened)
    assert [block["block_id"] for block in shown["blocks"]] == [
        "field:url",
        "secret:1:api_key",
        "channel",
        "write_mode",
    ]
    assert element(shown, "channel")["initial_conversation"] == "C0WEB"
    asked = handlers.command(command(ana, "D0ANA"), ConnectIntegration("redmine"))
    [in_dm] = await replies(asked)
    assert "initial_conversation" not in element(view(in_dm), "channel")


async def test_a_form_opened_in_a_public_channel_warns(
    ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """The form is there at once; the warning follows when Slack has answered."""
    outside.channel = PUBLIC
    asked = handlers.command(command(ana), ConnectIntegration("redmine"))
    opened, warned = await replies(asked)
    assert isinstance(opened, OpenModal)
    assert "is public" not in json.dumps(view(opened))
    assert isinstance(warned, UpdateModal)
    assert "is public" in json.dumps(view(warned))


async def test_without_a_name_the_tools_are_offered(ana: Member, handlers: ConnectHandlers) -> None:
    """``/link connect`` alone shows a button for each; a click opens the form."""
    [asked] = await replies(handlers.command(command(ana), ConnectIntegration()))
    assert isinstance(asked, Ephemeral)
    check_message(list(asked.message.blocks), asked.message.text)
    assert "Redmine" in asked.message.text
    click = Click(who=ana, now=NOON, request_id="", action="connect.provider", value="redmine")
    [form] = await replies(handlers.chosen(click))
    assert view(form)["private_metadata"] == "redmine:1"


async def test_a_right_key_is_checked_first_and_then_kept(
    world: World, ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """*Checking...* appears at once, then what happens next; the provider was asked once."""
    answers = await replies(handlers.submitted(submission(ana, fields())))
    checking, done = (view(one) for one in answers)
    assert "Checking" in json.dumps(checking)
    assert "submit" not in checking
    assert "redmine.acme.test" in json.dumps(done)
    assert "<#C0OPS>" in json.dumps(done)
    assert "/invite" not in json.dumps(done)
    assert outside.asked == [("redmine", {"url": SITE.url, "api_key": KEY})]
    with world.uow.read() as tx:
        [row] = tx.entities.scalars(select(IntegrationRow))
    assert (row.channel_id, row.write_mode) == ("C0OPS", "off")


@pytest.mark.parametrize("chosen", ["on", "off", "approved"])
async def test_the_form_asks_whether_time_is_written_back(
    world: World, ana: Member, handlers: ConnectHandlers, chosen: str
) -> None:
    """L1: on for a tool with time records, unless somebody chooses otherwise."""
    [opened] = await replies(handlers.command(command(ana), ConnectIntegration("redmine")))
    shown = next(one for one in view(opened)["blocks"] if one["block_id"] == "write_mode")
    assert shown["element"]["initial_option"]["value"] == "on"
    typed = fields(mode=chosen)
    await replies(handlers.submitted(submission(ana, typed)))
    with world.uow.read() as tx:
        [row] = tx.entities.scalars(select(IntegrationRow))
    assert row.write_mode == chosen


async def test_a_wrong_key_saves_nothing_and_is_typed_again(
    world: World, ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """The reason is on top, the address still there, the key gone from form and answers."""
    outside.answer = ProviderAuthFailed("redmine", "401")
    sent = submission(ana, fields())
    [_, again] = await replies(handlers.submitted(sent))
    shown = view(again)
    assert "Not connected" in shown["blocks"][0]["text"]["text"]
    assert element(shown, "field:url")["initial_value"] == SITE.url
    assert "initial_value" not in element(shown, "secret:2:api_key")
    assert element(shown, "channel")["initial_conversation"] == "C0OPS"
    assert KEY not in json.dumps(shown) + repr(again) + repr(sent)
    assert count(world) == 0
    outside.answer = SITE
    [_, done] = await replies(handlers.submitted(submission(ana, fields(attempt=2), attempt=2)))
    assert view(done)["title"]["text"] == "Connected"
    assert count(world) == 1


async def test_a_tool_that_knows_what_is_wrong_is_quoted(
    ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """Whoever mistyped a folder's name does not look for the mistake in the key."""
    outside.answer = ProviderAuthFailed("board", reason="There is no board folder <acmee>.")
    [_, again] = await replies(handlers.submitted(submission(ana, fields())))
    said = view(again)["blocks"][0]["text"]["text"]
    assert said.startswith("*Not connected.* There is no board folder &lt;acmee&gt;.")


async def test_a_provider_that_never_answers_gives_the_form_back(
    world: World,
    ana: Member,
    handlers: ConnectHandlers,
    outside: Outside,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody looks at *Checking...* for ever."""
    monkeypatch.setattr(connect, "PATIENCE", 0.01)
    outside.hangs = True
    [_, again] = await replies(handlers.submitted(submission(ana, fields())))
    assert "did not answer" in json.dumps(view(again))
    assert count(world) == 0


async def test_a_site_that_is_connected_already_is_said(
    world: World, ana: Member, handlers: ConnectHandlers
) -> None:
    """The second form comes back with who connected it; there is still one integration."""
    await replies(handlers.submitted(submission(ana, fields())))
    [_, again] = await replies(handlers.submitted(submission(ana, fields())))
    assert "is connected already by Ana" in json.dumps(view(again))
    assert count(world) == 1


async def test_a_site_that_is_connected_can_be_given_new_credentials(
    world: World, ana: Member, handlers: ConnectHandlers
) -> None:
    """The form that said so replaces them when it is sent again; nothing is made twice."""
    await replies(handlers.submitted(submission(ana, fields())))
    [_, again] = await replies(handlers.submitted(submission(ana, fields())))
    shown = view(again)
    assert "type the secrets again and send" in json.dumps(shown)
    assert shown["submit"]["text"] == "Replace"
    resent = replace(submission(ana, fields(attempt=2)), metadata=shown["private_metadata"])
    [_, done] = await replies(handlers.submitted(resent))
    assert "The new credentials are in use" in json.dumps(view(done))
    assert count(world) == 1


async def test_connect_again_begins_with_all_but_the_secrets(
    world: World, ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """*Connect again*: the address and the channel stand there; another site changes nothing."""
    await replies(handlers.submitted(submission(ana, fields())))
    with world.uow.read() as tx:
        row = tx.entities.scalars(select(IntegrationRow)).one()
    click = Click(who=ana, now=NOON, request_id="", action="connect.again", value=str(row.id))
    [form] = await replies(handlers.again(click))
    shown = view(form)
    assert element(shown, "field:url")["initial_value"] == SITE.url
    assert element(shown, "channel")["initial_conversation"] == "C0OPS"
    assert KEY not in json.dumps(shown)
    assert "stay as they are" in json.dumps(shown)
    outside.answer = replace(SITE, external_id="other", name="other.test")
    sent = replace(submission(ana, fields()), metadata=shown["private_metadata"])
    [_, wrong] = await replies(handlers.submitted(sent))
    assert "open *other.test*, not *redmine.acme.test*" in json.dumps(view(wrong))
    assert view(wrong)["private_metadata"] == f"redmine:2:{row.id}"
    assert count(world) == 1


async def test_an_admin_demoted_during_the_check_connects_nothing(
    world: World, ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """Whoever stopped being an admin in those seconds gets the refusal, and nothing is kept."""

    async def demoting(slug: str, credentials: Credentials) -> Site:
        del slug, credentials
        with world.uow.begin() as tx:
            tx.execute(update(MemberRow).values(slack_admin=False))
        return SITE

    handlers._check = demoting  # noqa: SLF001 - the moment between check and save
    [_, again] = await replies(handlers.submitted(submission(ana, fields())))
    assert "Only an admin" in json.dumps(view(again))
    assert count(world) == 0
    assert outside.asked == []
    with pytest.raises(AdminOnly):
        await replies(handlers.submitted(submission(ana, fields())))


async def test_blank_fields_are_marked(
    ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """Spaces are no key; the provider is not bothered."""
    [wrong] = await replies(handlers.submitted(submission(ana, fields(key="  ", channel=""))))
    assert isinstance(wrong, FieldErrors)
    assert set(wrong.errors) == {"secret:1:api_key", "channel"}
    assert outside.asked == []


@pytest.mark.parametrize(
    "case",
    [
        (PUBLIC, "is public", "/invite"),
        (replace(PUBLIC, is_shared=True), "shared with another organisation", "/invite"),
        (replace(PUBLIC, is_public=False), "announced in", "/invite"),
        (SlackTryLater(1.0), "/invite @Hourlink", "is public"),
    ],
)
async def test_the_channel_is_looked_at(
    ana: Member,
    handlers: ConnectHandlers,
    outside: Outside,
    case: tuple[Channel | Exception, str, str],
) -> None:
    """Who else reads it is pointed out; where Slack does not say, how to invite Hourlink."""
    outside.channel, said, unsaid = case
    [_, done] = await replies(handlers.submitted(submission(ana, fields())))
    assert said in json.dumps(view(done))
    assert unsaid not in json.dumps(view(done))


@pytest.mark.parametrize(
    "case",
    [
        (SlackRefused("channel_not_found"), "/invite @Hourlink"),
        (replace(PUBLIC, is_public=False, is_member=False), "/invite @Hourlink"),
        (replace(PUBLIC, is_archived=True), "is archived"),
    ],
)
async def test_a_channel_without_hourlink_is_refused(
    world: World,
    ana: Member,
    handlers: ConnectHandlers,
    outside: Outside,
    case: tuple[Channel | Exception, str],
) -> None:
    """With the sentence that mends it, before the tool is asked; what was typed stays."""
    outside.channel, said = case
    [refused] = await replies(handlers.submitted(submission(ana, fields())))
    assert isinstance(refused, FieldErrors)
    assert said in refused.errors["channel"]
    assert (outside.asked, count(world)) == ([], 0)


async def test_picking_a_public_channel_warns_in_the_form(
    ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """The warning comes before anything is sent; no field changes its id, so nothing is lost."""
    outside.channel = PUBLIC
    click = Click(
        who=ana,
        now=NOON,
        request_id="",
        action="connect.channel",
        value="C0OPS",
        view_id="V1",
        metadata="redmine:1",
        fields=fields(),
    )
    [answer] = await replies(handlers.channel_chosen(click))
    shown = view(answer)
    assert json.dumps(shown).count("read") == 1, "who reads it is said once"
    assert element(shown, "secret:1:api_key")["type"] == "plain_text_input"
    assert KEY not in json.dumps(shown)
    assert isinstance(answer, UpdateModal)


# Signing in at the tool's own page


def click_on(who: Member, metadata: str, values: dict[str, Any]) -> Click:
    """*Sign in at ...*, in a form with these fields."""
    return Click(
        who=who,
        now=NOON,
        request_id="r",
        action="connect.sign_in",
        metadata=metadata,
        fields=Fields(values),
    )


def channel(channel_id: str | None) -> dict[str, Any]:
    """The field for the channel."""
    return {"channel": {"connect.channel": {"selected_conversation": channel_id}}}


@pytest.mark.parametrize(("slug", "is_offered"), [("asana", True), ("linear", False)])
async def test_signing_in_is_offered_where_the_operator_set_it_up(
    handlers: ConnectHandlers, ana: Member, slug: str, *, is_offered: bool
) -> None:
    """A button that leads nowhere is worse than none."""
    ask = Command(who=ana, now=NOON, request_id="r", channel_id="C0OPS", text="")
    opened = await anext(handlers.command(ask, ConnectIntegration(slug)))  # type: ignore[arg-type]
    assert isinstance(opened, OpenModal)
    view = opened.modal.as_view()
    check_view(view, "modal")
    assert ("connect.sign_in" in json.dumps(view)) is is_offered


async def test_the_way_to_the_tools_page_is_a_button(
    handlers: ConnectHandlers, ana: Member
) -> None:
    """Everything but the secret comes along."""
    typed = {"field:workspace": {"value": {"value": "Acme"}}} | channel("C0OPS")
    [shown] = [one async for one in handlers.sign_in(click_on(ana, "asana:1", typed))]
    assert isinstance(shown, UpdateModal)
    view = shown.modal.as_view()
    check_view(view, "modal")
    [way] = [one for block in view["blocks"] for one in block.get("elements", ()) if "url" in one]
    assert way["url"].startswith("https://hourlink.test/sign-in/")
    assert "Acme" not in way["url"]


@pytest.mark.parametrize(
    ("metadata", "values", "said"),
    [
        ("asana:1", channel("C0OPS"), "Fill in *Workspace or organization* first."),
        ("asana:1", {"field:workspace": {"value": {"value": "Acme"}}} | channel(None), "Choose"),
        (
            "github:1",
            {"field:url": {"value": {"value": "https://git.acme.test"}}} | channel("C0OPS"),
            "Signing in is not possible with *Address (GitHub Enterprise only)*.",
        ),
        ("linear:1", channel("C0OPS"), "Signing in there is not set up."),
    ],
)
async def test_what_is_missing_is_said_before_anybody_leaves(
    handlers: ConnectHandlers, ana: Member, metadata: str, values: dict[str, Any], said: str
) -> None:
    """Not after they agreed at the tool."""
    [shown] = [one async for one in handlers.sign_in(click_on(ana, metadata, values))]
    assert isinstance(shown, UpdateModal)
    assert said in json.dumps(shown.modal.as_view())
    assert "/sign-in/" not in json.dumps(shown.modal.as_view())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Fill in *Address* first."),
        ("http://redmine.acme.test", "Signing in is not set up for http://redmine.acme.test. "),
        ("redmine.acme.test:8443/", "Signing in is not set up for https://redmine.acme.test:8443"),
        (" redmine.acme.test/ ", "https://hourlink.test/sign-in/"),
    ],
)
async def test_a_tool_that_people_run_themselves_is_signed_in_at_where_it_was_set_up(
    world: World, outside: Outside, ana: Member, typed: str, said: str
) -> None:
    """The form says why not, and stays for a key."""
    vault = Vault([Fernet.generate_key().decode()])
    sign_ins = signing_in(vault, clients={"redmine": [ToolClient("id", "secret", SITE.url)]})
    service = Connecting(world.uow, Registry.load(), vault, world.new_marker())
    pool = Pool(1)
    handlers = ConnectHandlers(service, sign_ins, check=outside.check, look=outside.look, pool=pool)
    values = {"field:url": {"value": {"value": typed}}} | channel("C0OPS")
    [shown] = [one async for one in handlers.sign_in(click_on(ana, "redmine:1", values))]
    pool.close()
    assert isinstance(shown, UpdateModal)
    view = shown.modal.as_view()
    check_view(view, "modal")
    assert said in json.dumps(view)
    assert ("API access key" in json.dumps(view)) is ("/sign-in/" not in said)
