"""Linking: what an admin sees when linking one, several, twice, again, and not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import AnnouncementId, IntegrationId, ProjectId, ProviderProjectId
from bot.domain.input_errors import TextTooLong, UsageError
from bot.domain.linking.linking import (
    AlreadyIgnored,
    AlreadyLinked,
    ChosenTwice,
    How,
    IntegrationDisconnected,
    LinkWish,
    NotIgnored,
    ProjectExists,
    ProviderProjectArchived,
    ProviderProjectGone,
    ProviderProjectIgnored,
    TargetArchived,
)
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import WordsRef
from bot.services.linking.link_all import ConnectAll
from bot.services.linking.linking import Linking
from bot.services.linking.unlinking import Unlinking
from storage.linking.announcements import AnnouncedProjectRow, AnnouncementRow
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.operating.audit import AuditRow
from storage.outbox import OutboxRow
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import create
from storage.sync import integration_sync, sync_wishes
from tests.builders import NOON, World
from tests.statements import asked

LATER = NOON + timedelta(hours=2)


@pytest.fixture
def linking(world: World) -> Linking:
    """The service."""
    return Linking(world.uow, world.new_marker())


def unlinking(world: World) -> Unlinking:
    """The way back."""
    return Unlinking(world.uow, world.new_marker())


def announced(world: World, board: IntegrationId, *ids: ProviderProjectId) -> AnnouncementId:
    """An announcement that names these provider projects."""
    with world.uow.begin() as tx:
        made = AnnouncementId(
            create(
                tx,
                AnnouncementRow,
                team_id=world.team_id,
                integration_id=board,
                is_summary=False,
                channel_id="C0OPS",
                state="posted",
                created_at=NOON,
            )
        )
        for one in ids:
            tx.entities.add(
                AnnouncedProjectRow(
                    provider_project_id=one, announcement_id=made, team_id=world.team_id
                )
            )
    return made


def owed(world: World, kind: str) -> list[tuple[str, dict[str, object]]]:
    """Subjects and payloads of what is owed to Slack."""
    query = select(col(OutboxRow.subject), col(OutboxRow.payload))
    with world.uow.read() as tx:
        found = tx.execute(query.where(col(OutboxRow.kind) == kind).order_by(col(OutboxRow.id)))
        return [(row.subject, row.payload) for row in found]


def mark(world: World, provider_project: ProviderProjectId, **values: object) -> None:
    """The provider says something else about a project."""
    query = update(ProviderProjectRow).where(col(ProviderProjectRow.id) == provider_project)
    with world.uow.begin() as tx:
        tx.execute(query.values(values))


def projects(world: World) -> list[ProjectRow]:
    """Every project, oldest first."""
    with world.uow.read() as tx:
        return list(tx.entities.scalars(select(ProjectRow).order_by(col(ProjectRow.id))))


def actions(world: World) -> list[str]:
    """What the audit log says was done."""
    with world.uow.read() as tx:
        return list(tx.execute(select(col(AuditRow.action)).order_by(col(AuditRow.id))).scalars())


def test_a_link_without_a_project_makes_one_that_follows_the_name(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """*Create & link*: a project of the same name, its key as code, a sync due, a line in audit."""
    shop = world.provider_project(board, "Acme Shop", key="SHOP")
    number = announced(world, board, shop)
    made = linking.link(who=ana, provider_project_id=shop, now=LATER)
    assert (made.project, made.code, made.how) == ("Acme Shop", "SHOP", How.CREATED)
    [project] = projects(world)
    assert (project.name, project.code, project.follows_name) == ("Acme Shop", "SHOP", True)
    assert owed(world, "announcement.update") == [
        (f"announcement:{number}", {"announcement_id": number})
    ]
    assert actions(world) == ["project.link"]
    with world.uow.read() as tx:
        [wish] = sync_wishes.waiting(tx, world.team_id, board)
        usual = tx.execute(select(col(IntegrationRow.next_sync_at))).scalar_one()
        due = integration_sync.due(tx, NOON - timedelta(minutes=1))
    assert (wish.member_id, wish.projects) == (ana.id, (shop,))
    assert (usual, due) == (NOON, [board])  # at once, and the ordinary sync where it was


def test_a_link_to_an_existing_project_keeps_its_name(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """*Link to...*: nothing new is made, and the project is still called what people call it."""
    web, website = world.provider_project(board), world.project("Website")
    made = linking.link(who=ana, provider_project_id=web, project_id=website, now=LATER)
    assert (made.project, made.how) == ("Website", How.EXISTING)
    assert [(one.name, one.follows_name) for one in projects(world)] == [("Website", False)]


def test_people_with_access_are_on_the_project_and_the_admin_is_not(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """The policy adds who may see it in the provider; linking alone makes nobody a member."""
    web = world.provider_project(board, everyone=False)
    mia, account = world.member("mia"), world.account(board, "Mia")
    world.connected(mia, board, account)
    world.access(web, account)
    assert linking.link(who=ana, provider_project_id=web, now=LATER).joined == 1
    with world.uow.read() as tx:
        assert list(tx.execute(select(col(ProjectMemberRow.member_id))).scalars()) == [mia.id]


def test_the_second_of_two_admins_hears_what_the_first_did(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """Both click at once: one link, one project; the other admin reads who linked it and where."""
    web = world.provider_project(board, "Acme Web")
    ben = world.member("ben", admin=True)
    gate = Barrier(2)

    def click(who: Member) -> object:
        gate.wait()
        try:
            return linking.link(who=who, provider_project_id=web, now=LATER)
        except AlreadyLinked as error:
            return error

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(click, [ana, ben]))
    [error] = [one for one in answers if isinstance(one, AlreadyLinked)]
    winner = "Ana" if isinstance(answers[1], AlreadyLinked) else "Ben"
    assert (error.provider_project, error.project, error.by) == ("Acme Web", "Acme Web", winner)
    assert error.at == LATER
    assert len(projects(world)) == 1
    with world.uow.read() as tx:
        assert len(tx.execute(select(ProjectLinkRow)).all()) == 1


def test_two_admins_make_projects_at_once_with_two_codes(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """Two provider projects want the same code at the same moment: both links stand."""
    first = world.provider_project(board, "Acme Web", key=None)
    second = world.provider_project(board, "Alpha Wolf", key=None)
    gate = Barrier(2)

    def click(one: ProviderProjectId) -> str:
        gate.wait()
        return linking.link(who=ana, provider_project_id=one, now=LATER).code

    with ThreadPoolExecutor(2) as both:
        codes = set(both.map(click, [first, second]))
    assert len(codes) == 2
    assert "AW" in codes


def test_several_rows_are_linked_together_or_not_at_all(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """A form with one impossible row changes nothing: it can be corrected and sent again."""
    web = world.provider_project(board, "Web", key="WEB")
    old = world.provider_project(board, "Old", archived=True)
    wishes = [LinkWish(web), LinkWish(old)]
    with pytest.raises(ProviderProjectArchived) as refused:
        linking.link_many(who=ana, wishes=wishes, now=LATER)
    assert refused.value.provider_project == "Old"
    assert projects(world) == []
    with pytest.raises(ChosenTwice):
        linking.link_many(who=ana, wishes=[LinkWish(web), LinkWish(web)], now=LATER)
    shop = world.provider_project(board, "Shop", key="WEB")
    both = linking.link_many(who=ana, wishes=[LinkWish(web), LinkWish(shop)], now=LATER)
    assert [one.code for one in both] == ["WEB", "SHP"]


def test_linking_many_costs_no_more_statements_than_linking_two(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """Connecting a whole tool does not grow slower with every project in it."""
    few = [LinkWish(world.provider_project(board, f"Few {n}", key=None)) for n in range(2)]
    many = [LinkWish(world.provider_project(board, f"Many {n}", key=None)) for n in range(30)]
    small = len(asked(world.engine, lambda: linking.link_many(who=ana, wishes=few, now=LATER)))
    large = len(asked(world.engine, lambda: linking.link_many(who=ana, wishes=many, now=LATER)))
    assert large <= small
    assert small < 30


def test_what_changed_in_between_is_said(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """Gone, ignored, disconnected, an archived project, another team's: each its own refusal."""
    gone = world.provider_project(board, "Gone")
    mark(world, gone, gone_at=NOON)
    with pytest.raises(ProviderProjectGone):
        linking.link(who=ana, provider_project_id=gone, now=LATER)
    aside = world.provider_project(board, "Aside")
    linking.ignore(who=ana, provider_project_id=aside, now=NOON)
    with pytest.raises(ProviderProjectIgnored) as ignored:
        linking.link(who=ana, provider_project_id=aside, now=LATER)
    assert (ignored.value.by, ignored.value.at) == ("Ana", NOON)
    web, old = world.provider_project(board, "Web"), world.project("Old", "OLD")
    with world.uow.begin() as tx:
        tx.execute(update(ProjectRow).where(col(ProjectRow.id) == old).values(archived_at=NOON))
    with pytest.raises(TargetArchived):
        linking.link(who=ana, provider_project_id=web, project_id=old, now=LATER)
    with pytest.raises(Vanished):
        linking.link(who=ana, provider_project_id=web, project_id=ProjectId(999), now=LATER)
    stranger = world.member("eve", admin=True, team_id=world.team())
    with pytest.raises(Vanished):
        linking.link(who=stranger, provider_project_id=web, now=LATER)
    with world.uow.begin() as tx:
        tx.execute(update(IntegrationRow).values(state="disconnected"))
    with pytest.raises(IntegrationDisconnected):
        linking.link(who=ana, provider_project_id=web, now=LATER)
    assert len(projects(world)) == 1


def test_a_demoted_admin_changes_nothing(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """The button is still on the screen of somebody who stopped being an admin a minute ago."""
    web = world.provider_project(board)
    with world.uow.begin() as tx:
        tx.execute(update(MemberRow).where(col(MemberRow.id) == ana.id).values(slack_admin=False))
    attempts = (
        lambda: linking.link(who=ana, provider_project_id=web, now=LATER),
        lambda: linking.ignore(who=ana, provider_project_id=web, now=LATER),
        lambda: linking.notice_again(who=ana, provider_project_id=web, now=LATER),
        lambda: ConnectAll(world.uow, str).connect(who=ana, now=LATER),
        lambda: ConnectAll(world.uow, str).preview(who=ana),
        lambda: linking.create(who=ana, name="Mine", now=LATER),
        lambda: linking.unlinked(who=ana),
        lambda: linking.targets(who=ana),
        lambda: unlinking(world).linked(who=ana, ref=WordsRef("web")),
        lambda: unlinking(world).unlink(who=ana, provider_project_ids=[web], now=LATER),
    )
    for attempt in attempts:
        with pytest.raises(AdminOnly):
            attempt()
    assert projects(world) == []


def test_ignored_and_taken_back(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """*Ignore* takes it out of the lists, once; *Undo* brings it back; both redraw the message."""
    shop = world.provider_project(board, "Acme Shop")
    announced(world, board, shop)
    assert linking.ignore(who=ana, provider_project_id=shop, now=NOON).name == "Acme Shop"
    assert linking.unlinked(who=ana) == []
    with pytest.raises(AlreadyIgnored) as again:
        linking.ignore(who=world.member("ben", admin=True), provider_project_id=shop, now=LATER)
    assert (again.value.by, again.value.at) == ("Ana", NOON)
    linking.notice_again(who=ana, provider_project_id=shop, now=LATER)
    assert [one.name for one in linking.unlinked(who=ana)] == ["Acme Shop"]
    with pytest.raises(NotIgnored):
        linking.notice_again(who=ana, provider_project_id=shop, now=LATER)
    assert len(owed(world, "announcement.update")) == 2
    linking.link(who=ana, provider_project_id=shop, now=LATER)
    with pytest.raises(AlreadyLinked):
        linking.ignore(who=ana, provider_project_id=shop, now=LATER)


def test_an_internal_project_is_made_once(world: World, ana: Member, linking: Linking) -> None:
    """``/link new``: with a code, with its maker on it; the same name again names what is there."""
    made = linking.create(who=ana, name="  Office   move ", now=NOON)
    assert (made.name, made.code) == ("Office move", "OM")
    with pytest.raises(ProjectExists) as there:
        linking.create(who=ana, name="office move", now=NOON)
    assert there.value.code == "OM"
    with pytest.raises(UsageError):
        linking.create(who=ana, name="  ", now=NOON)
    with pytest.raises(TextTooLong):
        linking.create(who=ana, name="x" * 501, now=NOON)
    with world.uow.read() as tx:
        assert list(tx.execute(select(col(ProjectMemberRow.member_id))).scalars()) == [ana.id]
