"""The list of people (U5): every state with who and when, filters, search, pages, ticks."""

from datetime import timedelta
from functools import partial

import pytest

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import SlackUserId
from bot.domain.people.add_users import UsersQuery
from bot.domain.people.people import SlackPerson
from bot.domain.people.people_errors import SiteDisconnected
from bot.domain.people.people_lists import PeopleQuery, Shown
from bot.domain.states import AccountLinkState, Proof
from bot.services.members import Members
from storage.members import MemberRow
from tests.builders import NOON
from tests.services.people.office import LATER, Office
from tests.statements import asked

_S = AccountLinkState


def crowd(office: Office, size: int) -> None:
    """Many people who were asked."""
    directory = Members(office.world.uow, office.world.new_marker())
    people = [
        SlackPerson(SlackUserId(f"U1{n:04}"), f"P\u00e9rson {n:04}", f"p{n}@acme.test", "UTC")
        for n in range(size)
    ]
    directory.save_many(office.world.team_id, people, NOON)
    choices = office.users.choices(office.ana, UsersQuery(office.board, everyone=True), {})
    office.invitations.invite(office.ana, office.board, choices, NOON)


def test_every_state_and_mark_can_be_looked_at(office: Office) -> None:
    """Each filter shows exactly those, and says how many there are of all."""
    people = {state: office.world.member(f"a{state.name.lower()}") for state in _S}
    for state, person in people.items():
        link = office.asked(person, office.world.account(office.board, f"Account {state.name}"))
        office.puts(link.id, state=state, decided_at=NOON)
    page = office.lists.page(office.ana, PeopleQuery(office.board))
    assert {shown: page.counts[shown] for shown in Shown if shown.value in set(_S)} == {
        Shown(state.value): 1 for state in _S
    }
    assert page.counts[Shown.ALL] == page.total == len(_S)
    assert page.not_asked == 1  # Ana herself
    for state, person in people.items():
        shown = office.standing(shown=Shown(state.value))
        assert [link.person.id for link in shown] == [person.id], state


def test_marks_say_what_needs_a_look(office: Office) -> None:
    """Not reached, left Slack, switched off there, and addresses that are equal no longer."""
    mia = office.world.member("mia")
    account = office.world.account(office.board, "Mia K", "mia@acme.test")
    link = office.asked(mia, account)
    office.confirms(mia)
    assert office.link(mia).proof is Proof.EMAIL
    assert office.standing(shown=Shown.ADDRESS_CHANGED) == []
    office.sets(MemberRow, mia.id, email="mia.keller@acme.test")
    office.puts(link.id, unreachable="cannot_dm_bot")
    office.switches_off(account)
    office.deactivates(mia.id)
    for mark in (Shown.ADDRESS_CHANGED, Shown.UNREACHABLE, Shown.ACCOUNT_OFF, Shown.LEFT):
        (found,) = office.standing(shown=mark)
        assert found.address_changed, mark
    assert office.link(mia).state is _S.CONNECTED


def test_an_address_that_differs_only_in_case_is_the_same(office: Office) -> None:
    """Slack shows capitals where the tool does not."""
    mia = office.world.member("mia", email="Mia@Acme.test")
    office.asked(mia, office.world.account(office.board, "Mia K", "mia@acme.test"))
    office.confirms(mia)
    assert office.standing(shown=Shown.ADDRESS_CHANGED) == []


@pytest.mark.parametrize(
    "words", ["mia", "MI\u00c1", "keller", "mia@acme", "root keller", "acme.test mia"]
)
def test_search_finds_names_and_addresses_of_both_sides(office: Office, words: str) -> None:
    """Every word has to stand somewhere; case and accents do not matter."""
    mia, ben = office.world.member("mia"), office.world.member("ben", email=None)
    office.asked(mia, office.world.account(office.board, "K\u00e9ller Root"))
    office.asked(ben, office.world.account(office.board, "Ben", "ben@other.test"))
    assert [link.person.id for link in office.standing(words=words)] == [mia.id]
    assert office.standing(words="nobody") == []


def test_pages_hold_everybody_once(office: Office) -> None:
    """Turning through all pages shows each person once; a page beyond the last is the last."""
    crowd(office, 45)
    first = office.lists.page(office.ana, PeopleQuery(office.board))
    assert (first.total, first.pages) == (46, 3)
    seen = [link.id for n in range(3) for link in office.standing(page=n)]
    assert len(seen) == len(set(seen)) == 46
    assert office.lists.page(office.ana, PeopleQuery(office.board, page=99)).query.page == 2


def test_who_needs_a_person_comes_first(office: Office) -> None:
    """Not reached, then waiting for approval, then asked; connected people at the end."""
    connected, asked, waiting, far = (
        office.world.member(name) for name in ("aconnected", "basked", "cwaiting", "dfar")
    )
    for person in (connected, asked, waiting, far):
        office.asked(person, office.world.account(office.board, person.name))
    office.puts(office.link(connected).id, state=_S.CONNECTED)
    office.puts(office.link(waiting).id, state=_S.AWAITING_APPROVAL)
    office.puts(office.link(far).id, state=_S.CONNECTED, unreachable="cannot_dm_bot")
    names = [link.person.name for link in office.standing()]
    assert names == ["Dfar", "Cwaiting", "Basked", "Aconnected"]


def test_a_page_of_thousands_costs_as_many_questions_as_one_of_ten(office: Office) -> None:
    """No question to the database is asked once a person."""
    engine = office.world.engine
    turn = partial(office.lists.page, office.ana, PeopleQuery(office.board, words="p"))
    crowd(office, 10)
    few = len(asked(engine, turn))
    crowd(office, 600)
    assert len(asked(engine, turn)) == few <= 7


def test_ticks_last_while_one_turns_pages_and_searches(office: Office) -> None:
    """All that match are ticked with one click; each untick counts; they are one's own."""
    crowd(office, 45)
    bo = office.world.member("bo", admin=True)
    query = office.lists.start_choosing(office.ana, PeopleQuery(office.board), NOON).query
    page = office.lists.page(office.ana, query)
    office.lists.tick_all(office.ana, query)
    shown = [link.id for link in page.links]
    office.lists.tick(office.ana, query, shown=shown, ticked=shown[1:])
    found = office.lists.page(office.ana, query)
    assert (found.ticks, len(found.ticked)) == (45, 19)
    with pytest.raises(Vanished):
        office.lists.page(bo, query)
    office.lists.clear(office.ana, query)
    assert office.lists.page(office.ana, query).ticks == 0


def test_only_admins_look(office: Office) -> None:
    """Nobody else, nobody of another team, and not at a site that is gone."""
    mia = office.world.member("mia")
    query = PeopleQuery(office.board)
    with pytest.raises(AdminOnly):
        office.lists.page(mia, query)
    with pytest.raises(AdminOnly):
        office.lists.start_choosing(mia, query, NOON)
    eve = office.world.member("eve", admin=True, team_id=office.world.team())
    with pytest.raises(Vanished):
        office.lists.page(eve, query)
    office.disconnects_board()
    with pytest.raises(SiteDisconnected):
        office.lists.page(office.ana, query)


def test_who_and_when_of_every_state(office: Office) -> None:
    """Who asked, who decided, and when (U5)."""
    mia = office.world.member("mia")
    office.asked(mia, office.world.account(office.board, "M"), now=NOON)
    (asked,) = office.standing()
    assert (asked.asked_by, asked.asked_at, asked.decided_by) == ("Ana", NOON, None)
    office.invitations.withdraw(office.ana, asked.id, LATER + timedelta(hours=1))
    (taken,) = office.standing()
    assert (taken.decided_by, taken.decided_at) == ("Ana", LATER + timedelta(hours=1))
