"""``/track token`` as it is typed and clicked."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.domain.errors import Vanished
from bot.domain.operating.api_tokens import MOST_TOKENS, Lifetime
from bot.domain.preferences import TeamSettings
from bot.services.operating.api_tokens import ApiTokens
from bot.services.vault import Vault
from bot.views.message import Modal
from bot.views.operating import api_tokens as views
from handlers.asking import Click, Command, Fields, Submission
from handlers.grammar.track_values import Tokens
from handlers.operating.api_tokens import ApiTokenHandlers
from handlers.replies import FieldErrors, OpenModal, Reply, UpdateModal
from handlers.routes import Routes
from playground.rules import check_view
from storage import teams
from tests.builders import NOON, World


class Desk:
    """Ana at her settings."""

    def __init__(self, database_url: str) -> None:
        self.world = World(database_url)
        self.ana = self.world.member("ana")
        numbers = count(1)
        vault = Vault([Fernet.generate_key().decode()])
        self.tokens = ApiTokens(self.world.uow, vault, lambda: f"{next(numbers):012x}" * 2)
        self.handlers = ApiTokenHandlers(self.tokens, "https://time.acme.test/")
        self.routes = Routes()
        self.handlers.register(self.routes)

    def types(self) -> Modal:
        """``/track token``."""
        ask = Command(who=self.ana, now=NOON, request_id="r", text="token")
        return shown(self.handlers.command(ask, Tokens()))

    def clicks(self, action: str, value: str = "") -> Any:  # noqa: ANN401
        """A button in the form."""
        ask = Click(
            who=self.ana, now=NOON, request_id="r", action=action, value=value, view_id="V1"
        )
        return self.routes.clicks[action].handler(ask)

    def sends(self, name: str, lifetime: str) -> Any:  # noqa: ANN401
        """The form."""
        fields: dict[str, dict[str, Any]] = {
            views.NAME: {"value": {"value": name}},
            views.LIFETIME: {"value": {"selected_option": {"value": lifetime}}},
        }
        ask = Submission(
            who=self.ana,
            now=NOON,
            request_id="r",
            callback_id=views.FORM,
            view_id="V1",
            metadata="",
            fields=Fields(fields),
        )
        return self.routes.submissions[views.FORM].handler(ask)


def shown(reply: Reply) -> Modal:
    """The form that came, which keeps to Slack's rules."""
    assert isinstance(reply, OpenModal | UpdateModal)
    check_view(reply.modal.as_view(), "modal")
    return reply.modal


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """Without tokens."""
    made = Desk(sqlite_url)
    yield made
    made.world.close()


def test_a_token_is_shown_once(desk: Desk) -> None:
    """In the form that answers; the list that follows has its name and no more."""
    assert "You have none yet." in str(desk.types().blocks)
    assert isinstance(desk.clicks(views.NEW), UpdateModal)
    made = shown(desk.sends("Invoices <sheet>", Lifetime.MONTH.value))
    (secret,) = re.findall(r"```(hlk_[0-9a-f]{56})```", str(made.blocks))
    assert desk.tokens.bearer(secret, NOON).who == desk.ana
    assert "https://time.acme.test/api/v1/me" in str(made.blocks)
    assert "good until Sun 20 Dec" in str(made.blocks)
    assert secret not in made.metadata
    listed = str(desk.types().blocks)
    assert "Invoices &lt;sheet&gt;" in listed
    assert "made Fri 20 Nov, last used Fri 20 Nov at 13:00, good until Sun 20 Dec" in listed
    assert secret not in listed


def test_a_token_is_taken_back(desk: Desk) -> None:
    """The list goes on without it and says so; a second click finds nothing."""
    made = desk.tokens.make(who=desk.ana, name="old", lifetime=Lifetime.MONTH, now=NOON)
    desk.tokens.bearer(made.secret, NOON + timedelta(hours=1))
    assert "last used Fri 20 Nov at 14:00" in str(desk.types().blocks)
    after = shown(desk.clicks(views.END, str(made.token.id)))
    assert "*old* is taken back" in str(after.blocks)
    for value in (str(made.token.id), "x", ""):
        with pytest.raises(Vanished):
            desk.clicks(views.END, value)


def test_a_token_needs_a_name(desk: Desk) -> None:
    """Otherwise nobody knows later which one to take back."""
    assert isinstance(desk.sends("   ", Lifetime.MONTH.value), FieldErrors)
    assert desk.tokens.own(who=desk.ana) == []


def test_where_the_api_is_switched_off_no_new_token_is_offered(desk: Desk) -> None:
    """It says so before anybody fills in a form; what there is can be taken back."""
    desk.tokens.make(who=desk.ana, name="old", lifetime=Lifetime.MONTH, now=NOON)
    assert "New token" in str(desk.types().blocks)
    with desk.world.uow.begin() as tx:
        teams.save_settings(tx, desk.world.team_id, TeamSettings(api_tokens=False))
    listed = str(desk.types().blocks)
    assert "switched the API off" in listed
    assert "Take back" in listed
    assert "New token" not in listed


def test_a_full_list_keeps_to_slacks_rules(desk: Desk) -> None:
    """Long names, and one that has expired; another cannot be made, and the form says why."""
    for _ in range(MOST_TOKENS):
        now = NOON - timedelta(days=40)
        desk.tokens.make(who=desk.ana, name="n" * 60, lifetime=Lifetime.MONTH, now=now)
    full = desk.types()
    assert "*expired* Tue 10 Nov" in str(full.blocks)
    assert "Take one back to make another" in str(full.blocks)
    assert views.NEW not in str(full.blocks)
    wrong = desk.sends("one more", Lifetime.MONTH.value)
    assert isinstance(wrong, FieldErrors)
    assert "20 API tokens are the most" in wrong.errors[views.NAME]
