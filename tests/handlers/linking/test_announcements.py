"""Buttons under an announcement: admins decide, once, and everybody sees it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.linking.announcements import AnnouncementDelivered
from bot.domain.linking.linking import (
    AlreadyIgnored,
    AlreadyLinked,
    IntegrationDisconnected,
    ProviderProjectArchived,
    ProviderProjectGone,
)
from bot.domain.people.people import Member
from bot.services.linking.connecting import Connecting
from bot.services.linking.link_all import ConnectAll
from handlers.asking import Click, Fields, Lookup, Submission
from handlers.linking.announcements import Announcements
from handlers.linking.link_all import LinkAllHandlers
from handlers.linking.link_form import LinkFormHandlers
from handlers.replies import (
    Choices,
    CloseModals,
    Ephemeral,
    FieldErrors,
    Nothing,
    OpenModal,
    Update,
)
from handlers.routes import Routes
from tests.jobs.sync_world import SyncWorld, opened


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[SyncWorld]:
    """Two announced projects."""
    async with opened(SyncWorld(database_url)) as made:
        made.site.project("p1", "Acme Shop", key="SHOP")
        made.site.project("p2", "Acme Web", key="WEB")
        await made.job.run(made.here)
        made.run("DELETE FROM outbox")
        yield made


@pytest.fixture
def buttons(world: SyncWorld) -> Announcements:
    """The handlers."""
    connecting = Connecting(world.uow, world.registry, world.vault, world.marker)
    faces = {one.slug: one for one in world.registry.descriptors()}
    every = LinkAllHandlers(ConnectAll(world.uow, world.marker), connecting, faces)
    form = LinkFormHandlers(world.linking, faces)
    return Announcements(world.announcing, world.linking, every, form, faces)


def _click(world: SyncWorld, action: str, external_id: str, who: Member | None = None) -> Click:
    return Click(
        who=who or world.admin,
        now=world.now,
        request_id="r1",
        action=action,
        value=str(world.source(external_id)),
    )


def _send(world: SyncWorld, external_id: str, project: str) -> Submission:
    chosen = {"selected_option": {"value": project}} if project else {}
    return Submission(
        who=world.admin,
        now=world.now,
        request_id="r2",
        callback_id="announce.link",
        view_id="V1",
        metadata=str(world.source(external_id)),
        fields=Fields({"announce.project": {"announce.project": chosen}}),
    )


def test_everything_is_for_admins(buttons: Announcements) -> None:
    """The edge asks Slack again who is an admin before any of these."""
    routes = Routes()
    buttons.register(routes)
    assert len(routes.clicks) == 7
    assert all(route.admin for route in routes.clicks.values())
    assert all(route.admin for route in routes.lookups.values())
    assert all(route.admin for route in routes.submissions.values())


def test_create_and_link(world: SyncWorld, buttons: Announcements) -> None:
    """A project of the same name; the message in the channel is drawn anew."""
    assert buttons.create(_click(world, "announce.create", "p1")) == Nothing()
    assert world.one("SELECT name FROM project").name == "Acme Shop"
    assert len(world.owed("announcement.update")) == 1
    assert len(world.owed("run.report")) == 1


def test_link_to_an_existing_project(world: SyncWorld, buttons: Announcements) -> None:
    """The form names the provider project, finds ours by a few letters, and closes."""
    shop = world.project("Shop", "SHP")
    world.project("Other", "OTH")
    opened_form = buttons.link_to(_click(world, "announce.link_to", "p1"))
    assert isinstance(opened_form, OpenModal)
    assert "Acme Shop" in str(opened_form.modal.blocks)
    found = buttons.projects(
        Lookup(who=world.admin, now=world.now, request_id="r", action="x", query="sho")
    )
    assert isinstance(found, Choices)
    assert [one.label for one in found.options] == ["Shop"]
    assert buttons.link(_send(world, "p1", str(shop))) == CloseModals()
    assert world.one("SELECT project_id FROM project_link").project_id == shop
    assert isinstance(buttons.link(_send(world, "p2", "")), FieldErrors)


def test_ignore_and_undo(world: SyncWorld, buttons: Announcements) -> None:
    """Ignoring is taken back with one click; the message follows both."""
    assert buttons.ignore(_click(world, "announce.ignore", "p1")) == Nothing()
    assert world.rows("SELECT 1 FROM provider_project WHERE ignored_at IS NOT NULL")
    assert buttons.unignore(_click(world, "announce.unignore", "p1")) == Nothing()
    assert not world.rows("SELECT 1 FROM provider_project WHERE ignored_at IS NOT NULL")
    assert len(world.owed("announcement.update")) == 2


def test_second_click_hears_what_happened(world: SyncWorld, buttons: Announcements) -> None:
    """Nothing is done twice; who clicked on an old message is told, and it catches up."""
    buttons.create(_click(world, "announce.create", "p1"))
    buttons.ignore(_click(world, "announce.ignore", "p2"))
    world.run("DELETE FROM outbox")
    world.later(seconds=1)
    with pytest.raises(AlreadyLinked):
        buttons.create(_click(world, "announce.create", "p1"))
    with pytest.raises(AlreadyLinked):
        buttons.link_to(_click(world, "announce.link_to", "p1"))
    with pytest.raises(AlreadyIgnored):
        buttons.ignore(_click(world, "announce.ignore", "p2"))
    assert len(world.rows("SELECT 1 FROM project")) == 1
    assert len(world.owed("announcement.update")) == 1


def test_members_and_other_teams_are_refused(world: SyncWorld, buttons: Announcements) -> None:
    """The services ask again, whatever the edge let through."""
    mia = world.member("mia")
    for act, action in (
        (buttons.create, "announce.create"),
        (buttons.ignore, "announce.ignore"),
        (buttons.unignore, "announce.unignore"),
        (buttons.link_to, "announce.link_to"),
    ):
        with pytest.raises(AdminOnly):
            act(_click(world, action, "p1", mia))
    stranger = world.member("eve", admin=True, team_id=world.team("T0OTHER"))
    with pytest.raises(Vanished):
        buttons.create(_click(world, "announce.create", "p1", stranger))
    assert world.rows("SELECT 1 FROM project") == []


def test_post_again(world: SyncWorld, buttons: Announcements) -> None:
    """From Overview, when a person saw that the message is not there."""
    announcement = world.one("SELECT id FROM announcement").id
    world.run("UPDATE announcement SET state = 'unknown'")
    world.run("UPDATE integration SET channel_id = 'C0NEW'")
    click = Click(
        who=world.admin,
        now=world.now,
        request_id="r",
        action="announce.post_again",
        value=str(announcement),
    )
    assert isinstance(buttons.post_again(click), Ephemeral)
    assert len(world.owed("announcement.post")) == 1
    assert world.one("SELECT channel_id FROM announcement").channel_id == "C0NEW"


def _in(click: Click, channel: str = "C0OPS", ts: str = "5.5") -> Click:
    """The same click in a message of a channel."""
    return replace(click, channel_id=channel, message_ts=ts)


def test_a_click_tells_where_a_lost_message_is(world: SyncWorld, buttons: Announcements) -> None:
    """Nobody knew that it arrived; from the first click on it follows what people decide."""
    world.run("UPDATE announcement SET state = 'unknown', message_ts = NULL")
    assert buttons.ignore(_in(_click(world, "announce.ignore", "p1"))) == Nothing()
    found = world.one("SELECT state, channel_id, message_ts FROM announcement")
    assert tuple(found) == ("posted", "C0OPS", "5.5")
    assert len(world.owed("announcement.update")) == 2
    with pytest.raises(AnnouncementDelivered):
        buttons.post_again(_of_announcement(world))


@pytest.mark.parametrize("action", ["connect_all", "choose"])
def test_the_buttons_below_all_rows_tell_it_too(
    world: SyncWorld, buttons: Announcements, action: str
) -> None:
    """*Connect all* and *Choose* name the announcement that they stand under."""
    world.run("UPDATE announcement SET state = 'unknown', message_ts = NULL")
    click = getattr(buttons, action)(_in(_of_announcement(world)))
    assert isinstance(click, OpenModal)
    assert world.one("SELECT message_ts FROM announcement").message_ts == "5.5"


def test_a_second_copy_is_drawn_where_it_is_clicked(
    world: SyncWorld, buttons: Announcements
) -> None:
    """Posted again although the first had arrived: both stay true."""
    world.run("UPDATE announcement SET state = 'posted', message_ts = '9.9'")
    drawn = buttons.create(_in(_click(world, "announce.create", "p1")))
    assert isinstance(drawn, Update)
    assert "Acme Shop* (SHOP) linked to Acme Shop by Ana" in drawn.message.text
    assert buttons.ignore(_in(_click(world, "announce.ignore", "p2"), ts="9.9")) == Nothing()
    assert world.one("SELECT message_ts FROM announcement").message_ts == "9.9"


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("gone_at = first_seen_at", ProviderProjectGone),
        ("is_archived = true", ProviderProjectArchived),
    ],
)
def test_what_happened_in_the_tool_meanwhile_is_said(
    world: SyncWorld, buttons: Announcements, what: str, error: type[Exception]
) -> None:
    """Between announcement and click, and while the form is open; the message catches up."""
    assert isinstance(buttons.link_to(_click(world, "announce.link_to", "p1")), OpenModal)
    world.run(f"UPDATE provider_project SET {what}")  # noqa: S608 - ours
    shop = world.project("Shop", "SHP")
    clicks: list[Callable[[], object]] = [
        lambda: buttons.create(_click(world, "announce.create", "p1")),
        lambda: buttons.link_to(_click(world, "announce.link_to", "p1")),
        lambda: buttons.link(_send(world, "p1", str(shop))),
    ]
    for click in clicks:
        with pytest.raises(error):
            click()
    assert len(world.owed("announcement.update")) == 1


def test_a_tool_disconnected_meanwhile_is_said(world: SyncWorld, buttons: Announcements) -> None:
    """Under each button, with what brings it back."""
    world.run("UPDATE integration SET state = 'disconnected'")
    clicks: list[Callable[[], object]] = [
        lambda: buttons.create(_click(world, "announce.create", "p1")),
        lambda: buttons.link_to(_click(world, "announce.link_to", "p1")),
        lambda: buttons.connect_all(_of_announcement(world)),
        lambda: buttons.choose(_of_announcement(world)),
    ]
    for click in clicks:
        with pytest.raises(IntegrationDisconnected):
            click()


def test_forged_values_are_refused_in_words(world: SyncWorld, buttons: Announcements) -> None:
    """No reference id for a button that nobody made."""
    for value in ("", "x", "1:2", "9" * 30):
        forged = replace(_click(world, "announce.create", "p1"), value=value)
        for act in (buttons.create, buttons.ignore, buttons.connect_all, buttons.post_again):
            with pytest.raises(Vanished):
                act(forged)


def _of_announcement(world: SyncWorld) -> Click:
    row = world.one("SELECT id FROM announcement")
    return replace(_click(world, "announce.all", "p1"), value=str(row.id))
