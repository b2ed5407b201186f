"""Two teams on one server: the planted one, and a stranger's own."""

from pathlib import Path

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from bot.demo_board import write_demo_board
from bot.domain.people.people import Member
from bot.settings import Settings
from tests.isolation.crawl import copied
from tests.isolation.planted import (
    KEY,
    references,
    standing,
)
from tests.isolation.test_isolation import lived_in

PUBLIC_URL = "https://hours.test"


def options(database_url: str, folder: Path) -> Settings:
    """A server for many workspaces."""
    return Settings(
        database_url=SecretStr(database_url),
        secret_keys=(SecretStr(KEY),),
        client_id="1.1",
        client_secret=SecretStr("secret"),
        signing_secret=SecretStr("signing"),
        tool_clients=(SecretStr("asana:1:secret"),),
        public_url=PUBLIC_URL,
        slack_api_url="http://127.0.0.1:9/",
        boards_dir=folder,
        data_dir=folder,
        metrics_port=0,
    )


class Site:
    """Two teams on one server; what is done to the second one shows."""

    def __init__(self, database_url: str, folder: Path) -> None:
        write_demo_board(folder)
        self.url = database_url
        self.folder = folder
        self.world = lived_in(database_url)
        self._kept = folder / "kept.db"
        self._live = Path(make_url(database_url).database or "")
        copied(self._live, self._kept)
        self.before = standing(self.world.engine)

    @property
    def ana(self) -> Member:
        """The stranger: an admin of a team of her own."""
        return self.world.member("ana", admin=True)

    def begin_again(self) -> None:
        """Everything is as it was."""
        copied(self._kept, self._live)

    def unharmed(self, what: str) -> None:
        """Nothing of the other team changed, and nothing of anybody's points at it."""
        after = standing(self.world.engine)
        assert [name for name in after if after[name] != self.before[name]] == [], what
        assert references(self.world.engine) == [], what
