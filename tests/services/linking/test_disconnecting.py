"""Disconnecting an integration: what it says, what it does, and what a return brings back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update
from sqlmodel import col

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId
from bot.domain.linking.connecting import AlreadyDisconnected, Arrival, Connected, Secrets
from bot.domain.linking.linking import AlreadyLinked, IntegrationDisconnected, NothingToLink
from bot.domain.linking.write_back import WriteBack
from bot.domain.people.people import Member
from bot.integrations.api import Site
from bot.integrations.registry import Registry
from bot.services.linking.connecting import Connecting
from bot.services.linking.disconnecting import Disconnecting
from bot.services.linking.linking import Linking
from bot.services.vault import Vault
from storage.entries.time_entries import TimeEntryRow
from storage.linking.announcements import AnnouncementRow
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.operating.audit import AuditRow
from storage.outbox import OutboxRow
from storage.people.account_links import AccountLinkRow
from tests.builders import NOON, World
from tests.services.linking.test_linking import announced, mark
from tests.statements import asked

LATER = NOON + timedelta(hours=2)
SITE = Site("https://redmine.acme.test", "redmine.acme.test", "https://redmine.acme.test", "Robot")


class Scene:
    """A Redmine with two linked projects, Mia at work with a key of her own, Bo asked."""

    def __init__(self, world: World, ana: Member) -> None:
        self.world, self.ana = world, ana
        marker = world.new_marker()
        vault = Vault([Fernet.generate_key().decode()])
        self.connecting = Connecting(world.uow, Registry.load(), vault, marker)
        self.linking = Linking(world.uow, marker)
        self.disconnecting = Disconnecting(world.uow, marker)
        self.here = self.connect().integration.id
        self.web, self.shop = self.source("Acme Web"), self.source("Acme Shop")
        self.site, self.store = world.project("Website", "SITE"), world.project("Shop", "SHOP")
        world.link(self.web, self.site)
        world.link(self.shop, self.store)
        self.task = world.task(self.here, self.web)
        self.mia, self.bo = world.member("mia"), world.member("bo")
        world.connected(self.mia, self.here, world.account(self.here, "Mia"))
        world.connected(self.bo, self.here, world.account(self.here, "Bo"))
        self.change(AccountLinkRow, AccountLinkRow.member_id, self.mia.id, sealed_token="sealed")
        self.change(AccountLinkRow, AccountLinkRow.member_id, self.bo.id, state="invited")
        world.timer(self.mia, self.site, self.task, NOON)

    def connect(self) -> Connected:
        """``/link connect``, checked."""
        return self.connecting.save(
            who=self.ana,
            provider="redmine",
            site=SITE,
            credentials=Secrets({"api_key": "k"}),
            channel_id="C0OPS",
            write_back=WriteBack(),
            now=LATER + timedelta(days=1),
        )

    def source(self, name: str) -> ProviderProjectId:
        """A project there."""
        return self.world.provider_project(self.here, name)

    def change(self, model: type, column: object, value: object, **values: object) -> None:
        """Changes rows behind the services' back."""
        with self.world.uow.begin() as tx:
            tx.execute(update(model).where(col(column) == value).values(values))

    def disconnect(self) -> None:
        """It is over."""
        self.disconnecting.disconnect(who=self.ana, integration_id=self.here, now=LATER)

    def feeds(self) -> dict[ProviderProjectId, ProjectId]:
        """What is linked to what."""
        query = select(col(ProjectLinkRow.provider_project_id), col(ProjectLinkRow.project_id))
        with self.world.uow.read() as tx:
            rows = tx.execute(query.where(col(ProjectLinkRow.state) == "active"))
            return {ProviderProjectId(row[0]): ProjectId(row[1]) for row in rows}

    def owed(self, kind: str) -> list[dict[str, object]]:
        """What the outbox holds."""
        query = select(col(OutboxRow.payload)).where(col(OutboxRow.kind) == kind)
        with self.world.uow.read() as tx:
            return list(tx.execute(query.order_by(col(OutboxRow.id))).scalars())


@pytest.fixture
def scene(world: World, ana: Member) -> Scene:
    """The Redmine and its people."""
    return Scene(world, ana)


def test_it_does_what_it_said(scene: Scene, ana: Member) -> None:
    """Credentials and keys are gone, projects unlinked, people disconnected, the timer kept."""
    said = scene.disconnecting.preview(who=ana, integration_id=scene.here, now=LATER)
    assert (said.projects, said.named) == (2, ("Shop", "Website"))
    assert (said.people, said.keys, said.requests, said.timers) == (1, 1, 1, 1)
    done = scene.disconnecting.disconnect(who=ana, integration_id=scene.here, now=LATER)
    assert done == said
    assert scene.feeds() == {}
    with scene.world.uow.read() as tx:
        [site] = tx.entities.scalars(select(IntegrationRow))
        links = {row.member_id: row for row in tx.entities.scalars(select(AccountLinkRow))}
        [entry] = tx.entities.scalars(select(TimeEntryRow))
        [line] = tx.entities.scalars(
            select(AuditRow).where(col(AuditRow.action) == "integration.disconnect")
        )
    assert (site.state, site.sealed_credentials, site.next_sync_at) == ("disconnected", None, None)
    assert (links[scene.mia.id].state, links[scene.mia.id].sealed_token) == ("ended", None)
    assert links[scene.bo.id].state == "withdrawn"
    assert (entry.seconds, entry.stopped_because) == (7200, "integration_disconnected")
    assert line.after == {"projects": 2, "people": 1, "keys": 1, "timers": 1}


def test_people_and_other_admins_are_told(scene: Scene, ana: Member) -> None:
    """Who was connected, with what was destroyed, and every admin but the one who did it."""
    ben = scene.world.member("ben", admin=True)
    scene.disconnect()
    told = {
        payload["member_id"]: payload["had"] for payload in scene.owed("integration.disconnected")
    }
    assert told == {scene.mia.id: "key", ben.id: "nothing"}
    assert [payload["member_id"] for payload in scene.owed("timer.stopped")] == [scene.mia.id]
    notice = scene.disconnecting.notice(
        scene.world.team_id, scene.here, member_id=scene.mia.id, by=ana.id, had="key"
    )
    assert notice is not None
    assert (notice.by, notice.was_connected, notice.had_key, notice.is_admin) == (
        "Ana",
        True,
        True,
        False,
    )


def test_the_messages_in_the_channel_lose_their_buttons(scene: Scene, ana: Member) -> None:
    """And have them again once the site is back."""
    announced(scene.world, scene.here, scene.source("Waits"))
    scene.change(AnnouncementRow, AnnouncementRow.team_id, ana.team_id, message_ts="1.1")
    scene.disconnect()
    assert len(scene.owed("announcement.update")) == 1
    scene.connect()
    assert len(scene.owed("announcement.update")) == 2


def test_a_return_offers_what_there_was_and_resumes_it(scene: Scene, ana: Member) -> None:
    """The same projects, tasks and time; what somebody unlinked before stays unlinked."""
    early = scene.source("Unlinked before")
    scene.linking.link(who=ana, provider_project_id=early, now=NOON)
    scene.change(
        ProjectLinkRow, ProjectLinkRow.provider_project_id, early, state="ended", ended_at=NOON
    )
    scene.disconnect()
    with pytest.raises(IntegrationDisconnected):
        scene.disconnecting.resume(who=ana, integration_id=scene.here, now=LATER)
    back = scene.connect()
    assert (back.integration.id, back.arrival) == (scene.here, Arrival.RETURNED)
    assert (back.resumable, back.people) == (2, 1)
    made = scene.disconnecting.resume(who=ana, integration_id=scene.here, now=LATER)
    assert {one.how.value for one in made} == {"resumed"}
    assert scene.feeds() == {scene.web: scene.site, scene.shop: scene.store}
    with pytest.raises(NothingToLink):
        scene.disconnecting.resume(who=ana, integration_id=scene.here, now=LATER)


def test_only_what_still_can_be_is_resumed(scene: Scene, ana: Member) -> None:
    """Gone, archived or linked by hand meanwhile: the rest comes back."""
    for name, values in (
        ("Gone", {"gone_at": NOON}),
        ("Attic", {"is_archived": True}),
        ("Set aside", {"ignored_at": NOON}),
    ):
        one = scene.source(name)
        scene.linking.link(who=ana, provider_project_id=one, now=NOON)
        mark(scene.world, one, **values)
    scene.disconnect()
    scene.connect()
    other = scene.world.project("Other", "OTH")
    scene.linking.link(who=ana, provider_project_id=scene.shop, project_id=other, now=LATER)
    [made] = scene.disconnecting.resume(who=ana, integration_id=scene.here, now=LATER)
    assert made.project == "Website"
    assert scene.feeds() == {scene.web: scene.site, scene.shop: other}


def test_nobody_links_to_what_is_being_disconnected(scene: Scene) -> None:
    """Another admin links at the same moment: refused, or unlinked with the rest."""
    ben = scene.world.member("ben", admin=True)
    waits = scene.source("Waits")
    gate = threading.Barrier(2)

    def link() -> None:
        gate.wait()
        try:
            scene.linking.link(who=ben, provider_project_id=waits, now=LATER)
        except (IntegrationDisconnected, AlreadyLinked):
            return

    def leave() -> None:
        gate.wait()
        scene.disconnect()

    with ThreadPoolExecutor(2) as both:
        for done in (both.submit(link), both.submit(leave)):
            done.result()
    assert scene.feeds() == {}


def test_who_may_and_what_is_there(scene: Scene, ana: Member) -> None:
    """Members, other teams' admins, and the second click."""
    world = scene.world
    for who, error in (
        (scene.mia, AdminOnly),
        (world.member("eve", admin=True, team_id=world.team()), Vanished),
    ):
        with pytest.raises(error):
            scene.disconnecting.preview(who=who, integration_id=scene.here, now=LATER)
        with pytest.raises(error):
            scene.disconnecting.disconnect(who=who, integration_id=scene.here, now=LATER)
        with pytest.raises(error):
            scene.disconnecting.resume(who=who, integration_id=scene.here, now=LATER)
    with pytest.raises(Vanished):
        scene.disconnecting.preview(who=ana, integration_id=IntegrationId(99), now=LATER)
    scene.disconnect()
    with pytest.raises(AlreadyDisconnected):
        scene.disconnect()
    assert len(scene.owed("timer.stopped")) == 1


def test_ending_much_costs_no_more_than_ending_little(scene: Scene) -> None:
    """Projects and people end together, not one by one."""
    for number in range(12):
        one = scene.source(f"Project {number}")
        scene.world.link(one, scene.site)
        member = scene.world.member(f"p{number}")
        account = scene.world.account(scene.here, f"P{number}")
        scene.world.connected(member, scene.here, account)
    assert len(asked(scene.world.engine, scene.disconnect)) <= 30
