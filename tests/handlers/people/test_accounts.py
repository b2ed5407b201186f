"""Connecting accounts as it is done in Slack: words, buttons and forms."""

from datetime import timedelta

import pytest

from bot.domain.asked_messages import AskedMessage
from bot.domain.errors import NotYourButton, Vanished
from bot.domain.ids import SlackUserId
from bot.domain.people.people_errors import NoIntegration
from bot.domain.states import AccountLinkState
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking_errors import AccountNotConnected
from bot.services.tracking.timer import Tracking
from handlers.asking import Lookup
from handlers.grammar.link_values import LinkUsers, UserById, UserByName
from handlers.replies import Choices, Update, UpdateModal
from storage import asked_messages
from tests.builders import NOON
from tests.handlers.people_desk import Desk, said, shown, value

_S = AccountLinkState


def test_the_story_of_three_people(desk: Desk) -> None:
    """One connects, one declines, one says *Not me*, picks and waits until an admin approves."""
    office, world = desk.office, desk.office.world
    mia, ben, cleo = (world.member(name) for name in ("mia", "ben", "cleo"))
    world.account(office.board, "Mia K", "mia@acme.test")
    world.account(office.board, "Ben", "ben@acme.test")
    world.account(office.board, "Cleo")
    other = world.account(office.board, "C. Root")

    first, form = desk.opens(LinkUsers((UserById("U0MIA"), UserById("U0BEN"), UserByName("cleo"))))
    assert "Reading the list of people" in shown(first)
    assert isinstance(form, UpdateModal)
    assert "similar name only" in shown(form)
    people = [SlackUserId("U0MIA"), SlackUserId("U0BEN"), SlackUserId("U0CLEO")]
    assert "Asked 3 people" in shown(desk.sends(form.modal.metadata, people))

    yes = said(desk.clicks(mia, "people.confirm", value(desk, mia)))
    assert yes.text.startswith("Connected: ")
    no = said(desk.clicks(ben, "people.decline", value(desk, ben)))
    assert no.text.startswith("Declined: ")

    choose = said(desk.clicks(cleo, "people.not_me", value(desk, cleo)))
    block = choose.blocks[0]["block_id"]
    found = desk.own.accounts(
        Lookup(who=cleo, now=NOON, request_id="", action="people.pick", query="ro", block_id=block)
    )
    assert isinstance(found, Choices)
    (option,) = found.groups[0].options
    stands = {"channel_id": "DCLEO", "message_ts": "5.0"}
    waits = said(desk.clicks(cleo, "people.pick", option.value, **stands))
    link = office.link(cleo)
    with world.uow.read() as tx:
        subject = f"account_link:{link.id}:{link.request}:own"
        [kept] = asked_messages.about(tx, world.team_id, subject)
    assert kept == AskedMessage(cleo.id, "DCLEO", "5.0")
    assert "An admin is asked to approve" in waits.text
    assert office.link(cleo).account == office.link(cleo).account
    decided = said(desk.clicks(office.ana, "people.approve", value(desk, cleo)))
    assert "Approved by Ana" in decided.text
    account = office.link(cleo).account
    assert account is not None
    assert account.id == other
    assert [office.link(who).state for who in (mia, ben, cleo)] == [
        _S.CONNECTED,
        _S.DECLINED,
        _S.CONNECTED,
    ]


def test_track_connect_with_one_site(desk: Desk) -> None:
    """The question at once; connected, it shows where one stands with a way out."""
    mia = desk.office.world.member("mia")
    desk.office.world.account(desk.office.board, "Mia K", "mia@acme.test")
    asked = said(desk.tracks(mia))
    assert asked.text.startswith(
        "Connect your *File board* account *Mia K* (mia@acme.test, acme board)"
    )
    said(desk.clicks(mia, "people.confirm", value(desk, mia)))
    standing = said(desk.tracks(mia))
    assert "connected as *Mia K*" in standing.text
    ended = said(desk.clicks(mia, "people.disconnect", str(desk.office.link(mia).id)))
    assert ended.text.startswith("Disconnected from *File board* (acme board)")


def test_track_connect_with_several_sites(desk: Desk) -> None:
    """A row each without words; a site's or tool's name, whole or begun, means that one."""
    office = desk.office
    office.world.integration(office.ana, site="other board")
    office.world.integration(office.ana, provider="redmine", site="redmine.test")
    mia = office.world.member("mia")
    assert said(desk.tracks(mia)).text.count("not connected") == 3
    assert said(desk.tracks(mia, "board")).text.count("not connected") == 2
    for words in ("Redmine", "redmine.t", "redmine redmine.test", "REDMINE"):
        assert "Which *Redmine* account (redmine.test)" in said(desk.tracks(mia, words)).text
    with pytest.raises(NoIntegration) as problem:
        desk.tracks(mia, "jira")
    assert len(problem.value.known) == 3


def test_nothing_to_connect_to(desk: Desk) -> None:
    """No tool is set up: both commands say so before anything opens."""
    desk.office.disconnects_board()
    mia = desk.office.world.member("mia")
    with pytest.raises(NoIntegration) as refused:
        desk.tracks(mia)
    assert refused.value.admins == (desk.office.ana.name,)
    with pytest.raises(NoIntegration):
        desk.tracks(desk.office.ana)
    with pytest.raises(NoIntegration):
        desk.opens(LinkUsers())


def test_connect_in_a_refusal_and_in_app_home(desk: Desk) -> None:
    """In a message it takes the message's place; where there is none, it is a form."""
    mia = desk.office.world.member("mia")
    board = str(desk.office.board)
    assert isinstance(desk.clicks(mia, "people.connect", board), Update)
    form = desk.clicks(mia, "people.connect", board, view_id="V1")
    assert "Which *File board* account" in shown(form)


def test_what_was_refused_arrives_by_another_account_too(desk: Desk) -> None:
    """*Not me* and the right account end with *Start*, as the suggested account does."""
    office, world = desk.office, desk.office.world
    bo = world.member("bo")
    other = world.account(office.board, "Bo L", "bo@acme.test")
    source, website = world.provider_project(office.board, "Acme Web"), world.project()
    world.link(source, website)
    world.task(office.board, source, "WEB-12", "Fix the header")
    world.joins(bo, website)
    with pytest.raises(AccountNotConnected):
        Tracking(world.uow, world.new_marker(), str).start(who=bo, ref=KeyRef("WEB-12"), now=NOON)
    desk.clicks(bo, "people.connect", str(office.board))
    done = said(desk.clicks(bo, "people.pick", f"{value(desk, bo)}:{other}"))
    assert done.text.endswith("You wanted to start a timer on *WEB-12 Fix the header*.")
    assert "Start WEB-12" in str(done.blocks)


@pytest.mark.parametrize("behind", [":7:12", ":7:pp", ":x", "::", ":99999999999999999999:"])
def test_what_stands_behind_a_buttons_value_refuses_nothing(desk: Desk, behind: str) -> None:
    """An old or made-up button connects, and says so, instead of refusing what it has done."""
    office = desk.office
    bo = office.world.member("bo")
    office.world.account(office.board, "Bo", "bo@acme.test")
    asked = said(desk.clicks(bo, "people.connect", f"{office.board}{behind}"))
    assert "Connect your" in asked.text
    done = said(desk.clicks(bo, "people.confirm", f"{value(desk, bo)}{behind}"))
    assert done.text.startswith("Connected: ")


def test_an_expired_request_is_renewed_in_place(desk: Desk) -> None:
    """The old message becomes the fresh request, with buttons that work."""
    office = desk.office
    mia = office.world.member("mia")
    account = office.world.account(office.board, "Mia K", "mia@acme.test")
    old = office.asked(mia, account)
    late = NOON + timedelta(days=8)
    fresh = said(desk.clicks(mia, "people.confirm", f"{old.id}:{old.request}", now=late))
    assert "was out of date" in fresh.text
    buttons = next(b for b in fresh.blocks if b["type"] == "actions")["elements"]
    assert buttons[0]["value"] == f"{old.id}:2"
    done = said(desk.clicks(mia, "people.confirm", buttons[0]["value"], now=late))
    assert done.text.startswith("Connected: ")


def test_somebody_elses_buttons_and_list(desk: Desk) -> None:
    """Neither the buttons nor the list of accounts serve anybody else."""
    mia, ben = desk.office.world.member("mia"), desk.office.world.member("ben")
    link = desk.office.asked(mia)
    for action in ("people.confirm", "people.not_me", "people.decline"):
        with pytest.raises(NotYourButton):
            desk.clicks(ben, action, f"{link.id}:1")
    with pytest.raises(NotYourButton):
        desk.own.accounts(
            Lookup(
                who=ben,
                now=NOON,
                request_id="",
                action="people.pick",
                query="",
                block_id=f"pick:{link.id}:1",
            )
        )


def test_a_made_up_button(desk: Desk) -> None:
    """An id of nothing is refused kindly."""
    with pytest.raises(Vanished):
        desk.clicks(desk.office.ana, "people.confirm", "999:1")
