"""Tasks of a project that was unlinked: who knew them is told, nobody else learns of them."""

from collections.abc import Iterator

import pytest

from bot.services.tasks.channel_defaults import ChannelDefaults
from storage.linking import project_links
from tests.builders import NOON
from tests.handlers.track_desk import Desk, elements, labelled
from tests.services.office import Office


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Ana at her keyboard, on each kind of database."""
    office = Office(database_url)
    yield Desk(office)
    office.world.close()


def unlinks(office: Office) -> None:
    """An admin unlinks *Website*."""
    with office.world.uow.begin() as tx:
        team = office.world.team_id
        project_links.end_many(tx, team, [office.source], by=office.admin.id, now=NOON)


def test_who_tracked_there_is_told_what_happened_and_whom_to_ask(desk: Desk) -> None:
    """Not that no such task exists: by its key, and by the button of a stopped timer."""
    desk.types("start web-12")
    again = labelled(desk.types("stop"), "Start again")
    unlinks(desk.office)
    said = desk.types("start web-12")
    assert said.text == (
        "*Website* is no longer linked to Board (acme board), so no more time is tracked on "
        "*WEB-12*. What was tracked stays. Ask Admin to link it again. Time on *Website* itself "
        "can be tracked."
    )
    assert desk.clicks(again["action_id"], again["value"]).message.text == said.text
    assert desk.types("tasks").text == (
        "Your projects have no open task. Time can be tracked on a project itself: Website."
    )
    start = labelled(said, "Start Website")
    done = desk.clicks(start["action_id"], start["value"])
    assert done.message.text.startswith("Started *Website*")


def test_an_admin_is_led_to_the_form_that_links_it_again(desk: Desk) -> None:
    """Their first button."""
    unlinks(desk.office)
    desk.office.connect(desk.office.admin)
    said = desk.types("start web-12", desk.office.admin)
    assert elements(said)[0]["action_id"] == "link.choose"


def test_nobody_learns_of_tasks_they_could_not_see(desk: Desk) -> None:
    """Without an account, or not on the project: as if there were no such key."""
    office = desk.office
    stranger, outside = office.world.member("bo"), office.world.member("cleo")
    office.world.joins(stranger, office.website)
    office.connect(outside)
    _, _, other = office.second_site()
    office.world.joins(outside, other)
    unlinks(office)
    for who in (stranger, outside):
        said = desk.types("start web-12", who).text
        assert "no longer linked" not in said
        assert "Website is" not in said


def test_linked_again_it_is_tracked_again(desk: Desk) -> None:
    """The ended link of before is beside the point."""
    unlinks(desk.office)
    desk.office.world.link(desk.office.source, desk.office.website)
    assert desk.types("start web-12").text.startswith("Started *WEB-12 Fix the header*")


def test_start_alone_where_the_channels_project_runs_and_has_no_tasks(desk: Desk) -> None:
    """It says so, instead of quoting what nobody typed."""
    office = desk.office
    unlinks(office)
    ChannelDefaults(office.world.uow).choose(
        who=office.admin, channel_id="C0WEB", project_id=office.website, now=NOON
    )
    desk.types('start "Website"')
    answer = desk.types("start")
    assert answer.text == "There is nothing to choose in *Website*, this channel's project."
    assert labelled(answer, "Search tasks")
