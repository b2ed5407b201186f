"""Members who connect an account without being asked."""

from datetime import timedelta

import pytest

from bot.domain.people.account_links import Reply
from bot.domain.people.people_errors import GuestNotInvited
from bot.domain.states import AccountLinkState
from tests.builders import NOON
from tests.services.people.office import LATER, Office

_S = AccountLinkState
WEEK = timedelta(days=7)


def test_connecting_alone_with_the_same_address(office: Office) -> None:
    """The account with one's own verified address is offered, and one click connects it."""
    mia = office.world.member("mia")
    office.world.account(office.board, "Mia K", "mia@acme.test")
    answer = office.links.connect_alone(mia, office.board, NOON)
    assert (answer.reply, answer.link.asked_by) == (Reply.ASK, None)
    assert office.confirms(mia).reply is Reply.CONNECTED
    assert office.owed() == []


def test_connecting_alone_without_one_means_choosing(office: Office) -> None:
    """No account has the address: the list, then an admin's word."""
    mia = office.world.member("mia", email=None)
    account = office.world.account(office.board, "Mia K", "mia@acme.test")
    assert office.links.connect_alone(mia, office.board, NOON).reply is Reply.CHOOSE
    assert office.picks(mia, account).reply is Reply.AWAITING
    assert office.links.connect_alone(mia, office.board, NOON).reply is Reply.AWAITING


def test_connecting_alone_never_offers_somebody_elses_account(office: Office) -> None:
    """Equal address or not: who is connected keeps the account."""
    ben, mia = office.world.member("ben"), office.world.member("mia")
    account = office.world.account(office.board, "Mia K", "mia@acme.test")
    office.world.connected(ben, office.board, account)
    assert office.links.connect_alone(mia, office.board, NOON).reply is Reply.CHOOSE


def test_connecting_alone_goes_on_with_an_invitation(office: Office) -> None:
    """An admin asked before: the same request, with the account they chose."""
    mia = office.world.member("mia", email=None)
    link = office.asked(mia, office.world.account(office.board, "M"), chosen=True)
    answer = office.links.connect_alone(mia, office.board, LATER)
    assert (answer.reply, answer.link) == (Reply.ASK, link)
    later = office.links.connect_alone(mia, office.board, NOON + WEEK)
    assert (later.link.request, later.link.chosen_by_admin) == (2, True)


@pytest.mark.parametrize("state", [_S.DECLINED, _S.WITHDRAWN, _S.ENDED])
def test_connecting_alone_after_it_was_over(office: Office, state: AccountLinkState) -> None:
    """Who declined, was withdrawn or disconnected may begin again by themselves."""
    mia = office.world.member("mia")
    link = office.asked(mia, office.world.account(office.board, "M"), chosen=True)
    office.puts(link.id, state=state)
    answer = office.links.connect_alone(mia, office.board, LATER)
    assert (answer.link.state, answer.link.request, answer.link.asked_by) == (_S.INVITED, 2, None)
    assert answer.link.chosen_by_admin is False


def test_guests_need_an_invitation(office: Office) -> None:
    """A guest cannot begin alone, but goes on once an admin asked them by name."""
    gus = office.world.member("gus", guest=True)
    office.world.account(office.board, "Gus", "gus@acme.test")
    with pytest.raises(GuestNotInvited):
        office.links.connect_alone(gus, office.board, NOON)
    office.asked(gus)
    assert office.links.connect_alone(gus, office.board, NOON).link.asked_by == "Ana"


def test_everybody_sees_where_they_stand(office: Office) -> None:
    """Each connected site with one's own link, those not begun too; disconnected sites are gone."""
    mia = office.world.member("mia")
    other = office.world.integration(office.ana, site="other board")
    office.asked(mia)
    standings = office.links.mine(mia)
    assert [(s.site.id, s.link.state if s.link else None) for s in standings] == [
        (office.board, _S.INVITED),
        (other, None),
    ]
    office.disconnects_board()
    assert [s.site.id for s in office.links.mine(mia)] == [other]
