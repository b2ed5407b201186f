"""The connect form: signing in at the tool's own page."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.domain.people.people import Member
from bot.integrations.oauth import ToolClient
from bot.integrations.registry import Registry
from bot.services.linking.connecting import Connecting
from bot.services.pool import Pool
from bot.services.vault import Vault
from handlers.asking import Click, Command, Fields
from handlers.grammar.link_values import ConnectIntegration
from handlers.linking.connect import ConnectHandlers
from handlers.replies import OpenModal, UpdateModal
from playground.rules import check_view
from tests.builders import NOON, World
from tests.handlers.linking.connect_form import (
    SITE,
    Outside,
    opened,
    signing_in,
)


@pytest.fixture
def handlers(world: World, outside: Outside) -> Iterator[ConnectHandlers]:
    """What is tested."""
    with opened(world, outside) as made:
        yield made


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
