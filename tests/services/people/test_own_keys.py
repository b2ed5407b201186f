"""Signing in with a key of one's own: whose it is decides, and it is nobody else's business."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlmodel import col

from bot.domain.errors import NotYourButton, Vanished
from bot.domain.people.account_links import Reply
from bot.domain.people.people import Member
from bot.domain.people.people_errors import (
    GuestNotInvited,
    KeyOfAnother,
    KeyOfElsewhere,
    KeyOfNobody,
    NoOwnKeys,
    NotConnectedNow,
    SiteDisconnected,
)
from bot.domain.states import AccountLinkState, Proof
from bot.domain.writing.worklogs import WRITE, Trouble, WorklogState
from bot.integrations.api import Site
from bot.integrations.registry import Registry
from bot.services.people.own_keys import OwnKeys
from bot.services.vault import Vault
from storage.linking.integrations import IntegrationRow
from storage.outbox import OutboxRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.sql import create
from storage.writing.worklogs import WorklogRow
from tests.builders import NOON, World
from tests.services.people.office import LATER, Office

_S = AccountLinkState
KEY = {"key": "top-s3cret-own-key"}


class Keys:
    """The service over an office whose board has credentials."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.vault = Vault([Fernet.generate_key().decode()])
        self.service = OwnKeys(
            office.world.uow, Registry.load(), self.vault, office.world.new_marker()
        )
        shared = self.vault.seal({"board": "acme", "key": "the board's"})
        office.sets(IntegrationRow, office.board, site_id="acme", sealed_credentials=shared)

    def external(self, name: str, *, active: bool = True) -> str:
        """An account on the board, by the board's own id."""
        account = self.office.world.account(self.office.board, name)
        self.office.sets(ProviderAccountRow, account, external_id=name, is_active=active)
        return name

    def signs_in(self, who: Member, account: str | None, *, site: str = "acme") -> Reply:
        """The board says that the key is this account's."""
        link = None
        opened = Site(site, "Acme board", "", "Somebody", account)
        return self.service.keep(
            who, self.office.board, link, opened=opened, own=KEY, now=LATER
        ).reply

    def kept(self, who: Member) -> dict[str, str] | None:
        """What is kept of a member's key."""
        with self.office.world.uow.read() as tx:
            sealed = tx.execute(
                select(col(AccountLinkRow.sealed_token)).where(
                    col(AccountLinkRow.member_id) == who.id
                )
            ).scalar()
        return None if sealed is None else self.vault.open(sealed)


@pytest.fixture
def keys(database_url: str) -> Iterator[Keys]:
    """What is tested, on each kind of database."""
    world = World(database_url)
    yield Keys(Office(world))
    world.close()


def test_a_key_proves_whose_account_it_is(keys: Keys) -> None:
    """No e-mail address, no admin: the tool itself says it (U3); the key is kept encrypted."""
    mia = keys.office.world.member("mia", email=None)
    assert keys.signs_in(mia, keys.external("mia k")) is Reply.CONNECTED
    link = keys.office.link(mia)
    assert (link.state, link.proof, link.has_own_key) == (_S.CONNECTED, Proof.TOKEN, True)
    assert keys.kept(mia) == KEY
    assert keys.office.owed("approval.ask") == []


@pytest.mark.parametrize("asked", ["invited", "awaiting", "declined", "withdrawn", "expired"])
def test_wherever_a_request_stands_a_key_settles_it(keys: Keys, asked: str) -> None:
    """Asked for another account, waiting for an admin, or over: the key's account is theirs."""
    office = keys.office
    mia = office.world.member("mia", email=None)
    office.asked(mia, office.world.account(office.board, "Suggested"))
    match asked:
        case "awaiting":
            office.confirms(mia)
        case "declined":
            office.links.decline(mia, office.link(mia).id, 1, NOON)
        case "withdrawn":
            office.invitations.withdraw(office.ana, office.link(mia).id, NOON)
        case "expired":
            office.puts(office.link(mia).id, expires_at=NOON - timedelta(days=1))
    assert keys.signs_in(mia, keys.external("own")) is Reply.CONNECTED
    account = office.link(mia).account
    assert account is not None
    assert account.name == "own"


def test_a_connected_member_adds_their_key(keys: Keys) -> None:
    """Connected by e-mail before; the key makes it proven by the tool itself, and is kept."""
    office = keys.office
    mia = office.world.member("mia")
    account = keys.external("mia k")
    with office.world.uow.read() as tx:
        row = tx.execute(select(col(ProviderAccountRow.id))).scalar_one()
    assert row is not None
    office.sets(ProviderAccountRow, row, email="mia@acme.test", email_is_verified=True)
    office.links.connect_alone(mia, office.board, NOON)
    office.confirms(mia)
    assert keys.signs_in(mia, account) is Reply.CONNECTED
    assert office.link(mia).proof is Proof.TOKEN
    keys.external("other")
    with pytest.raises(KeyOfAnother):
        keys.signs_in(mia, "other")
    assert keys.kept(mia) == KEY


def test_an_account_the_integration_does_not_see_is_taken_in(keys: Keys) -> None:
    """Without an administrator's key many tools hide people; their own key names them."""
    mia = keys.office.world.member("mia")
    assert keys.signs_in(mia, "hidden-1") is Reply.CONNECTED
    account = keys.office.link(mia).account
    assert account is not None
    assert (account.name, account.email) == ("Somebody", None)


def test_somebody_elses_account_stays_theirs(keys: Keys) -> None:
    """An account has one person; the admins hear that somebody holds its key."""
    office = keys.office
    mia, ben = office.world.member("mia"), office.world.member("ben")
    account = keys.external("shared")
    assert keys.signs_in(mia, account) is Reply.CONNECTED
    office.owed()
    for _ in range(2):
        assert keys.signs_in(ben, account) is Reply.HELD
    assert len(office.owed("account.contested")) == 1
    assert keys.kept(ben) is None


def test_what_proves_nothing_is_refused(keys: Keys) -> None:
    """Another site's key, a tool that names nobody, an account that is switched off."""
    mia = keys.office.world.member("mia")
    with pytest.raises(KeyOfElsewhere):
        keys.signs_in(mia, "mia k", site="other")
    with pytest.raises(KeyOfNobody):
        keys.signs_in(mia, None)
    assert keys.signs_in(mia, keys.external("off", active=False)) is Reply.UNAVAILABLE
    assert keys.kept(mia) is None


def test_guests_sign_in_once_an_admin_asked_them(keys: Keys) -> None:
    """A key is no way around being asked by name."""
    office = keys.office
    gus = office.world.member("gus", guest=True)
    with pytest.raises(GuestNotInvited):
        keys.service.prepare(gus, office.board)
    with pytest.raises(GuestNotInvited):
        keys.signs_in(gus, "gus")
    office.asked(gus)
    assert keys.signs_in(gus, "gus") is Reply.CONNECTED


def test_the_form_gets_no_secret_of_the_integration(keys: Keys) -> None:
    """The address is shared, the key is not."""
    signing = keys.service.prepare(keys.office.ana, keys.office.board)
    assert signing.shared == {"board": "acme"}
    assert "s3cret" not in repr(signing)


def test_where_nobody_can_sign_in(keys: Keys) -> None:
    """A tool without such keys, a site that is gone, a request of somebody else."""
    office = keys.office
    mia, ben = office.world.member("mia"), office.world.member("ben")
    link = office.asked(mia)
    with pytest.raises(NotYourButton):
        keys.service.prepare(ben, office.board, link.id)
    other = office.world.integration(office.ana, site="other")
    with pytest.raises(Vanished):
        keys.service.prepare(mia, other, link.id)
    office.disconnects_board()
    with pytest.raises(SiteDisconnected):
        keys.service.prepare(mia, office.board)
    stranger = office.world.member("eve", team_id=office.world.team())
    with pytest.raises(Vanished):
        keys.service.prepare(stranger, office.board)


def test_keys_no_adapter_takes(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """The button is not there; a forged one is refused."""
    registry = Registry.load()
    board = registry.descriptor("board")
    monkeypatch.setattr(Registry, "descriptor", lambda _, __: replace(board, own_credentials=()))
    with pytest.raises(NoOwnKeys):
        keys.service.prepare(keys.office.ana, keys.office.board)


def test_forgetting_the_key_keeps_the_connection(keys: Keys) -> None:
    """Nothing is done in their name any more; nobody else can do that to them."""
    office = keys.office
    mia = office.world.member("mia")
    keys.signs_in(mia, keys.external("mia k"))
    link = office.link(mia)
    with pytest.raises(NotYourButton):
        keys.service.forget(office.ana, link.id, LATER)
    assert keys.service.forget(mia, link.id, LATER).state is _S.CONNECTED
    assert keys.kept(mia) is None
    office.links.disconnect(mia, link.id, LATER)
    with pytest.raises(NotConnectedNow):
        keys.service.forget(mia, link.id, LATER)


def test_what_a_forgotten_key_did_not_write_is_tried_without_it(keys: Keys) -> None:
    """The integration's key writes it, with the member named; nobody has to ask for that."""
    office = keys.office
    mia = office.world.member("mia")
    keys.signs_in(mia, keys.external("mia k"))
    day = NOON - timedelta(days=1)
    entry = office.world.length(mia, office.world.project("Own", "OWN"), None, day, 3600)
    with office.world.uow.begin() as tx:
        create(
            tx,
            WorklogRow,
            team_id=office.world.team_id,
            time_entry_id=entry,
            integration_id=office.board,
            state=WorklogState.FAILED,
            reason=Trouble.OWN_KEY,
            marker="dead",
            created_at=NOON,
        )
    keys.service.forget(mia, office.link(mia).id, LATER)
    with office.world.uow.read() as tx:
        assert tx.execute(select(col(WorklogRow.state))).scalars().all() == ["pending"]
        kinds = tx.execute(select(col(OutboxRow.kind)).where(col(OutboxRow.kind) == WRITE))
        assert len(kinds.all()) == 1


def test_a_disconnect_destroys_the_key(keys: Keys) -> None:
    """By the member or by an admin (U7)."""
    office = keys.office
    mia = office.world.member("mia")
    keys.signs_in(mia, keys.external("mia k"))
    office.links.disconnect(office.ana, office.link(mia).id, LATER)
    assert keys.kept(mia) is None
