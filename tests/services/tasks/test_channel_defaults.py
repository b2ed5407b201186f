"""T12: the project that a channel prefers, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.clock_times import Ago
from bot.domain.entries.entries import OnProject
from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import ProjectId
from bot.domain.linking.linking import ProjectUnknown, TargetArchived
from bot.domain.tasks.channel_defaults import NoChannelDefault, NotAChannel
from bot.domain.tasks.task_refs import KeyRef, NumberRef, QuotedName, TaskRef
from bot.domain.tracking.tracking import Logged, Started, WhichTask
from bot.domain.tracking.tracking_errors import AccountNotConnected, ProjectArchived, TargetUnknown
from bot.services.tasks.channel_defaults import ChannelDefaults
from storage.linking.project_links import ProjectLinkRow
from storage.operating.audit import AuditRow
from storage.projects.projects import ProjectRow
from storage.teams import TeamRow
from tests.builders import NOON
from tests.services.office import Office, task

CHANNEL = "C0WEB"


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Give the office: Ana is on Website and Operations, both have a task 12."""
    made = Office(database_url)
    site, source, project = made.second_site()
    made.world.task(site, source, "OPS-12", "Rotate keys")
    made.world.task(site, source, "OPS-77", "Backups")
    made.connect(made.ana, site)
    made.world.joins(made.ana, project)
    yield made
    made.world.close()


def defaults(office: Office) -> ChannelDefaults:
    """What is tested."""
    return ChannelDefaults(office.world.uow)


def prefer(office: Office, project: ProjectId | None = None) -> None:
    """The channel prefers Website."""
    chosen = project or office.website
    defaults(office).choose(who=office.admin, channel_id=CHANNEL, project_id=chosen, now=NOON)


def start(office: Office, ref: TaskRef | None, channel: str = CHANNEL) -> Started | WhichTask:
    """Ana types ``/track start`` in the channel."""
    return office.tracking.start(who=office.ana, ref=ref, now=NOON, channel_id=channel)


def keys(answer: Started | WhichTask) -> list[str]:
    """What a picker offers."""
    assert isinstance(answer, WhichTask)
    return [one.on.short for one in answer.candidates]


def test_a_number_means_the_channels_project(office: Office) -> None:
    """Two tasks are called 12; there it is the website's, elsewhere it is asked."""
    prefer(office)
    assert sorted(keys(start(office, NumberRef(12), "C0ELSE"))) == ["OPS-12", "WEB-12"]
    answer = start(office, NumberRef(12))
    assert isinstance(answer, Started)
    assert answer.timer.on.key == "WEB-12"


def test_time_is_logged_on_the_channels_project_too(office: Office) -> None:
    """``/track log 1h 12``."""
    prefer(office)
    logged = office.time_log.log(
        who=office.ana,
        ref=NumberRef(12),
        amount=3600,
        day=None,
        note="",
        now=NOON,
        request_id="1",
        channel_id=CHANNEL,
    )
    assert isinstance(logged, Logged)
    assert logged.on.key == "WEB-12"


def test_a_number_that_is_elsewhere_only_is_offered_and_never_started(office: Office) -> None:
    """77 is no task of the website: the one of Operations is a click away."""
    prefer(office)
    answer = start(office, NumberRef(77))
    assert isinstance(answer, WhichTask)
    assert (keys(answer), answer.total, answer.within) == (["OPS-77"], 0, "Website")
    assert office.entries() == []


def test_of_two_tasks_with_one_key_the_channels_own_is_meant(office: Office) -> None:
    """The same key in two tools (T2)."""
    world = office.world
    site = world.integration(office.admin, provider="redmine", site="shop.acme.test")
    source, project = world.provider_project(site, "Web shop"), world.project("Web shop", "SHOP")
    world.link(source, project)
    world.task(site, source, "WEB-12", "Basket")
    office.connect(office.ana, site)
    office.world.joins(office.ana, project)
    assert keys(start(office, KeyRef("WEB-12"))) == ["WEB-12", "WEB-12"]
    prefer(office, project)
    answer = start(office, KeyRef("WEB-12"))
    assert isinstance(answer, Started)
    assert answer.timer.on.title == "Basket"


def test_start_alone_offers_the_channels_tasks(office: Office) -> None:
    """Open ones, then the project itself; the choice keeps time and note."""
    task(office, "WEB-1", "Logo", done=True)
    anywhere = start(office, None)
    assert isinstance(anywhere, WhichTask)
    assert (sorted(keys(anywhere)), anywhere.within) == (
        ["OPS-12", "OPS-77", "WEB-12", "WEB-9"],
        "",
    )
    prefer(office)
    question = office.tracking.start(
        who=office.ana, ref=None, now=NOON, when=Ago(900), note="call", channel_id=CHANNEL
    )
    assert isinstance(question, WhichTask)
    assert sorted(keys(question)[:2]) == ["WEB-12", "WEB-9"]
    assert keys(question)[2:] == ["Website"]
    assert (question.within, question.total) == ("Website", 3)
    picked = office.tracking.pick(
        who=office.ana,
        pending_id=question.pending_id,
        target=OnProject(office.website),
        now=NOON,
    )
    assert isinstance(picked, Started)
    assert (picked.timer.seconds, picked.timer.note) == (900, "call")


def test_the_project_itself_is_not_offered_where_time_needs_a_task(office: Office) -> None:
    """The team's setting."""
    prefer(office)
    with office.world.uow.begin() as tx:
        team = tx.entities.get(TeamRow, office.world.team_id)
        assert team is not None
        team.settings = {"time_without_task": False}
    assert "Website" not in keys(start(office, None))


def test_an_archived_project_is_explained_and_then_not_preferred(office: Office) -> None:
    """A number means everybody's tasks again; ``start`` alone says why it offers nothing."""
    prefer(office)
    office.change(ProjectRow, office.website, archived_at=NOON)
    answer = start(office, NumberRef(12))
    assert isinstance(answer, Started)
    assert answer.timer.on.key == "OPS-12"
    with pytest.raises(ProjectArchived):
        start(office, None)
    found = defaults(office).current(who=office.admin, channel_id=CHANNEL)
    assert found is not None
    assert found.is_archived


def test_an_unlinked_project_offers_itself(office: Office) -> None:
    """Its tasks are read-only; a number that is elsewhere only is a click away."""
    prefer(office)
    office.change(ProjectLinkRow, 1, state="ended")
    assert keys(start(office, None)) == ["Website"]
    assert keys(start(office, NumberRef(12))) == ["OPS-12"]
    found = defaults(office).current(who=office.admin, channel_id=CHANNEL)
    assert found is not None
    assert not found.is_connected


def test_whoever_may_not_track_it_learns_nothing_new(office: Office) -> None:
    """Bo, not connected, is told what to connect; Cy, not on the project, nothing at all."""
    prefer(office)
    bo, cy = office.world.member("bo"), office.world.member("cy")
    office.world.joins(bo, office.website)
    office.connect(cy)
    with pytest.raises(AccountNotConnected):
        office.tracking.start(who=bo, ref=None, now=NOON, channel_id=CHANNEL)
    with pytest.raises(TargetUnknown):
        office.tracking.start(who=cy, ref=None, now=NOON, channel_id=CHANNEL)


def test_only_admins_choose(office: Office) -> None:
    """Asked again in the transaction, whatever a button showed."""
    part = defaults(office)
    with pytest.raises(AdminOnly):
        part.choose(who=office.ana, channel_id=CHANNEL, project_id=office.website, now=NOON)
    with pytest.raises(AdminOnly):
        part.switch_off(who=office.ana, channel_id=CHANNEL, now=NOON)
    with pytest.raises(AdminOnly):
        part.current(who=office.ana, channel_id=CHANNEL)


def test_what_cannot_be_preferred(office: Office) -> None:
    """A direct message, an unknown project, an archived one, another team's."""
    part, admin = defaults(office), office.admin
    for channel in ("D0ANA", None):
        with pytest.raises(NotAChannel):
            part.choose(who=admin, channel_id=channel, project_id=office.website, now=NOON)
    with pytest.raises(ProjectUnknown):
        part.meant(who=admin, channel_id=CHANNEL, ref=QuotedName("Nothing"))
    with pytest.raises(Vanished):
        part.choose(who=admin, channel_id=CHANNEL, project_id=ProjectId(999), now=NOON)
    office.change(ProjectRow, office.website, archived_at=NOON)
    with pytest.raises(TargetArchived):
        part.meant(who=admin, channel_id=CHANNEL, ref=QuotedName("Website"))
    with pytest.raises(TargetArchived):
        part.choose(who=admin, channel_id=CHANNEL, project_id=office.website, now=NOON)


def test_every_choice_is_in_the_audit_log(office: Office) -> None:
    """Who, what, before, after."""
    prefer(office)
    defaults(office).switch_off(who=office.admin, channel_id=CHANNEL, now=NOON)
    with pytest.raises(NoChannelDefault):
        defaults(office).switch_off(who=office.admin, channel_id=CHANNEL, now=NOON)
    query = select(AuditRow).where(col(AuditRow.action) == "channel.default")
    with office.world.uow.read() as tx:
        lines = [(one.subject, one.before, one.after) for one in tx.entities.scalars(query)]
    assert lines == [
        ("channel:C0WEB", None, {"project": "Website"}),
        ("channel:C0WEB", {"project": "Website"}, None),
    ]
