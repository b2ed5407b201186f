"""The connect form, a provider and Slack as a test wants them, and an admin who fills it in."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.fernet import Fernet
from sqlalchemy import text

from bot.domain.ids import TeamId
from bot.domain.linking.channels import Channel
from bot.domain.people.people import Member
from bot.integrations.api import Credentials, Site
from bot.integrations.oauth import ToolClient, ToolClients
from bot.integrations.registry import Registry
from bot.services.linking.connecting import Connecting
from bot.services.people.tool_sign_ins import ToolSignIns
from bot.services.pool import Pool
from bot.services.vault import Vault
from handlers.asking import Command, Fields, Submission
from handlers.linking.connect import ConnectHandlers
from tests.builders import NOON, World

KEY = "top-s3cret-key"


SITE = Site("https://redmine.acme.test", "redmine.acme.test", "https://redmine.acme.test", "Robot")


PUBLIC = Channel("C0OPS", is_public=True)


ELSEWHERE: ToolClients = {
    "asana": [ToolClient("id", "secret")],
    "github": [ToolClient("id", "secret")],
}


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


def signing_in(vault: Vault, clients: ToolClients = ELSEWHERE) -> ToolSignIns:
    """Hourlink is registered at Asana and GitHub, and at no other tool."""
    return ToolSignIns(
        Registry.load(),
        vault,
        clients=clients,
        public_url="https://hourlink.test",
        new_verifier=lambda: "v" * 64,
    )


@contextmanager
def opened(world: World, outside: Outside) -> Iterator[ConnectHandlers]:
    """The handlers of the form."""
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


def count(world: World) -> int:
    """How many integrations there are."""
    with world.uow.read() as tx:
        return int(tx.execute(text("SELECT count(*) FROM integration")).scalar_one())


def command(who: Member, channel: str = "C0WEB") -> Command:
    """``/link connect ...`` typed somewhere."""
    return Command(who=who, now=NOON, request_id="", channel_id=channel, text="")
