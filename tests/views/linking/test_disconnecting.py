"""What is said when an integration is disconnected fits, and says only what is so."""

from dataclasses import replace

from bot.domain.ids import ProjectId, ProviderProjectId
from bot.domain.linking.connecting import Arrival, Connected, Disconnection, DisconnectNotice
from bot.domain.linking.linking import How, Linked
from bot.integrations.api import Site
from bot.views.linking import connecting, disconnecting
from tests.views.linking.test_integration_settings import taken
from tests.views.linking.test_linking import EVIL, FACES, integration

FOUND = Disconnection(integration(), 1200, (EVIL,) * 10, 40, 3, 2, 5)


def test_the_question_names_everything_that_ends() -> None:
    """Credentials, projects, people, keys, requests, timers; what stays; the way back."""
    told = taken(disconnecting.form(FOUND, FACES))
    for words in (
        "Its credentials are destroyed",
        "1,200 projects are unlinked",
        "and 1,190 more",
        "40 people are disconnected and told; 3 keys of their own are destroyed",
        "2 open requests are withdrawn",
        "5 running timers are stopped and kept",
        "Tracked time stays",
        "offers to link its projects",
    ):
        assert words in told
    done = taken(disconnecting.disconnected(FOUND, FACES))
    assert "5 running timers were stopped and kept" in done


def test_nothing_is_said_of_what_is_not_there() -> None:
    """An integration that nobody uses."""
    empty = replace(FOUND, projects=0, named=(), people=0, keys=0, requests=0, timers=0)
    told = taken(disconnecting.form(empty, FACES))
    for words in ("unlinked", "people are", "keys", "requests", "timer"):
        assert words not in told
    one = taken(
        disconnecting.form(replace(FOUND, projects=1, named=("Web",), people=1, keys=0), FACES)
    )
    assert "1 project is unlinked: Web." in one
    assert "Its tasks cannot be tracked any more." in one
    assert "1 person is disconnected and told." in one


def test_people_and_admins_read_what_concerns_them() -> None:
    """A member their account, an admin the projects, both who did it."""
    notice = DisconnectNotice("U1", "redmine", EVIL, EVIL, True, True, False)  # noqa: FBT003
    member = taken(disconnecting.told(notice, "Redmine"))
    assert "Your own key was destroyed" in member
    assert "/link connect" not in member
    admin = replace(notice, was_connected=False, had_key=False, is_admin=True, by=None)
    told = taken(disconnecting.told(admin, "Redmine"))
    assert told.startswith("An admin disconnected")
    assert "Your account" not in told


def test_a_return_says_what_can_be_resumed() -> None:
    """A button for the projects, one for the people; none where there is nothing."""
    site = Site("x", EVIL, "", EVIL)
    made = Connected(integration(), Arrival.RETURNED, resumable=12, people=5)
    told = taken(connecting.connected(FACES["redmine"], made, site, None))
    assert "12 projects were linked when it was disconnected. 5 people were connected." in told
    assert "integration.resume" in told
    nothing = taken(
        connecting.connected(FACES["redmine"], replace(made, resumable=0, people=0), site, None)
    )
    assert "integration.resume" not in nothing
    link = Linked(ProviderProjectId(1), EVIL, ProjectId(1), EVIL, "AB", How.RESUMED)
    assert "2 projects are linked again" in taken(disconnecting.resumed([link, link]))
