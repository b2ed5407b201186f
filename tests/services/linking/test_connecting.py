"""Connecting a site: what is kept, what is refused, and what a return brings back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text, update
from sqlmodel import col

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import IntegrationId
from bot.domain.linking.connecting import (
    Arrival,
    Connected,
    OtherSite,
    Secrets,
    SiteAlreadyConnected,
    UnknownProvider,
)
from bot.domain.linking.linking import IntegrationUnknown
from bot.domain.linking.write_back import WriteBack, WriteMode
from bot.domain.people.people import Member
from bot.domain.states import IntegrationState, LinkPolicy
from bot.integrations.api import Site
from bot.integrations.registry import Registry
from bot.services.linking.connecting import Connecting
from bot.services.vault import Vault
from storage.linking.integrations import IntegrationRow
from storage.members import MemberRow
from storage.operating.audit import AuditRow
from storage.outbox import OutboxRow
from tests.builders import NOON, World

KEY = "top-s3cret-key"
SITE = Site(
    external_id="https://redmine.acme.test",
    name="redmine.acme.test",
    url="https://redmine.acme.test",
    account_name="Robot",
)
SECRETS = Secrets({"url": SITE.url, "key": KEY})
LATER = NOON + timedelta(days=3)
VAULT = Vault([Fernet.generate_key().decode()])


@pytest.fixture
def connecting(world: World) -> Connecting:
    """The service."""
    return Connecting(world.uow, Registry.load(), VAULT, world.new_marker())


def save(
    connecting: Connecting, who: Member, site: Site = SITE, instead: IntegrationId | None = None
) -> Connected:
    """Connects the site."""
    return connecting.save(
        who=who,
        provider="redmine",
        site=site,
        credentials=SECRETS,
        channel_id="C0OPS",
        write_back=WriteBack(WriteMode.ON),
        instead=instead,
        now=LATER,
    )


def rows(world: World) -> list[IntegrationRow]:
    """Every integration, as stored."""
    with world.uow.read() as tx:
        return list(tx.entities.scalars(select(IntegrationRow)))


def test_a_new_site_is_kept_sealed_and_synced_at_once(
    world: World, ana: Member, connecting: Connecting
) -> None:
    """The key opens with the operator's keys only, and stands nowhere else in the database."""
    made = save(connecting, ana)
    assert (made.arrival, made.integration.state) == (Arrival.NEW, IntegrationState.ACTIVE)
    [row] = rows(world)
    assert (row.site_name, row.channel_id, row.next_sync_at) == (SITE.name, "C0OPS", LATER)
    assert row.sealed_credentials is not None
    assert VAULT.open(row.sealed_credentials) == dict(SECRETS)
    assert KEY not in repr(row) + repr(made) + repr(SECRETS) + str(SECRETS)
    with world.uow.read() as tx:
        [audited] = tx.entities.scalars(select(AuditRow))
    assert audited.action == "integration.connect"
    assert KEY not in str(audited.after)


def test_the_same_site_twice_names_who_did_it(
    world: World, ana: Member, connecting: Connecting
) -> None:
    """A second admin learns that it is there, and nothing is replaced."""
    save(connecting, ana)
    with pytest.raises(SiteAlreadyConnected) as there:
        save(connecting, world.member("ben", admin=True))
    assert (there.value.site_name, there.value.by, there.value.at) == (SITE.name, "Ana", LATER)
    other = replace(SITE, external_id="https://other.test", name="other.test")
    assert save(connecting, ana, other).arrival is Arrival.NEW


def test_two_admins_connect_the_same_site_at_once(
    world: World, ana: Member, connecting: Connecting
) -> None:
    """One integration; the second admin is told who was first."""
    ben = world.member("ben", admin=True)
    gate = Barrier(2)

    def connect(who: Member) -> object:
        gate.wait()
        try:
            return save(connecting, who)
        except SiteAlreadyConnected as error:
            return error

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(connect, [ana, ben]))
    assert sorted(type(one).__name__ for one in answers) == ["Connected", "SiteAlreadyConnected"]
    assert len(rows(world)) == 1


def test_broken_credentials_are_mended_in_place(
    world: World, ana: Member, connecting: Connecting
) -> None:
    """Connecting a site whose token died gives it the new one; the other admins hear of it."""
    cleo = world.member("cleo", admin=True)
    world.member("bo")
    first = save(connecting, ana)
    with world.uow.begin() as tx:
        broken = {"state": "broken", "broken_since": NOON, "next_sync_at": None}
        tx.execute(update(IntegrationRow).values(broken))
    mended = save(connecting, ana)
    assert (mended.integration.id, mended.arrival) == (first.integration.id, Arrival.MENDED)
    assert mended.integration.state is IntegrationState.ACTIVE
    assert mended.integration.next_sync_at == LATER
    with world.uow.read() as tx:
        owed = tx.execute(select(col(OutboxRow.kind), col(OutboxRow.payload))).all()
    told = {"integration_id": first.integration.id, "member_id": cleo.id}
    assert [(one.kind, one.payload) for one in owed] == [("integration.recovered", told)]


def test_new_credentials_for_a_site_that_works(
    world: World, ana: Member, connecting: Connecting
) -> None:
    """Everything else stays: links, settings, what is written back; another site is refused."""
    first = save(connecting, ana)
    with world.uow.begin() as tx:
        chosen = {"link_policy": "auto", "write_mode": "off", "channel_id": "C0OPS"}
        tx.execute(update(IntegrationRow).values(chosen))
    found = connecting.renewal(who=ana, integration_id=first.integration.id)
    assert (found.integration.id, dict(found.values)) == (first.integration.id, {"url": SITE.url})
    renewed = save(connecting, ana, instead=first.integration.id)
    assert (renewed.arrival, renewed.integration.link_policy) == (Arrival.RENEWED, LinkPolicy.AUTO)
    assert not renewed.integration.write_back.is_on
    [row] = rows(world)
    assert row.sealed_credentials is not None
    other = replace(SITE, external_id="https://other.test", name="other.test")
    with pytest.raises(OtherSite) as wrong:
        save(connecting, ana, other, instead=first.integration.id)
    assert (wrong.value.site_name, wrong.value.opened) == (SITE.name, "other.test")
    assert len(rows(world)) == 1
    stranger = world.member("eve", admin=True, team_id=world.team())
    with pytest.raises(Vanished):
        connecting.renewal(who=stranger, integration_id=first.integration.id)


def test_credentials_that_cannot_be_opened_are_typed_anew(
    world: World, ana: Member, connecting: Connecting
) -> None:
    """The operator's key was lost: the form comes empty instead of not at all."""
    first = save(connecting, ana)
    with world.uow.begin() as tx:
        tx.execute(update(IntegrationRow).values(sealed_credentials="no seal of ours"))
    assert connecting.renewal(who=ana, integration_id=first.integration.id).values == {}


def test_somebody_demoted_meanwhile_connects_nothing(
    world: World, ana: Member, connecting: Connecting
) -> None:
    """The check took its seconds; who asks is asked again when it is kept."""
    with world.uow.begin() as tx:
        tx.execute(update(MemberRow).where(col(MemberRow.id) == ana.id).values(slack_admin=False))
    with pytest.raises(AdminOnly):
        save(connecting, ana)
    with pytest.raises(AdminOnly):
        connecting.prepare(who=ana, provider="redmine")
    with pytest.raises(AdminOnly):
        connecting.every(who=ana)
    with world.uow.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM integration")).scalar_one() == 0
        assert tx.execute(text("SELECT count(*) FROM audit")).scalar_one() == 0


def test_providers_are_found_as_people_write_them(ana: Member, connecting: Connecting) -> None:
    """Slug, name, any case, or the beginning of it; a wrong name tells what there is."""
    for written in ("redmine", "REDMINE", "redm"):
        assert connecting.prepare(who=ana, provider=written).slug == "redmine"
    assert connecting.prepare(who=ana, provider="file board").slug == "board"
    with pytest.raises(UnknownProvider) as unknown:
        connecting.prepare(who=ana, provider="jria")
    assert "Redmine" in unknown.value.known
    with pytest.raises(UnknownProvider):
        connecting.prepare(who=ana, provider="e")


def test_integrations_are_named_by_site_or_tool(ana: Member, connecting: Connecting) -> None:
    """``/link sync redmine`` means every Redmine, ``/link sync other.test`` one of them."""
    save(connecting, ana)
    save(connecting, ana, replace(SITE, external_id="2", name="other.test"))
    named = {
        word: [one.site_name for one in connecting.named(who=ana, text=word)]
        for word in ("", "Redmine", "other.test", "other")
    }
    assert named[""] == named["Redmine"] == ["redmine.acme.test", "other.test"]
    assert named["other.test"] == named["other"] == ["other.test"]
    with pytest.raises(IntegrationUnknown):
        connecting.named(who=ana, text="jira")
