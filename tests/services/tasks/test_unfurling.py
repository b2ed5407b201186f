"""Links to tasks, shown once and with no more than everybody may see (T10), on both databases."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.services.outbox import Outbox
from bot.services.tasks.unfurling import UNFURL, Unfurling
from storage import teams
from storage.linking.provider_projects import ProviderProjectRow
from storage.outbox import OutboxRow
from storage.projects.projects import ProjectRow
from storage.tasks import channel_defaults
from storage.tasks.tasks import TaskRow
from storage.tasks.unfurls import UnfurlRow
from tests.builders import NOON
from tests.services.editor import EIGHT, HOUR
from tests.services.office import Office, task

HEADER = "https://acme.test/t/WEB-12"
FOOTER = "https://acme.test/t/WEB-9"


class Channel(Office):
    """The office, and what is posted in its channels."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.unfurling = Unfurling(self.world.uow, self.world.new_marker())

    def posts(
        self, *urls: str, channel: str = "C0WEB", ts: str = "1.1", now: datetime = NOON
    ) -> None:
        """Somebody posts these links."""
        self.unfurling.posted(
            self.world.team_id,
            channel_id=channel,
            message_ts=ts,
            urls=urls,
            is_ours_alone=True,
            now=now,
        )

    def owed(self) -> list[tuple[object, object]]:
        """Channel and address of what is to be shown."""
        query = select(col(OutboxRow.payload)).where(col(OutboxRow.kind) == UNFURL)
        with self.world.uow.read() as tx:
            found: Sequence[dict[str, object]] = list(
                tx.execute(query.order_by(col(OutboxRow.id))).scalars()
            )
        return [(one["channel_id"], one["url"]) for one in found]


@pytest.fixture
def office(database_url: str) -> Iterator[Channel]:
    """Give the office."""
    made = Channel(database_url)
    yield made
    made.world.close()


def test_a_task_is_shown_once_in_half_an_hour_and_channel(office: Channel) -> None:
    """Again in another channel, and here when half an hour has passed; other links never."""
    posted = f"{HEADER}?from=chat#note-3"
    office.posts(posted, "https://acme.test/t/WEB-999", "https://elsewhere.test/WEB-12")
    office.posts(HEADER, ts="2.2", now=NOON + timedelta(minutes=29))
    office.posts(HEADER, channel="C0OPS")
    assert office.owed() == [("C0WEB", posted), ("C0OPS", HEADER)]
    office.posts(HEADER, FOOTER, HEADER + "/", ts="3.3", now=NOON + timedelta(minutes=30))
    assert office.owed()[2:] == [("C0WEB", HEADER), ("C0WEB", FOOTER)]


def test_the_same_link_at_the_same_instant_is_shown_once(office: Channel) -> None:
    """Slack delivers an event again, to another process."""
    gate = threading.Barrier(4)

    def post(number: int) -> None:
        gate.wait()
        office.posts(HEADER, ts=f"{number}.1")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(post, range(4)))
    assert len(office.owed()) == 1


def test_a_list_of_links_is_left_alone(office: Channel) -> None:
    """Three tasks are shown, four are a list; longer than any address is none."""
    keys = [f"WEB-{number}" for number in range(20, 24)]
    for key in keys:
        task(office, key, "Weekly")
    urls = [f"https://acme.test/t/{key}" for key in keys]
    office.posts(*urls, "https://acme.test/" + "x" * 3000)
    assert office.owed() == []
    office.posts(*urls[:3])
    assert len(office.owed()) == 3


def test_details_are_for_the_channel_of_the_project(office: Channel) -> None:
    """Elsewhere the key alone: not the title, not the time."""
    office.world.entry(office.ana, office.website, office.web12, EIGHT, EIGHT + HOUR)
    office.change(TaskRow, office.web12, estimate_seconds=7200, status="In progress")
    team = office.world.team_id
    bare = office.unfurling.shown(team, "C0WEB", office.web12)
    assert bare is not None
    assert (bare.key, bare.details) == ("WEB-12", None)
    with office.world.uow.begin() as tx:
        channel_defaults.put(tx, team, "C0WEB", office.website, by=office.admin.id, now=NOON)
    found = office.unfurling.shown(team, "C0WEB", office.web12)
    assert found is not None
    assert found.details is not None
    assert (found.details.title, found.details.tracked_seconds) == ("Fix the header", 3600)
    assert (found.details.status, found.details.estimate_seconds) == ("In progress", 7200)
    assert office.unfurling.shown(team, "C0OPS", office.web12) == bare


@pytest.mark.parametrize("how", ["task", "source", "archived there", "archived here", "team"])
def test_what_cannot_be_tracked_is_not_shown(office: Channel, how: str) -> None:
    """Deleted, archived, or the workspace removed Hourlink."""
    match how:
        case "task":
            office.change(TaskRow, office.web12, gone_at=NOON)
        case "source":
            office.change(ProviderProjectRow, office.source, gone_at=NOON)
        case "archived there":
            office.change(ProviderProjectRow, office.source, is_archived=True)
        case "archived here":
            office.change(ProjectRow, office.website, archived_at=NOON)
        case _:
            with office.world.uow.begin() as tx:
                teams.mark_uninstalled(tx, office.world.team_id, NOON)
    office.posts(HEADER)
    assert office.owed() == []
    if how != "team":
        assert office.unfurling.shown(office.world.team_id, "C0WEB", office.web12) is None


def test_another_teams_task_is_unknown(office: Channel) -> None:
    """The same address, posted in another workspace."""
    other = office.world.team("T0ELSE")
    office.unfurling.posted(
        other,
        channel_id="C0WEB",
        message_ts="1.1",
        urls=[HEADER],
        is_ours_alone=True,
        now=NOON,
    )
    assert office.owed() == []
    assert office.unfurling.shown(other, "C0WEB", office.web12) is None


def test_what_was_shown_is_forgotten_in_time(office: Channel) -> None:
    """The table does not grow for ever."""
    office.posts(HEADER)
    Outbox(office.world.uow).tidy(NOON + timedelta(days=2))
    with office.world.uow.read() as tx:
        assert tx.execute(select(col(UnfurlRow.task_id))).all() == []
