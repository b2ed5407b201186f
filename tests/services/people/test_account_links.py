"""Connecting accounts: what proves whose they are, and what becomes of a request (U2 to U6)."""

from datetime import timedelta

import pytest

from bot.domain.errors import NotYourButton, Vanished
from bot.domain.ids import AccountLinkId
from bot.domain.people.account_links import Reply
from bot.domain.people.people_errors import SiteDisconnected
from bot.domain.states import AccountLinkState, Proof
from tests.builders import NOON
from tests.services.people.office import LATER, Office

_S = AccountLinkState
WEEK = timedelta(days=7)


def test_equal_verified_addresses_connect_at_once(office: Office) -> None:
    """Slack and the board vouch for the same address: one click, no approval."""
    mia = office.world.member("mia")
    office.asked(mia, office.world.account(office.board, "Mia K", "mia@acme.test"))
    answer = office.confirms(mia)
    assert (answer.reply, answer.link.proof) == (Reply.CONNECTED, Proof.EMAIL)
    assert (answer.link.decided_by, answer.link.decided_at) == ("Mia", LATER)
    assert office.owed("approval.ask") == []


def test_an_address_the_provider_does_not_vouch_for_proves_nothing(office: Office) -> None:
    """Anybody can type an address into such a tool: an admin decides."""
    mia = office.world.member("mia")
    account = office.world.account(office.board, "Mia K", "mia@acme.test", verified=False)
    office.asked(mia, account)
    answer = office.confirms(mia)
    assert (answer.reply, answer.link.proof) == (Reply.AWAITING, None)


def test_an_address_that_slack_hides_proves_nothing(office: Office) -> None:
    """Without Slack's own verified address there is nothing to compare."""
    mia = office.world.member("mia", email=None)
    office.asked(mia, office.world.account(office.board, "Mia K", "mia@acme.test"))
    assert office.confirms(mia).reply is Reply.AWAITING


def test_letters_that_only_look_lower_case_prove_nothing(office: Office) -> None:
    """The Kelvin sign becomes a k in lower case; an address with it is another address."""
    mik = office.world.member("mik", email="mi\u212a@acme.test")
    office.asked(mik, office.world.account(office.board, "Mik", "mik@acme.test"))
    assert office.confirms(mik).reply is Reply.AWAITING


def test_an_account_an_admin_chose_by_hand_is_proven(office: Office) -> None:
    """An admin chose this very account for this very person: that is proof."""
    mia = office.world.member("mia", email=None)
    office.asked(mia, office.world.account(office.board, "M"), chosen=True)
    answer = office.confirms(mia)
    assert (answer.reply, answer.link.proof) == (Reply.CONNECTED, Proof.ADMIN)


def test_a_suggestion_taken_by_select_all_waits_for_approval(office: Office) -> None:
    """A name is a hint, no proof; each admin gets one message with what to decide."""
    bo = office.world.member("bo", admin=True)
    mia = office.world.member("mia", email=None)
    office.asked(mia, office.world.account(office.board, "Mia"))
    office.owed()
    assert office.confirms(mia).reply is Reply.AWAITING
    asked = office.owed("approval.ask")
    assert {item.payload["admin_id"] for item in asked} == {office.ana.id, bo.id}
    assert {item.payload["request"] for item in asked} == {1}


def test_another_choice_than_the_admins_is_not_proven(office: Office) -> None:
    """The admin chose M; the member says N: somebody must approve N."""
    mia = office.world.member("mia", email=None)
    office.asked(mia, office.world.account(office.board, "M"), chosen=True)
    answer = office.picks(mia, office.world.account(office.board, "N"))
    assert (answer.reply, answer.link.chosen_by_admin) == (Reply.AWAITING, False)


def test_an_admin_chooses_for_themselves(office: Office) -> None:
    """The only admin of a team need not wait for another; the log says so."""
    alone = office.links.connect_alone(office.ana, office.board, NOON)
    account = office.world.account(office.board, "Root")
    answer = office.links.pick(office.ana, alone.link.id, alone.link.request, account, LATER)
    assert (answer.reply, answer.link.proof) == (Reply.CONNECTED, Proof.ADMIN)
    assert office.audited() == ["account_link.approve"]


def test_picking_from_the_list_with_an_equal_verified_address_connects(office: Office) -> None:
    """What proves is the address, not who proposed the account."""
    mia = office.world.member("mia")
    office.asked(mia)
    account = office.world.account(office.board, "Mia K", "mia@acme.test")
    assert office.picks(mia, account).reply is Reply.CONNECTED


def test_connecting_opens_the_linked_projects(office: Office) -> None:
    """The policy adds the new person to what is linked already."""
    mia = office.world.member("mia")
    project = office.world.project()
    office.world.link(office.world.provider_project(office.board), project)
    office.asked(mia, office.world.account(office.board, "Mia K", "mia@acme.test"))
    office.confirms(mia)
    with office.world.uow.read() as tx:
        found = tx.core.exec_driver_sql("SELECT member_id FROM project_member").scalars()
        assert list(found) == [mia.id]


def test_a_request_without_an_account_asks_to_choose(office: Office) -> None:
    """*Connect* on an old client, with nothing to connect: the list comes instead."""
    mia = office.world.member("mia")
    office.asked(mia)
    assert office.confirms(mia).reply is Reply.CHOOSE
    link = office.link(mia)
    assert office.links.not_me(mia, link.id, link.request, LATER).reply is Reply.CHOOSE
    assert office.link(mia).state is _S.INVITED


def test_two_clicks_are_one(office: Office) -> None:
    """A double click, or Slack's retry, gets the same success and changes nothing."""
    mia = office.world.member("mia")
    office.asked(mia, office.world.account(office.board, "Mia K", "mia@acme.test"))
    first = office.confirms(mia)
    assert office.confirms(mia, LATER + WEEK) == first


def test_two_picks_are_one_and_the_admins_are_asked_once(office: Office) -> None:
    """The second delivery of a pick carries the number of the first."""
    mia = office.world.member("mia", email=None)
    account = office.world.account(office.board, "N")
    link = office.asked(mia)
    office.owed()
    for _ in range(2):
        answer = office.links.pick(mia, link.id, link.request, account, LATER)
        assert answer.reply is Reply.AWAITING
    assert len(office.owed("approval.ask")) == 1


def test_picking_again_while_waiting_asks_the_admins_about_the_new_one(office: Office) -> None:
    """An admin cannot approve what they did not see: the number moves on with each pick."""
    mia = office.world.member("mia", email=None)
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "N"))
    office.owed()
    before = office.link(mia).request
    office.picks(mia, office.world.account(office.board, "O"))
    assert office.link(mia).request == before + 1
    assert [item.payload["request"] for item in office.owed("approval.ask")] == [before + 1]


def test_declining_is_kept_and_can_be_repeated(office: Office) -> None:
    """*Decline* twice is declined once, with who and when."""
    mia = office.world.member("mia")
    link = office.asked(mia, office.world.account(office.board, "Mia K", "mia@acme.test"))
    for _ in range(2):
        answer = office.links.decline(mia, link.id, link.request, LATER)
        assert (answer.reply, answer.link.decided_by) == (Reply.DECLINED, "Mia")
    assert office.confirms(mia).reply is Reply.DECLINED


def test_an_old_message_is_known_as_old(office: Office) -> None:
    """Asked twice, the first message's button offers the second request instead of acting."""
    mia = office.world.member("mia")
    account = office.world.account(office.board, "Mia K", "mia@acme.test")
    old = office.asked(mia, account)
    new = office.asked(mia, account, now=LATER)
    assert (old.request, new.request) == (1, 2)
    for act in (office.links.confirm, office.links.decline):
        answer = act(mia, old.id, old.request, LATER)
        assert (answer.reply, answer.renewed, answer.link.request) == (Reply.ASK, True, 2)
    assert office.link(mia).state is _S.INVITED


@pytest.mark.parametrize("noticed", [True, False])
def test_an_expired_request_is_renewed_by_a_click(office: Office, *, noticed: bool) -> None:
    """After 7 days a click brings a fresh request, whether or not the clock saw it expire."""
    mia = office.world.member("mia")
    link = office.asked(mia, office.world.account(office.board, "Mia K", "mia@acme.test"))
    late = NOON + WEEK
    if noticed:
        assert office.deadlines.expire_due(late) == 1
        assert office.link(mia).state is _S.EXPIRED
    answer = office.links.confirm(mia, link.id, link.request, late)
    assert (answer.reply, answer.renewed, answer.link.request) == (Reply.ASK, True, 2)
    assert answer.link.expires_at == late + WEEK
    assert office.confirms(mia, late).reply is Reply.CONNECTED


def test_declining_an_expired_request_leaves_it_expired(office: Office) -> None:
    """There is nothing left to decline, and no reason to ask again."""
    mia = office.world.member("mia")
    link = office.asked(mia)
    answer = office.links.decline(mia, link.id, link.request, NOON + WEEK)
    assert (answer.reply, answer.link.state) == (Reply.EXPIRED, _S.EXPIRED)


def test_somebody_elses_click_does_nothing(office: Office) -> None:
    """A forwarded message, or a shared screen: only the person asked can answer."""
    mia, ben = office.world.member("mia"), office.world.member("ben")
    account = office.world.account(office.board, "Mia K", "mia@acme.test")
    link = office.asked(mia, account)
    for who in (ben, office.ana):
        for act in (office.links.confirm, office.links.not_me, office.links.decline):
            with pytest.raises(NotYourButton):
                act(who, link.id, link.request, LATER)
        with pytest.raises(NotYourButton):
            office.links.pick(who, link.id, link.request, account, LATER)
    assert office.link(mia) == link


def test_another_team_cannot_see_a_request(office: Office) -> None:
    """Ids of another workspace are nothing here."""
    link = office.asked(office.world.member("mia"))
    stranger = office.world.member("eve", team_id=office.world.team())
    with pytest.raises(Vanished):
        office.links.confirm(stranger, link.id, link.request, LATER)


def test_a_withdrawn_request_says_so(office: Office) -> None:
    """The admin took it back before the click."""
    mia = office.world.member("mia")
    link = office.asked(mia, office.world.account(office.board, "Mia K", "mia@acme.test"))
    assert office.invitations.withdraw(office.ana, link.id, NOON).state is _S.WITHDRAWN
    assert office.confirms(mia).reply is Reply.WITHDRAWN
    assert office.invitations.withdraw(office.ana, link.id, NOON).state is _S.WITHDRAWN


def test_the_account_was_switched_off_meanwhile(office: Office) -> None:
    """The provider deactivated it between the message and the click."""
    mia = office.world.member("mia")
    account = office.world.account(office.board, "Mia K", "mia@acme.test")
    office.asked(mia, account)
    office.switches_off(account)
    assert office.confirms(mia).reply is Reply.UNAVAILABLE
    assert office.picks(mia, account).reply is Reply.UNAVAILABLE
    assert office.link(mia).state is _S.INVITED


def test_the_site_was_disconnected_meanwhile(office: Office) -> None:
    """Nothing to connect to: the old message says so, and a new start is refused."""
    mia = office.world.member("mia")
    office.asked(mia, office.world.account(office.board, "Mia K", "mia@acme.test"))
    office.disconnects_board()
    assert office.confirms(mia).reply is Reply.SITE_GONE
    with pytest.raises(SiteDisconnected):
        office.links.connect_alone(mia, office.board, LATER)


def test_an_account_of_another_site_cannot_be_picked(office: Office) -> None:
    """A forged option naming another integration's account is as good as none."""
    other = office.world.integration(office.ana, site="other board")
    mia = office.world.member("mia")
    office.asked(mia)
    foreign = office.world.account(other, "Mia K", "mia@acme.test")
    assert office.picks(mia, foreign).reply is Reply.UNAVAILABLE


def test_the_second_to_claim_an_account_is_told_and_the_admins_too(office: Office) -> None:
    """Two members say that one account is theirs: the first has it, once and for all."""
    account = office.world.account(office.board, "M")
    mia, max_ = office.world.member("mia"), office.world.member("max")
    office.asked(mia, account, chosen=True)
    office.asked(max_, account, chosen=True)
    office.owed()
    assert office.confirms(mia).reply is Reply.CONNECTED
    for _ in range(3):
        assert office.confirms(max_).reply is Reply.HELD
    (told,) = office.owed("account.contested")
    assert told.payload["admin_id"] == office.ana.id
    assert office.link(max_).state is _S.INVITED


@pytest.mark.parametrize("proven", [True, False])
def test_who_waits_for_an_account_that_another_gets_chooses_again(
    office: Office, *, proven: bool
) -> None:
    """No admin could approve it any more; both are told, and nobody waits for nothing."""
    account = office.world.account(office.board, "M")
    mia, max_ = office.world.member("mia"), office.world.member("max")
    office.asked(mia, account, chosen=proven)
    office.asked(max_)
    assert office.picks(max_, account).reply is Reply.AWAITING
    office.owed()
    reply = office.confirms(mia).reply
    if not proven:
        assert reply is Reply.AWAITING
        link = office.link(mia)
        office.approvals.approve(office.ana, link.id, link.request, LATER)
    assert office.link(mia).state is _S.CONNECTED
    left = office.link(max_)
    assert (left.state, left.account) == (_S.INVITED, None)
    (told,) = office.owed("account.taken")
    assert told.payload == {"account_link_id": left.id, "request": left.request}


def test_a_link_that_never_was(office: Office) -> None:
    """A made-up id is refused kindly."""
    with pytest.raises(Vanished):
        office.links.confirm(office.ana, AccountLinkId(999), 1, NOON)
