"""*Sign in with your own key* as it is clicked and typed, with a real board behind it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.demo_board import DEMO_BOARD, DEMO_KEY, DEMO_OWN_KEY, write_demo_board
from bot.domain.errors import NotYourButton, Vanished
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking_errors import AccountNotConnected
from bot.integrations.api import Credentials, Site
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.integrations.oauth import ToolClient
from bot.integrations.registry import Registry
from bot.services.people.own_keys import OwnKeys
from bot.services.people.tool_sign_ins import ToolSignIns
from bot.services.pool import Pool
from bot.services.tracking.kept import KeptEntries
from bot.services.tracking.timer import Tracking
from bot.services.vault import Vault
from bot.views.people.standing import standings
from handlers.asking import Click, Fields, Submission
from handlers.people import own_keys
from handlers.people.own_keys import OwnKeyHandlers
from handlers.replies import FieldErrors, OpenModal, Reply, Update, UpdateModal
from handlers.routes import Routes
from playground.rules import check_message, check_view
from storage.linking.integrations import IntegrationRow
from storage.people.provider_accounts import ProviderAccountRow
from tests.builders import NOON, World
from tests.services.people.office import Office

REGISTRY = Registry.load()
FACES = {descriptor.slug: descriptor for descriptor in REGISTRY.descriptors()}


class Desk:
    """The handlers, and the demo board in its folder."""

    def __init__(self, office: Office, boards: Path) -> None:
        self.office = office
        self.pool = Pool(1)
        self.answer: Exception | None = None
        self.hangs = False
        self._boards = boards
        write_demo_board(boards)
        vault = Vault([Fernet.generate_key().decode()])
        shared = vault.seal({"board": DEMO_BOARD, "key": DEMO_KEY})
        office.sets(IntegrationRow, office.board, site_id=DEMO_BOARD, sealed_credentials=shared)
        evelyn = office.world.account(office.board, "Evelyn Novak")
        office.sets(ProviderAccountRow, evelyn, external_id="evelyn")
        service = OwnKeys(office.world.uow, REGISTRY, vault, office.world.new_marker())
        self.sign_ins = ToolSignIns(
            REGISTRY,
            vault,
            clients={"asana": [ToolClient("id", "secret")]},
            public_url="https://hourlink.test",
            new_verifier=lambda: "v" * 64,
        )
        self.handlers = OwnKeyHandlers(
            service,
            self.sign_ins,
            KeptEntries(office.world.uow, office.world.new_marker(), str),
            check=self._check,
            pool=self.pool,
            faces=FACES,
        )
        self.routes = Routes()
        self.handlers.register(self.routes)

    async def _check(self, slug: str, shared: Credentials, own: Credentials) -> Site:
        if self.hangs:
            await asyncio.Event().wait()
        if self.answer is not None:
            raise self.answer
        pool = HttpPool(clock=lambda: datetime.now(UTC), sleep=asyncio.sleep)
        context = AdapterContext(pool, self._boards, pool.clock, pool.sleep)
        try:
            return await REGISTRY.open_own(slug, shared, own, context).check()
        finally:
            await pool.aclose()

    def clicks(self, who: Member, value: str, action: str = "people.own_key", **more: Any) -> Any:  # noqa: ANN401
        """A button."""
        ask = Click(who=who, now=NOON, request_id="r", action=action, value=value, **more)
        return self.routes.clicks[action].handler(ask)

    def sends(self, who: Member, key: str, metadata: str, attempt: int = 1) -> list[Reply]:
        """The form is sent; every answer."""
        typed = {f"secret:{attempt}:key": {"value": {"value": key}}}
        ask = Submission(
            who=who,
            now=NOON,
            request_id="r",
            callback_id="people.sign_in",
            view_id="V1",
            metadata=metadata,
            fields=Fields(typed),
        )
        answered = self.routes.submissions["people.sign_in"].handler(ask)
        assert isinstance(answered, AsyncIterator)

        async def collect() -> list[Reply]:
            return [one async for one in answered]

        return asyncio.run(collect())


def shown(reply: object) -> str:
    """All that a form shows, sound."""
    assert isinstance(reply, OpenModal | UpdateModal), reply
    return str(check_view(reply.modal.as_view(), "modal"))


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """The handlers on each kind of database."""
    world = World(database_url)
    made = Desk(Office(world), tmp_path / "boards")
    yield made
    made.pool.close()
    world.close()


def test_signing_in_to_a_board(desk: Desk) -> None:
    """The form asks for the key alone, says *Checking...* at once, and ends connected."""
    eve = desk.office.world.member("eve", email=None)
    board = str(desk.office.board)
    form = desk.clicks(eve, board)
    assert "Your own key" in shown(form)
    assert "Board folder" not in shown(form)
    checking, done = desk.sends(eve, DEMO_OWN_KEY, form.modal.metadata)
    assert "Checking with File board..." in shown(checking)
    assert "Connected: :card_index_dividers: File board, *Evelyn Novak*" in shown(done)
    standing = standings(desk.office.links.mine(eve), FACES)
    assert "connected as *Evelyn Novak*. You signed in with your own key." in standing.text
    check_message(list(standing.blocks), standing.text)


def test_signing_in_brings_what_was_refused_before(desk: Desk) -> None:
    """The way by a key of one's own ends like the others: with *Start* for what was wanted."""
    office, world = desk.office, desk.office.world
    eve = world.member("eve", email=None)
    source, website = world.provider_project(office.board, "Acme Web"), world.project()
    world.link(source, website)
    world.task(office.board, source, "WEB-12", "Fix the header")
    world.joins(eve, website)
    with pytest.raises(AccountNotConnected):
        Tracking(world.uow, world.new_marker(), str).start(who=eve, ref=KeyRef("WEB-12"), now=NOON)
    form = desk.clicks(eve, str(office.board))
    _, done = desk.sends(eve, DEMO_OWN_KEY, form.modal.metadata)
    assert "You wanted to start a timer on *WEB-12 Fix the header*." in shown(done)
    assert "Start WEB-12" in shown(done)


def test_a_wrong_key_comes_back_with_the_reason(desk: Desk) -> None:
    """The key is typed again; the field is another one, so that Slack starts it empty."""
    eve = desk.office.world.member("eve", email=None)
    _, form = desk.sends(eve, "wrong-s3cret", f"{desk.office.board}|1")
    assert "*Not connected.* The credentials were not accepted" in shown(form)
    assert "secret:2:key" in shown(form)
    assert "wrong-s3cret" not in shown(form)
    assert isinstance(form, UpdateModal)
    _, done = desk.sends(eve, DEMO_OWN_KEY, form.modal.metadata, attempt=2)
    assert "Connected: " in shown(done)


def test_a_tool_that_quotes_the_key_back(desk: Desk) -> None:
    """Its reason is shown without the secret."""
    desk.answer = ProviderRefused("board", "no", reason="Key top-s3cret is not allowed here.")
    eve = desk.office.world.member("eve")
    _, form = desk.sends(eve, "top-s3cret", f"{desk.office.board}|1")
    assert "is not allowed here" in shown(form)
    assert "top-s3cret" not in shown(form)


def test_a_tool_that_does_not_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form comes back after a while instead of waiting for ever."""
    monkeypatch.setattr(own_keys, "PATIENCE", 0.01)
    desk.hangs = True
    _, form = desk.sends(desk.office.ana, "key", f"{desk.office.board}|1")
    assert "did not answer" in shown(form)


def test_an_empty_field_is_asked_for(desk: Desk) -> None:
    """Nothing is checked."""
    (answer,) = desk.sends(desk.office.ana, "", f"{desk.office.board}|1")
    assert isinstance(answer, FieldErrors)


def test_forgetting_the_key(desk: Desk) -> None:
    """In the message it was clicked in."""
    eve = desk.office.world.member("eve", email=None)
    desk.sends(eve, DEMO_OWN_KEY, f"{desk.office.board}|1")
    gone = desk.clicks(eve, str(desk.office.link(eve).id), "people.forget_key")
    assert isinstance(gone, Update)
    assert "is destroyed" in gone.message.text


@pytest.mark.parametrize("value", ["", "x", "1:x", "-1", "1:2:3"])
def test_forged_values_are_refused(desk: Desk, value: str) -> None:
    """In words, without a reference to a fault of ours."""
    with pytest.raises(Vanished):
        desk.clicks(desk.office.ana, value)


def test_somebody_elses_request(desk: Desk) -> None:
    """A forwarded message opens no form."""
    link = desk.office.asked(desk.office.world.member("mia"))
    with pytest.raises(NotYourButton):
        desk.clicks(desk.office.ana, f"{desk.office.board}:{link.id}")
